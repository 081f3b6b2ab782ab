"""Who may open what. tests/roles.txt says it of every endpoint: everybody; who is signed in as a coach, as the lead of
a practice only, as the office only, or as any of them (staff); who has the link of a client's page, of its calendar, or
of a coach's calendar. What is not on the list fails, and so does whoever is let in where the list does not say so.
Things of others by coaches: tests/test_owner_matrix.py.

Controls: with a guard taken away at one endpoint, that endpoint is found, for each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count as numbers
from pathlib import Path
from typing import Any

import pytest
from flask import g, request
from sqlalchemy import update
from werkzeug.test import TestResponse

from planner.models import Account
from planner.services.clients import sharing
from planner.services.people import set_up, sign_in
from planner.web import guard, signed_in
from planner.web.personal.guard import open_link
from tests.address_book import MISSING, Address, addresses, csrf, scratch, token_in
from tests.conftest import MONDAY, World
from tests.counting import count
from tests.ground import Ground, canary
from tests.makers import hire, make_client, make_link
from tests.page_client import PageClient
from tests.test_addresses import Things, things  # noqa: F401 - a fixture
from tests.test_addresses import test_every_change_needs_its_proof as every_change_needs_its_proof

LIST = Path(__file__).with_name("roles.txt")
MAY_OPEN = {endpoint: role for role, endpoint in (line.split() for line in LIST.read_text().splitlines())}
ALL = addresses(scratch())
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
BY_TOKEN = ("link", "feed", "calendar")
SIGNED_IN = {
    "coach": ("coach", "lead"),
    "lead": ("lead",),
    "office": ("office",),
    "staff": ("coach", "lead", "office"),
}
"""Who is signed in, and may open what stands there under that name."""


def test_every_endpoint_says_who_may_open_it() -> None:
    """A new one is nobody's until somebody thought about it."""
    assert MAY_OPEN.keys() == {one.endpoint for one in ALL}
    assert set(MAY_OPEN.values()) == {"everybody", *SIGNED_IN, *BY_TOKEN}


# Who is not signed in


def nobody(world: World, _ground: Ground) -> PageClient:
    return world.browser()


def with_a_link(world: World, ground: Ground) -> PageClient:
    """Somebody who just opened every address that was given away."""
    browser = world.browser()
    for path in (ground.own.link, ground.own.feed, ground.own.calendar):
        assert browser.get(path).status == 200
    return browser


def signed_out(world: World, _ground: Ground) -> PageClient:
    """A copy of the cookie from before."""
    browser, copy = world.browser("anna"), world.browser("anna")
    browser.get("/account").submit("/logout")
    return copy


def away_too_long(world: World, _ground: Ground) -> PageClient:
    browser = world.browser("anna")
    world.set_clock(MONDAY + sign_in.IDLE + timedelta(minutes=1))
    return browser


def disabled(world: World, ground: Ground) -> PageClient:
    """An open browser of a coach who was shut out."""
    with world.store.db.unowned_write() as connection:
        shut = update(Account).where(Account.coach_id == ground.own.coach).values(disabled_at=world.now)
        connection.execute(shut)
    return world.browser("anna")


def set_up_half(world: World, _ground: Ground) -> PageClient:
    """Somebody who was given a practice and has no password yet."""
    new = set_up.NewCoach("Dirk", "dirk@example.org", None)
    owner_id, coach_id = set_up.add_coach(world.store, new, world.now)
    key, browser = set_up.key_for(world.store, coach_id, owner_id, world.now), world.browser()
    assert browser.get(f"/setup/{key}").status == 200
    return browser


OUTSIDE: dict[str, Callable[[World, Ground], PageClient]] = {
    "nobody": nobody,
    "with a link": with_a_link,
    "signed out": signed_out,
    "away too long": away_too_long,
    "set up half": set_up_half,
}


