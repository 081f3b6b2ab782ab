"""Over HTTP, as the second witness: answers a second and p99 of the product as it is shipped beside the baselines under
the same server; what readers notice of durable writers; and the memory of a whole server, at first and after many
requests. Who asks runs on the same machine and takes its share of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from bench.load import Load, load
from bench.servers import PATHS, Served, served
from bench.sets import place_of
from bench.turns import ROOT, has_peer

FIRST_REQUESTS = 1000
WRITES = {"alone": None, "50 writes/s": 50, "writes without pause": 0}
"""How many a second; 0: without a pause."""
BASELINES = ("raw", "by hand", "orm", "ordinary", "django", "peer")
Loads = dict[tuple[str, str], list[Load]]


@dataclass
class OverHttp:
    """By server and page, by what is written beside, and by server: one value for each round, and megabytes after a
    thousand requests and after many."""

    loads: Loads = field(default_factory=dict)
    beside: dict[str, list[Load]] = field(default_factory=dict)
    memory_mb: dict[str, tuple[float, float]] = field(default_factory=dict)


def over_http(walks: int, rounds: int, seconds: float, requests: int) -> OverHttp:
    """Everything; servers take turns, first to last and then last to first."""
    ours, found = f"product:{walks}", OverHttp()
    names = [ours, *(name for name in BASELINES if name != "peer" or has_peer())]
    with ExitStack() as running:
        servers = {name: running.enter_context(served(name)) for name in names}
        asked = [(ours, "agenda"), (ours, "coach feed again"), *((name, "agenda") for name in names[1:])]
        found.loads = _in_turns(servers, asked, rounds, seconds)
        found.beside = _beside_writers(servers[ours], walks, rounds, seconds)
    for name in names:
        with served(name) as server:
            found.memory_mb[name] = _memory(
                server, FIRST_REQUESTS, requests if name == ours else FIRST_REQUESTS
            )
    return found


def _in_turns(
    servers: dict[str, Served], asked: Sequence[tuple[str, str]], rounds: int, seconds: float
) -> Loads:
    found: Loads = {one: [] for one in asked}
    for name, page in asked:  # what is remembered from now on is remembered by everybody
        load(servers[name].port, [servers[name].asked[page]], seconds=min(seconds, 1))
    for number in range(rounds):
        for name, page in asked if number % 2 == 0 else reversed(asked):
            found[name, page].append(load(servers[name].port, [servers[name].asked[page]], seconds=seconds))
    return found


def _beside_writers(server: Served, walks: int, rounds: int, seconds: float) -> dict[str, list[Load]]:
    found: dict[str, list[Load]] = {name: [] for name in WRITES}
    for number in range(rounds):
        for name in WRITES if number % 2 == 0 else reversed(WRITES):
            with _writing(walks, WRITES[name]):
                found[name].append(load(server.port, [server.asked["agenda"]], seconds=seconds))
    return found


@contextmanager
def _writing(walks: int, per_s: int | None) -> Iterator[None]:
    if per_s is None:
        yield
        return
    command = [sys.executable, "-m", "bench.writer", str(place_of(walks)[0]), str(per_s)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        yield
        assert process.poll() is None, "the writer stopped"
    finally:
        process.terminate()
        process.wait()


def _memory(server: Served, first: int, most: int) -> tuple[float, float]:
    """After so many requests, and after so many in all."""
    pages = [asked for page, asked in server.asked.items() if page in PATHS]
    load(server.port, pages, requests=first)
    at_first = server.pss_mb()
    if most > first:
        load(server.port, pages, requests=most - first)
    return at_first, server.pss_mb()
