"""A secret address is guessed at, from one network and from many. `make prove` does all of it, other runs a part."""

from __future__ import annotations

from collections import Counter
from secrets import token_urlsafe

import pytest
from werkzeug.test import EnvironBuilder

from tests.conftest import World
from tests.counting import count
from tests.makers import make_client, make_link, make_walk
from tests.page_client import PageClient

GUESSES, DEEP = 10_000, 100_000
FROM_MANY = 250
"""The last so many come from a network each."""


def test_guesses_open_nothing_and_hold_up_nobody(
    world: World, visitor: PageClient, request: pytest.FixtureRequest
) -> None:
    """Straight into the application: a client of the tests would spend its time on reading pages."""
    if world.store.db.engine.dialect.name != "sqlite":
        pytest.skip("what counts guesses is in memory; once is enough")
    client = make_client(world)
    make_walk(world, client)
    link = make_link(world, client)
    asked = EnvironBuilder(base_url="http://localhost").get_environ()
    said: Counter[str] = Counter()
    elsewhere: Counter[str] = Counter()
    guesses = DEEP if request.config.getoption("--deep") else GUESSES
    for number in range(guesses):
        many = number - (guesses - FROM_MANY)
        network = f"198.51.100.{many}" if many >= 0 else "203.0.113.7"
        guess = asked | {"PATH_INFO": f"/s/{token_urlsafe(32)}/", "REMOTE_ADDR": network}
        counted = elsewhere if many >= 0 else said
        world.app.wsgi_app(guess, lambda status, *_more, to=counted: to.update([status[:3]]))  # type: ignore[arg-type,misc]
        if number % (guesses // 5) == 0:
            right = visitor.get(link, environ_overrides={"REMOTE_ADDR": "203.0.113.7"})
            assert right.status == 200, "from the same network"
    count("guesses at a link", guesses)
    assert set(said) == {"404", "429"}
    assert set(elsewhere) == {"404"}, "nobody is held up by who guesses from another network"
    assert said["429"] > guesses * 0.95