def let_in(ground: Ground, browser: PageClient, token: str, among: Iterable[Address] = ALL) -> Iterator[str]:
    """Where this browser gets further than the door, though only a coach may; a word of Anna's, anywhere."""
    for address in among:
        if MAY_OPEN[address.endpoint] not in SIGNED_IN:
            continue
        path = address.filled(ground.own)
        for method in METHODS:
            data = {} if method in ("GET", "HEAD") else {"data": {"csrf_token": token}}
            answer = browser.http.open(path, method=method, **data)
            count("roles tried")
            if not turned_away(answer, address, method):
                yield f"{method} {address.path}: {answer.status_code}"


def turned_away(answer: TestResponse, address: Address, method: str) -> bool:
    """To the door; told that the sign-in is over; or a method that is none here."""
    if canary("anna").lower().encode() in answer.get_data().lower():
        return False
    if method not in (*address.methods, "HEAD") or (method == "HEAD" and "GET" not in address.methods):
        return answer.status_code in (303, 403, 405)
    if answer.status_code == 303:
        return answer.headers["Location"].startswith("/login")
    return answer.status_code == 403 and method != "GET"


@pytest.mark.parametrize("who", OUTSIDE)
def test_only_a_coach_gets_in(ground: Ground, who: str) -> None:
    browser = OUTSIDE[who](ground.world, ground)
    before = ground.dump()
    assert [*let_in(ground, browser, csrf(browser))] == []
    assert ground.dump() == before


def test_a_coach_who_was_shut_out_does_not(ground: Ground) -> None:
    browser = disabled(ground.world, ground)
    before = ground.dump()
    assert [*let_in(ground, browser, csrf(browser))] == []
    assert ground.dump() == before


STAFF = {"coach": "cor", "lead": "anna", "office": "olga"}
ASKS_MORE = {
    "loops.keep", "loops.loops", "loops.paths", "notes.log", "toolkit.shipped", "walking_routes.move_point",
}  # fmt: skip
"""Not there without a path engine, a client after the question mark, something filled in, or a shipped exercise."""


def as_role(ground: Ground, role: str) -> PageClient:
    """Cor is a coach in Anna's practice, which she leads; Olga plans there."""
    if role == "office" and "olga" not in ground.world.tokens:
        hire(ground.world, "olga", "office")
    return ground.world.browser(STAFF[role])


def by_role(ground: Ground, role: str, *, shut_only: bool = False) -> tuple[set[str], set[str]]:
    """(Endpoints where this role gets in though the list does not say so, and where it does not though it does.) With
    things of their own; the office plans for Anna. What a change does: tests/test_owner_matrix.py."""
    browser, file = as_role(ground, role), ground.colleague if role == "coach" else ground.own
    wrong, kept_out, token = set(), set(), csrf(browser)
    for address in ALL:
        listed = SIGNED_IN.get(MAY_OPEN[address.endpoint], (role,))
        may = role in listed
        if may and (shut_only or "GET" not in address.methods or address.endpoint in ASKS_MORE):
            continue
        path = address.filled(file, colleague_id=ground.own.colleague)
        for method in ("GET",) if may else address.methods:
            data = {} if method == "GET" else {"data": {"csrf_token": token}}
            there = browser.http.open(path, method=method, **data).status_code != 404
            count("roles tried")
            if there is not may and address.endpoint not in EVERYBODY:
                (kept_out if may else wrong).add(address.endpoint)
    return wrong, kept_out


EVERYBODY = {endpoint for endpoint, role in MAY_OPEN.items() if role not in SIGNED_IN}


@pytest.mark.parametrize("role", STAFF)
def test_each_role_opens_what_the_list_says(ground: Ground, role: str) -> None:
    as_role(ground, role)
    before = ground.dump()
    led_on = {"agenda.week"} if role == "office" else set()  # who has no week begins at everybody's
    shut_only = role == "coach"  # what a coach opens, the lead opens too
    assert by_role(ground, role, shut_only=shut_only) == (led_on, set())
    assert ground.dump() == before


# Who comes with a token


