"""A clock that runs ahead takes nothing away for good: neither backups, nor what they are backups of."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from planner.domain.messages import Text
from planner.scheduler import jobs_for, one_pass
from planner.services.clients import clients
from planner.services.keeping import checks
from planner.services.people import sign_in
from tests.conftest import MONDAY, PASSWORD, World
from tests.makers import make_client, make_note, make_walk
from tests.page_client import PageClient

DAY = timedelta(days=1)
ENDED = date(2025, 12, 20)
"""Its notes go on 20 December."""


@pytest.fixture
def client(world: World) -> int:
    """Somebody whose programme ended; and three nights went by."""
    made = make_client(world, "Sanne", goal="naar buiten")
    make_note(world, make_walk(world, made, "2026-11-20T10:00"), felt_text="moe")
    clients.set_status(world.store, world.coach(), made, "ended", world.now, ENDED)
    for days in range(3):
        world.set_clock(MONDAY + days * DAY)
        jobs(world)
    return made


def jobs(world: World) -> None:
    assert one_pass(jobs_for(world.store, world.settings, lambda _facts: Text("", "", "")))


def kept(world: World, client: int) -> tuple[list[str], bool]:
    """The days of the copies that are there, and whether what is known of the client is."""
    copies = sorted(one.stem.removeprefix("night-") for one in world.settings.backups.glob("night-*"))
    found = clients.of_coach(world.store, world.coach(), client)
    return copies, found.health != clients.NO_HEALTH


def says_so(world: World) -> bool:
    """On both pages, and in `check`."""
    token = sign_in.sign_in(world.store, "anna@example.org", PASSWORD, "127.0.0.1", world.now)
    browser = PageClient(world.app, token)
    told = {
        "De klok van deze computer" in browser.get(page).main for page in ("/settings", "/settings/copies")
    }
    told.add(any("De klok" in line for line in checks.notices(world.store, world.settings)))
    assert len(told) == 1
    return told.pop()


NIGHTS = ["2026-11-23", "2026-11-24", "2026-11-25"]


def test_a_pass_with_a_clock_far_ahead_takes_nothing(
    world: World, client: int, caplog: pytest.LogCaptureFixture
) -> None:
    assert kept(world, client) == (NIGHTS, True) and not says_so(world)
    for hours in (0, 1, 23):
        world.set_clock(MONDAY + 60 * DAY + timedelta(hours=hours))
        jobs(world)
    assert kept(world, client) == ([*NIGHTS, "2027-01-22", "2027-01-23"], True)
    assert "the clock is 58 days ahead: nothing is thrown away" in caplog.text and says_so(world)
    world.set_clock(MONDAY + 3 * DAY)
    jobs(world)
    assert set(NIGHTS) < set(kept(world, client)[0]) and not says_so(world), "it was put right"


def test_two_jumps_are_no_day(world: World, client: int) -> None:
    for days in (60, 130):
        world.set_clock(MONDAY + days * DAY)
        jobs(world)
    assert set(NIGHTS) < set(kept(world, client)[0]) and kept(world, client)[1]


def test_a_computer_that_was_shut_for_weeks_goes_on_the_next_day(world: World, client: int) -> None:
    world.set_clock(MONDAY + 60 * DAY)
    jobs(world)
    assert kept(world, client) == ([*NIGHTS, "2027-01-22"], True)
    world.set_clock(MONDAY + 61 * DAY + timedelta(minutes=1))
    jobs(world)
    assert kept(world, client) == (["2027-01-22", "2027-01-23"], False) and not says_so(world)


def test_once_a_week_is_often_enough(world: World, client: int) -> None:
    for weeks in range(1, 7):
        world.set_clock(MONDAY + 2 * DAY + weeks * 7 * DAY)
        jobs(world)
    assert NIGHTS[-1] not in kept(world, client)[0] and not kept(world, client)[1]


def test_a_planner_that_is_started_once_a_month_throws_away_too(world: World, client: int) -> None:
    for months in range(1, 4):
        world.set_clock(MONDAY + months * 31 * DAY)
        jobs(world)
    assert NIGHTS[-1] not in kept(world, client)[0] and not kept(world, client)[1]


def test_a_clock_that_stood_still_in_the_past_for_a_while_is_no_jump(world: World, client: int) -> None:
    """A computer without a battery for its clock begins each day long ago."""
    for days in range(3, 6):
        world.set_clock("2001-01-01T00:00")
        jobs(world)
        world.set_clock(MONDAY + days * DAY)
        jobs(world)
        assert not says_so(world)
    world.set_clock("2001-01-01T00:00")
    jobs(world)
    world.set_clock(MONDAY + 60 * DAY)
    jobs(world)
    assert set(NIGHTS) < set(kept(world, client)[0]) and kept(world, client)[1]


def test_the_first_time_the_log_tells_where_the_clock_stood(world: World, client: int) -> None:
    (world.settings.instance / "clock.seen").unlink()
    world.set_clock(MONDAY + 60 * DAY)
    jobs(world)
    assert set(NIGHTS) < set(kept(world, client)[0]) and kept(world, client)[1]
