"""Clients of the example practice whose pages are in every state a page can be in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from planner import create_app
from planner.domain.answers import PAGE_ASKS
from planner.services.clients import sharing
from planner.services.people import new_password, sign_in
from planner.services.routes import walking_routes
from planner.services.store import SignedIn
from planner.services.walks import walk_rows, walks
from planner.settings import from_environment
from tests import makers, mapping
from tests.browser import serving
from tests.browser.serving import Served
from tests.conftest import World

LONG = ("worry-bench", "no-on-the-path", "battery-check")
MESSAGE = "Neem een thermosfles thee mee.\nWe lopen het eerste stuk in stilte."
TUESDAY = datetime(2026, 11, 24, 10, 0)
State = Callable[[World], str]


class Behind(World):
    """The example practice has one coach, whatever a test calls them."""

    def coach(self, who: str = "anna") -> SignedIn:
        return new_password.coach_with(self.store, serving.EMAIL)


@contextmanager
def behind(served: Served) -> Iterator[World]:
    """The planner that is served, from the inside; its coach is "anna" here. An hour earlier."""
    settings = serving.environment(served.instance, "2026-11-23T07:30+01:00")
    app = create_app(from_environment(settings))
    made = Behind(app, {})
    token = sign_in.sign_in(made.store, serving.EMAIL, serving.PASSWORD, "127.0.0.1", made.now)
    assert token
    made.tokens["anna"] = token
    yield made
    made.store.db.dispose()


def full(world: World) -> str:
    """Everything a page can show at once: moved, cancelled, weather, message, exercises, step, later walks, and all
    that a coach can turn on at a moment when all of it is asked; the route has a map and a photo."""
    return _fullest(world)[0]


def chosen(world: World) -> str:
    """The fullest page, of a client who chose a shorter walk than was planned."""
    path, walk = _fullest(world)
    makers.answer(world, path, walk, length="short")
    return path


def _fullest(world: World) -> tuple[str, int]:
    """The link, and the next walk."""
    asks = frozenset(PAGE_ASKS)
    client = makers.make_client(world, "Sanne", consent_health=True, show_first_name=True, page_asks=asks)
    mapped = [
        one
        for one in walking_routes.found(world.store, world.coach(), lambda *_: True).routes
        if one.distance_m
    ]
    route = max(mapped, key=lambda one: len(one.meeting_point.split())).id
    mapping.make_photo(world, route, "Het houten bord bij de ingang")
    mapping.make_pictures(world)
    past = makers.make_walk(world, client, TUESDAY - timedelta(days=4), route_id=route)
    makers.make_note(
        world, past, home_step="Loop elke dag tien minuten naar de hoek van de straat.", show_home_step=True
    )
    kit = tuple(makers.an_exercise(world, key) for key in LONG)
    walk = makers.make_walk(
        world, client, TUESDAY, minutes=60, route_id=route, exercises=kit, for_client=True, message=MESSAGE
    )
    for days in (7, 14, 21, 28, 35):
        made = makers.make_walk(world, client, TUESDAY + timedelta(days=days), route_id=route)
        if days > 20:
            walks.cancel(world.store, world.coach(), made, "coach", world.now)
    path = makers.make_link(world, client)
    move(world, walk, TUESDAY + timedelta(hours=1))
    return path, walk


def move(world: World, walk_id: int, to: datetime) -> None:
    """To another time, an hour after it was planned."""
    with world.store.db.reading(world.coach().scope) as session:
        walk = walk_rows.open_walk(world.store, session, walk_id)
    command = walks.PlanWalk(
        walk.client_id,
        to,
        walk.minutes,
        walk.setting,
        walk.route_id,
        walk.parts,
        walk.details,
        keep_clash=True,
    )
    walks.change(world.store, world.coach(), walk_id, command, world.now + timedelta(hours=1))


def nothing(world: World) -> str:
    return makers.make_link(world, makers.make_client(world, "Sanne"))


def cancelled(world: World) -> str:
    client = makers.make_client(world, "Sanne")
    walk = makers.make_walk(world, client, TUESDAY)
    walks.cancel(world.store, world.coach(), walk, "ill", world.now)
    return makers.make_link(world, client)


def online(world: World) -> str:
    client = makers.make_client(world, "Sanne")
    makers.make_walk(world, client, TUESDAY, setting="online", video_url="https://video.example.org/kamer")
    return makers.make_link(world, client)


def in_words(world: World) -> str:
    """No route, no weather."""
    client = makers.make_client(world, "Sanne")
    makers.make_walk(world, client, TUESDAY + timedelta(days=60), meeting_point="Voor de bibliotheek")
    return makers.make_link(world, client)


def in_words_short(world: World) -> str:
    """No route, and the client chose a shorter walk."""
    client = makers.make_client(world, "Sanne", page_asks=frozenset(PAGE_ASKS))
    walk = makers.make_walk(world, client, TUESDAY, meeting_point="Voor de bibliotheek")
    path = makers.make_link(world, client)
    makers.answer(world, path, walk, length="short")
    return path


def asked(world: World) -> str:
    """Everything a coach can turn on, at a moment when all of it is asked."""
    asks = frozenset(PAGE_ASKS)
    client = makers.make_client(world, "Sanne", consent_health=True, page_asks=asks)
    makers.make_note(world, makers.make_walk(world, client, TUESDAY - timedelta(days=4)))
    makers.make_walk(world, client, TUESDAY, meeting_point="Voor de bibliotheek")
    makers.make_walk(world, client, TUESDAY + timedelta(days=7))
    return makers.make_link(world, client)


def cannot(world: World) -> str:
    """The client cannot come to the next walk."""
    client = makers.make_client(world, "Sanne", page_asks=frozenset(PAGE_ASKS))
    walk = makers.make_walk(world, client, TUESDAY)
    path = makers.make_link(world, client)
    makers.answer(world, path, walk, "cannot")
    return path


def cannot_later(world: World) -> str:
    """The client cannot come to a walk after the next one."""
    client = makers.make_client(world, "Sanne", consent_health=True, page_asks=frozenset(PAGE_ASKS))
    made = [makers.make_walk(world, client, TUESDAY + timedelta(days=days)) for days in (0, 7, 14)]
    path = makers.make_link(world, client)
    makers.answer(world, path, made[1], "cannot")
    return path


def withdrawn(world: World) -> str:
    client = makers.make_client(world, "Sanne")
    path = makers.make_link(world, client)
    sharing.revoke(world.store, world.coach(), client, world.now)
    return path


STATES: dict[str, State] = {
    one.__name__: one
    for one in (
        full,
        chosen,
        nothing,
        cancelled,
        online,
        in_words,
        in_words_short,
        asked,
        cannot,
        cannot_later,
        withdrawn,
    )
}
TO_CHANGE: dict[str, State] = {"to_answer": asked}
"""Pages that a test answers on."""


def make_all(served: Served) -> dict[str, str]:
    """The link of a client in each state."""
    with behind(served) as world:
        return {name: make(world) for name, make in {**STATES, **TO_CHANGE}.items()}
