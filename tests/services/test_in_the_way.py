"""What is in the way of a time: asked in one place, for whoever plans, moves or lengthens a walk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from planner.domain.busy import ICS, Busy, CalendarAccess
from planner.domain.when import local_to_moment
from planner.services.calendars import busy_calendars, busy_jobs
from planner.services.planning import in_the_way
from planner.services.store import practice_of, settings_of
from planner.services.walks import walks
from tests.conftest import World
from tests.makers import KnownTimes, make_client, make_walk

CODE = Path(__file__).resolve().parent.parent.parent / "planner"


def a_moment(text: str) -> datetime:
    return local_to_moment(datetime.fromisoformat(text))


@dataclass(frozen=True)
class Agenda:
    """Sanne walks at 10:00, Mark's walk of 12:00 is off, and another calendar is busy from 14:00 and on a past day."""

    world: World
    sanne: int

    def at(self, start: str, minutes: int = 40, but: tuple[int, ...] = ()) -> list[str]:
        world, scope = self.world, self.world.coach().scope
        with world.store.db.reading(scope) as session:
            settings = settings_of(practice_of(session, scope))
            found = in_the_way.at(
                world.store, session, settings, a_moment(start), minutes, world.now, but=set(but)
            )
        assert bool(found) == bool(found.walks or found.busy)
        blocks = [f"{one.starts_local:%H:%M}-{one.busy_until:%H:%M}" for one in found.busy]
        return [one.client_first_name for one in found.walks] + blocks


@pytest.fixture
def agenda(world: World) -> Agenda:
    sanne = make_walk(world, make_client(world), "2026-11-24T10:00")
    off = make_walk(world, make_client(world, "Mark"), "2026-11-24T12:00")
    walks.cancel(world.store, world.coach(), off, "ill", world.now)
    spans = (("2026-11-24T14:00", "2026-11-24T15:00"), ("2026-11-20T14:00", "2026-11-20T15:00"))
    busy_calendars.add(
        world.store, world.coach(), ICS, CalendarAccess("https://a.example.org/x.ics"), world.now
    )
    busy_jobs.read_due(
        world.store, KnownTimes(tuple(Busy(a_moment(a), a_moment(b)) for a, b in spans)), world.now
    )
    return Agenda(world, sanne)


@pytest.mark.parametrize(
    ("start", "minutes", "found"),
    [
        ("2026-11-24T09:20", 40, []),
        ("2026-11-24T09:21", 40, ["Sanne"]),
        ("2026-11-24T10:39", 40, ["Sanne"]),
        ("2026-11-24T10:40", 40, []),
        ("2026-11-24T12:00", 40, []),
        ("2026-11-24T13:30", 40, ["14:00-15:00"]),
        ("2026-11-24T15:00", 40, []),
        ("2026-11-24T10:30", 240, ["Sanne", "14:00-15:00"]),
        ("2026-11-20T14:00", 40, []),
    ],
    ids=[
        "until it begins", "a minute into it", "its last minute", "from its end", "a walk that is off",
        "busy elsewhere", "no longer busy", "both", "a day that is over",
    ],
)  # fmt: skip
def test_walks_and_other_calendars(agenda: Agenda, start: str, minutes: int, found: list[str]) -> None:
    assert agenda.at(start, minutes) == found


def test_a_walk_is_not_in_its_own_way(agenda: Agenda) -> None:
    assert agenda.at("2026-11-24T10:00", but=(agenda.sanne,)) == []


def test_without_names_it_says_the_same(agenda: Agenda) -> None:
    world = agenda.world
    with world.store.db.reading(world.coach().scope) as session:
        taken = in_the_way.during(session, a_moment("2026-11-24T10:30"), a_moment("2026-11-24T14:30"))
        after = in_the_way.during(session, a_moment("2026-11-24T10:40"), a_moment("2026-11-24T14:00"))
    walk = Busy(a_moment("2026-11-24T10:00"), a_moment("2026-11-24T10:40"))
    assert taken == in_the_way.Taken(
        (walk,), (Busy(a_moment("2026-11-24T14:00"), a_moment("2026-11-24T15:00")),)
    )
    assert after == in_the_way.Taken((), ())


def test_nobody_pairs_them_by_hand() -> None:
    """Whoever asks for both asks here. The search for better hours and the week draw them, and decide nothing."""
    draw = {"slots.py", "agenda.py"}
    pattern = re.compile(r"busy_calendars\.between")
    found = {path.name for path in CODE.rglob("*.py") if pattern.search(path.read_text())}
    assert found == draw | {"in_the_way.py"}
