"""Today is the day of the practice, wherever that is."""

from __future__ import annotations

from datetime import date

import pytest

from tests.conftest import World
from tests.makers import make_client, make_note, make_review, make_walk, move_practice
from tests.page_client import PageClient
from tests.web.planning import sign_in_again


@pytest.fixture
def there(world: World) -> PageClient:
    """A practice where it is the 24th at eight in the morning, while here it is still the 23rd."""
    world.set_clock("2026-11-23T20:00")
    move_practice(world, "Pacific/Auckland")
    return sign_in_again(world)


def test_the_walk_of_today(world: World, there: PageClient) -> None:
    client = make_client(world, "Sanne")
    walk = make_walk(world, client, "2026-11-24T15:00")
    assert there.get("/walks/today", follow=True).path == f"/walks/{walk}/sheet"


def test_what_the_numbers_of_today_say(world: World, there: PageClient) -> None:
    client = make_client(world, "Sanne", consent_health=True, started_on=date(2026, 8, 24))
    for day, energy in (
        ("2026-08-24", 8),
        ("2026-08-31", 8),
        ("2026-09-07", 8),
        ("2026-11-20", 4),
        ("2026-11-24", 4),
    ):
        make_note(world, make_walk(world, client, f"{day}T07:00"), energy_week=energy)
    page = there.get(f"/clients/{client}/progress")
    assert page.one("[data-alert]")["data-alert"] == "energy"
    assert page.select("[data-measure]"), "three months are over"
    assert "zijn duidelijk lager dan bij de start: energie" in there.get(f"/clients/{client}").main


def test_every_page_that_names_today(world: World, there: PageClient) -> None:
    """What is proposed as today, what is made today, and what was held today."""
    client = make_client(world, "Sanne", consent_health=True)
    make_note(world, make_walk(world, client, "2026-11-20T10:00"), energy_week=4)
    log = f"/walks/log?client={client}"
    for address, field in (("/clients/new", "[name=started_on]"), (log, "[name=date][checked]")):
        assert there.get(address).one(field)["value"] == "2026-11-24", address
    assert there.get("/storm").one("[name=date]")["value"] == "2026-11-24"
    make_review(world, client)
    for page in (there.get(f"/clients/{client}/report"), there.get(f"/clients/{client}/progress")):
        assert "24 november 2026" in page.main and "23 november 2026" not in page.main, page.path


def test_a_walk_of_this_morning_there_is_over(world: World, there: PageClient) -> None:
    """Nine o'clock on the 24th, there: here that day did not begin. Seven is over, ten is not."""
    client = make_client(world, "Sanne")
    form = there.get(f"/walks/log?client={client}")
    assert "date" in form.submit(time="10:00", outcome="walked").errors
    assert not form.submit(time="07:00", outcome="walked").errors
