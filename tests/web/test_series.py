"""Walks that come again: made at once, changed one or from one on, and told one at a time."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from planner.domain.series import Repeat
from planner.domain.when import local_to_moment
from planner.models import Series
from planner.services.messages import outbox
from planner.services.walks import series, walk_rows
from tests import makers
from tests.conftest import World
from tests.counting import questions
from tests.factories import make_client, make_walk
from tests.mail_server import states
from tests.page_client import Page, PageClient
from tests.web.planning import send, walks_on


@pytest.fixture
def sanne(world: World) -> int:
    return make_client(world, first_name="Sanne", email="sanne@example.org")


@pytest.fixture
def walk(world: World, sanne: int) -> int:
    return make_walk(world, sanne, date="2026-12-01", time="10:00", focus="Rust", message="Neem thee mee.")


def plan(coach: PageClient, walk: int, until: str = "2027-01-12", weeks: int = 2, **more: str) -> Page:
    return coach.get(f"/walks/{walk}/series").submit(every_weeks=str(weeks), until_on=until, **more)


def planned(coach: PageClient, walk: int) -> list[str]:
    return [
        start for start, status in walks_on(coach.get(f"/walks/{walk}/series")).items() if status == "planned"
    ]


def walk_at(coach: PageClient, walk: int, start: str) -> str:
    page = coach.get(f"/walks/{walk}/series")
    return str(page.one(f'[data-starts-local="{start}"]')["data-walk"])


def test_looked_at_first_and_then_made(coach: PageClient, walk: int) -> None:
    page = coach.get(f"/walks/{walk}").follow("Vaker plannen")
    assert page.one("[name=every_weeks]")["value"] == "2"
    page = page.submit(every_weeks="1", until_on="2026-12-29", press="action=preview")
    assert [str(tag["data-turn"]) for tag in page.select("[data-turn]")] == [
        "2026-12-08T10:00", "2026-12-15T10:00", "2026-12-22T10:00", "2026-12-29T10:00"
    ]  # fmt: skip
    assert "Een van een reeks" not in coach.get(f"/walks/{walk}").main, "looking changes nothing"
    done = page.submit()
    assert "4 wandelingen gepland" in done.main
    assert planned(coach, walk) == [
        "2026-12-01T10:00", "2026-12-08T10:00", "2026-12-15T10:00", "2026-12-22T10:00", "2026-12-29T10:00"
    ]  # fmt: skip
    other = coach.get(f"/walks/{walk_at(coach, walk, '2026-12-08T10:00')}")
    assert "Een van een reeks" in other.main
    assert "Rust" not in other.main and "thee" not in other.main, (
        "what is said of one walk is not said of all"
    )


def test_days_off_holidays_and_other_walks_are_left_out(world: World, coach: PageClient, sanne: int) -> None:
    friday = make_walk(world, sanne, date="2026-12-04", time="10:00")
    other = make_client(world, first_name="Mark")
    make_walk(world, other, date="2026-12-18", time="10:15")
    coach.get("/settings/agenda").submit(off_first_0="2026-12-10", off_last_0="2026-12-11")
    page = coach.get(f"/walks/{friday}/series").submit(
        every_weeks="1", until_on="2027-01-01", press="action=preview"
    )
    skipped = {
        str(tag["data-turn"])[:10]: tag["data-reason"] for tag in page.select("[data-turn][data-reason]")
    }
    assert skipped == {
        "2026-12-11": "day_off", "2026-12-18": "walk", "2026-12-25": "holiday", "2027-01-01": "holiday"
    }  # fmt: skip
    page.submit(until_on="2027-01-08")
    assert planned(coach, friday) == ["2026-12-04T10:00", "2027-01-08T10:00"]


def test_what_is_left_out_is_said_without_a_look_first(world: World, coach: PageClient, sanne: int) -> None:
    friday = make_walk(world, sanne, date="2026-12-04", time="10:00")
    make_walk(world, make_client(world, first_name="Mark"), date="2026-12-18", time="10:15")
    page = plan(coach, friday, "2026-12-25", 1)
    assert "1 wandeling gepland." in page.main
    said = "Overgeslagen: vr 18 dec (dan is er al een wandeling), vr 25 dec (feestdag)."
    assert said in page.main
    assert "Overgeslagen" not in coach.get(f"/walks/{friday}/series").main


def test_a_series_without_a_day_is_none(world: World, coach: PageClient, sanne: int) -> None:
    friday = make_walk(world, sanne, date="2026-12-18", time="10:00")
    none = plan(coach, friday, "2026-12-20", 1)
    assert none.status == 422 and "valt geen dag" in none.errors["until_on"]
    page = plan(coach, friday, "2026-12-26", 1)
    assert "elke dag" in page.main and "vr 25 dec (feestdag)" in page.main
    assert "Een van een reeks" not in coach.get(f"/walks/{friday}").main
    with world.store.db.reading(world.coach().scope) as session:
        assert session.scalar(select(func.count()).select_from(Series)) == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"meeting_point": "Bij de kerk"}, "Zoals op di 1 dec: Buiten, Bij de kerk, 40 minuten."),
        ({"setting": "phone"}, "Zoals op di 1 dec: Telefonisch, 40 minuten. Was dat voor één keer?"),
        (
            {"setting": "indoors", "meeting_point": "Praktijk"},
            "Zoals op di 1 dec: Binnen, Praktijk, 40 minuten.",
        ),
        ({}, "Zoals op di 1 dec: Buiten zonder route of afspreekpunt, 40 minuten."),
    ],
    ids=["a meeting point", "by phone", "indoors", "nowhere"],
)
def test_where_they_are_is_said_above_the_days(
    world: World, coach: PageClient, sanne: int, fields: dict[str, str], said: str
) -> None:
    walk = make_walk(world, sanne, date="2026-12-01", time="10:00", minutes="40", **fields)
    page = coach.get(f"/walks/{walk}/series")
    assert said in page.main
    assert page.main.index(said) < page.main.index("Deze dagen komen erbij")


def test_new_ones_are_like_the_last_one_and_that_is_said(coach: PageClient, walk: int) -> None:
    plan(coach, walk, "2026-12-15")
    last = walk_at(coach, walk, "2026-12-15T10:00")
    coach.get(f"/walks/{last}/edit").submit(setting="phone")
    page = coach.get(f"/walks/{walk}/series")
    assert "Zoals op di 15 dec: Telefonisch" in page.main
    assert page.one("#made-like a")["href"] == f"/walks/{last}/edit"
    done = page.submit(until_on="2026-12-29", every_weeks="2")
    assert "1 wandeling gepland." in done.main and "Overgeslagen" not in done.main
    made = coach.get(f"/walks/{walk_at(coach, walk, '2026-12-29T10:00')}")
    assert "Telefonisch" in made.main


def test_the_result_comes_first_and_going_on_is_asked_for(coach: PageClient, walk: int) -> None:
    fresh = coach.get(f"/walks/{walk}/series")
    assert fresh.select(".savebar") and not fresh.select("details.fold")
    done = plan(coach, walk, "2026-12-29")
    assert done.one("details.fold") and not done.select("details.fold[open], .savebar")
    for press, fields in (("action=preview", {}), ("action=save", {"every_weeks": "0"})):
        assert done.submit(press=press, **fields).select("details.fold[open]"), press
    last = walk_at(coach, walk, "2026-12-29T10:00")
    page = coach.get(f"/walks/{last}/series")
    assert page.select("details.fold[open]") and not page.select(".savebar")


def test_looking_asks_as_much_for_many_days_as_for_few(world: World, walk: int) -> None:
    def asked(last_day: str, turns: int) -> int:
        repeat = Repeat(1, date.fromisoformat(last_day))
        with questions(world) as found:
            assert len(series.look(world.store, world.coach(), walk, repeat, world.now)) == turns
        return len(found)

    few = asked("2026-12-22", 3)
    assert asked("2027-05-25", 25) == few


def test_just_after_midnight_the_end_is_counted_from_the_day_it_is_here(world: World, walk: int) -> None:
    desk = series.open_desk(world.store, world.coach(), walk, local_to_moment(datetime(2026, 12, 3, 0, 30)))
    assert desk.wanted.until_on == date(2027, 2, 25)


def test_the_same_form_twice_makes_them_once(coach: PageClient, walk: int) -> None:
    form = coach.get(f"/walks/{walk}/series")
    first = form.submit(every_weeks="2", until_on="2027-01-12")
    assert first.status == 200
    form.submit(every_weeks="2", until_on="2027-01-12")
    assert len(planned(coach, walk)) == 4


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("every_weeks", ""),
        ("every_weeks", "0"),
        ("every_weeks", "9"),
        ("until_on", ""),
        ("until_on", "32-1-2027"),
    ],
)
def test_a_wish_that_cannot_be(coach: PageClient, walk: int, field: str, typed: str) -> None:
    page = coach.get(f"/walks/{walk}/series").submit(**{field: typed})
    assert page.status == 422 and page.errors[field]
    assert planned(coach, walk) == []


def test_only_this_one_moves(coach: PageClient, walk: int) -> None:
    plan(coach, walk)
    edit = coach.get(f"/walks/{walk_at(coach, walk, '2026-12-15T10:00')}/edit")
    edit.submit(time="13:30")
    assert planned(coach, walk) == [
        "2026-12-01T10:00", "2026-12-15T13:30", "2026-12-29T10:00", "2027-01-12T10:00"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("date", "time", "after"),
    [
        (
            "2026-12-16",
            "13:30",
            ["2026-12-01T10:00", "2026-12-16T13:30", "2026-12-30T13:30", "2027-01-13T13:30"],
        ),
        (
            "2026-12-29",
            "10:00",
            ["2026-12-01T10:00", "2026-12-29T10:00", "2027-01-12T10:00", "2027-01-26T10:00"],
        ),
        (
            "2026-12-02",
            "10:00",
            ["2026-12-01T10:00", "2026-12-02T10:00", "2026-12-16T10:00", "2026-12-30T10:00"],
        ),
    ],
    ids=["a day and a time", "onto the next", "earlier"],
)
def test_this_one_and_the_ones_after_it_move(
    coach: PageClient, walk: int, date: str, time: str, after: list[str]
) -> None:
    plan(coach, walk)
    one = walk_at(coach, walk, "2026-12-15T10:00")
    saved = coach.get(f"/walks/{one}/edit").submit(date=date, time=time, minutes="55", which="following")
    assert saved.status == 200
    page = coach.get(f"/walks/{walk}/series")
    assert list(walks_on(page)) == after
    assert [tag["data-minutes"] for tag in page.select("[data-walk]")] == ["40", "55", "55", "55"]


def test_what_was_changed_by_itself_stays_its_own(coach: PageClient, walk: int) -> None:
    plan(coach, walk)
    coach.get(f"/walks/{walk_at(coach, walk, '2026-12-29T10:00')}/edit").submit(
        minutes="60", time="11:00", focus="Eigen"
    )
    coach.get(f"/walks/{walk}/edit").submit(time="10:30", which="following")
    page = coach.get(f"/walks/{walk}/series")
    assert list(walks_on(page)) == [
        "2026-12-01T10:30", "2026-12-15T10:30", "2026-12-29T11:30", "2027-01-12T10:30"
    ]  # fmt: skip
    own = coach.get(f"/walks/{walk_at(coach, walk, '2026-12-29T11:30')}")
    assert own.one("[data-walk]")["data-minutes"] == "60" and "Eigen" in own.main


def test_one_that_meets_another_walk_stops_all_of_them(world: World, coach: PageClient, walk: int) -> None:
    plan(coach, walk)
    make_walk(world, make_client(world, first_name="Mark"), date="2026-12-29", time="13:30")
    form = coach.get(f"/walks/{walk}/edit")
    refused = form.submit(time="13:30", which="following")
    assert refused.status == 422
    assert "Di 29 dec om 13.30 uur loop je al met Mark." in refused.main
    assert {start[11:] for start in planned(coach, walk)} == {"10:00"}, "nothing moved"
    assert refused.submit(keep_clash="1", which="following").status == 200
    assert planned(coach, walk)[0] == "2026-12-01T13:30"


def test_back_outdoors_the_later_ones_come_along_to_the_place(coach: PageClient, walk: int) -> None:
    plan(coach, walk)
    coach.get(f"/walks/{walk}/edit").submit(setting="phone", which="following")
    coach.get(f"/walks/{walk_at(coach, walk, '2026-12-29T10:00')}/edit").submit(
        setting="indoors", meeting_point="Praktijk"
    )
    coach.get(f"/walks/{walk}/edit").submit(setting="indoors", meeting_point="Bij de kerk")
    coach.get(f"/walks/{walk}/edit").submit(setting="outdoors", which="following")
    for start, where in (("2026-12-15T10:00", "Bij de kerk"), ("2026-12-29T10:00", "Praktijk")):
        form = coach.get(f"/walks/{walk_at(coach, walk, start)}/edit")
        assert form.one("[name=setting][checked]")["value"] == "outdoors"
        assert form.one("[name=meeting_point]")["value"] == where


def test_which_ones_is_one_of_two(coach: PageClient, walk: int) -> None:
    assert not coach.get(f"/walks/{walk}/edit").select("[name=which]"), "no question outside a series"
    plan(coach, walk)
    for address in (f"/walks/{walk}/edit", f"/walks/{walk}/cancel"):
        form = coach.get(address)
        assert [tag["value"] for tag in form.select("[name=which]")] == ["one", "following"]
        assert form.one("[name=which][checked]")["value"] == "one"
        assert "mag leeg" not in form.one("fieldset:has([name=which])").get_text()
        refused = form.submit(which="", reason="coach")
        assert refused.status == 422 and refused.errors["which"]
    assert len(planned(coach, walk)) == 4


def test_how_many_were_changed(coach: PageClient, walk: int) -> None:
    plan(coach, walk)
    one = walk_at(coach, walk, "2026-12-15T10:00")
    assert (
        "3 wandelingen veranderd."
        in coach.get(f"/walks/{one}/edit").submit(time="11:00", which="following").main
    )
    own = coach.get(f"/walks/{one}/edit").submit(focus="Rust", which="following")
    assert "Bewaard." in own.main and "veranderd." not in own.main, "the focus is of one walk"


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [("ill", "ill"), ("client", "cancelled_late"), ("weather", "weather"), ("coach", None)],
)
def test_only_the_first_one_cancelled_counts_as_something(
    world: World, coach: PageClient, walk: int, reason: str, outcome: str | None
) -> None:
    plan(coach, walk, "2026-12-29")
    late = local_to_moment(datetime(2026, 12, 1, 8))
    assert series.cancel_following(world.store, world.coach(), walk, reason, late) == 3
    numbers = [int(str(tag["data-walk"])) for tag in coach.get(f"/walks/{walk}/series").select("[data-walk]")]
    with world.store.db.reading(world.coach().scope) as session:
        found = [walk_rows.open_walk(world.store, session, number) for number in numbers]
    assert [one.outcome for one in found] == [outcome, None, None]
    assert {(one.status, one.details.cancel_reason) for one in found} == {("cancelled", reason)}


def test_over_a_clock_change(coach: PageClient, world: World, sanne: int) -> None:
    walk = make_walk(world, sanne, date="2028-03-19", time="02:30")
    plan(coach, walk, "2028-04-02", 1)
    assert planned(coach, walk) == ["2028-03-19T02:30", "2028-04-02T02:30"], (
        "that hour is not there on 26 March"
    )
    other = make_walk(world, sanne, date="2028-03-19", time="12:30")
    plan(coach, other, "2028-03-26", 1)
    refused = coach.get(f"/walks/{other}/edit").submit(time="02:30", which="following", keep_clash="1")
    assert refused.status == 422 and refused.errors["time"]
    assert planned(coach, other) == ["2028-03-19T12:30", "2028-03-26T12:30"]


def test_cancelled_from_one_on(coach: PageClient, walk: int) -> None:
    plan(coach, walk)
    one = walk_at(coach, walk, "2026-12-15T10:00")
    done = coach.get(f"/walks/{one}/cancel").submit(reason="coach", which="following")
    assert "3 wandelingen afgezegd." in done.main
    assert list(walks_on(coach.get(f"/walks/{walk}/series")).values()) == ["planned", *["cancelled"] * 3]
    coach.get(f"/walks/{walk}/cancel").submit(reason="coach", which="one")
    assert planned(coach, walk) == []


def test_a_client_hears_of_one_at_a_time(world: World, coach: PageClient, sanne: int, walk: int) -> None:
    plan(coach, walk)
    assert states(world) == [("confirmation", "held", None)]
    assert len(coach.get("/messages/").select("section[data-message]")) == 1
    world.set_clock("2026-12-01T11:00")
    outbox.note_everyone(world.store, world.now)
    outbox.note_everyone(world.store, world.now)
    assert sum(state == "held" and kind == "confirmation" for kind, state, _why in states(world)) == 2
    page = world.browser().get(makers.make_link(world, sanne))
    assert len(page.select("[data-walk]")) == 3, "the page shows all that come"


def test_the_last_one_says_so_and_goes_on(world: World, coach: PageClient, walk: int) -> None:
    plan(coach, walk, "2026-12-15")
    assert "Laatste van de reeks" not in coach.get("/?week=2026-W49").main
    week = coach.get("/?week=2026-W51")
    assert "Laatste van de reeks deze week: Sanne" in week.main
    page = week.follow("Sanne (di 15 dec)")
    page.submit(until_on="2027-01-12")
    assert planned(coach, walk)[-1] == "2027-01-12T10:00"
    assert "Laatste van de reeks" not in coach.get("/?week=2026-W51").main


def test_nobody_else_s(world: World, walk: int) -> None:
    bram = world.browser("bram")
    assert bram.get(f"/walks/{walk}/series").status == 404
    assert send(bram, f"/walks/{walk}/series", {"every_weeks": "1", "until_on": "2027-01-01"}).status == 404


def test_no_series_of_a_walk_that_is_off(coach: PageClient, walk: int) -> None:
    form = coach.get(f"/walks/{walk}/series")
    coach.get(f"/walks/{walk}/cancel").submit(reason="coach")
    assert form.submit(every_weeks="2", until_on="2027-01-12", press="action=save").status == 404
