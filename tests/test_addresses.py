"""Every address there is: none removed by accident, none open by accident, none that shows or changes what is not
yours, none that changes anything by being looked at."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from planner.domain.privacy import BREACHES, PROCESSING, PROCESSORS
from planner.models import EVERYONE, AuditEntry, Base, Waypoint
from planner.services.clients import passing_on
from planner.web import guard
from planner.web.roles import OFFICE_ONLY
from tests.conftest import MONDAY, World
from tests.counting import count
from tests.makers import (
    an_exercise,
    invite,
    make_access,
    make_calendar,
    make_client,
    make_feed,
    make_link,
    make_measure,
    make_note,
    make_other_calendar,
    make_point,
    make_register_line,
    make_request,
    make_review,
    make_route,
    make_sent_message,
    make_sentence,
    make_walk,
)
from tests.mapping import make_photo, make_pictures
from tests.page_client import Page

LIST = Path(__file__).with_name("addresses.txt")
NOBODYS = 987_654_321
CANARY = "Kanariepiet"
OF_A_CLIENT = ("calendar_id", "client_id", "message_id", "request_id", "walk_id")
"""A colleague in the same practice may use its routes and exercises, but not reach these."""
WHO_SAW = ("sign_in.seen_at",)
LOG_END = "audit_segment"
"""How far the log goes: further with each look that is written."""


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def holes(rule: Rule) -> list[str]:
    return [name for name in sorted(rule.arguments) if name.endswith("_id")]


@dataclass(frozen=True)
class Things:
    """One of everything of Anna's, by the name an address gives it."""

    ids: dict[str, int]
    link: str
    feed: str
    calendar: str

    def address(self, rule: Rule, ids: dict[str, int] | None = None) -> str:
        path = rule.rule.replace("/s/<token>/calendar.ics", self.feed)
        path = path.replace("/calendar/<token>.ics", self.calendar).replace("/s/<token>/", self.link)
        path = path.replace("<key>", "no-key")
        path = path.replace("<digest>", "0").replace("<path:name>", "css/app.css").replace("<size>", "page")
        path = path.replace("<int:z>/<int:x>/<int:y>", "3/0/0")
        for name, number in (ids or self.ids).items():
            path = path.replace(f"<int:{name}>", str(number))
        assert "<" not in path, f"{rule.rule}: say in tests/test_addresses.py how to make its object"
        return path

    @property
    def nobodys(self) -> dict[str, int]:
        return dict.fromkeys(self.ids, NOBODYS)


@pytest.fixture
def things(world: World) -> Things:
    client = make_client(world, CANARY, help_question=CANARY)
    route = make_route(world, CANARY, line=True)
    make_point(world, route, CANARY)
    make_photo(world, route, CANARY)
    make_pictures(world)
    exercise = an_exercise(world)
    walk = make_walk(world, client, route_id=route, exercises=(exercise,), for_client=True, focus=CANARY)
    make_note(world, make_walk(world, client, "2026-11-20T10:00"), felt_text=CANARY, tool_text=CANARY)
    with world.store.db.reading(EVERYONE) as session:
        point = session.scalars(select(Waypoint.id)).one()
    ids = {
        "message_id": make_sent_message(world, walk, CANARY),
        "client_id": client,
        "route_id": route,
        "exercise_id": exercise,
        "walk_id": walk,
        "point_id": point,
        "calendar_id": make_other_calendar(world, CANARY),
        "review_id": make_review(world, client, agreed=CANARY),
        "measure_id": make_measure(world, client, name=CANARY),
        "sentence_id": make_sentence(world, CANARY),
        "request_id": make_request(world, client, CANARY),
        "processing_id": make_register_line(world, PROCESSING, CANARY),
        "processor_id": make_register_line(world, PROCESSORS, CANARY),
        "breach_id": make_register_line(world, BREACHES, CANARY),
        "colleague_id": invite(world),
        "access_id": make_access(world, client, CANARY),
    }
    passing_on.end(world.store, world.coach(), client, ids["access_id"], world.now)
    return Things(ids, make_link(world, client), make_feed(world, client), make_calendar(world))


def state(world: World) -> dict[str, str]:
    """A digest of the rows of every table, but for who looked and when."""
    found = {}
    with world.store.db.reading(EVERYONE) as session:
        for name, table in sorted(Base.metadata.tables.items()):
            if name == LOG_END:
                continue
            columns = [column for column in table.columns if f"{name}.{column.name}" not in WHO_SAW]
            rows = session.execute(select(*columns))
            kept = sorted(
                repr(tuple(row)) for row in rows if not (name == "audit_entry" and row.action == "saw")
            )
            found[name] = hashlib.sha256("\n".join(kept).encode()).hexdigest()
    return found


def test_no_address_is_gone(world: World) -> None:
    """Bookmarks and calendars count on them: take one out of the list only together with a redirect."""
    now = [f"{','.join(methods(rule))} {rule.rule}" for rule in rules(world.app)]
    assert now == LIST.read_text().splitlines()


def closed_faults(world: World, things: Things) -> list[str]:
    """Addresses that answer a visitor though nobody listed them as open."""
    found = []
    for rule in rules(world.app):
        if guard.is_open(rule.endpoint):
            continue
        for method in methods(rule):
            page = world.browser().open(method, things.address(rule))
            to_login = page.status == 303 and page.response.headers["Location"].startswith("/login")
            if not (to_login or (method != "GET" and page.status == 400)):
                found.append(f"{method} {rule.rule}: {page.status}")
    return found


def test_closed_unless_listed(world: World, things: Things) -> None:
    assert closed_faults(world, things) == []


