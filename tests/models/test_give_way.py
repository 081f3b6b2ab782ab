"""Long work in many transactions lets others in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread

import pytest

from planner.models import EVERYONE, Database
from planner.services.messages import outbox
from planner.services.store import Store
from planner.services.weather import weather_watch
from tests import makers
from tests.conftest import World
from tests.web.planning import let_weather_come
from tests.web.test_slots import sky

PARTS = 4


class Counted(Database):
    """Counts how often others were let in."""

    times = 0

    def give_way(self) -> None:
        self.times += 1


def test_who_waits_has_a_turn_before_the_end(world: World) -> None:
    """Without the pause SQLite lets nobody else in as long as there is a next part."""
    began, turns = Event(), list[str]()

    def save() -> None:
        began.wait(10)
        with world.store.db.transaction(EVERYONE, world.now):
            turns.append("saved")

    thread = Thread(target=save)
    thread.start()
    for number in range(PARTS):
        if number:
            world.store.db.give_way()
        with world.store.db.transaction(EVERYONE, world.now):
            began.set()
            turns.append("part")
            Event().wait(0.05)  # the work of a part
    thread.join(10)
    assert turns.index("saved") < PARTS


@pytest.mark.parametrize("job", [weather_watch.watch, outbox.note_everyone])
def test_each_job_with_many_walks_lets_others_in(
    world: World, job: Callable[[Store, datetime], object]
) -> None:
    client, many = makers.make_client(world), max(weather_watch.AT_ONCE, outbox.AT_ONCE) + 1
    for number in range(many):
        makers.make_walk(world, client, f"2026-11-{24 + number % 3}T{8 + number % 9:02}:00")
    let_weather_come(world, sky(world))
    database = Counted(world.settings.database_url)
    job(Store(database, world.store.vault), world.now)
    database.dispose()
    assert database.times == 1
