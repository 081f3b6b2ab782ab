"""Processes that take turns: each subject in one of its own, asked in rounds, first to last and then last to first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.sets import FOLDER

ROOT = Path(__file__).parent.parent
PEER = ROOT / ".venv" / "peer" / "bin" / "python"
"""The peer pins older parts, so it has an environment of its own; without that it is left out."""
Measured = dict[tuple[str, str], list[dict[str, float]]]


@dataclass(frozen=True)
class Ratio:
    """The median of each round's own ratio, and the lowest and highest."""

    middle: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.middle:.3g} ({self.low:.3g} to {self.high:.3g})"


def told(process: subprocess.Popen[str], question: dict[str, Any]) -> dict[str, Any]:
    """A process that answers each line of JSON with one. Raises RuntimeError when it stopped instead."""
    assert process.stdin
    process.stdin.write(json.dumps(question) + "\n")
    process.stdin.flush()
    return heard(process)


def heard(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Its next line. Raises RuntimeError when it stopped instead."""
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"a measured process stopped with {process.wait()}")
    found: dict[str, Any] = json.loads(line)
    return found


def say(values: dict[str, object]) -> None:
    """A line of such a process itself."""
    print(json.dumps(values), flush=True)


class Process:
    """A subject that runs and waits for its turn. `started`: what its start cost."""

    def __init__(self, name: str) -> None:
        program = peer_program() if name == "peer" else sys.executable
        environment = {**os.environ, "BENCH_DATA": str(FOLDER), "PYTHONWARNINGS": "ignore"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a start is never the first one
        self._process = subprocess.Popen(
            [program, "-m", "bench.worker", name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr, text=True, cwd=ROOT, env=environment,
        )  # fmt: skip
        self.started = heard(self._process)

    def ask(self, page: str, times: int) -> dict[str, float]:
        return told(self._process, {"page": page, "times": times})

    def stop(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def peer_program() -> str:
    return os.environ.get("BENCH_PEER_PYTHON", str(PEER))


def has_peer() -> bool:
    return Path(peer_program()).exists() and (FOLDER / "peer-link.txt").exists()


def fill_peer() -> None:
    """Fill the peer's database, where there is a peer and it is not filled."""
    if Path(peer_program()).exists() and not has_peer():
        environment = {**os.environ, "BENCH_DATA": str(FOLDER)}
        subprocess.run(
            [peer_program(), "-m", "bench.baselines.peer"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            check=False,
        )


def in_rounds(
    asked: Sequence[tuple[str, str]], rounds: int, times: int
) -> tuple[Measured, dict[str, dict[str, float]]]:
    """Each (subject, page) so many times in each round; and what the starts cost."""
    processes = {name: Process(name) for name in dict.fromkeys(name for name, _page in asked)}
    found: Measured = {one: [] for one in asked}
    try:
        for name, page in asked:
            processes[name].ask(page, 8)  # what is remembered from now on is remembered by everybody
        for number in range(rounds):
            for name, page in asked if number % 2 == 0 else reversed(asked):
                found[name, page].append(processes[name].ask(page, times))
    finally:
        for process in processes.values():
            process.stop()
    return found, {name: process.started for name, process in processes.items()}


def starts(names: Iterable[str], times: int) -> dict[str, list[float]]:
    """The CPU time of starts up to and with the first answer, in milliseconds, in turns."""
    found: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(times):
        for name, costs in found.items():
            process = Process(name)
            costs.append(process.started["start_cpu_ms"])
            process.stop()
    return found


def ratio(ours: Sequence[float], others: Sequence[float]) -> Ratio:
    each = [mine / theirs for mine, theirs in zip(ours, others, strict=True)]
    return Ratio(median(each), min(each), max(each))


def series(measured: Measured, name: str, page: str, unit: str = "cpu_us") -> list[float]:
    return [one[unit] for one in measured[name, page]]
