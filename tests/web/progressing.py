"""Clients with numbers over time, for the tests of the progress pages."""

from __future__ import annotations

from datetime import date, timedelta

from tests.conftest import World
from tests.makers import make_client, make_note, make_walk
from tests.page_client import Page, PageClient

START = date(2026, 1, 12)
Row = tuple[int, int | None, int | None]


def walked(world: World, client: int, day: int, hour: int = 10, **content: object) -> int:
    """A walk that many days after the start, with its note written that evening, `at` eight unless told."""
    on = START + timedelta(days=day)
    world.set_clock(f"{on}T{content.pop('at', '20:00')}")
    setting = str(content.pop("setting", "outdoors"))
    walk = make_walk(world, client, f"{on}T{hour:02}:00", setting=setting)
    make_note(world, walk, **content)
    return walk


def told(world: World, rows: list[Row], today: int, **client: object) -> int:
    """A client with these numbers; the clock stands so many days after the start."""
    world.set_clock(f"{START}T09:00")
    made = make_client(world, **{"consent_health": True, "started_on": START} | client)
    for day, energy, functioning in rows:
        walked(world, made, day, energy_week=energy, functioning_week=functioning)
    world.set_clock(f"{START + timedelta(days=today)}T20:30")
    return made


def progress(coach: PageClient, client: int) -> Page:
    return coach.get(f"/clients/{client}/progress")
