"""The client's link: a token nobody guesses, that the database does not hold (P14); its life; and one answer for every
link that does not open (P15)."""

from __future__ import annotations

import base64
import hashlib
import itertools
from datetime import date, datetime, timedelta
from urllib.parse import quote

import pytest

from planner.models import Client, LinkDigest, ShareLink
from planner.services.clients import clients, consents, sharing
from planner.services.vault import Vault
from planner.services.walks import walks
from tests import makers
from tests.conftest import AMSTERDAM, MONDAY, World
from tests.ground import Ground

READERS = itertools.count(1)
"""Everybody has their own network address, so that nobody guesses too much."""


@pytest.fixture
def sanne(world: World) -> int:
    return makers.make_client(world, "Sanne", goal="elke dag naar buiten")


def token_in(path: str) -> str:
    return path.split("/")[2]


def opens(world: World, path: str) -> bool:
    return sharing.by_token(world.store, token_in(path), world.now) is not None


def test_a_token_is_long_and_random(world: World, sanne: int) -> None:
    tokens = [token_in(makers.make_link(world, sanne)) for _ in range(50)]
    assert len(set(tokens)) == 50
    for token in tokens:
        assert len(base64.urlsafe_b64decode(token + "=")) * 8 == 256, "at least 128 bits"
        assert quote(token, safe="") == token, "nothing in it that a mail program breaks"
    ones = sum(bin(byte).count("1") for token in tokens for byte in base64.urlsafe_b64decode(token + "="))
    assert 0.46 < ones / (50 * 256) < 0.54


def test_another_key_makes_another_token(world: World, sanne: int) -> None:
    """Who has the database but not the key cannot make the token."""
    path = makers.make_link(world, sanne)
    with world.store.db.reading(world.coach().scope) as session:
        link = session.query(ShareLink).one()
        thief = Vault(bytes(32)).link_secret(link.id, link.kind, link.generation)
    assert base64.urlsafe_b64encode(thief).decode().rstrip("=") != token_in(path)


def test_p14_no_value_in_the_database_opens_a_link(ground: Ground) -> None:
    """Every value of every row, as it stands and in each way of writing bytes as text, is tried as a token."""
    world = ground.world
    path = makers.make_link(world, ground.own.client)
    assert opens(world, path), "there is one to find"
    tried = 0
    for rows in ground.dump().values():
        for value in (value for row in rows for value in row if value is not None):
            for text in written(value):
                assert sharing.by_token(world.store, text, world.now) is None
                tried += 1
    assert tried > 1000
    values = [value for row in ground.dump()["link_digest"] for value in row]
    assert hashlib.sha256(token_in(path).encode()).digest() in values, "only its hash is there"


def written(value: object) -> set[str]:
    if isinstance(value, bytes):
        plain = base64.urlsafe_b64encode(value).decode()
        return {
            plain,
            plain.rstrip("="),
            base64.b64encode(value).decode(),
            value.hex(),
            value.decode("latin-1"),
        }
    return {str(value)}


def test_one_link_a_client_and_the_old_one_stops(world: World, sanne: int) -> None:
    first, second = makers.make_link(world, sanne), makers.make_link(world, sanne)
    assert [opens(world, path) for path in (first, second)] == [False, True]
    with world.store.db.reading(world.coach().scope) as session:
        assert session.query(ShareLink).count() == 1
        assert session.query(LinkDigest).count() == 1


def test_it_is_shown_again_as_it_was(world: World, sanne: int) -> None:
    path = makers.make_link(world, sanne)
    state = sharing.state_of(world.store, world.coach(), sanne, world.now)
    assert state.link is not None
    assert state.link.path == path


