"""What is done when the answer has left."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response

from planner.services.store import DatabaseBusy
from planner.web import here
from tests.conftest import World


def test_a_busy_database_is_waited_for_once(world: World) -> None:
    """Each wait takes five seconds of a process that somebody else may need."""
    done: list[str] = []

    def action(name: str, *, busy: bool = False) -> Callable[[], None]:
        def act() -> None:
            done.append(name)
            if busy:
                raise DatabaseBusy

        return act

    with world.app.test_request_context("/"):
        here.afterwards(action("looked"))
        here.afterwards(action("waited", busy=True))
        here.afterwards(action("waited again"))
        response = world.app.process_response(Response())
        assert done == [], "the answer goes first"
        response.close()
    assert done == ["looked", "waited"]
