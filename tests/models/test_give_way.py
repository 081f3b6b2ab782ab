"""Long work in many transactions lets others in."""

from __future__ import annotations

from threading import Event, Thread

from planner.models import EVERYONE
from tests.conftest import World

PARTS = 4


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
