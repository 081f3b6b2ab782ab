"""Planning a walk through the front door."""

from __future__ import annotations

import pytest

from planner.domain.practices import BUFFER_MINUTES
from tests.conftest import World
from tests.factories import make_client, make_exercise, make_route, make_walk
from tests.page_client import PageClient
from tests.web.planning import (
    exercises_on,
    minutes_bar,
    part_minutes,
    plain_plan,
    plan_form,
    send,
    walk_ids,
    walks_on,
)


@pytest.fixture
def sanne(world: World) -> int:
    return make_client(world, first_name="Sanne")


def test_the_first_walk_needs_a_day_a_time_and_a_meeting_point_in_words(
    coach: PageClient, sanne: int
) -> None:
    page = plan_form(coach, sanne)
    assert not page.select('[name="route_id"]'), "there are no routes to choose from"
    page = page.submit(date="2026-12-01", time="10:00", meeting_point="Bij de kerk", press="action=save")
    walk = page.one("[data-walk]")
    assert (walk["data-starts-local"], walk["data-minutes"], walk["data-status"]) == (
        "2026-12-01T10:00",
        "40",
        "planned",
    )
    assert "Bij de kerk" in page.main
    assert "dinsdag 1 december, 10.00 uur" in page.main


def test_nothing_is_lost_when_something_is_missing(coach: PageClient, sanne: int) -> None:
    page = plan_form(coach, sanne).submit(
        date=None, focus="Rust nemen", message="Neem water mee", time="10:00"
    )
    assert page.status == 422
    assert page.errors == {"date": "Kies een dag."}
    assert page.text.count("Rust nemen") == 1
    assert "Neem water mee" in page.text
    assert page.soup.title is not None
    assert page.soup.title.get_text().startswith("Fout:")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date", "31-31-2026"),
        ("date", "morgen"),
        ("date", "0001-01-01"),
        ("time", "25:00"),
        ("minutes", "19"),
        ("minutes", "91"),
        ("minutes", "veel"),
        ("setting", "moon"),
        ("route_id", "12"),
        ("exercise_ids", "12"),
        ("part_minutes", "vijf"),
    ],
)
def test_every_wrong_answer_gets_its_sentence(coach: PageClient, sanne: int, field: str, value: str) -> None:
    page = plan_form(coach, sanne)
    given = {"date": "2026-12-01", "time": "10:00", field: value}
    if field == "part_minutes":
        given[field] = [value] * len(part_minutes(page))  # type: ignore[assignment]
    given_by_script = field == "route_id"  # there is no such field on the page of a practice without routes
    page = send(coach, "/walks/new", plain_plan(sanne) | given) if given_by_script else page.submit(**given)
    assert page.status == 422
    assert list(page.errors) == [field]


@pytest.mark.parametrize("minutes", [20, 25, 30, 45, 90])
def test_twenty_to_ninety_minutes(coach: PageClient, sanne: int, minutes: int) -> None:
    page = plan_form(coach, sanne).submit(date="2026-12-01", time="10:00", minutes=minutes)
    assert page.one("[data-walk]")["data-minutes"] == str(minutes)
    bar = minutes_bar(page)
    assert sum(bar.values()) == minutes
    if minutes > 20:  # what was chosen stays, also where it does not fit
        assert bar["m-sl"] >= BUFFER_MINUTES, "an untouched plan follows the minutes"


def test_a_script_that_knows_the_contract_only(coach: PageClient, world: World, sanne: int) -> None:
    first, second = make_exercise(world, title="Eén"), make_exercise(world, title="Twee")
    route = make_route(world)
    page = send(
        coach,
        "/walks/new",
        plain_plan(
            sanne,
            route_id=route,
            exercise_ids=[str(second), str(first)],
            client_exercise_ids=[str(first)],
            focus="Vertragen",
        ),
    )
    assert page.status == 200
    assert exercises_on(page) == [second, first], "in the order that was sent"
    assert [tag.get_text() for tag in page.select("ol.parts li") if "Sanne ziet dit" in tag.get_text()]
    assert "Vertragen" in page.main
    assert page.one(f'[data-route="{route}"]')["data-distance-m"]


