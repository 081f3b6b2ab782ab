"""The proposal of a walk through the front door: what it holds, what it follows, and what it leaves to the coach."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from planner.domain.weather import Forecast
from tests.conftest import World
from tests.counting import questions
from tests.domain.weather_makers import forecast, step
from tests.factories import LINE, gpx_file, make_client, make_exercise, make_route, make_walk
from tests.makers import make_route as keep_route
from tests.page_client import Page, PageClient
from tests.web.planning import (
    exercises_on,
    let_weather_come,
    part_minutes,
    plain_plan,
    plan_form,
    send,
    walk_ids,
)

HALF = ((52.09, 5.12), (52.095, 5.12), (52.095, 5.125), (52.09, 5.125), (52.09, 5.1202))
"""A round of some 1.8 km: less than half an hour."""
TUESDAY = "2026-11-24"


@pytest.fixture
def sanne(world: World) -> int:
    return make_client(world, first_name="Sanne")


def short(world: World, name: str, **fields: Any) -> int:
    return make_route(world, name=name, gpx=gpx_file(HALF), **fields)


def sky(**rough: dict[str, Any]) -> Forecast:
    """Three calm days by the hour. `rough`: changes by wall time, as t2410 for the 24th at 10."""
    first = datetime(2026, 11, 23, 0, tzinfo=UTC)
    hours = [first + timedelta(hours=number) for number in range(80)]
    changes = {name[1:]: what for name, what in rough.items()}
    steps = [step(at, **changes.get(f"{at + timedelta(hours=1):%d%H}", {})) for at in hours]
    return forecast(*steps, fetched_at=first + timedelta(hours=8))


def open_with(world: World, coach: PageClient, client: int, says: Forecast, **query: str) -> Page:
    """The form, after the weather of its place was asked for and came."""
    plan_form(coach, client, **query).submit(press="action=preview")
    let_weather_come(world, says)
    return plan_form(coach, client, **query)


def value(page: Page, name: str) -> str:
    """What stands in a field of the form."""
    if name == "route_id":
        found = page.select('[name="route_id"] option[selected]')
        return str(found[0]["value"]) if found else ""
    chosen = page.select(f'[name="{name}"][checked]') or page.select(f'[name="{name}"]:not([type="radio"])')
    return str(chosen[0].get("value", ""))


def at(page: Page) -> str:
    return f"{value(page, 'date')}T{value(page, 'time')}"


def reasons(page: Page, css: str) -> list[str]:
    return [str(tag["data-reason"]) for tag in page.select(f"{css} [data-reason]")]


def warned(page: Page) -> list[str]:
    return [str(tag["data-warning"]) for tag in page.select("#look [data-warning]")]


def test_a_whole_sensible_walk_in_three_taps(coach: PageClient, world: World) -> None:
    """Open the client, plan, look, save. Nothing is typed or chosen; every part says why."""
    client = make_client(world, first_name="Sanne", consent=True, recovery_phase="problem_solving")
    made = make_walk(world, client, date="2026-11-17", time="10:00")
    route = short(world, "Bos")
    page = coach.get("/clients/").follow("Sanne").follow("Plan wandeling")
    assert (at(page), value(page, "minutes")) == (f"{TUESDAY}T10:00", "40")
    assert value(page, "route_id") == str(route)
    assert "fits_time" in reasons(page, "#plan-fit")
    assert {"usual_day", "usual_time"} <= set(reasons(page, "#plan-hour"))
    assert all(tag.select("[data-reason]") for tag in page.select("ol.parts [data-exercise]"))
    assert not warned(page)
    walk = page.submit(press="action=save").one("[data-walk]")
    assert walk["data-starts-local"] == f"{TUESDAY}T10:00" and walk["data-walk"] != str(made)


def test_a_first_walk_too(coach: PageClient, world: World, sanne: int) -> None:
    route = short(world, "Bos")
    page = coach.get("/clients/").follow("Sanne").follow("Plan de eerste wandeling").submit()
    assert page.one("[data-walk]")["data-starts-local"] == f"{TUESDAY}T10:00"
    assert page.one(f'[data-route="{route}"]') and exercises_on(page)


def test_as_last_time_in_two_taps(coach: PageClient, world: World, sanne: int) -> None:
    route, one = short(world, "Bos"), make_exercise(world)
    make_walk(
        world, sanne, date="2026-11-17", time="13:30", minutes=50, route_id=route, exercise_ids=[one],
        client_exercise_ids=[one],
    )  # fmt: skip
    make_walk(world, sanne, date=TUESDAY, time="15:00", setting="phone")
    cancelled = make_walk(world, sanne, date="2026-11-20", time="10:00", setting="indoors")
    coach.get(f"/walks/{cancelled}/cancel").submit(reason="ill")
    short(world, "Heide")
    form = coach.get(f"/clients/{sanne}").follow("Zoals vorige keer")
    assert value(form, "route_id") == str(route), "the coach asked for the same"
    assert "same_route" not in warned(form)
    again = form.submit(press="action=preview")
    assert value(again, "route_id") == str(route) and "same_route" not in warned(again)
    page = again.submit(press="action=save")
    assert (page.one("[data-walk]")["data-starts-local"], exercises_on(page)) == ("2026-12-01T13:30", [one])


def test_never_two_days_in_a_row_and_a_warning_where_the_coach_does(
    coach: PageClient, world: World, sanne: int
) -> None:
    """As last time and a plain proposal keep to the same rule."""
    made = make_walk(world, sanne, date="2026-11-17", time="13:30")
    make_walk(world, sanne, date="2026-11-25", time="10:00")
    plain, like = plan_form(coach, sanne), plan_form(coach, sanne, like=str(made))
    assert value(plain, "date") == "2026-12-02" and at(like) == "2026-12-01T13:30"
    assert "next_day" not in warned(plain) + warned(like)
    for day, far in ((TUESDAY, False), ("2026-11-26", False), ("2026-11-27", True)):
        page = plan_form(coach, sanne, date=day, time="10:00")
        assert ("next_day" in warned(page)) is not far
    assert (
        "Sanne loopt ook op wo 25 nov: twee dagen achter elkaar."
        in plan_form(coach, sanne, date=TUESDAY, like=str(made)).main
    )


def test_the_route_is_not_one_that_the_page_then_warns_about(
    coach: PageClient, world: World, sanne: int
) -> None:
    bos = short(world, "Bos")
    make_walk(world, sanne, date="2026-11-17", time="10:00", route_id=bos)
    long, heide = (
        make_route(world, name="Aa", gpx=gpx_file(tuple((2 * a - 52, b) for a, b in LINE))),
        short(world, "Heide"),
    )
    page = plan_form(coach, sanne)
    assert value(page, "route_id") == str(heide) and not warned(page)
    for chosen, code in ((bos, "same_route"), (long, "time_over")):
        looked = page.submit(route_id=chosen, press="action=preview")
        assert value(looked, "route_id") == str(chosen), "the coach's choice wins"
        assert code in warned(looked)
    coach.get(f"/routes/{heide}").submit(f"/routes/{heide}/archive")
    only = plan_form(coach, sanne)
    assert value(only, "route_id") == str(bos), "nothing else fits, which stands with the route"
    assert not warned(only) and "same_route" in reasons(only, "#plan-fit")
    assert not only.select(f'#plan-fit [data-route="{heide}"]'), "put away"


def test_a_trusted_route_is_no_repetition(coach: PageClient, world: World, sanne: int) -> None:
    bos = short(world, "Bos", trusted="1")
    make_walk(world, sanne, date="2026-11-17", time="10:00", route_id=bos)
    page = plan_form(coach, sanne)
    assert value(page, "route_id") == str(bos)
    assert "trusted" in reasons(page, "#plan-fit") and "same_route" not in reasons(page, "#plan-fit")


def test_another_route_is_a_tap_away(coach: PageClient, world: World, sanne: int) -> None:
    first, other = short(world, "Bos"), short(world, "Heide")
    page = plan_form(coach, sanne)
    assert value(page, "route_id") == str(first)
    listed = page.one(f'#plan-fit li[data-route="{other}"]')
    assert listed["data-distance-m"] and "fits_time" in str(listed)
    page = page.submit(press=f"move=route:{other}")
    assert value(page, "route_id") == str(other)
    page = page.submit(minutes="90", press="action=preview")
    assert value(page, "route_id") == str(other), "chosen is chosen"


def test_what_was_not_chosen_follows(coach: PageClient, world: World, sanne: int) -> None:
    """Fewer minutes: another route; another day: its time is proposed; the plan follows both."""
    brief = make_route(world, name="Zand", gpx=gpx_file(((52.09, 5.12), (52.094, 5.12), (52.0905, 5.12))))
    usual = short(world, "Bos")
    page = plan_form(coach, sanne)
    assert value(page, "route_id") == str(usual)
    page = page.submit(minutes="25", press="action=preview")
    assert value(page, "route_id") == str(brief) and sum(part_minutes(page)) == 20
    make_walk(world, make_client(world, first_name="Mark"), date="2026-11-26", time="10:00")
    page = page.submit(date="2026-11-26", press="action=preview")
    assert value(page, "date") == "2026-11-26" and not warned(page)
    assert value(page, "time") == "09:00", "with the time around the other walk; nobody chose ten"
    assert page.one("#plan-hour [data-closed]")["data-closed"] == "walk", "not without a word"
    assert "10.00 uur kan niet: daar staat al een wandeling" in page.main and "Daarom 9.00 uur." in page.main
    page = page.submit(time="14:00", press="action=preview").submit(date=TUESDAY, press="action=preview")
    assert at(page) == f"{TUESDAY}T14:00", "a chosen time stays on another day"
    page = page.submit(press="action=save")
    assert page.one("[data-walk]")["data-minutes"] == "25"


def test_a_chosen_time_looks_for_its_day(coach: PageClient, world: World, sanne: int) -> None:
    page = plan_form(coach, sanne)
    make_walk(world, make_client(world, first_name="Mark"), date=TUESDAY, time="14:00")
    page = page.submit(time="14:00", press="action=preview")
    assert at(page) == "2026-11-25T14:00"
    assert "Dinsdag 24 november, 14.00 uur kan niet: daar staat al" in page.main
    page = page.submit(time="19:00", press="action=preview")
    assert at(page) == "2026-11-25T19:00", "what is seen stays where no other day is better"
    assert page.one("#plan-hour [data-closed]")["data-closed"] == "dark"
    assert "donker, de zon is om 16.3" in page.main and "Daarom" not in page.main


def test_what_the_coach_sees_stays_on_another_day(coach: PageClient, world: World, sanne: int) -> None:
    """The proposed hour was noon; on the chosen day ten would be free, but noon is what stands there."""
    make_walk(world, sanne, date="2026-11-17", time="10:00", setting="online")
    make_walk(world, make_client(world, first_name="Mark"), date=TUESDAY, time="10:00")
    page = plan_form(coach, sanne)
    shown = value(page, "time")
    assert shown != "10:00" and "10.00 uur kan niet" in page.main
    page = page.submit(date="2026-11-25", press="action=preview")
    assert at(page) == f"2026-11-25T{shown}" and not page.select("#plan-hour [data-closed]")


def test_a_plan_the_coach_touched_stays(coach: PageClient, world: World, sanne: int) -> None:
    page = plan_form(coach, sanne)
    offered = str(page.select('button[name="move"][value^="exercise:"]')[0]["value"])
    page = page.submit(press=f"move={offered}")
    mine = exercises_on(page)
    page = page.submit(press="move=lay").submit(setting="indoors", minutes="60", press="action=preview")
    assert exercises_on(page) == mine


def test_the_usual_hour_gives_way_to_a_dry_one(coach: PageClient, world: World, sanne: int) -> None:
    short(world, "Bos")
    make_walk(world, sanne, date="2026-11-17", time="10:00", setting="online")
    wet = {f"t24{hour:02}": {"precip_mm": 6.0} for hour in range(9, 12)}
    page = open_with(world, coach, sanne, sky(**wet), route="", minutes="40")
    assert at(page) == f"{TUESDAY}T12:00", "the same day, the nearest dry hour"
    assert page.one("#look [data-verdict]")["data-verdict"] == "go"
    assert "dry" in reasons(page, "#plan-hour") and "10.00" in page.one("#plan-hour").get_text()


def test_the_usual_hour_stays_where_it_is_fine(coach: PageClient, world: World, sanne: int) -> None:
    make_walk(world, sanne, date="2026-11-17", time="10:00", setting="online")
    page = open_with(world, coach, sanne, sky(), route="", minutes="40")
    assert at(page) == f"{TUESDAY}T10:00" and "In plaats van" not in page.main
    assert "dry" in reasons(page, "#plan-hour")


def test_an_hour_that_is_taken_gives_way_on_the_same_day(coach: PageClient, world: World, sanne: int) -> None:
    make_walk(world, sanne, date=TUESDAY, time="10:00")
    make_walk(world, make_client(world, first_name="Mark"), date="2026-12-01", time="10:00")
    assert at(plan_form(coach, sanne)) == "2026-12-01T11:15", "with time around the other walk"
    dark = plan_form(coach, sanne).submit(time="07:00", press="action=preview")
    assert value(dark, "time") == "07:00" and not dark.errors, "what was chosen stays, also in the dark"


def test_without_a_forecast_it_says_so(coach: PageClient, sanne: int) -> None:
    page = plan_form(coach, sanne)
    assert page.one("#look [data-verdict]")["data-verdict"] == "unknown"
    assert "data-pending" in page.one("#look").attrs, "the page's script asks for it"


def test_exercises_suit_the_weather_of_the_hour(coach: PageClient, world: World, sanne: int) -> None:
    every = ["movement", "practice", "feeling", "environment"]
    dry_only = make_exercise(world, title="Alleen droog", not_in=["rain"], reasons=every)
    fair = plan_form(coach, sanne, date=TUESDAY, time="10:00")
    wet = open_with(world, coach, sanne, sky(t2410={"precip_mm": 2.0}), date=TUESDAY, time="10:00")
    assert wet.one("#look [data-verdict]")["data-verdict"] == "adapt"
    assert "spoiled_by_weather" not in warned(wet)
    assert dry_only in exercises_on(fair)
    assert len(exercises_on(wet)) == 2 and not wet.select(f'#plan-parts [data-exercise="{dry_only}"]')


def test_after_two_online_it_asks_to_go_outside_again(coach: PageClient, world: World, sanne: int) -> None:
    route = short(world, "Bos")
    for day in ("2026-11-10", "2026-11-17"):
        make_walk(world, sanne, date=day, time="10:00", setting="online")
    page = plan_form(coach, sanne)
    assert warned(page) == ["online_streak"] and "Weer samen naar buiten?" in page.main
    page = page.submit(press="move=outdoors")
    assert (value(page, "setting"), value(page, "route_id")) == ("outdoors", str(route))
    assert not warned(page)


def test_never_more_than_three_warnings_clashes_counted(coach: PageClient, world: World) -> None:
    client = make_client(
        world, consent=True, recovery_phase="crisis", max_minutes="30", health_flags=["panic"]
    )
    for name in ("Mark", "Piet"):
        make_walk(world, make_client(world, first_name=name), date=TUESDAY, time="10:00", keep_clash="1")
    caution = make_exercise(world, cautions=["panic"])
    data = plain_plan(client, date=TUESDAY, minutes=90, exercise_ids=[str(caution)], action="preview")
    page = send(coach, "/walks/new", data)
    assert warned(page)[:2] == ["clash", "clash"] and len(page.select("#look .note-box.note")) == 3


def test_all_routes_too_long_says_by_how_much(coach: PageClient, world: World, sanne: int) -> None:
    make_route(world, name="Lang")
    page = plan_form(coach, sanne, minutes="20")
    hindrance = page.one('#plan-fit [data-hindrance="routes_long"]')
    assert value(page, "route_id") and int(str(hindrance["data-value"])) > 15
    said = " ".join(hindrance.get_text().split())
    assert "de 15 minuten die er zijn" in said
    assert said.endswith(f": {hindrance['data-value']} minuten te lang.")
    assert not plan_form(coach, sanne, minutes="60").select('[data-hindrance="routes_long"]')


def test_the_same_client_twice_a_day_is_told(coach: PageClient, world: World, sanne: int) -> None:
    """By name and time, among the three; and the walk of their own is no other place to get to."""
    route = short(world, "Bos")
    made = make_walk(world, sanne, date=TUESDAY, time="10:00", route_id=route)
    page = plan_form(coach, sanne, date=TUESDAY, time="14:00")
    assert warned(page)[0] == "same_day" and "Sanne loopt die dag al om 10.00 uur." in page.main
    assert not {"near_others", "far_from_others"} & set(reasons(page, "#plan-fit"))
    assert warned(plan_form(coach, sanne, date=TUESDAY, time="10:15"))[0] == "clash"
    assert "same_day" not in warned(plan_form(coach, sanne, date=TUESDAY, time="10:15"))
    assert "same_day" not in warned(coach.get(f"/walks/{made}/edit"))
    mark = make_client(world, first_name="Mark")
    beside = plan_form(coach, mark, date=TUESDAY, time="14:00")
    assert "near_others" in reasons(beside, "#plan-fit") and "Op dezelfde plek" in beside.main


def test_dark_is_not_called_weather(coach: PageClient, world: World, sanne: int) -> None:
    short(world, "Bos")
    page = plan_form(coach, sanne, date=TUESDAY, time="19:00")
    assert "dark" in warned(page) and "weather_red" not in warned(page)
    assert "Het is dan donker: de zon is om 16.3" in page.main
    assert "dark" in reasons(page, "#plan-fit") and "past niet" not in page.one("#plan-fit").get_text()
    early = plan_form(coach, sanne, date=TUESDAY, time="06:00")
    assert "dark_early" in warned(early) and "Het is dan nog donker: de zon is om 8.1" in early.main


def test_no_hour_says_which_wish_stands_in_the_way(coach: PageClient, world: World, sanne: int) -> None:
    none = dict.fromkeys((f"{what}_{day}" for what in ("starts", "ends") for day in (0, 1, 3, 4)), "")
    late_hours = {"starts_2": "16:30", "ends_2": "20:00"}
    coach.get("/settings").submit("/settings", **none, **late_hours)
    page = plan_form(coach, sanne, minutes="90")
    dark = page.one("#plan-hour [data-hindrance]")
    assert dark["data-hindrance"] == "daylight_short" and "Hooguit passen" in dark.get_text()
    assert at(page) == "T", "no hour is made up"
    late = plan_form(coach, sanne, date="2026-11-26").submit(time="18:00", press="action=preview")
    reason = late.one('#look [data-reason="daylight"]')
    assert (
        late.one("#look [data-verdict]")["data-verdict"] == "move" and float(str(reason["data-value"])) > 30
    )


def test_a_script_s_own_choices_are_left_alone(coach: PageClient, world: World, sanne: int) -> None:
    """Without the hidden fields everything is the coach's, the empty route too."""
    short(world, "Bos")
    page = send(coach, "/walks/new", plain_plan(sanne, action="preview", exercise_ids=[]))
    assert (at(page), value(page, "route_id"), exercises_on(page)) == ("2026-12-01T10:00", "", [])
    for name in ("date", "time", "route", "parts"):
        assert not page.select(f'[name="proposed_{name}"]')


