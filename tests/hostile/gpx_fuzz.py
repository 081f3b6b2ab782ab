"""A program that reads mutated files until its time is over: `python -m tests.hostile.gpx_fuzz SECONDS FOLDER`.

The folder begins with samples, and what led to new code is added to it. It ends badly at the first fault, a slow file
or a heavy one.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["planner.formats"]):
    from planner.formats.gpx import GpxRefused, read_gpx

SLOW_S, HEAVY_MB = 10, 200
"""For one file; the second for one piece of memory, since what a process holds is counted from whoever started it."""


def read(data: bytes) -> None:
    try:
        read_gpx(data)
    except GpxRefused as refused:
        assert refused.code


if __name__ == "__main__":
    seconds, folder = sys.argv[1:]
    limits = [
        f"-max_total_time={seconds}",
        f"-timeout={SLOW_S}",
        f"-malloc_limit_mb={HEAVY_MB}",
        "-rss_limit_mb=0",
        "-max_len=20000",
    ]
    atheris.Setup([sys.argv[0], *limits, folder], read)
    atheris.Fuzz()
