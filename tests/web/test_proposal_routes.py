"""Which route a new walk opens with."""

from __future__ import annotations

from tests.conftest import World
from tests.factories import gpx_file, make_client, make_route, make_walk
from tests.makers import make_point as keep_point
from tests.page_client import PageClient
from tests.web.planning import (
    plan_form,
)
from tests.web.test_proposal import HALF, TUESDAY, reasons, short, value


def test_the_day_its_places_and_what_is_near_reach_the_choice(coach: PageClient, world: World) -> None:
    """What is known of a route at that hour, and where the coach walks before or after, by name of the best one."""
    client = make_client(world, first_name="Sanne", consent=True, health_flags=["panic", "heart"])
    far = tuple((lat + 0.5, lon) for lat, lon in HALF)
    short(world, "A", quiet_days=["sun"])
    quiet = short(world, "B", quiet_days=["tue"], quiet_parts=["morning"])
    page = plan_form(coach, client, date=TUESDAY, time="10:00")
    assert value(page, "route_id") == str(quiet) and "quiet_then" in reasons(page, "#plan-fit > [data-route]")
    bench = short(world, "C", quiet_days=["tue"])
    keep_point(world, bench)
    page = plan_form(coach, client, date=TUESDAY, time="10:00")
    assert value(page, "route_id") == str(bench), "a bench for a weak heart"
    away = make_route(world, name="Ver weg", gpx=gpx_file(far))
    mark = make_client(world, first_name="Mark")
    make_walk(world, mark, date=TUESDAY, time="11:00", route_id=away)
    page = plan_form(coach, client, date=TUESDAY, time="10:00")
    assert "far_from_others" in reasons(page, "#plan-fit > [data-route]")


def test_too_little_time_is_no_reason_for_a_route_that_is_rather_not(coach: PageClient, world: World) -> None:
    client = make_client(world, first_name="Sanne", environment_avoid=["water"])
    bos = short(world, "Bos")
    make_route(world, name="Aan de plas", line=False, environment_tags=["water"])
    page = plan_form(coach, client, minutes="20")
    assert value(page, "route_id") == str(bos)
    assert int(str(page.one('#plan-fit [data-hindrance="routes_long"]')["data-value"])) > 5


def test_what_lies_abroad_or_is_over_at_once_is_only_in_the_list(coach: PageClient, world: World) -> None:
    """A library that was taken in with everything in it: what is no walk from here is not put forward."""
    client = make_client(world, first_name="Sanne", consent=True, recovery_phase="crisis")
    bit = make_route(world, name="Aa", gpx=gpx_file(((52.09, 5.12), (52.0908, 5.12)), "Aa"))
    away = make_route(world, name="Brussel", gpx=gpx_file(tuple((lat - 1.3, lon - 0.7) for lat, lon in HALF)))
    page = plan_form(coach, client, minutes="30")
    assert value(page, "route_id") == str(away), "nobody knows what is far as long as home was not said"
    coach.get("/settings").submit("/settings", home="52.09, 5.12")
    page = plan_form(coach, client, minutes="30")
    assert value(page, "route_id") == "" and page.one('#plan-fit [data-hindrance="routes_short"]')
    assert not page.select("#plan-fit .others"), "neither is put forward as fitting"
    bos = short(world, "Bos")
    page = plan_form(coach, client, minutes="30")
    assert value(page, "route_id") == str(bos) and not page.select("#plan-fit .others")
    assert {str(one["value"]) for one in page.select('[name="route_id"] option')} >= {str(bit), str(away)}
    page = plan_form(coach, client, minutes="30", route=str(bit))
    assert "too_short" in reasons(page, "#plan-fit > [data-route]")
    there = "#plan-fit > [data-route]"
    assert "far_away" in reasons(plan_form(coach, client, route=str(away)), there)
    make_walk(world, make_client(world, first_name="Mark"), date=TUESDAY, time="10:00", route_id=away)
    assert "far_away" not in reasons(plan_form(coach, client, route=str(away)), there), "met there"


def test_a_route_that_is_done_early_says_so(coach: PageClient, world: World) -> None:
    client = make_client(world, first_name="Sanne")
    bos = short(world, "Bos")
    page = plan_form(coach, client, minutes="60", route=str(bos))
    said = page.one('#plan-fit [data-reason="done_early"]').get_text()
    assert said.startswith("De route is na ") and said.split(".")[0].endswith("lopen klaar")
