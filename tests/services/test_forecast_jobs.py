"""Coming walks keep their places fresh, verdicts stay with walks, and the process does its work by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import msgspec
import pytest
from sqlalchemy import select, text, update

from planner.domain.weather import Verdict
from planner.models import EVERYONE, Database, Walk
from planner.scheduler import Jobs, one_pass, watch
from planner.services.store import Store
from planner.services.weather import forecast_jobs
from tests.conftest import World
from tests.factories import make_client, make_route, make_walk
from tests.services.met_service import (
    UTRECHT,
    ZEIST,
    MetService,
    later,
    refresh,
    want,
)


def walk_on(world: World, day: str, route: int | None = None, **fields: str) -> int:
    client = make_client(world)
    if route is not None:
        fields["route_id"] = str(route)
    return make_walk(world, client, **{"date": day, "time": "10:00", **fields})


def test_places_of_coming_walks_are_kept_fresh(world: World, met: MetService) -> None:
    route, near = make_route(world), make_route(world, name="Vlakbij")
    walk_on(world, "2026-11-25", route)
    walk_on(world, "2026-11-26", near)
    later(met, hours=3)  # what the forms asked for is over by then
    assert refresh(world, met) == 1, "two routes in one square are one place"
    assert met.places == [("52.09", "5.12")]


@pytest.mark.parametrize(
    ("day", "fields"),
    [("2026-12-20", {}), ("2026-11-25", {"setting": "indoors"}), ("2026-11-20", {})],
    ids=["beyond the horizon", "indoors", "past"],
)
def test_nothing_is_asked_without_a_coming_walk(
    world: World, met: MetService, day: str, fields: dict[str, str]
) -> None:
    walk_on(world, day, make_route(world), **fields)
    later(met, hours=3)
    assert refresh(world, met) == 0 and not met.asked


def test_a_cancelled_walk_is_asked_for_no_more(world: World, met: MetService) -> None:
    walk = walk_on(world, "2026-11-25", make_route(world))
    later(met, hours=3)
    assert refresh(world, met) == 1
    with world.store.db.transaction(EVERYONE, met.now) as session:
        session.execute(update(Walk).where(Walk.id == walk).values(status="cancelled"))
    later(met, hours=1)
    assert refresh(world, met) == 0


def test_a_walk_in_words_takes_the_home_point(world: World, met: MetService) -> None:
    walk_on(world, "2026-11-25")
    later(met, hours=3)
    assert refresh(world, met) == 1
    assert met.places == [("52.10", "5.18")]


def weather_of(world: World, walk: int) -> Verdict | None:
    with world.store.db.reading(EVERYONE) as session:
        kept = session.scalar(select(Walk.weather).where(Walk.id == walk))
    return msgspec.json.decode(kept, type=Verdict) if kept else None


def test_the_verdict_at_the_start_stays_with_the_walk(world: World, met: MetService) -> None:
    route = make_route(world)
    today, tomorrow = walk_on(world, "2026-11-23", route, time="12:00"), walk_on(world, "2026-11-24", route)
    met.weather = {"rain": 2.0, "symbol": "rain"}
    refresh(world, met)
    assert forecast_jobs.keep_verdicts_at_start(world.store, met.now) == 0
    later(met, hours=3, minutes=5)
    assert forecast_jobs.keep_verdicts_at_start(world.store, met.now) == 1
    kept = weather_of(world, today)
    assert kept is not None and kept.code == "adapt" and kept.numbers.rain_worst_hour_mm == 2.0
    assert weather_of(world, tomorrow) is None
    met.weather, met.modified = {}, met.now
    refresh(world, met)
    assert forecast_jobs.keep_verdicts_at_start(world.store, met.now) == 0
    assert weather_of(world, today) == kept, "it is not judged again"


def test_no_verdict_for_a_walk_of_long_ago(world: World, met: MetService) -> None:
    walk = walk_on(world, "2026-11-23", make_route(world), time="12:00")
    later(met, days=3)
    assert forecast_jobs.keep_verdicts_at_start(world.store, met.now) == 0
    assert weather_of(world, walk) is None


def test_no_verdict_for_a_walk_that_is_written_down_afterwards(world: World, met: MetService) -> None:
    """Nobody forecast it; that a forecast is still to come would be said of what is over."""
    coach, client = world.browser("anna"), make_client(world)
    log = coach.get(f"/walks/log?client={client}").submit(date="2026-11-22", time="11:10")
    refresh(world, met)
    assert forecast_jobs.keep_verdicts_at_start(world.store, met.now) == 0
    assert "Van deze wandeling is geen weer bewaard." in coach.get(log.path).main


# Pages and the process


def test_pages_never_ask(world: World, met: MetService) -> None:
    walk = walk_on(world, "2026-11-24", make_route(world))
    met.go_on.clear()  # whoever asks now, waits
    browser = world.browser("anna")
    for address in ("/", f"/walks/{walk}", f"/walks/{walk}/edit", "/clients/"):
        assert browser.get(address).status == 200
    assert not met.asked
    met.go_on.set()


@contextmanager
def watching(world: World, met: MetService) -> Iterator[Jobs]:
    store = Store(Database(world.settings.database_url), world.store.vault)
    jobs = Jobs(store, met.source, lambda: met.now)
    thread = Thread(target=watch, args=(jobs,))
    thread.start()
    try:
        yield jobs
    finally:
        jobs.stopping.set()
        thread.join(20)
        store.db.dispose()
    assert not thread.is_alive(), "it stops when asked"


def test_a_new_place_is_fetched_within_seconds(world: World, met: MetService) -> None:
    want(world, met, ZEIST)
    with watching(world, met):
        assert met.arrived.wait(10), "the first pass"
        met.arrived.clear()
        want(world, met, UTRECHT)
        assert met.arrived.wait(10), "woken long before the next pass"
    assert ("52.09", "5.12") in met.places


def test_a_locked_database_is_waited_out(world: World, met: MetService) -> None:
    if world.store.db.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite has one lock for all")
    want(world, met, UTRECHT)
    jobs = Jobs(world.store, met.source, lambda: met.now)
    holder = Database(world.settings.database_url)
    with holder.unowned_write() as connection:
        connection.execute(text("SELECT 1"))
        assert one_pass(jobs, sweeping=False) is False
    holder.dispose()
    assert not met.asked
    assert one_pass(jobs) is True
    assert len(met.asked) == 1
