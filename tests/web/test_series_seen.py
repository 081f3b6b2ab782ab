"""Of walks that come again: a coach agrees to what the page showed, and to nothing that came since."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests import makers
from tests.conftest import World
from tests.factories import make_client, make_walk
from tests.makers import make_other_calendar
from tests.page_client import PageClient
from tests.web.test_series import plan, planned


@pytest.fixture
def walk(world: World) -> int:
    return make_walk(world, make_client(world, first_name="Sanne"), date="2026-12-01", time="10:00")


# Looked at, and then made


@pytest.mark.parametrize("what", ["a walk", "another calendar", "a day off"])
def test_other_days_than_were_looked_at_are_shown_first(
    world: World, coach: PageClient, walk: int, what: str
) -> None:
    """Of an old tab: the button says "these walks"."""
    page = coach.get(f"/walks/{walk}/series").submit(
        every_weeks="1", until_on="2026-12-15", press="action=preview"
    )
    if what == "a walk":
        make_walk(world, make_client(world, first_name="Mark"), date="2026-12-08", time="10:00")
    elif what == "another calendar":
        make_other_calendar(world, at="2026-12-08T10:00")
    else:
        coach.get("/settings/agenda").submit(off_first_0="2026-12-08", off_last_0="2026-12-08")
    again = page.submit()
    assert again.status == 422 and "De dagen zijn veranderd sinds je keek." in again.main
    assert [str(tag["data-turn"])[:10] for tag in again.select("[data-turn]:not([data-reason])")] == [
        "2026-12-15"
    ]
    assert planned(coach, walk) == [], "nothing is planned yet"
    assert "1 wandeling gepland." in again.submit().main
    assert planned(coach, walk) == ["2026-12-01T10:00", "2026-12-15T10:00"]


def test_a_day_looked_at_that_was_left_out_anyway_changes_nothing(
    world: World, coach: PageClient, walk: int
) -> None:
    page = coach.get(f"/walks/{walk}/series").submit(
        every_weeks="1", until_on="2026-12-15", press="action=preview"
    )
    make_walk(world, make_client(world, first_name="Mark"), date="2026-12-22", time="10:00")
    assert "2 wandelingen gepland." in page.submit(looked_at=page.one("[name=looked_at]")["value"]).main


@pytest.mark.parametrize("seen", ["x", "1/2026-13-40/y", "9" * 300])
def test_a_page_that_saw_something_odd(coach: PageClient, walk: int, seen: str) -> None:
    page = plan(coach, walk, "2026-12-15", looked_at=seen)
    assert page.status == 422 if len(seen) > 200 else "1 wandeling gepland." in page.main


# Moved, with something in the way


def test_to_keep_both_is_about_what_the_page_named(world: World, coach: PageClient, walk: int) -> None:
    """Of all the walks that change, and of nothing that came since."""
    plan(coach, walk)
    mark, lies = (make_client(world, first_name=name) for name in ("Mark", "Lies"))
    make_walk(world, mark, date="2026-12-15", time="13:30")
    make_walk(world, mark, date="2026-12-29", time="13:15")
    make_other_calendar(world, at="2027-01-12T13:30")
    refused = coach.get(f"/walks/{walk}/edit").submit(time="13:30", which="following")
    for said in (
        "Di 15 dec om 13.30 uur loop je al met Mark.",
        "Di 29 dec om 13.15 uur loop je al met Mark.",
        "Di 12 jan zegt een andere agenda: bezet 13.30–14.30.",
        "Kies een andere tijd, of houd ze allebei.",
    ):
        assert said in refused.main
    make_walk(world, lies, date="2026-12-01", time="13:40")
    again = refused.submit(keep_clash="1", which="following")
    assert again.status == 422 and "Di 1 dec om 13.40 uur loop je al met Lies." in again.main
    assert not again.select("[name=keep_clash][checked]"), "asked again"
    assert planned(coach, walk)[0] == "2026-12-01T10:00", "nothing moved"
    assert "4 wandelingen veranderd." in again.submit(keep_clash="1", which="following").main


def test_what_went_meanwhile_needs_no_second_question(world: World, coach: PageClient, walk: int) -> None:
    plan(coach, walk)
    gone, stays = (
        make_walk(world, make_client(world, first_name="Mark"), date=on, time="13:30")
        for on in ("2026-12-15", "2026-12-29")
    )
    refused = coach.get(f"/walks/{walk}/edit").submit(time="13:30", which="following")
    coach.get(f"/walks/{gone}/cancel").submit(reason="coach")
    assert refused.submit(keep_clash="1", which="following").status == 200
    assert coach.get(f"/walks/{stays}").one("[data-walk]")["data-status"] == "planned"


def test_of_many_dates_a_handful_is_named(world: World, coach: PageClient, walk: int) -> None:
    plan(coach, walk, "2027-01-19", 1)
    mark = make_client(world, first_name="Mark")
    weeks = [date(2026, 12, 1) + timedelta(weeks=week) for week in range(8)]
    for on in weeks:
        makers.make_walk(world, mark, f"{on}T13:30")
    refused = coach.get(f"/walks/{walk}/edit").submit(time="13:30", which="following")
    assert refused.one("#e-time").get_text().count("loop je al met Mark") == 5
    assert "En op nog 3 dagen." in refused.main
    assert refused.submit(keep_clash="1", which="following").status == 200


def test_to_keep_both_unseen_agrees_to_nothing(world: World, coach: PageClient, walk: int) -> None:
    """As of a script, or of an old page on which nothing was in the way."""
    plan(coach, walk)
    make_walk(world, make_client(world, first_name="Mark"), date="2026-12-15", time="13:30")
    refused = coach.get(f"/walks/{walk}/edit").submit(time="13:30", which="following", keep_clash="1")
    assert refused.status == 422 and planned(coach, walk)[0] == "2026-12-01T10:00"