def test_what_is_listed_as_open_exists(world: World) -> None:
    assert {rule.endpoint for rule in rules(world.app)} >= guard.OPEN_ENDPOINTS


def test_a_page_nobody_thought_about_is_closed(world: World) -> None:
    world = world.on_its_own()
    world.app.add_url_rule("/new-page", "new_page", lambda: "open to all")
    assert world.browser().get("/new-page").status == 303


def test_looking_at_what_is_of_a_client_is_always_written_down(world: World, things: Things) -> None:
    looks = [rule for rule in rules(world.app) if {*OF_A_CLIENT} & rule.arguments and "GET" in methods(rule)]
    looks = [rule for rule in looks if not guard.is_open(rule.endpoint) and rule.endpoint not in OFFICE_ONLY]
    assert len(looks) > 8
    unwritten = []
    for number, rule in enumerate(looks, start=1):
        world.set_clock(MONDAY + number * timedelta(minutes=61))  # once an hour is enough
        assert world.browser("anna").get(things.address(rule)).status == 200, rule.rule
        with world.store.db.reading(EVERYONE) as session:
            latest = session.scalar(select(func.max(AuditEntry.at)).where(AuditEntry.action == "saw"))
        if latest is None or world.now - latest > timedelta(minutes=30):
            unwritten.append(rule.rule)
    assert not unwritten


def refusal(page: Page) -> tuple[int, str]:
    return page.status, page.text


def csrf(world: World, who: str) -> str:
    return str(world.browser(who).get("/account").one('main input[name="csrf_token"]')["value"])


def foreign_answers(world: World, things: Things, who: str) -> list[tuple[str, Page, Page]]:
    """(address, what a stranger gets for Anna's object, what for one that never was) for each address and method."""
    found = []
    browser = world.browser(who)
    token = str(browser.get("/account").one('main input[name="csrf_token"]')["value"])
    for rule in rules(world.app):
        names = holes(rule)
        if not names or "token" in rule.arguments:
            continue
        if who == "anna" and rule.endpoint in OFFICE_ONLY:
            continue
        if who == "cor" and not any(name in OF_A_CLIENT for name in names):
            continue
        for method in methods(rule):
            data = {"data": {"csrf_token": token}} if method == "POST" else {}
            theirs = browser.open(method, things.address(rule), **data)
            nobodys = browser.open(method, things.address(rule, things.nobodys), **data)
            found.append((f"{method} {rule.rule}", theirs, nobodys))
    return found


@pytest.mark.parametrize("who", ["bram", "cor"])
def test_what_is_not_yours_is_not_there(world: World, things: Things, who: str) -> None:
    """Another practice's coach, and a colleague in the same practice: byte for byte the answer for what never was."""
    before = state(world)
    answers = foreign_answers(world, things, who)
    assert len(answers) > 20
    for address, theirs, nobodys in answers:
        count("owner matrix")
        assert theirs.status == 404, address
        assert refusal(theirs) == refusal(nobodys), address
        assert CANARY not in theirs.text, address
    assert state(world) == before


def test_the_matrix_sees_leaks(world: World, things: Things) -> None:
    """Anna herself is let in everywhere she may look: the same addresses do answer."""
    answers = [
        page for address, page, _ in foreign_answers(world, things, "anna") if address.startswith("GET ")
    ]
    assert {page.status for page in answers} == {200}
    assert sum(CANARY in page.text for page in answers) > 8


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(world: World, things: Things, method: str) -> None:
    before = state(world)
    for rule in rules(world.app):
        if "GET" in methods(rule):
            browser = world.browser() if "token" in rule.arguments else world.browser("anna")
            assert browser.open(method, things.address(rule)).status < 500, rule.rule
            browser.open(method, f"{things.address(rule)}?client={things.ids['client_id']}")
    assert state(world) == before


def test_the_state_sees_a_change(world: World, things: Things) -> None:
    before = state(world)
    make_walk(world, things.ids["client_id"], "2026-12-24T10:00")
    changed = {name for name, digest in state(world).items() if digest != before[name]}
    assert {"walk", "plan_item", "audit_entry"} <= changed


def test_every_change_needs_its_proof(world: World, things: Things) -> None:
    """Without the CSRF field, or asked for by another site's page: refused, and nothing happens."""
    before = state(world)
    browser = world.browser("anna")
    token = csrf(world, "anna")
    posts = [rule for rule in rules(world.app) if "POST" in methods(rule)]
    assert len(posts) > 20
    for rule in posts:
        address = things.address(rule)
        cross = {"Sec-Fetch-Site": "cross-site"}
        if not guard.is_without_cookie(rule.endpoint):
            assert browser.post(address).status == 400, rule.rule
        assert browser.post(address, {"csrf_token": token}, headers=cross).status == 400, rule.rule
    assert state(world) == before


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("GET", "/", 303),
        ("POST", "/login", 400),
        ("GET", "/nowhere", 404),
        ("POST", "/healthz", 405),
        ("GET", "/s/none/", 404),
        ("GET", "/static/0/css/app.css", 200),
    ],
)
def test_headers_on_every_status(world: World, method: str, path: str, status: int) -> None:
    page = world.browser().open(method, path)
    assert page.status == status
    assert not [name for name in HEADERS_ALWAYS if name not in page.response.headers]
    assert "Server" not in page.response.headers or "Werkzeug" not in page.response.headers["Server"]


HEADERS_ALWAYS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Cross-Origin-Embedder-Policy",
    "Permissions-Policy",
    "Cache-Control",
)