@dataclass(frozen=True)
class Token:
    """One that was given away. `opens`: the role of the endpoints that it opens, with a thing of Anna's client."""

    name: str
    text: str
    opens: str | None = None


def tokens(ground: Ground) -> Iterator[Token]:
    own, world = ground.own, ground.world
    yield Token("page", token_in(own.link), "link")
    yield Token("feed", token_in(own.feed), "feed")
    yield Token("calendar", token_in(own.calendar), "calendar")
    gone = make_client(world)
    yield Token("renewed", token_in(make_link(world, gone)))
    again = token_in(make_link(world, gone))
    sharing.revoke(world.store, world.coach(), gone, world.now)
    yield Token("withdrawn", again)
    yield Token("a client's own", token_in(f"/s/{world.tokens['anna']}/"))
    yield Token("too long", "x" * 300)


def opened(ground: Ground, some: list[Token], remote: Iterator[int]) -> tuple[list[str], list[str]]:
    """(Where a token opens what it should not, or says more than a token that never was; where one opens what it
    should)."""
    wrong, right = [], []
    for address in ALL:
        if MAY_OPEN[address.endpoint] not in BY_TOKEN:
            continue
        for method in address.methods:
            never = asked(ground, address, method, "A" * 43, remote)
            assert never.status_code == 404
            for token in some:
                if token.opens == MAY_OPEN[address.endpoint] and method == "POST":
                    continue  # changes something: tests/web/test_answers*.py
                answer = asked(ground, address, method, token.text, remote)
                count("roles tried")
                where = f"{method} {address.path} with {token.name}: {answer.status_code}"
                if token.opens == MAY_OPEN[address.endpoint]:
                    right += [where] if answer.status_code == 200 else []
                elif (answer.status_code, answer.data) != (404, never.data):
                    wrong.append(where)
    return wrong, right


def asked(ground: Ground, address: Address, method: str, token: str, remote: Iterator[int]) -> TestResponse:
    """From a network of its own each time: guesses are counted."""
    number = next(remote)
    environ = {"REMOTE_ADDR": f"198.18.{number // 250}.{number % 250}"}
    path = address.filled(ground.own, token=token)
    return ground.world.browser().http.open(path, method=method, environ_overrides=environ)


def test_a_token_opens_what_it_is_for(ground: Ground) -> None:
    some = list(tokens(ground))
    before = ground.dump()
    wrong, right = opened(ground, some, numbers())
    assert wrong == []
    readable = [one for one in ALL if MAY_OPEN[one.endpoint] in BY_TOKEN and "GET" in one.methods]
    assert len(right) == len(readable) - 1, "all but the tile of nowhere: tests/web/test_maps.py"
    assert ground.dump() == before


def test_a_token_that_is_over_opens_nothing(ground: Ground) -> None:
    some = [Token(one.name, one.text) for one in tokens(ground) if one.opens in ("link", "feed")]
    ground.world.set_clock(MONDAY + timedelta(days=400))
    before = ground.dump()
    assert opened(ground, some, numbers()) == ([], [])
    assert ground.dump() == before


ERASED = {
    "point_id": "/routes/{route}/points/{point}/delete",
    "measure_id": "/clients/{client}/measures/{measure}/remove",
    "calendar_id": "/settings/calendars/{other_calendar}/remove",
    "sentence_id": "/settings/notes/sentences/{sentence}/remove",
    "colleague_id": "/colleagues/{colleague}/invitation/withdraw",
}
"""What can be thrown away, and how."""


@pytest.mark.parametrize("kind", ERASED)
def test_what_was_thrown_away_never_was(ground: Ground, kind: str) -> None:
    own, browser = ground.own, ground.world.browser("anna")
    assert browser.post(ERASED[kind].format(**vars(own)), {"csrf_token": csrf(browser)}).status == 303
    before = ground.dump()
    for address in ALL:
        if kind in address.ids:
            for method in address.methods:
                gone, never = (
                    afresh(ground, method, path)
                    for path in (address.filled(own), address.filled(own, **{kind: MISSING}))
                )
                assert (gone.status_code, gone.data) == (never.status_code, never.data), address.line
                assert gone.status_code == 404 or ERASED[kind].format(**vars(own)) == address.filled(own)
                count("roles tried", 2)
    assert ground.dump() == before


