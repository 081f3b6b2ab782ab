"""`make bench`: the product's pages beside the baselines, in one run. A table to standard output, and a JSON file to
compare a later run with. Speed fails nothing; it is a table to read.

    python -m bench.pages                                the product with 100,000 walks
    python -m bench.pages --walks 1000 100000 1000000    and how it grows; the first is what the last is compared with
    python -m bench.pages --compare earlier.json
    python -m bench.pages --seconds 0                    without servers
    python -m bench.pages --requests 100000              how their memory grows; takes half an hour
    python -m bench.pages --rounds 0 --jobs-at-scale     only the jobs over very many walks and messages
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from bench import data, jobs, large_table, turns
from bench.at_scale import JOBS, NUMBER, at_scale
from bench.baselines import week
from bench.goals import GOALS, Run
from bench.load import Load
from bench.over_http import OverHttp, over_http
from bench.sets import FOLDER
from bench.turns import Ratio

PAGES = (
    "agenda", "dossier", "plan", "walk", "note", "client page", "client feed", "coach feed", "client feed again",
    "coach feed again", "toolkit", "routes", "clients",
)  # fmt: skip
OTHERS = ("raw", "by hand", "orm", "ordinary", "django")


def main() -> int:
    options = _options()
    big = max(options.walks)
    found = _report(_run(options)) if options.rounds else {}
    if options.jobs_at_scale is not None:
        data.make(big)
        large = at_scale(big, options.number, options.jobs_at_scale or JOBS)
        found["jobs_at_scale"] = {name: asdict(one) for name, one in large.items()}
    found["about"] = _about(options, big)
    _print(found, json.loads(options.compare.read_text()) if options.compare else {})
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(found, indent=1))
    print(f"kept in {options.out}")
    return 0


def _run(options: argparse.Namespace) -> Run:
    """The pages, and what else there is but the jobs at scale."""
    sizes, big = sorted(options.walks), max(options.walks)
    for walks in sizes:
        data.make(walks)
    for seals in ("clear", "fernet"):
        data.make(1000, seals)
    week.path()
    turns.fill_peer()
    ours = f"product:{big}"
    asked = [(ours, page) for page in PAGES] + [(name, "agenda") for name in OTHERS]
    asked += [("ordinary", "note"), ("insert", "note")]
    asked += [(f"product:1000{seals}", "dossier") for seals in ("", ":clear", ":fernet")]
    asked += [(f"product:{walks}", page) for walks in sizes[:1] for page in PAGES if walks != big]
    if turns.has_peer():
        asked.append(("peer", "agenda"))
    measured, _started = turns.in_rounds(list(dict.fromkeys(asked)), options.rounds, options.times)
    starting = turns.starts([ours, "orm", *(["peer"] if turns.has_peer() else [])], options.starts)
    http = (
        over_http(big, options.http_rounds, options.seconds, options.requests)
        if options.seconds
        else OverHttp()
    )
    return Run(ours, f"product:{sizes[0]}", measured, starting, jobs.compared(), http)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The planner's pages beside the baselines.")
    parser.add_argument("--walks", type=int, nargs="+", default=[1000, 100_000])
    parser.add_argument("--rounds", type=int, default=7, help="0: no pages")
    parser.add_argument("--times", type=int, default=20, help="answers in each round")
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="of each round over HTTP; 0: none")
    parser.add_argument("--http-rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=5000, help="after which memory is looked at again")
    parser.add_argument("--jobs-at-scale", nargs="*", choices=JOBS, help="all, or these")
    parser.add_argument("--number", type=int, default=NUMBER, help="of walks and messages in those jobs")
    parser.add_argument("--out", type=Path, default=FOLDER / "bench.json")
    parser.add_argument("--compare", type=Path, help="the file of an earlier run")
    return parser.parse_args()


def _report(run: Run) -> dict[str, Any]:
    """Everything as plain numbers: what was measured, and the goals."""
    measured = run.measured
    f = turns.series(measured, "ordinary", "agenda")
    pages = {
        f"{name}, {page}": {
            "cpu_us": median(turns.series(measured, name, page)),
            "wall_us": median(turns.series(measured, name, page, "wall_us")),
            "to_ordinary": asdict(turns.ratio(turns.series(measured, name, page), f)),
            "bytes": measured[name, page][-1]["bytes"],
        }
        for name, page in measured
    }
    goals = {}
    for goal in GOALS:
        reached = goal.reached(run)
        if reached is not None:
            goals[goal.name] = asdict(reached) | {"passes": goal.passes, "aims": goal.aims}
    return {
        "pages": pages,
        "starts_cpu_ms": {name: median(costs) for name, costs in run.starts.items()},
        "jobs": {name: asdict(one) for name, one in run.jobs.items()},
        "http": {", ".join(one): _middle(loads) for one, loads in run.http.loads.items()},
        "beside_writers": {name: _middle(loads) for name, loads in run.http.beside.items()},
        "memory_mb": run.http.memory_mb,
        "goals": goals,
    }


def _middle(loads: list[Load]) -> dict[str, float]:
    """The medians of the rounds."""
    return {name: median(getattr(one, name) for one in loads) for name in ("per_s", "p50_ms", "p99_ms")}


def _about(options: argparse.Namespace, walks: int) -> dict[str, Any]:
    git = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return {
        "commit": git.stdout.strip(), "walks": walks, "rounds": options.rounds, "times": options.times,
        "python": platform.python_version(), "machine": _machine(),
    }  # fmt: skip


def _machine() -> str:
    found = [
        line.partition(": ")[2]
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    return f"{len(found)} × {found[0]}" if found else platform.machine()


def _print(found: dict[str, Any], before: dict[str, Any]) -> None:
    about = found["about"]
    print(
        f"\ncommit {about['commit']}, {about['machine']}, Python {about['python']}, {about['walks']:,} walks"
    )
    if "pages" in found:
        _print_pages(found, before)
    if "jobs_at_scale" in found:
        large_table.print_all(found["jobs_at_scale"], before.get("jobs_at_scale", {}))


def _print_pages(found: dict[str, Any], before: dict[str, Any]) -> None:
    print(f"{'':34}{'CPU µs':>9}{'wall µs':>9}{'KB':>7}   ÷ ordinary stack (lowest to highest round)")
    for name, one in found["pages"].items():
        line = f"{name:34}{one['cpu_us']:9.0f}{one['wall_us']:9.0f}{one['bytes'] / 1000:7.1f}"
        print(
            f"{line}   {Ratio(**one['to_ordinary'])}"
            + _earlier(before.get("pages", {}).get(name, {}).get("to_ordinary"))
        )
    print(
        "\nstart and first answer, CPU ms: "
        + ", ".join(f"{name} {cost:.0f}" for name, cost in found["starts_cpu_ms"].items())
    )
    _print_more(found)
    print(f"\n{'goal':58}{'pass':>7}{'aim':>7}   reached")
    for name, one in found["goals"].items():
        ratio = Ratio(one["middle"], one["low"], one["high"])
        said = "aim" if ratio.middle <= one["aims"] else "pass" if ratio.middle <= one["passes"] else "NOT"
        line = f"{name:58}{one['passes']:7.3g}{one['aims']:7.3g}   {said:5}{ratio}"
        print(line + _earlier(before.get("goals", {}).get(name)))


def _print_more(found: dict[str, Any]) -> None:
    loads = found["http"] | {f"agenda, {name}": one for name, one in found["beside_writers"].items()}
    if loads:
        print(f"\n{'over HTTP, 8 connections':34}{'per s':>9}{'p50 ms':>9}{'p99 ms':>9}")
    for name, one in loads.items():
        print(f"{name:34}{one['per_s']:9.0f}{one['p50_ms']:9.1f}{one['p99_ms']:9.1f}")
    for name, (first, last) in found["memory_mb"].items():
        more = f", after all requests {last:.0f}" if last != first else ""
        print(f"memory of the server, {name}: {first:.0f} MB after 1,000{more}")
    for name, one in found["jobs"].items():
        print(f"{name}: {one['ours_ms']:.0f} ms against {one['other_ms']:.0f} ms")


def _earlier(one: dict[str, float] | None) -> str:
    return f"   was {one['middle']:.3g}" if one else ""


if __name__ == "__main__":
    sys.exit(main())
