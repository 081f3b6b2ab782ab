"""Better hours inside the plan form, and a day off that is chosen there."""

from __future__ import annotations

import pytest

from tests.conftest import World
from tests.makers import make_walk
from tests.page_client import PageClient
from tests.web.planning import let_weather_come, plan_form
from tests.web.test_slots import GALE, NO_HOURS, POURS, reasons, sky, slots


def test_from_the_plan_form(world: World, coach: PageClient, client: int, route: int) -> None:
    """With the day, the time and the place that stand there."""
    asked = f"client={client}&minutes=50&route={route}&date=2026-11-24&time=10:00"
    form = coach.get(f"/walks/new?client={client}&date=2026-11-24&time=10:00&route={route}")
    page = form.submit(press="move=hours", minutes="50", message="Neem thee mee.", focus="Rust")
    let_weather_come(
        world, sky(world, {f"2026-11-24T{hour:02}:00": {**POURS, **GALE} for hour in (9, 10, 11)})
    )
    page = page.submit(press="move=hours")
    assert slots(page) == slots(coach.get(f"/slots?{asked}"))
    hour = slots(page)[0]
    assert {"dry", "calmer"} <= set(reasons(page, hour))
    page = page.submit(press=f"move={page.select('[data-slot] button')[0]['value']}")
    assert page.one("[name=message]").get_text().strip() == "Neem thee mee."
    done = page.submit(press="action=save")
    walk = done.one("[data-walk]")
    assert (walk["data-starts-local"], walk["data-minutes"]) == (hour, "50")
    assert "Neem thee mee." in done.main and "Rust" in done.main


def test_an_hour_that_was_chosen_stays(world: World, coach: PageClient, client: int, route: int) -> None:
    """Also where its day was the proposed one: what else changes then proposes no other."""
    make_walk(world, client, "2026-11-17T10:00", route_id=route)
    page = coach.get(f"/walks/new?client={client}").submit(press="move=hours")
    let_weather_come(world, sky(world, {f"2026-11-24T{hour:02}:00": POURS | GALE for hour in (11, 12, 13)}))
    page = page.submit(press="move=hour:202611241200").submit(press="action=preview", minutes="30")
    assert page.one("[name=date][checked]")["value"] == "2026-11-24"
    assert page.one("[name=time][checked]")["value"] == "12:00"


def test_hours_stay_while_the_page_looks_at_the_weather(coach: PageClient, client: int, route: int) -> None:
    """Which it does by itself, as long as the forecast is on its way; an hour that was chosen closes them."""
    page = coach.get(f"/walks/new?client={client}&date=2026-11-24&time=10:00&route={route}")
    page = page.submit(press="move=hours")
    there = slots(page)
    assert there and page.select("#look[data-pending]")
    page = page.submit(press="action=preview")
    assert slots(page) == there
    page = page.submit(press=f"move={page.select('[data-slot] button')[0]['value']}")
    assert not slots(page)
    assert not slots(page.submit(press="action=preview"))


@pytest.mark.parametrize("at", ["", "half tien"])
def test_without_a_time_the_hours_are_about_that_day(
    coach: PageClient, client: int, route: int, at: str
) -> None:
    page = coach.get(f"/walks/new?client={client}&date=2026-12-10&route={route}")
    page = page.submit(press="move=hours", date="2026-12-10", time=at, minutes="40")
    asked = f"client={client}&minutes=40&route={route}&date=2026-12-10"
    assert slots(page) == slots(coach.get(f"/slots?{asked}"))
    assert slots(page)[0].startswith("2026-12-10")


def test_an_hour_that_does_not_exist_has_others_on_its_day(
    coach: PageClient, client: int, route: int
) -> None:
    coach.get("/settings").submit("/settings", starts_6="09:00", ends_6="17:00")
    page = coach.get(f"/walks/new?client={client}&date=2028-03-26&route={route}")
    page = page.submit(press="move=hours", date="2028-03-26", time="02:30")
    assert [hour[:10] for hour in slots(page)][:1] == ["2028-03-26"]


def test_no_hour_in_the_plan_form_says_why(world: World, coach: PageClient, client: int) -> None:
    coach.get("/settings").submit("/settings", **NO_HOURS)
    page = coach.get(f"/walks/new?client={client}").submit(press="move=hours")
    assert page.one("#look [data-hindrance]")["data-hindrance"] == "no_hours"


def test_a_day_off_that_was_chosen_says_which(coach: PageClient, client: int) -> None:
    """It may be planned all the same; of a walk that is there already nothing is said."""
    chosen = plan_form(coach, client, date="2026-12-25")
    with_time = plan_form(coach, client, date="2026-12-25", time="10:00")
    for page in (chosen, with_time, with_time.submit(press="action=preview")):
        said = page.one("#plan-hour [data-closed]")
        assert said["data-closed"] == "holiday"
        assert not page.submit(press="move=hours").select("#look [data-closed]"), (
            "it may be, and that is said"
        )
        assert "Let op: het is Eerste kerstdag, een vrije dag. Plannen mag toch." in said.get_text()
    saved = with_time.submit(press="action=save")
    assert not coach.get(saved.path + "/edit").select("[data-closed]")
    assert not plan_form(coach, client, date="2026-12-24").select("[data-closed]")


def test_a_day_off_far_ahead_is_said_once(coach: PageClient, client: int) -> None:
    """And one that is over is over, no more."""
    page = plan_form(coach, client, date="2027-04-27")
    assert page.one("#plan-hour [data-closed]")["data-closed"] == "holiday"
    assert not page.select("#plan-hour [data-hindrance]")
    assert not plan_form(coach, client, date="2026-05-25").select("[data-closed=holiday]")
