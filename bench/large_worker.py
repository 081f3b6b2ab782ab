"""One job at scale in a process of its own: says what its steps are, and does one, or the plain way to it, when asked.
The settings of the planner come from the environment."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.large_work import Bench, Job
from bench.turns import say

PEAK, NOW = "VmHWM:", "VmRSS:"


def main(name: str, number: int, folder: Path) -> None:
    from bench import large_jobs, large_keeping
    from planner.web.messages.writing import writer
    from wsgi import app

    jobs: dict[str, Callable[[Bench], Job]] = {
        "watch": large_jobs.watch,
        "messages": large_jobs.messages,
        "retention": large_keeping.keep_to_terms,
        "backup": large_keeping.keep_copies,
    }
    planner = app.extensions["planner"]
    job = jobs[name](Bench(planner, number, folder / "set.sqlite", folder, writer(app)))
    say({"steps": [[step, one.unit, one.plain is not None] for step, one in job.steps.items()]})
    for line in sys.stdin:
        asked = json.loads(line)
        step = job.steps[asked["step"]]
        say(_measured(step.plain if asked["plain"] and step.plain else step.work))
    job.close()


def _measured(work: Callable[[], object]) -> dict[str, object]:
    """`peak_mb`: how much memory the process held at most, and how much of it came with this work."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before_mb, wall, cpu = _memory_mb(NOW), time.perf_counter(), time.process_time()
    units = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak_mb = _memory_mb(PEAK)
    return {
        "units": units, "wall_s": wall, "cpu_s": cpu, "peak_mb": peak_mb, "more_mb": peak_mb - before_mb,
    }  # fmt: skip


def _memory_mb(which: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(which)) / 1000


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
