"""The tokens of calendar feeds: of a kind of their own, in no database, and gone when they should be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from planner.models import Account, CoachFeed, FeedDigest, ShareLink
from planner.services.calendars import coach_feeds
from planner.services.clients import clients, consents, sharing
from planner.services.store import Store
from planner.services.vault import Vault
from tests import makers
from tests.address_book import token_in
from tests.conftest import MONDAY, World
from tests.ground import Ground
from tests.services.test_sharing import READERS, written


@pytest.fixture
def sanne(world: World) -> int:
    return makers.make_client(world, "Sanne", goal="elke dag naar buiten")


def opens(world: World, path: str) -> bool:
    token = token_in(path)
    if path.startswith("/calendar/"):
        return coach_feeds.by_token(world.store, token) is not None
    kind = sharing.FEED if path.endswith("calendar.ics") else sharing.PAGE
    return sharing.by_token(world.store, token, world.now, kind) is not None


def test_no_token_opens_what_another_kind_does(world: World, sanne: int) -> None:
    """The page's, the client's feed's and the coach's feed's: each at every address of another is as unknown."""
    walk = makers.make_walk(world, sanne)
    page, feed, calendar = (
        makers.make_link(world, sanne),
        makers.make_feed(world, sanne),
        makers.make_calendar(world),
    )
    own = {
        "/s/{}/": page,
        f"/s/{{}}/walks/{walk}.ics": page,
        "/s/{}/calendar.ics": feed,
        "/calendar/{}.ics": calendar,
    }
    for pattern, right in own.items():
        reader = {"REMOTE_ADDR": f"192.0.2.{next(READERS)}"}

        def answer(token: str, pattern: str = pattern, reader: dict[str, str] = reader) -> tuple[Any, ...]:
            got = world.app.test_client().get(pattern.format(token), environ_base=reader)
            return got.status_code, sorted(got.headers), got.get_data()

        unknown = answer("A" * 43)
        assert unknown[0] == 404
        for path in {page, feed, calendar} - {right}:
            assert answer(token_in(path)) == unknown, (pattern, path)
        assert answer(token_in(right))[0] == 200, pattern


def test_the_tokens_of_one_row_differ_by_kind(world: World) -> None:
    """The kind is bound into the secret, so that even equal ids and generations would not meet."""
    kinds = (sharing.PAGE, sharing.FEED, coach_feeds.KIND)
    assert len({sharing.token_of(world.store, 7, kind, 1) for kind in kinds}) == 3


def test_p14_no_value_in_the_database_opens_a_feed(ground: Ground) -> None:
    """Every value of every row, in each way of writing bytes as text, tried as either token."""
    world = ground.world
    assert opens(world, ground.own.feed) and opens(world, ground.own.calendar), "there are some to find"
    tried = 0
    for rows in ground.dump().values():
        for text in {text for row in rows for value in row if value is not None for text in written(value)}:
            assert sharing.by_token(world.store, text, world.now, sharing.FEED) is None
            assert coach_feeds.by_token(world.store, text) is None
            tried += 1
    assert tried > 1000


def test_another_key_makes_another_token(world: World, sanne: int) -> None:
    feed, calendar = makers.make_feed(world, sanne), makers.make_calendar(world)
    thief = Store(world.store.db, Vault(bytes(32)))
    with world.store.db.reading(world.coach().scope) as session:
        link, own = session.query(ShareLink).one(), session.query(CoachFeed).one()
    assert sharing.token_of(thief, link.id, link.kind, link.generation) != token_in(feed)
    assert sharing.token_of(thief, own.id, coach_feeds.KIND, own.generation) != token_in(calendar)


def withdraw_page(world: World, client: int) -> None:
    sharing.revoke(world.store, world.coach(), client, world.now)


def end(world: World, client: int) -> None:
    clients.set_status(world.store, world.coach(), client, "ended", world.now, date(2026, 11, 23))


def take_back_consent(world: World, client: int) -> None:
    version = consents.text_version("health")
    consents.decide(world.store, world.coach(), client, "health", "no", version, world.now)


def give_back(world: World, client: int) -> None:
    browser = world.browser()
    link = sharing.state_of(world.store, world.coach(), client, world.now).link
    assert link is not None
    assert browser.get(link.path).submit(f"{link.path}withdraw").status == 200


ENDS: tuple[Callable[[World, int], None], ...] = (withdraw_page, end, take_back_consent, give_back)


