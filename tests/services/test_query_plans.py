"""No page and no job reads the whole of a table that grows: an index leads to what is asked for, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from planner.services.clients import clients
from planner.services.keeping import housekeeping
from planner.services.messages import outbox, sending
from planner.services.privacy import retention
from planner.services.weather import forecast_jobs, weather_watch
from tests.address_book import QUERIES, addresses, query, scratch
from tests.conftest import World
from tests.ground import Ground
from tests.mail_server import Office, Server, running, say_yes
from tests.makers import hire
from tests.query_plans import past_other_owners, recorded, whole_tables

PAGES = [one for one in addresses(scratch()) if "GET" in one.methods and not one.path.startswith("/static")]
OF_THE_PLANNER = {"account", "practice"}
"""Two questions are about the whole planner: whose address the weather service gets, and whether there is one practice.
Both are about tables with a row for each coach or practice."""
SWEPT = {
    "sign_in", "throttle", "used_challenge", "reset_key", "forecast", "note_draft", "coach_letter", "email_change",
}  # fmt: skip
"""Kept small by the job that reads them whole."""
RARE = {"erasure", "correction"}
"""A row for each client who was erased or note that was corrected; read once an hour."""


def visit(ground: Ground) -> None:
    """Every page, as anna and as whoever plans; what is not theirs is not there, and asks little."""
    hire(ground.world, "olga", "office")
    for who in ("anna", "olga"):
        browser = ground.world.browser(who).http
        for one in PAGES:
            browser.get(one.filled(ground.own))
        for pattern in (
            *QUERIES,
            "/clients/?q=kanarie",
            "/routes/?minutes=40",
            "/messages/",
            "/?week=2026-W40",
        ):
            browser.get(query(pattern, ground.own, ground.own))


def test_no_page_reads_a_whole_table(ground: Ground) -> None:
    with recorded(ground.world) as asked:
        visit(ground)
    assert len(asked) > 150
    found = whole_tables(ground.world, asked)
    assert {(table, sql) for table, sql in found if table not in OF_THE_PLANNER} == set()
    assert len(found) <= len(OF_THE_PLANNER)
    assert past_other_owners(ground.world, asked) == set()


@pytest.fixture
def server() -> Iterator[Server]:
    found = running()
    yield found
    found.stop()


def test_nor_does_a_job(server: Server, ground: Ground) -> None:
    """With something to send, and with somebody whose programme ended long ago."""
    world, office = ground.world, Office(ground.world, server)
    store, now = world.store, world.now
    say_yes(world)
    with recorded(world) as asked:
        outbox.note_everyone(store, now)
        forecast_jobs.keep_verdicts_at_start(store, now)
        weather_watch.watch(store, now)
        sending.sift(store, now, "")
        assert office.tick() > 0
        if (
            store.db.engine.dialect.name == "sqlite"
        ):  # the other counts rows as it forgets, and weighs empty tables
            long_ago = now.date() - timedelta(days=400)
            clients.set_status(store, world.coach(), ground.own.client, "ended", now, long_ago)
            assert retention.sweep(store, now) > 0
        housekeeping.sweep(store, now)
    found = whole_tables(ground.world, asked)
    assert {(table, sql) for table, sql in found if table not in SWEPT | RARE | {"practice"}} == set()


def test_a_whole_table_is_seen(world: World) -> None:
    asked = {"": ("SELECT walk.id FROM walk WHERE walk.minutes = 40", ())}
    assert {table for table, _sql in whole_tables(world, asked)} == {"walk"}
