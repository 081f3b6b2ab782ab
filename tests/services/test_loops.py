"""Asking for loops: bounded in questions and in time, one at a time, and in words when there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Event, Thread

import pytest

from planner.domain.geo import Line, Located, Point, length_m
from planner.domain.loops import LoopWish
from planner.domain.needs import OutsideFailed, OutsideKind
from planner.services.routes.loops import (
    MOST_ASKED,
    MOST_FAILURES,
    PAUSE_S,
    Busy,
    FoundLoops,
    NoPath,
    PathDesk,
    Silent,
)
from tests.domain.test_loops import HERE, at, path, ring

HALF_HOUR = LoopWish(HERE, 30, 4.0)


def straight(places: Sequence[Located]) -> Line:
    """Open ground: one walks straight from place to place."""
    return tuple(
        Point(
            one.latitude + (other.latitude - one.latitude) * step / 20,
            one.longitude + (other.longitude - one.longitude) * step / 20,
        )
        for one, other in pairwise(places)
        for step in range(21)
    )


def fails(kind: OutsideKind) -> Callable[[Sequence[Located]], Line]:
    def answer(places: Sequence[Located]) -> Line:
        raise OutsideFailed(kind, 30)

    return answer


@dataclass
class Ground:
    """A PathFinder over ground of our own making, that remembers what it was asked. Each question takes so long."""

    answer: Callable[[Sequence[Located]], Line] = straight
    takes_s: float = 0.0
    asked: list[Sequence[Located]] = field(default_factory=list)

    def path(self, places: Sequence[Located]) -> Line:
        self.asked.append(places)
        return self.answer(places)

    def now(self) -> float:
        return len(self.asked) * self.takes_s

    def loops(self, wish: LoopWish = HALF_HOUR) -> FoundLoops:
        return PathDesk(self, self.now).loops(wish)


@pytest.mark.parametrize("minutes", [20, 30, 45, 180])
@pytest.mark.parametrize("pace", [1.5, 4.0, 7.0])
def test_on_open_ground_there_are_three(minutes: int, pace: float) -> None:
    wish = LoopWish(HERE, minutes, pace)
    ground = Ground()
    found = ground.loops(wish)
    assert [loop.direction for loop in found.loops] and len(found.loops) == 3
    assert all(loop.length_m == pytest.approx(wish.wanted_m, rel=0.1) for loop in found.loops)
    assert len({loop.direction for loop in found.loops}) == 3
    assert len(ground.asked) <= MOST_ASKED


def test_there_and_back_only() -> None:
    """A path to the north, and nothing else."""
    pieces = [(0.0, 100.0 * step) for step in range(11)]
    found = Ground(lambda _: path(*pieces, (3, 1000), *pieces[::-1])).loops()
    assert (found.loops, found.hindrance) == ((), "same_way")


@pytest.mark.parametrize(("minutes", "other"), [(15, 24), (60, 24), (24, None)])
def test_one_round_path_of_a_length_of_its_own(minutes: int, other: int | None) -> None:
    found = Ground(lambda _: ring(250)).loops(LoopWish(HERE, minutes, 4.0))
    assert (found.other_minutes, found.hindrance) == (other, other and "other_minutes")
    assert bool(found.loops) == (other is None)


@pytest.mark.parametrize(
    "answer",
    [
        fails("not_covered"),
        lambda _: path((5000, 0), (5000, 400), (5400, 0), (5000, 0)),
        lambda _: path((0, 0)) * 2,
    ],
    ids=["no way", "elsewhere", "one spot"],
)
def test_no_path_here(answer: Callable[[Sequence[Located]], Line]) -> None:
    ground = Ground(answer)
    found = ground.loops()
    assert found.loops == () and found.hindrance in ("no_path", "same_way")
    assert len(ground.asked) <= MOST_ASKED


@pytest.mark.parametrize(
    ("kind", "questions"),
    [
        ("unreachable", 1),
        ("failing", MOST_FAILURES),
        ("garbage", MOST_FAILURES),
        ("too_large", MOST_FAILURES),
    ],
)
def test_a_broken_engine_is_not_asked_on_and_on(kind: OutsideKind, questions: int) -> None:
    ground = Ground(fails(kind))
    with pytest.raises(Silent):
        ground.loops()
    assert len(ground.asked) == questions


def test_what_was_found_before_it_fell_silent_is_kept() -> None:
    """It gives two good loops in one place, so that more is asked for, and then nothing."""
    ground = Ground()

    def answer(_places: Sequence[Located]) -> Line:
        return ring(300) if len(ground.asked) < 3 else fails("unreachable")(())

    ground.answer = answer
    assert len(ground.loops().loops) == 1
    assert len(ground.asked) == 3


@pytest.mark.parametrize(("takes_s", "questions"), [(0.0, MOST_ASKED), (0.5, 8), (2.0, 2), (9.0, 1)])
def test_questions_and_time_are_bounded(takes_s: float, questions: int) -> None:
    """Ground on which every way is nine times as long."""
    ground = Ground(lambda places: straight([*places] * 9), takes_s)
    ground.loops()
    assert len(ground.asked) == questions


def test_one_at_a_time() -> None:
    asked, go_on = Event(), Event()

    def waits(places: Sequence[Located]) -> Line:
        asked.set()
        assert go_on.wait(20)
        return straight(places)

    desk = PathDesk(Ground(waits))
    first = Thread(target=lambda: desk.loops(HALF_HOUR))
    first.start()
    try:
        assert asked.wait(20)
        with pytest.raises(Busy):
            desk.loops(HALF_HOUR)
    finally:
        go_on.set()
        first.join()
    assert desk.loops(HALF_HOUR).loops


def test_a_fault_lets_the_next_one_in() -> None:
    desk = PathDesk(Ground(fails("unreachable")))
    for _ in range(2):
        with pytest.raises(Silent):
            desk.loops(HALF_HOUR)
        with pytest.raises(Silent):
            desk.path(HERE, at(0, 100))


def test_a_silent_engine_is_left_alone_for_a_while() -> None:
    """Who asks next hears so at once, and half a minute later it is asked again."""
    ground, at_s = Ground(fails("unreachable")), [0.0]
    desk = PathDesk(ground, lambda: at_s[0])
    for ask in (lambda: desk.path(HERE, at(0, 100)), lambda: desk.loops(HALF_HOUR)):
        before = len(ground.asked)
        for _ in range(3):
            with pytest.raises(Silent):
                ask()
        assert len(ground.asked) == before + 1
        at_s[0] += PAUSE_S
    ground.answer = straight
    assert desk.loops(HALF_HOUR).loops


def test_the_way_between_two_points() -> None:
    ground = Ground()
    line = PathDesk(ground).path(HERE, at(300, 400))
    assert length_m((line,)) == pytest.approx(500, rel=0.01)
    with pytest.raises(NoPath):
        PathDesk(ground).path(HERE, at(0, 30_000))
    assert len(ground.asked) == 1
    for answer in (fails("not_covered"), lambda _: path((0, 900), (0, 901))):
        with pytest.raises(NoPath):
            PathDesk(Ground(answer)).path(HERE, at(0, 100))
    with pytest.raises(Silent):
        PathDesk(Ground(fails("failing"))).path(HERE, at(0, 100))
