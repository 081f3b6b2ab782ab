"""One subject in a process of its own: says what its start cost, then answers as often as it is asked to."""

from __future__ import annotations

import time

CPU, WALL = time.process_time(), time.perf_counter()

import gc  # noqa: E402
import json  # noqa: E402
import sys  # noqa: E402
from statistics import median  # noqa: E402

from bench.subjects import opened  # noqa: E402

EXPECTED = (200, 303, 304)


def main(name: str) -> None:
    subject = opened(name)
    page = next(iter(subject.pages.values()))
    first = page()
    assert first.status in EXPECTED, (name, first.status, first.body[:500])
    _say(
        {
            "pages": list(subject.pages),
            "start_cpu_ms": (time.process_time() - CPU) * 1000,
            "start_wall_ms": (time.perf_counter() - WALL) * 1000,
            "first_ms": first.cpu_s * 1000,
        }
    )
    gc.collect()
    gc.freeze()  # as the shipped server does before its fork
    for line in sys.stdin:
        asked = json.loads(line)
        _say(_measured(subject.pages[asked["page"]], asked["times"]))


def _measured(page: object, times: int) -> dict[str, object]:
    answers = [page() for _ in range(times)]  # type: ignore[operator]
    assert all(one.status in EXPECTED for one in answers), [one.status for one in answers]
    return {
        "cpu_us": median(one.cpu_s for one in answers) * 1e6,
        "wall_us": median(one.wall_s for one in answers) * 1e6,
        "bytes": len(answers[-1].body),
        "status": answers[-1].status,
    }


def _say(values: dict[str, object]) -> None:
    print(json.dumps(values), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