def test_a_past_day_is_fine(coach: PageClient, sanne: int) -> None:
    page = plan_form(coach, sanne).submit(date="2026-11-16", time="10:00")
    assert page.path.startswith("/walks/")
    assert page.select('a[href$="/note"]'), "what is over asks for its note"


@pytest.mark.parametrize(
    ("date", "time", "stays"),
    [("2027-03-28", "02:30", False), ("2026-03-29", "02:30", False), ("2026-10-25", "10:00", True),
     ("2026-10-25", "02:30", True), ("2027-03-28", "10:00", True)],
)  # fmt: skip
def test_clock_changes(coach: PageClient, sanne: int, date: str, time: str, stays: bool) -> None:
    page = plan_form(coach, sanne).submit(date=date, time=time)
    if stays:
        assert page.one("[data-walk]")["data-starts-local"] == f"{date}T{time}"
    else:
        assert page.status == 422
        assert list(page.errors) == ["time"]
        assert "bestaat niet" in page.errors["time"]


def test_a_repeat_over_the_clock_change_stays_at_ten(coach: PageClient, world: World, sanne: int) -> None:
    world.set_clock("2026-11-23T09:30")
    walk = make_walk(world, sanne, date="2027-03-24", time="10:00")
    page = coach.get(f"/walks/{walk}").submit(f"/walks/{walk}/repeat").submit()
    assert page.one("[data-walk]")["data-starts-local"] == "2027-03-31T10:00"


def test_a_clash_names_the_other_and_can_be_kept(coach: PageClient, world: World, sanne: int) -> None:
    mark = make_client(world, first_name="Mark")
    make_walk(world, mark, date="2026-12-01", time="10:00")
    page = plan_form(coach, sanne).submit(date="2026-12-01", time="10:30", focus="Lucht")
    assert page.status == 422
    assert "Mark" in page.errors["time"]
    assert "10.00 uur" in page.errors["time"]
    assert "Lucht" in page.text
    assert len(walk_ids(coach.get("/?week=2026-W49"))) == 1, "nothing was saved yet"
    page = page.submit(keep_clash="1")
    assert page.status == 200
    assert len(walk_ids(coach.get("/?week=2026-W49"))) == 2


def test_to_keep_both_is_not_about_another_hour(coach: PageClient, world: World, sanne: int) -> None:
    for name, at in (("Mark", "10:00"), ("Lies", "13:00")):
        make_walk(world, make_client(world, first_name=name), date="2026-12-01", time=at)
    page = (
        plan_form(coach, sanne).submit(date="2026-12-01", time="10:30").submit(time="13:00", keep_clash="1")
    )
    assert page.status == 422 and "Lies" in page.errors["time"]
    looked = page.submit(keep_clash="1", press="action=preview")
    assert looked.select("[name=keep_clash][checked]"), "a look changes nothing"
    other = looked.submit(time="10:30", press="action=preview")
    assert other.select("[name=keep_clash]") and not other.select("[name=keep_clash][checked]")
    assert looked.submit(minutes="0").select("[name=keep_clash][checked]"), "what was typed is not lost"
    assert looked.submit().status == 200


def test_one_may_start_when_the_other_ends(coach: PageClient, world: World, sanne: int) -> None:
    make_walk(world, sanne, date="2026-12-01", time="10:00", minutes=40)
    for time in ("10:40", "09:20"):
        assert plan_form(coach, sanne).submit(date="2026-12-01", time=time, minutes=40).status == 200
    assert plan_form(coach, sanne).submit(date="2026-12-01", time="10:39", minutes=40).status == 422


