"""How far ahead an hour is that the planner offers."""

from __future__ import annotations

from tests.conftest import World
from tests.makers import make_walk
from tests.page_client import PageClient
from tests.web.planning import let_weather_come
from tests.web.test_slots import sky, slots


def test_no_hour_is_offered_that_the_client_hears_of_too_late(
    world: World, coach: PageClient, client: int, route: int
) -> None:
    """Monday, just after nine. A coach who asks for a near hour may have it: only what is over cannot be."""
    let_weather_come(world, sky(world))
    address = f"/slots?client={client}&minutes=40&route={route}&date=2026-11-23"
    today = [one for one in slots(coach.get(address)) if one.startswith("2026-11-23")]
    assert min(today) == "2026-11-23T12:15", "more than three hours ahead"
    near = coach.get(f"{address}&time=09:30")
    assert not near.select("[data-closed]") and min(slots(near)) == "2026-11-23T12:15"
    assert coach.get(f"{address}&time=08:45").one("[data-closed]")["data-closed"] == "over"


def test_the_usual_hour_is_not_proposed_when_it_is_too_near(
    world: World, coach: PageClient, client: int
) -> None:
    make_walk(world, client, "2026-11-16T10:00")
    query = f"client={client}&date=2026-11-23"
    form = coach.get(f"/walks/new?{query}")
    assert form.one("#plan-hour [data-closed]")["data-closed"] == "soon"
    assert "te kort dag om het nog af te spreken" in form.one("#plan-hour").get_text()
    assert form.one("#plan-time [checked]")["value"] == "12:15"
    typed = coach.get(f"/walks/new?{query}&time=10:00")
    assert typed.one("#plan-time [checked]")["value"] == "10:00" and not typed.select("[data-closed]")
    assert typed.submit(press="action=save").one("[data-walk]")["data-starts-local"] == "2026-11-23T10:00"
