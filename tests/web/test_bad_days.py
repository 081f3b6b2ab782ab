"""Bad days: a locked database, a full disk, a fault of ours. A clear answer, nothing lost, never a stack trace."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from planner.models import DatabaseBusy, Message, Walk
from tests import makers
from tests.conftest import World
from tests.factories import make_client, make_walk
from tests.makers import make_link
from tests.page_client import Page, PageClient

TEXT = "Schouders zakten na tien minuten. Dit mag niet weg."


@pytest.fixture
def note(world: World, coach: PageClient) -> Page:
    """The open note of a walk of this morning."""
    client = make_client(world, consent=True)
    walk = make_walk(world, client, date="2026-11-23", time="10:00")
    world.set_clock("2026-11-23T11:30")
    return coach.get(f"/walks/{walk}/note")


@contextmanager
def locked(world: World) -> Iterator[None]:
    """Somebody else holds the database for writing."""
    ready, over = threading.Event(), threading.Event()

    def hold() -> None:
        with world.store.db.engine.connect().execution_options(write=True) as connection:
            connection.exec_driver_sql("SELECT 1")
            ready.set()
            over.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    ready.wait(10)
    try:
        yield
    finally:
        over.set()
        holder.join()


@contextmanager
def full(world: World) -> Iterator[None]:
    """The disk takes no more pages."""
    engine = world.store.db.engine

    def no_more(dbapi: Any, _record: Any) -> None:
        pages = dbapi.execute("PRAGMA page_count").fetchone()[0]
        dbapi.execute(f"PRAGMA max_page_count = {pages}")

    engine.dispose()
    event.listen(engine, "connect", no_more)
    try:
        yield
    finally:
        event.remove(engine, "connect", no_more)
        engine.dispose()


def only_sqlite(world: World) -> None:
    if world.store.db.engine.dialect.name != "sqlite":
        pytest.skip("this is how SQLite locks and fills")


def test_a_locked_database_gives_the_text_back(world: World, note: Page) -> None:
    only_sqlite(world)
    with locked(world):
        refused = note.submit(felt_text=TEXT)
    assert refused.status == 503
    assert refused.response.headers["Retry-After"]
    assert TEXT in refused.text
    assert "Traceback" not in refused.text
    assert refused.submit().status == 200
    assert TEXT in note.client.get(note.path).text


def test_reading_goes_on_while_the_database_is_locked(world: World, coach: PageClient) -> None:
    only_sqlite(world)
    with locked(world):
        assert coach.get("/").status == 200


def test_a_full_disk_gives_the_text_back(world: World, note: Page) -> None:
    only_sqlite(world)
    long = TEXT + " x" * 4000
    with full(world):
        refused = note.submit(felt_text=long)
        assert refused.status == 503
        assert TEXT in refused.text
    assert refused.submit().status == 200
    assert TEXT in note.client.get(note.path).text


def test_a_full_disk_keeps_a_walk_with_its_message_or_neither(world: World) -> None:
    only_sqlite(world)
    client = makers.make_client(world, email="sanne@example.org")
    coming = datetime(2026, 12, 1, 10)
    with full(world), pytest.raises(DatabaseBusy):
        for day in range(500):
            makers.make_walk(world, client, coming + timedelta(days=day), message=TEXT * 5)
    with world.store.db.reading(world.coach().scope) as session:
        walks, messages = (session.scalar(select(func.count()).select_from(kind)) for kind in (Walk, Message))
    assert 0 < (walks or 0) < 500
    assert walks == messages


def test_nothing_under_a_link_sets_a_cookie_on_a_busy_moment(world: World, visitor: PageClient) -> None:
    only_sqlite(world)
    with locked(world):
        busy = visitor.get("/s/").submit("/s/", email="sanne@example.org")
    assert busy.status == 503
    assert "Set-Cookie" not in busy.response.headers


def test_a_fault_of_ours_is_a_kind_page_and_leaves_no_address_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> str:
        raise RuntimeError("a fault")

    world = world.on_its_own()
    world.app.add_url_rule("/s/<token>/broken", "personal.broken", broken)
    link = make_link(world, make_client(world))
    page = world.browser().get(f"{link}broken")
    assert page.status == 500
    assert "Traceback" not in page.text
    assert link.split("/")[2] not in caplog.text
    assert "/s/<token>/broken" in caplog.text


def test_what_is_too_large_is_refused_kindly(coach: PageClient) -> None:
    token = coach.get("/account").one('main input[name="csrf_token"]')["value"]
    page = coach.post("/account", {"csrf_token": token, "phone": "6" * 2_000_000})
    assert page.status == 413
    assert page.h1 == "Dit is te groot"


def test_healthz(world: World, visitor: PageClient) -> None:
    assert visitor.get("/healthz").text == "ok"
    world.store.db.dispose()
    assert visitor.get("/healthz").status == 200
