"""The table of the jobs at scale."""

from __future__ import annotations

from typing import Any

from bench.at_scale import Large

HEAD = (
    f"\n{'job at scale':36}{'units':>12}{'wall s':>8}{'CPU s':>7}{'ms each':>9}{'MB':>6}{'more':>6}"
    f"{'p99 alone':>11}{'beside':>8}{'to save':>9}{'÷ a tenth':>11}   ÷ plain way"
)


def print_all(found: dict[str, Any], before: dict[str, Any]) -> None:
    """`MB`: memory of the process at most; `more`: what came with this work. `p99 alone`, `beside`: milliseconds of a
    page. `to save`: the longest that somebody waited who saved something. `before`: an earlier run."""
    print(HEAD)
    for name, values in found.items():
        was = f"   was {Large(**before[name]).unit_ms:.3g} ms each" if name in before else ""
        print(f"{name:36}{_line(Large(**values))}{was}")


def _line(one: Large) -> str:
    units = f"{one.units:,.0f}" if one.units >= 10 else f"{one.units:.2f}"
    work = f"{units + ' ' + one.unit:>12}{one.wall_s:8.1f}{one.cpu_s:7.1f}{one.unit_ms:9.3g}"
    memory = f"{one.peak_mb:6.0f}{one.more_mb:6.0f}"
    others = f"{one.alone_p99_ms:11.0f}{one.p99_ms:8.0f}{one.saved_ms:9.0f}"
    growth = f"{one.growth:11.2f}" if one.growth is not None else f"{'':11}"
    return work + memory + others + growth + (f"   {one.plain:.3g}" if one.plain is not None else "")
