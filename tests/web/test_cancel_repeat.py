"""Cancelling, putting back, repeating and moving a walk."""

from __future__ import annotations

import pytest

from planner.services.walks import walks
from tests.conftest import World
from tests.factories import id_in, make_client, make_exercise, make_route, make_walk
from tests.page_client import PageClient
from tests.web.planning import exercises_on, part_minutes, send, walks_on


@pytest.fixture
def sanne(world: World) -> int:
    return make_client(world, first_name="Sanne")


@pytest.fixture
def walk(world: World, sanne: int) -> int:
    return make_walk(world, sanne, date="2026-12-01", time="10:00")


def outcome_of(world: World, walk: int) -> tuple[str, str | None, int]:
    """Status, outcome and sequence, as calendars and notes read them."""
    coach = world.coach()
    with world.store.db.reading(coach.scope) as session:
        found = walks.open_walk(world.store, session, walk)
    return found.status, found.outcome, found.sequence


@pytest.mark.parametrize(
    ("reason", "now", "outcome"),
    [
        ("client", "2026-11-30T09:59", "cancelled_in_time"),
        ("client", "2026-11-30T10:01", "cancelled_late"),
        ("weather", "2026-12-01T09:00", "weather"),
        ("ill", "2026-12-01T09:00", "ill"),
        ("coach", "2026-12-01T09:00", None),
        ("Trein viel uit", "2026-12-01T09:00", None),
        ("cancelled_late", "2026-11-23T09:00", "cancelled_late"),
        ("no_show", "2026-11-23T09:00", None),
        ("walked", "2026-11-23T09:00", None),
    ],
)
def test_what_a_cancelled_walk_counts_as(
    world: World, walk: int, reason: str, now: str, outcome: str | None
) -> None:
    anna = world.coach()
    world.set_clock(now)
    assert walks.cancel(world.store, anna, walk, reason, world.now)
    with world.store.db.reading(anna.scope) as session:
        found = walks.open_walk(world.store, session, walk)
    assert (found.status, found.outcome) == ("cancelled", outcome)


def test_cancel_asks_for_a_reason(coach: PageClient, walk: int) -> None:
    page = coach.get(f"/walks/{walk}/cancel")
    assert walks_on(coach.get(f"/walks/{walk}")) == {"2026-12-01T10:00": "planned"}, "looking changes nothing"
    refused = page.submit()
    assert (refused.status, list(refused.errors)) == (422, ["reason"])
    done = page.submit(reason="weather")
    assert walks_on(done) == {"2026-12-01T10:00": "cancelled"}
    assert "Het weer" in done.main


def test_own_words_win_and_come_back(coach: PageClient, walk: int) -> None:
    done = coach.get(f"/walks/{walk}/cancel").submit(reason=["client", "Trein viel uit"])
    assert "Trein viel uit" in done.main


def test_cancelled_twice_is_one_change(coach: PageClient, world: World, walk: int) -> None:
    for reason in ("weather", "ill"):
        send(coach, f"/walks/{walk}/cancel", {"reason": reason})
    assert outcome_of(world, walk) == ("cancelled", "ill", 1)


def test_a_cancelled_walk_takes_no_room_and_comes_back(
    coach: PageClient, world: World, sanne: int, walk: int
) -> None:
    page = coach.get(f"/walks/{walk}/cancel").submit(reason="weather")
    other = make_walk(world, sanne, date="2026-12-01", time="10:00")
    assert other != walk
    back = page.submit(f"/walks/{walk}/restore")
    assert back.one("[data-walk]")["data-status"] == "planned"
    assert outcome_of(world, walk) == ("planned", None, 2)
    again = send(coach, f"/walks/{walk}/restore", {})
    assert again.status == 200
    assert outcome_of(world, walk)[2] == 2, "once is enough"


def test_a_walk_that_was_walked_is_not_cancelled(coach: PageClient, world: World, walk: int) -> None:
    send(coach, f"/walks/{walk}/note", {"outcome": "walked"})
    page = send(coach, f"/walks/{walk}/cancel", {"reason": "weather"})
    assert page.one("[data-walk]")["data-status"] == "done"