@pytest.mark.parametrize("ends", ENDS)
def test_what_ends_the_page_ends_the_feed(
    world: World, sanne: int, ends: Callable[[World, int], None]
) -> None:
    page, feed, calendar = (
        makers.make_link(world, sanne),
        makers.make_feed(world, sanne),
        makers.make_calendar(world),
    )
    ends(world, sanne)
    assert [opens(world, path) for path in (page, feed, calendar)] == [False, False, True]
    assert sharing.state_of(world.store, world.coach(), sanne, world.now).feed is None
    if ends is not end:
        makers.make_link(world, sanne)
        assert not opens(world, feed), "a new page brings no feed"


def test_each_is_renewed_and_ended_alone(world: World, sanne: int) -> None:
    page, feed = makers.make_link(world, sanne), makers.make_feed(world, sanne)
    new_feed = makers.make_feed(world, sanne)
    assert [opens(world, path) for path in (page, feed, new_feed)] == [True, False, True]
    new_page = makers.make_link(world, sanne)
    assert [opens(world, path) for path in (page, new_page, new_feed)] == [False, True, True]
    sharing.revoke_feed(world.store, world.coach(), sanne, world.now)
    assert [opens(world, path) for path in (new_page, new_feed)] == [True, False]


def test_a_feed_lives_as_long_as_a_page(world: World, sanne: int) -> None:
    """60 days after the last walk, and a year after it was made at most; a coach's own has no end."""
    makers.make_walk(world, sanne, "2026-12-01T10:00")
    feed, calendar = makers.make_feed(world, sanne), makers.make_calendar(world)
    shown = sharing.state_of(world.store, world.coach(), sanne, world.now).feed
    assert shown is not None
    for moment, open_then in ((shown.expires_at - timedelta(minutes=1), True), (shown.expires_at, False)):
        world.set_clock(moment + timedelta(seconds=1))
        assert opens(world, feed) == open_then
    assert f"{shown.expires_at:%Y-%m-%d}" == "2027-01-30"
    world.set_clock(MONDAY + timedelta(hours=1))
    makers.make_walk(world, sanne, "2028-03-01T10:00")
    world.set_clock(MONDAY + timedelta(days=364, hours=23))
    assert opens(world, feed), "a new walk moves it on"
    world.set_clock(MONDAY + timedelta(days=365, hours=1))
    assert [opens(world, path) for path in (feed, calendar)] == [False, True]


def test_titles_stay_when_the_address_is_new(world: World, sanne: int) -> None:
    coach = world.coach()
    makers.make_feed(world, sanne)
    makers.make_calendar(world)
    sharing.choose_titles(world.store, coach, sanne, "initials", world.now)
    coach_feeds.choose_titles(world.store, coach, "neutral", world.now)
    makers.make_feed(world, sanne)
    makers.make_calendar(world)
    own, feed = (
        coach_feeds.state_of(world.store, coach),
        sharing.state_of(world.store, coach, sanne, world.now).feed,
    )
    assert own is not None and feed is not None
    assert (own.titles, feed.titles) == ("neutral", "initials")
    with world.store.db.reading(coach.scope) as session:
        assert (session.query(CoachFeed).count(), session.query(FeedDigest).count()) == (1, 1)


def test_a_coach_who_may_not_sign_in_has_no_feed(world: World) -> None:
    calendar, colleagues = makers.make_calendar(world), makers.make_calendar(world, who="cor")
    with world.store.db.unowned_write() as connection:
        coach_id = world.coach().id
        connection.execute(update(Account).where(Account.coach_id == coach_id).values(disabled_at=world.now))
    assert [opens(world, path) for path in (calendar, colleagues)] == [False, True]


class Counting(Vault):
    """A vault that counts what it opens."""

    opened = 0

    def open(self, *args: Any) -> Any:
        self.opened += 1
        return super().open(*args)


def test_an_unchanged_feed_opens_no_sealed_text(world: World, sanne: int) -> None:
    """Even with many walks: 304 costs a few clear columns."""
    for day in range(1, 9):
        makers.make_walk(world, sanne, f"2026-12-0{day}T10:00")
    paths = makers.make_feed(world, sanne), makers.make_calendar(world)
    sharing.choose_titles(world.store, world.coach(), sanne, "first_name", world.now)
    vault = Counting(world.settings.data_key)
    world.rewire(store=replace(world.store, vault=vault))
    for path in paths:
        before = vault.opened
        tag = world.browser().get(path).response.headers["ETag"]
        assert vault.opened > before + 8, "it does count"
        before = vault.opened
        for method in ("GET", "HEAD"):
            assert world.browser().open(method, path, headers={"If-None-Match": tag}).status == 304
        assert vault.opened == before