def test_a_withdrawn_link_does_not_open_and_a_new_one_does(world: World, sanne: int) -> None:
    old = makers.make_link(world, sanne)
    sharing.revoke(world.store, world.coach(), sanne, world.now)
    assert not opens(world, old)
    state = sharing.state_of(world.store, world.coach(), sanne, world.now)
    assert (state.link, state.withdrawn_by) == (None, "coach")
    new = makers.make_link(world, sanne)
    assert (opens(world, old), opens(world, new)) == (False, True)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("walk", "cancelled", "last"),
    [
        (None, False, MONDAY + timedelta(days=60)),
        ("2026-12-01T10:00", False, at("2026-12-01T10:00") + timedelta(days=60)),
        ("2026-12-01T10:00", True, MONDAY + timedelta(days=60)),
        ("2026-11-02T10:00", False, MONDAY + timedelta(days=60)),
        ("2027-11-20T10:00", False, MONDAY + timedelta(days=365)),
    ],
    ids=["no walk", "a walk", "a cancelled walk", "a walk of the past", "a walk in a year"],
)
def test_how_long_a_link_lives(
    world: World, sanne: int, walk: str | None, cancelled: bool, last: datetime
) -> None:
    """60 days after the last planned walk, or after it was made when that is later; at most a year in all."""
    if walk:
        walk_id = makers.make_walk(world, sanne, walk)
        if cancelled:
            walks.cancel(world.store, world.coach(), walk_id, "client", world.now)
    path, coach = makers.make_link(world, sanne), world.coach()
    for moment, open_then in ((last - timedelta(minutes=1), True), (last + timedelta(minutes=1), False)):
        world.set_clock(moment)
        assert opens(world, path) == open_then, moment
        shown = sharing.state_of(world.store, coach, sanne, world.now).link
        assert (shown is not None) == open_then, "the coach sees the same"


def test_a_new_walk_moves_the_end_on_and_renewing_begins_anew(world: World, sanne: int) -> None:
    path, coach = makers.make_link(world, sanne), world.coach()
    makers.make_walk(world, sanne, "2027-03-01T10:00")
    world.set_clock("2027-04-29T10:00")
    assert opens(world, path)
    world.set_clock("2027-05-01T10:00")
    assert not opens(world, path)
    sharing.make_or_renew(world.store, coach, sanne, world.now)
    new = sharing.state_of(world.store, coach, sanne, world.now).link
    assert new is not None
    assert (opens(world, path), opens(world, new.path)) == (False, True)


def closed_links(world: World) -> dict[str, str]:
    """A path that does not open, for every reason there is."""
    coach = world.coach()
    made = {
        reason: makers.make_client(world, reason, goal="x")
        for reason in ("renewed", "withdrawn", "expired", "ended", "no consent")
    }
    paths = {reason: makers.make_link(world, client) for reason, client in made.items()}
    makers.make_link(world, made["renewed"])
    sharing.revoke(world.store, coach, made["withdrawn"], world.now)
    clients.set_status(world.store, coach, made["ended"], "ended", world.now, date(2026, 11, 23))
    version = consents.text_version("health")
    consents.decide(world.store, coach, made["no consent"], "health", "no", version, world.now)
    world.set_clock(MONDAY + timedelta(days=61))
    return paths | {"unknown": f"/s/{'A' * 43}/", "short": "/s/a/", "odd": "/s/%F0%9F%8C%B2%00/"}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("page", ["", "walks/1.ics", "withdraw"])
def test_p15_every_closed_link_answers_alike(world: World, page: str, method: str) -> None:
    """The same status, the same headers, the same bytes, whatever closed it and whatever is asked for behind it."""
    answers, reader = {}, {"REMOTE_ADDR": f"192.0.2.{next(READERS)}"}
    for reason, path in closed_links(world).items():
        answer = world.app.test_client().open(f"{path}{page}", method=method, environ_base=reader)
        answers[reason] = (answer.status_code, sorted(answer.headers), answer.get_data())
    assert len({repr(answer) for answer in answers.values()}) == 1, answers
    status, headers, body = answers["unknown"]
    assert status in (404, 405)
    assert not [name for name, _ in headers if name.lower() in ("set-cookie", "x-planner-page")]
    assert len(body) < 20_000


def test_a_link_without_its_client_opens_nothing(ground: Ground) -> None:
    """A client that is gone takes the link along, and the feed."""
    world, path = ground.world, makers.make_link(ground.world, ground.own.client)
    before = ground.dump()["link_digest"]
    with world.store.db.transaction(ground.scope, world.now) as session:
        session.delete(session.get_one(Client, ground.own.client))
    assert not opens(world, path)
    assert sharing.by_token(world.store, token_in(ground.own.feed), world.now, sharing.FEED) is None
    assert len(ground.dump()["link_digest"]) == len(before) - 2