@pytest.mark.parametrize(
    ("field", "text"),
    [("proposed_route", "x" * 300), ("suggested", "99"), ("suggested", "x"), ("proposed_date", "7")],
)
def test_odd_hidden_fields_do_no_harm(coach: PageClient, sanne: int, field: str, text: str) -> None:
    page = plan_form(coach, sanne).submit(press="action=save", **{field: text})
    assert page.status in (200, 422)


def test_what_was_typed_wrongly_is_not_overwritten(coach: PageClient, sanne: int) -> None:
    page = plan_form(coach, sanne).submit(time="half tien", press="action=preview")
    assert page.errors and "half tien" in page.text


def test_the_questions_do_not_grow_with_the_library(coach: PageClient, world: World, sanne: int) -> None:
    def asked() -> list[str]:
        with questions(world) as found:
            plan_form(coach, sanne)
        return found

    keep_route(world, "Bos", line=True)
    asked()
    one = len(asked())
    page_of_one = len(plan_form(coach, sanne).select("#plan-fit li"))
    for number in range(60):
        keep_route(world, f"Bos {number}", line=number % 2 == 0)
    many = asked()
    assert len(many) == one <= 38
    looked_up = sum("route.latitude IS NOT NULL" in text for text in many)
    assert looked_up == 1, "what the proposal looked up is not looked up again"
    assert page_of_one <= len(plan_form(coach, sanne).select("#plan-fit li")) <= 2


def test_looking_saves_nothing(coach: PageClient, sanne: int) -> None:
    plan_form(coach, sanne).submit(press="action=preview")
    assert not walk_ids(coach.get("/?week=2026-W48"))