def afresh(ground: Ground, method: str, path: str) -> TestResponse:
    """By a browser that has nothing left to say from before."""
    browser = ground.world.browser("anna")
    data: dict[str, Any] = {"data": {"csrf_token": csrf(browser)}} if method == "POST" else {}
    return browser.http.open(path, method=method, **data)


# The controls


def without(world: World, hook: str, instead: Callable[[], Any] | None = None) -> World:
    """The planner in an application of its own in which one guard was taken away, or another stands there."""
    made = world.on_its_own()
    for name, hooks in made.app.before_request_funcs.items():
        if any(one.__name__ == hook for one in hooks):
            kept = [one for one in hooks if one.__name__ != hook]
            made.app.before_request_funcs[name] = kept + ([instead] if instead else [])
            return made
    raise AssertionError(f"no guard is called {hook}")


def test_a_door_that_is_left_open_is_found(ground: Ground) -> None:
    """Each endpoint of a coach in turn: only there, the guard takes everybody for Anna."""
    anna, hole = ground.world.coach(), ""

    def careless() -> Any:
        if request.endpoint == hole:
            g.coach = anna
            return None
        return guard.require_coach()

    world = without(ground.world, "require_coach", careless)
    browser, unseen = world.browser(), []
    shut, token = Ground(world, ground.files), csrf(browser)
    for hole in sorted(endpoint for endpoint, role in MAY_OPEN.items() if role in SIGNED_IN):
        there = [one for one in ALL if one.endpoint == hole]
        if not any(let_in(shut, browser, token, there)):  # once is enough
            unseen.append(hole)
    assert unseen == ["account.logout"], "who is signed out is led to the door"


@pytest.mark.parametrize("role", ["coach", "office"])
def test_a_page_without_its_role_is_found(ground: Ground, role: str) -> None:
    """With the look at roles taken away, every page that is not for them is found; but for what the gates behind it
    still hold: nothing of a client is there for the office, and no deed about a colleague for a coach."""
    as_role(ground, role)

    def careless() -> Any:
        found = sign_in.who(ground.world.store, signed_in.token(), ground.world.now)
        g.coach, g.standing = (found.coach, found) if found else (None, None)

    world = without(ground.world, "require_coach", careless)
    wrong, _kept_out = by_role(Ground(world, ground.files), role, shut_only=True)
    shut = [one for one in ALL if role not in SIGNED_IN.get(MAY_OPEN[one.endpoint], (role,))]
    held = {one.endpoint for one in shut if one.is_of_a_client and one.endpoint not in wrong}
    assert len(shut) > 10
    assert {one.endpoint for one in shut} - wrong <= held | ASKS_MORE


@pytest.mark.parametrize("hook", ["refuse_other_sites", "csrf_protect"])
def test_a_change_without_its_proof_is_found(world: World, things: Things, hook: str) -> None:  # noqa: F811
    open_to_all = without(world, hook)
    with pytest.raises(AssertionError):
        every_change_needs_its_proof(open_to_all, things)


def test_a_token_of_another_kind_is_found(ground: Ground) -> None:
    """Where the kind of a token is not looked at, its page opens with the feed's."""
    feed, link = token_in(ground.own.feed), token_in(ground.own.link)

    def careless() -> Any:
        if (request.view_args or {}).get("token") == feed:
            request.view_args["token"] = link  # type: ignore[index]
        return open_link()

    world, some = without(ground.world, "open_link", careless), [Token("feed", feed, "feed")]
    wrong, _right = opened(Ground(world, ground.files), some, numbers())
    assert wrong
