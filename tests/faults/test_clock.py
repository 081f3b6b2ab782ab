"""The clock jumps: backwards, far ahead, through both nights on which it is changed, onto a leap day. Every page goes
on answering, what was ended stays ended, and walks stay at their hour."""

from __future__ import annotations

from datetime import timedelta

import pytest

from planner.services.clients import sharing
from planner.services.people import sign_in
from tests.address_book import addresses, is_fault
from tests.conftest import MONDAY, World
from tests.counting import count
from tests.ground import Ground
from tests.makers import make_client, make_link, make_walk

JUMPS = {
    "three days back": (MONDAY - timedelta(days=3)).isoformat(),
    "four hundred days on": (MONDAY + timedelta(days=400)).isoformat(),
    "the hour that is skipped": "2027-03-28T01:59:59+01:00",
    "the hour that is skipped, over": "2027-03-28T03:00:00+02:00",
    "the hour that comes twice, first": "2027-10-31T02:30:00+02:00",
    "the hour that comes twice, second": "2027-10-31T02:30:00+01:00",
    "a leap day": "2028-02-29T12:00:00+01:00",
    "the last second of a year": "2026-12-31T23:59:59+01:00",
}


@pytest.mark.parametrize("jump", JUMPS)
def test_every_page_answers(ground: Ground, jump: str) -> None:
    """For whoever signs in then, and for the links of before."""
    world, own = ground.world, ground.own
    world.set_clock(JUMPS[jump])
    signed_in(world)
    for address in addresses(world.app):
        if "GET" in address.methods:
            browser = world.browser(None if address.is_personal else "anna")
            answer = browser.http.get(address.filled(own))
            assert not is_fault(answer), f"{address.line}: {answer.status_code}"
            count("pages at another time")


def signed_in(world: World) -> None:
    """Anna, at the hour it is now."""
    anna = world.coach()
    world.tokens = world.tokens | {"anna": sign_in.begin(world.store, anna.scope, world.now)}


def test_what_was_ended_stays_ended(ground: Ground) -> None:
    """Signed out and withdrawn; then the clock goes back to when both still counted."""
    world = ground.world
    assert world.browser().get(ground.own.link).status == 200
    world.browser("cor").get("/account").submit("/logout")
    sharing.revoke(world.store, world.coach("anna"), ground.own.client, world.now)
    for hour in ("2026-11-20T09:00", "2026-11-23T08:00", "2026-11-23T09:00", "2026-12-01T09:00"):
        world.set_clock(hour)
        assert world.browser("cor").get("/account").status == 303
        assert world.browser().get(ground.own.link).status == 404


def test_a_sign_in_and_a_link_end_in_time(ground: Ground) -> None:
    world = ground.world
    assert world.browser().get(ground.own.link).status == 200
    world.set_clock(MONDAY + timedelta(days=400))
    assert world.browser("anna").get("/account").status == 303
    assert world.browser().get(ground.own.link).status == 404


@pytest.mark.parametrize("day", ["2027-03-27", "2027-03-28", "2027-10-30", "2027-10-31", "2028-02-29"])
def test_walks_stay_at_their_hour(world: World, day: str) -> None:
    """On the page of the coach, the client and in the calendar: the hour that was agreed."""
    client = make_client(world)
    walk = make_walk(world, client, f"{day}T10:15")
    link = make_link(world, client)
    calendar, compact = world.browser().get(f"{link}walks/{walk}.ics").text, day.replace("-", "")
    assert f"DTSTART;TZID=Europe/Amsterdam:{compact}T101500" in calendar
    for now in ("2026-11-23T09:00", f"{day}T08:00"):
        world.set_clock(now)
        signed_in(world)
        assert "10.15" in world.browser("anna").get(f"/walks/{walk}").main
        page = world.browser().get(link)
        assert page.status == 404 or "10.15" in page.main