def test_repeat_in_two_taps(coach: PageClient, world: World, sanne: int) -> None:
    route, one, two = make_route(world), make_exercise(world, title="Eén"), make_exercise(world, title="Twee")
    walk = make_walk(
        world,
        sanne,
        date="2026-11-24",
        time="13:30",
        minutes=50,
        route_id=route,
        exercise_ids=[one, two],
        client_exercise_ids=[two],
        focus="Rust",
    )
    form = coach.get(f"/walks/{walk}").submit(f"/walks/{walk}/repeat")
    assert form.h1 == "Wandeling voor Sanne"
    assert len(walks_on(coach.get("/?week=2026-W49"))) == 0, "the first tap saves nothing"
    page = form.submit()
    new = page.one("[data-walk]")
    assert new["data-walk"] != str(walk)
    assert (new["data-starts-local"], new["data-minutes"]) == ("2026-12-01T13:30", "50")
    assert exercises_on(page) == [one, two]
    assert page.one("[data-route]")["data-route"] == str(route)
    before, after = coach.get(f"/walks/{walk}/edit"), coach.get(page.path + "/edit")
    assert part_minutes(before) == part_minutes(after)
    ticked = '[name="client_exercise_ids"][checked]'
    assert [tag["value"] for tag in after.select(ticked)] == [str(two)]


def test_repeat_skips_a_week_that_is_taken(coach: PageClient, world: World, sanne: int) -> None:
    first = make_walk(world, sanne, date="2026-11-24", time="10:00")
    make_walk(world, sanne, date="2026-12-01", time="10:00")
    page = coach.get(f"/walks/{first}").submit(f"/walks/{first}/repeat").submit()
    assert page.one("[data-walk]")["data-starts-local"] == "2026-12-08T10:00"


def test_repeat_of_somebody_else_s_walk_like(coach: PageClient, world: World, sanne: int, walk: int) -> None:
    """The address names a walk of another client: the form opens as for this one."""
    mark = make_client(world, first_name="Mark")
    page = coach.get(f"/walks/new?client={mark}&like={walk}")
    assert page.h1 == "Wandeling voor Mark"
    theirs = make_walk(world, make_client(world, "bram"), "bram", date="2026-12-01", time="10:00")
    assert coach.get(f"/walks/new?client={mark}&like={theirs}").status == 404


def test_one_week_later_in_two_taps(coach: PageClient, world: World, walk: int) -> None:
    form = coach.get(f"/walks/{walk}").follow("1 week later")
    assert form.one("[data-echo]").get_text() == "dinsdag 8 december, 10.00 uur"
    page = form.submit()
    assert id_in(page) == walk
    assert page.one("[data-walk]")["data-starts-local"] == "2026-12-08T10:00"


def test_the_sequence_rises_for_when_where_and_cancel_only(
    coach: PageClient, world: World, walk: int
) -> None:
    route = make_route(world)
    steps = [
        ({"focus": "Rust"}, 0),
        ({"message": "Tot dan"}, 0),
        ({"time": "11:00"}, 1),
        ({"minutes": "50"}, 2),
        ({"route_id": str(route)}, 3),
        ({"meeting_point": "Bij de brug"}, 4),
        ({"meeting_point": "Bij de brug"}, 4),
        ({"setting": "indoors"}, 5),
    ]
    for change, sequence in steps:
        assert coach.get(f"/walks/{walk}/edit").submit(**change).status == 200
        assert outcome_of(world, walk)[2] == sequence, change
    send(coach, f"/walks/{walk}/cancel", {"reason": "weather"})
    assert outcome_of(world, walk)[2] == 6


def test_a_get_changes_nothing(coach: PageClient, world: World, walk: int) -> None:
    before = outcome_of(world, walk)
    for path in ("", "/edit", "/edit?later=7", "/cancel", "/repeat", "/restore"):
        assert coach.get(f"/walks/{walk}{path}").status in (200, 405)
    assert outcome_of(world, walk) == before


def test_another_day_is_a_chip_away(coach: PageClient, walk: int) -> None:
    page = coach.get(f"/walks/{walk}/edit")
    chips = [tag["value"] for tag in page.select('[name="date"][type="radio"]')]
    assert "2026-12-01" in chips
    assert "2026-12-08" in chips