def test_a_colleague_s_walk_is_no_clash(coach: PageClient, world: World, sanne: int) -> None:
    theirs = make_client(world, "cor", first_name="Piet")
    make_walk(world, theirs, "cor", date="2026-12-01", time="10:00")
    assert plan_form(coach, sanne).submit(date="2026-12-01", time="10:00").status == 200


def test_the_same_form_twice_is_one_walk(coach: PageClient, sanne: int) -> None:
    form = plan_form(coach, sanne)
    first = form.submit(date="2026-12-01", time="10:00")
    second = form.submit(date="2026-12-01", time="10:00")
    assert first.path == second.path
    assert len(walk_ids(coach.get("/?week=2026-W49"))) == 1


def test_a_form_that_was_saved_says_another_hour(coach: PageClient, sanne: int) -> None:
    """Its coach went back in the browser: no second walk, and the new hour is not dropped in silence."""
    form = plan_form(coach, sanne)
    form.submit(date="2026-12-01", time="10:00")
    page = form.submit(date="2026-12-01", time="11:00", message="Een uur later.")
    assert page.status == 409
    assert "10.00" in page.main and "Een uur later." in page.text, "what is saved, and what was typed"
    done = page.submit()
    assert done.status == 200 and done.one("[data-walk]")["data-starts-local"] == "2026-12-01T11:00"
    assert len(walk_ids(coach.get("/?week=2026-W49"))) == 1


def test_two_tabs(coach: PageClient, world: World, sanne: int) -> None:
    walk = make_walk(world, sanne, date="2026-12-01", time="10:00")
    one, other = coach.get(f"/walks/{walk}/edit"), coach.get(f"/walks/{walk}/edit")
    assert one.submit(focus="Van tab een").status == 200
    page = other.submit(focus="Van tab twee", time="11:00")
    assert page.status == 409
    assert "Van tab een" in page.text, "what is saved"
    assert "Van tab twee" in page.text, "what was typed"
    page = page.submit()
    assert page.status == 200, "saving again is on purpose"
    assert "Van tab twee" in page.main
    assert page.one("[data-walk]")["data-starts-local"] == "2026-12-01T11:00"


def test_saving_the_same_in_two_tabs_is_no_conflict(coach: PageClient, world: World, sanne: int) -> None:
    walk = make_walk(world, sanne, date="2026-12-01", time="10:00")
    one, other = coach.get(f"/walks/{walk}/edit"), coach.get(f"/walks/{walk}/edit")
    assert one.submit(focus="Rust").status == 200
    assert other.submit(focus="Rust").status == 200


def test_what_is_not_yours_is_not_there(coach: PageClient, world: World, sanne: int) -> None:
    walk = make_walk(world, sanne, date="2026-12-01", time="10:00")
    for who in ("cor", "bram"):
        other = world.browser(who)
        for path in ("", "/edit", "/cancel"):
            assert other.get(f"/walks/{walk}{path}").status == 404, (who, path)
        assert other.get(f"/walks/new?client={sanne}").status == 404
        assert send(other, "/walks/new", plain_plan(sanne)).status == 404
        for path in ("edit", "cancel", "repeat", "restore"):
            found = send(other, f"/walks/{walk}/{path}", plain_plan(sanne, reason="weather"))
            assert found.status == 404, (who, path)
    assert walks_on(coach.get("/?week=2026-W49")) == {"2026-12-01T10:00": "planned"}


def test_another_practice_s_route_and_exercise_are_refused(
    coach: PageClient, world: World, sanne: int
) -> None:
    route, exercise = make_route(world, "bram"), make_exercise(world, "bram")
    page = send(coach, "/walks/new", plain_plan(sanne, route_id=route))
    assert (page.status, list(page.errors)) == (422, ["route_id"])
    page = send(coach, "/walks/new", plain_plan(sanne, exercise_ids=[str(exercise)]))
    assert (page.status, list(page.errors)) == (422, ["exercise_ids"])
