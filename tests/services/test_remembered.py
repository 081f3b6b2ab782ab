"""Answers that are kept in memory: the same one for as long as nothing changed, within a bound, and gone when told."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from planner.services.calendars import coach_feeds
from planner.services.clients import clients, consents, sharing
from planner.services.privacy import erasure
from planner.services.remembered import Remembered
from tests.conftest import World
from tests.ground import Ground


@dataclass
class Desk:
    """Asks, and knows what had to be made."""

    kept: Remembered
    made: list[str] = field(default_factory=list)

    def ask(self, whose: str, revision: str = "1", size: int = 40) -> bytes:
        def make() -> bytes:
            self.made.append(f"{whose}{revision}")
            return f"{whose}{revision}".ljust(size).encode()

        return self.kept.get(whose, revision, make)


@pytest.fixture
def desk() -> Desk:
    return Desk(Remembered(most_bytes=100))


def test_the_same_is_made_once(desk: Desk) -> None:
    assert desk.ask("a") == desk.ask("a")
    assert desk.ask("a", "2").startswith(b"a2")
    assert desk.ask("a").startswith(b"a1"), "of each only the newest"
    assert desk.made == ["a1", "a2", "a1"]


def test_what_was_not_asked_for_longest_goes_first(desk: Desk) -> None:
    for whose in ("a", "b", "a", "c", "a", "b"):
        desk.ask(whose)
    assert desk.made == ["a1", "b1", "c1", "b1"]
    assert desk.kept._bytes == sum(len(made) for _revision, made in desk.kept._answers.values()) == 80


def test_what_is_larger_than_all_room_is_not_kept(desk: Desk) -> None:
    desk.ask("a")
    for _ in range(2):
        assert len(desk.ask("large", size=101)) == 101
    desk.ask("a")
    assert desk.made == ["a1", "large1", "large1"]


def erase(ground: Ground) -> None:
    world, ledger = ground.world, erasure.ledger_of(ground.world.settings)
    erasure.erase(world.store, world.coach(), ground.own.client, ledger, world.now)


def end(ground: Ground) -> None:
    world = ground.world
    clients.set_status(world.store, world.coach(), ground.own.client, "ended", world.now, world.now.date())


def withdraw(ground: Ground) -> None:
    world = ground.world
    consents.decide(world.store, world.coach(), ground.own.client, "health", "no", "", world.now)


DEEDS = {
    "erased": erase,
    "ended": end,
    "consent withdrawn": withdraw,
    "link withdrawn": lambda g: sharing.revoke(g.world.store, g.world.coach(), g.own.client, g.world.now),
    "feed turned off": lambda g: sharing.revoke_feed(
        g.world.store, g.world.coach(), g.own.client, g.world.now
    ),
    "given back": lambda g: sharing.given_back(g.world.store, opened(g.world, g.own.feed), g.world.now),
    "calendar turned off": lambda g: coach_feeds.turn_off(g.world.store, g.world.coach(), g.world.now),
}


def opened(world: World, path: str) -> sharing.Opened:
    found = sharing.by_token(world.store, path.split("/")[2], world.now, sharing.FEED)
    assert found is not None
    return found


@pytest.mark.parametrize("deed", DEEDS)
def test_what_must_not_be_read_any_more_is_not_kept(ground: Ground, deed: str) -> None:
    browser, kept = ground.world.browser(), ground.world.store.remembered
    for path in (ground.own.feed, ground.own.calendar):
        assert browser.get(path).status == 200
    assert len(kept._answers) == 2
    DEEDS[deed](ground)
    assert not kept._answers and not kept._bytes
