"""What a client's own numbers say about exercises and kinds of route: before and after, on walks that had them.

Nothing here says what caused a change. With few walks chance is large, so every average is drawn towards the usual one
before lines are put in order, and what rests on too little says nothing at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import NamedTuple

from planner.domain.notes import Practised
from planner.domain.routes import RouteFacts

MIN_WALKS = 4
"""With fewer walks that have both numbers an average is not shown: of three, one odd day decides."""
MIN_CLIENTS = 5
"""With fewer clients behind it nothing is said over the practice: a number could be one person's."""
USUAL_WALKS = 4
"""So many usual walks are added to every line before it is put in order. We assume that walks differ about twice as
much from one another as exercises do, and 2² = 4."""

EXERCISE, ENVIRONMENT, QUIETNESS, SURFACE, SHELTER = (
    "exercise", "environment", "quietness", "surface", "shelter",
)  # fmt: skip
ROUTE_KINDS = (ENVIRONMENT, QUIETNESS, SURFACE, SHELTER)


_MEASURES = ("energy", "tension")
Pair = tuple[float, float]


class Aspect(NamedTuple):
    """Something a walk had: an exercise (its id), or a kind of route (a code of domain.routes)."""

    group: str
    code: str


@dataclass(frozen=True, slots=True)
class HelpedWalk:
    """A walk that was walked, with the client's numbers 0 to 10 around it and what it had."""

    aspects: frozenset[Aspect] = frozenset()
    energy_before: int | None = None
    energy_after: int | None = None
    tension_before: int | None = None
    tension_after: int | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """Averages before and after, over `of` walks (or clients)."""

    of: int
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before


Both = Mapping[str, Around | None]
"""Of both measures."""


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One aspect. `times`: walks that had it (over clients: clients). `energy` and `tension` are None where too
    little is behind them. `drawn` puts lines in order: energy gained and tension lost, drawn towards the usual."""

    aspect: Aspect
    times: int
    energy: Around | None = None
    tension: Around | None = None
    drawn: float = 0.0

    @property
    def says_something(self) -> bool:
        return self.energy is not None or self.tension is not None


@dataclass(frozen=True, slots=True)
class Helps:
    """`lines`: what most went with energy gained and tension lost first; last what rests on too little. `energy` and
    `tension`: over all walks, to compare with."""

    lines: tuple[HelpLine, ...] = ()
    energy: Around | None = None
    tension: Around | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """How often an exercise worked for a client, as they said themselves."""

    exercise_id: int
    yes: int
    a_bit: int
    no: int

    @property
    def worked(self) -> int:
        return self.yes + self.a_bit

    @property
    def asked(self) -> int:
        return self.worked + self.no


def drawn_to_usual(mean: float, of: int, usual: float) -> float:
    """An average drawn towards the usual one: as though the line had USUAL_WALKS usual walks more.

    (of x mean + 4 x usual) / (of + 4): the more walks, the less it is drawn.
    """
    return (of * mean + USUAL_WALKS * usual) / (of + USUAL_WALKS)


def route_aspects(facts: RouteFacts) -> frozenset[Aspect]:
    """The kinds of route this one is; what is not known of it is none."""
    found = {Aspect(ENVIRONMENT, tag) for tag in facts.environment_tags}
    for group, code in ((QUIETNESS, facts.quietness), (SURFACE, facts.surface), (SHELTER, facts.shelter)):
        if code is not None:
            found.add(Aspect(group, code))
    return frozenset(found)


def of_client(walks: Iterable[HelpedWalk]) -> Helps:
    """What one client's own numbers say. The order of the walks does not matter."""
    known = list(walks)
    usual = {measure: _around(_pairs(known, measure)) for measure in _MEASURES}
    lines = []
    for aspect in _aspects(known):
        having = [walk for walk in known if aspect in walk.aspects]
        around = {measure: _around(_pairs(having, measure), MIN_WALKS) for measure in _MEASURES}
        lines.append(_line(aspect, len(having), around, usual))
    return Helps(_in_order(lines), usual["energy"], usual["tension"])


def over_clients(by_client: Mapping[int, Sequence[HelpedWalk]]) -> Helps:
    """The same over clients, each of whom counts once: the averages of their averages. What has fewer than MIN_CLIENTS
    behind it is left out altogether."""
    clients = list(by_client.values())
    usual = {measure: _around(_of_each(clients, measure), MIN_CLIENTS) for measure in _MEASURES}
    lines = []
    for aspect in _aspects([walk for walks in clients for walk in walks]):
        having = [[walk for walk in walks if aspect in walk.aspects] for walks in clients]
        around = {measure: _around(_of_each(having, measure), MIN_CLIENTS) for measure in _MEASURES}
        lines.append(_line(aspect, sum(map(bool, having)), around, usual))
    return Helps(_in_order(line for line in lines if line.says_something), usual["energy"], usual["tension"])


def tried(practised: Iterable[Practised]) -> tuple[Tried, ...]:
    """Exercises of which was said whether they worked, most often worked first."""
    counted = Counter((one.exercise_id, one.worked) for one in practised if one.worked is not None)
    found = [
        Tried(one, counted[one, "yes"], counted[one, "a_bit"], counted[one, "no"])
        for one in {exercise_id for exercise_id, _worked in counted}
    ]
    return tuple(sorted(found, key=lambda one: (-one.worked, -one.yes, one.no, one.exercise_id)))


def _aspects(walks: Iterable[HelpedWalk]) -> list[Aspect]:
    return sorted({aspect for walk in walks for aspect in walk.aspects})


def _pairs(walks: Iterable[HelpedWalk], measure: str) -> list[Pair]:
    """Before and after of the walks that have both numbers."""
    found = ((getattr(walk, f"{measure}_before"), getattr(walk, f"{measure}_after")) for walk in walks)
    return [(before, after) for before, after in found if before is not None and after is not None]


def _of_each(clients: Iterable[Sequence[HelpedWalk]], measure: str) -> list[Pair]:
    """One average pair for every client who has numbers."""
    found = (_around(_pairs(walks, measure)) for walks in clients)
    return [(one.before, one.after) for one in found if one is not None]


def _around(pairs: Sequence[Pair], least: int = 1) -> Around | None:
    of = len(pairs)
    if of < least:
        return None
    # exact sums: whatever comes first, the same number
    return Around(of, fsum(before for before, _ in pairs) / of, fsum(after for _, after in pairs) / of)


def _line(aspect: Aspect, times: int, around: Both, usual: Both) -> HelpLine:
    gained, eased = (_drawn(around[measure], usual[measure]) for measure in _MEASURES)
    return HelpLine(aspect, times, around["energy"], around["tension"], gained - eased)


def _drawn(found: Around | None, usual: Around | None) -> float:
    """Without a number of its own a line is as usual."""
    if usual is None:
        return 0.0
    return usual.change if found is None else drawn_to_usual(found.change, found.of, usual.change)


def _in_order(lines: Iterable[HelpLine]) -> tuple[HelpLine, ...]:
    """What says something first, by its drawn value; the rest by how often it was there."""

    def key(one: HelpLine) -> tuple[bool, float, int, Aspect]:
        says = one.says_something
        return not says, -one.drawn if says else 0.0, -one.times, one.aspect

    return tuple(sorted(lines, key=key))
