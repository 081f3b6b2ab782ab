"""Reading calendar files in a process of its own, with limits.

What a file makes the library do cannot be told beforehand: a repetition can keep it at work for ever, and nothing in
the same process can stop it. Here the machine does: so much memory, so many seconds. The process gets no settings and
no keys, and what it has to say about a file (a title, perhaps) goes nowhere.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from planner.domain.busy import BusyTimes, CalendarFailed, CalendarProblem, Window
from planner.formats.busy_ical import busy_times

CPU_S = 20
WALL_S = 40.0
MEMORY_BYTES = 1_000_000_000
_ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Task:
    """What goes in."""

    documents: tuple[bytes, ...]
    window: Window


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes out. `fault`: of which kind a fault of ours is; its text may hold something of the file."""

    times: BusyTimes = field(default_factory=BusyTimes)
    problem: CalendarProblem | None = None
    fault: str | None = None


class ReaderFault(Exception):
    """The reader itself is broken: a fault of ours, whatever the file. Says of which kind, and no more."""


_outcome = msgspec.msgpack.Decoder(Outcome)
_task = msgspec.msgpack.Decoder(Task)


def read_apart(documents: tuple[bytes, ...], window: Window, cpu_s: int = CPU_S) -> BusyTimes:
    """As `busy_times`. Raises CalendarFailed: too_much when it took too long or too much memory, not_a_calendar when
    it is none. Raises ReaderFault for a fault of ours."""
    try:
        done = subprocess.run(  # noqa: S603 - this very module, and nothing of the file among its words
            [sys.executable, "-m", __name__, str(cpu_s)],
            input=msgspec.msgpack.encode(Task(documents, window)),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={},
            timeout=WALL_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CalendarFailed("too_much") from None
    if done.returncode < 0:  # the machine ended it
        raise CalendarFailed("too_much")
    if done.returncode:
        raise ReaderFault(f"it does not run, and ended with {done.returncode}")
    found = _outcome.decode(done.stdout)
    if found.fault:
        raise ReaderFault(found.fault)
    if found.problem:
        raise CalendarFailed(found.problem)
    return found.times


def main(cpu_s: int) -> None:
    """In the process of its own: from standard input to standard output."""
    used_s = int(resource.getrusage(resource.RUSAGE_SELF).ru_utime)
    resource.setrlimit(resource.RLIMIT_CPU, (used_s + cpu_s, used_s + cpu_s))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    task = _task.decode(sys.stdin.buffer.read())
    import recurring_ical_events  # noqa: F401 - that it is not there would be a fault of ours, not of the file

    try:
        found = Outcome(busy_times(task.documents, task.window))
    except CalendarFailed as failed:
        found = Outcome(problem=failed.problem)
    except MemoryError:
        found = Outcome(problem="too_much")
    except Exception as fault:  # told here, raised where it was asked for
        found = Outcome(fault=type(fault).__name__)
    sys.stdout.buffer.write(msgspec.msgpack.encode(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
