"""Not yours is not there: every address with an id, by every method, for another practice's coach and for a colleague.

Made from the map of addresses: a new one takes part by itself, and one with an unknown kind of id fails until
tests/address_book.py says which thing fills it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from planner.models import Database
from planner.models.base import make_engine
from planner.services.store import Store
from planner.web.here import Planner
from planner.web.roles import OFFICE_ONLY
from tests.address_book import (
    MISSING,
    OBJECTS,
    OF_A_CLIENT,
    QUERIES,
    WORDS,
    Address,
    addresses,
    csrf,
    query,
    scratch,
)
from tests.counting import count
from tests.ground import File, Ground, canary
from tests.makers import an_exercise, hire
from tests.page_client import Page, PageClient

WEB = Path(__file__).resolve().parent.parent / "planner" / "web"
ALL = addresses(scratch())
WITH_IDS = [one for one in ALL if one.ids and not one.is_personal]
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
NOT_SENT = {"csrf_token"}
NEEDED = {"care.consent": {"purpose": "health", "answer": "no"}}
"""What an answer is not even read without."""


@dataclass(frozen=True)
class Try:
    """One look at another's thing, and the same at a thing that never was."""

    who: str
    method: str
    foreign: str
    missing: str
    data: dict[str, Any] | None = None


def others(kinds: set[str]) -> list[str]:
    """Who must not reach Anna's things of these kinds."""
    return ["bram", "cor"] if kinds & OF_A_CLIENT else ["bram"]


def tries(ground: Ground, address: Address) -> Iterator[Try]:
    """Every method, empty and with what Anna's own form would send; and with only one of several ids foreign."""
    missing = dict.fromkeys(address.ids, MISSING)
    for who in others(set(address.ids)):
        foreign, nowhere = address.filled(ground.own), address.filled(ground.own, **missing)
        for method in METHODS:
            yield Try(who, method, foreign, nowhere)
        if "POST" in address.methods:
            yield Try(who, "POST", foreign, nowhere, form_of(ground, address))
        if len(address.ids) > 1:
            last = address.ids[0] if address.ids[-1] == "route_id" else address.ids[-1]
            mixed = address.filled(ground.files[who], **{last: getattr(ground.own, OBJECTS[last])})
            yield Try(who, "GET", mixed, address.filled(ground.files[who], **{last: MISSING}))


def form_of(ground: Ground, address: Address) -> dict[str, Any]:
    """What Anna would send from this page, untouched; nothing where there is no page."""
    if "GET" not in address.methods:
        return {}
    page = ground.world.browser("anna").get(address.filled(ground.own))
    fields: dict[str, Any] = {}
    for form in page.select("main form"):
        for field in form.select("input[name], textarea[name], select[name]"):
            fields.setdefault(str(field["name"]), str(field.get("value") or field.get_text().strip() or "1"))
    return {name: value for name, value in fields.items() if name not in NOT_SENT}


def answer(browser: PageClient, token: str, one: Try, path: str) -> Page:
    if one.method not in ("GET", "HEAD"):
        return browser.open(one.method, path, data={"csrf_token": token, **(one.data or {})})
    return browser.open(one.method, path)


def not_there(ground: Ground, tried: list[Try]) -> None:
    """Raises AssertionError unless each try is answered as if the thing never was, and nothing changed."""
    before = ground.dump()
    for one in tried:
        browser = ground.world.browser(one.who)
        token = csrf(browser)
        found, never = (answer(browser, token, one, path) for path in (one.foreign, one.missing))
        where = f"{one.who}: {one.method} {one.foreign}"
        assert found.status == never.status, f"{where}: {found.status}, and {never.status} when it never was"
        assert found.status in (404, 405), f"{where}: {found.status}"
        assert found.response.data == never.response.data, f"{where}: another page"
        assert list(found.response.headers) == list(never.response.headers), f"{where}: other headers"
        assert canary("anna").lower() not in found.text.lower(), f"{where}: a word of Anna's"
        count("owner matrix", 2)
    assert ground.dump() == before, "something was changed"


def test_every_id_has_its_entry() -> None:
    """A new kind of id needs to say how its thing is made."""
    unknown = {name for one in ALL for name in one.rule.arguments} - OBJECTS.keys() - WORDS.keys() - {"token"}
    assert not unknown, f"tell tests/address_book.py which thing fills {unknown}"
    assert len(WITH_IDS) > 30


def test_a_new_address_without_an_entry_is_seen() -> None:
    app = scratch()
    app.add_url_rule("/diaries/<int:diary_id>", endpoint="new", view_func=lambda diary_id: "")
    new = next(one for one in addresses(app) if one.endpoint == "new")
    with pytest.raises(KeyError, match="diary_id"):
        new.filled(File(1, 1, 1, 1, 1, "/s/x/", 1, 1, 1))


@pytest.mark.parametrize("address", WITH_IDS, ids=[one.line for one in WITH_IDS])
def test_anothers_thing_is_not_there(ground: Ground, address: Address) -> None:
    not_there(ground, list(tries(ground, address)))


@pytest.mark.parametrize("address", WITH_IDS, ids=[one.line for one in WITH_IDS])
def test_ones_own_thing_is(ground: Ground, address: Address) -> None:
    """Else the matrix would prove nothing."""
    browser = ground.world.browser("anna" if address.endpoint not in OFFICE_ONLY else planner_of(ground))
    path = address.filled(ground.own)
    if address.endpoint == "toolkit.shipped":  # only a shipped exercise has a text to go back to
        path = address.filled(ground.own, exercise_id=an_exercise(ground.world, "find-your-pace"))
    if "GET" in address.methods:
        assert browser.get(path).status == 200
    if "POST" in address.methods:
        sent = {"csrf_token": csrf(browser), **NEEDED.get(address.endpoint, {})}
        assert browser.post(path, sent).status in (200, 303, 409, 422)


def planner_of(ground: Ground, beside: str = "anna") -> str:
    """Somebody who plans for a coach's practice."""
    who = f"office of {beside}"
    hire(ground.world, who, "office", beside=beside)
    return who


@pytest.mark.parametrize("who", ["the lead", "the office", "the office of others"])
def test_leading_or_planning_opens_no_file(ground: Ground, who: str) -> None:
    """Cor's client by Anna, who leads his practice, and by who plans for it: nothing that hangs on a client but the
    pages of the office; and those not for who plans elsewhere."""
    beside = "bram" if who == "the office of others" else "anna"
    name = "anna" if who == "the lead" else planner_of(ground, beside)
    browser, file = ground.world.browser(name), replace(ground.colleague, colleague=ground.own.colleague)
    token, before, open_ones = csrf(browser), ground.dump(), set()
    for address in WITH_IDS:
        if not address.is_of_a_client or (who == "the lead" and "colleague_id" in address.ids):
            continue
        for method in address.methods:
            page = browser.open(
                method, address.filled(file), **({"data": {"csrf_token": token}} if method == "POST" else {})
            )
            if page.status != 404:
                open_ones.add(address.endpoint)
            elif canary("cor").lower() in page.text.lower():
                raise AssertionError(address.line)
            count("owner matrix")
    assert open_ones == (OFFICE_ONLY - {"office.clients"} if who == "the office" else set())
    assert changed(before, ground.dump()) <= {"audit_entry", "audit_segment"}, "who looked at whom"


def changed(
    before: dict[str, list[tuple[object, ...]]], after: dict[str, list[tuple[object, ...]]]
) -> set[str]:
    return {name for name, rows in before.items() if after[name] != rows}


@pytest.mark.parametrize("pattern", QUERIES)
def test_anothers_id_after_the_question_mark(ground: Ground, pattern: str) -> None:
    kind, tried = QUERIES[pattern], []
    for who in others({kind}):
        own = ground.files[who]
        nothing = replace(ground.own, client=MISSING, walk=MISSING, route=MISSING, coach=MISSING)
        foreign, missing = query(pattern, ground.own, own), query(pattern, nothing, own)
        tried += [Try(who, method, foreign, missing) for method in ("GET", "HEAD", "POST")]
    not_there(ground, tried)
    own = ground.world.browser("anna").get(query(pattern, ground.own, ground.own))
    assert own.status == (303 if kind == "colleague_id" else 200), "her own week is at home"


def test_every_id_after_a_question_mark_has_its_entry() -> None:
    """What views read as an id from the address; forms that do so are on the list by hand."""
    pattern = re.compile(r'as_id\((?:request\.args\.get\("(\w+)"\)|asked\.(\w+)\.data)\)')
    assert pattern.findall('as_id(request.args.get("client"))') == [("client", "")]
    read = {one or two for path in WEB.rglob("*.py") for one, two in pattern.findall(path.read_text())}
    known = set(re.findall(r"(\w+)=\{", " ".join(QUERIES)))
    assert read - {"later", "before"} <= known, "those are places in a list of one's own"
    assert read


FOREIGN_FIELDS = {
    "client_id": "client", "route_id": "route", "exercise_ids": "exercise", "client_exercise_ids": "exercise",
}  # fmt: skip


@pytest.mark.parametrize("field", FOREIGN_FIELDS)
@pytest.mark.parametrize(
    "form",
    ["/walks/new?client={client}", "/walks/{walk}/edit", "/walks/log?client={client}", "/walks/{walk}/note"],
)
def test_anothers_id_in_a_form(ground: Ground, form: str, field: str) -> None:
    """Bram's own form with Anna's thing in it is answered as with a thing that never was; Anna's file stays as it is,
    and no word of hers comes back."""
    bram, browser = ground.stranger, ground.world.browser("bram")
    path = form.format(client=bram.client, walk=bram.walk)
    before = of_anna(ground)
    statuses = []
    for value in (getattr(ground.own, FOREIGN_FIELDS[field]), MISSING):
        page = browser.get(path)
        given = {field: [value] if field.endswith("ids") else value}
        target = next(
            str(one.get("action") or path) for one in page.select("main form") if one.get("method") == "post"
        )
        done = page.submit(target, **given)
        statuses.append((done.status, done.h1))
        assert canary("anna") not in done.text
        count("owner matrix")
    assert statuses[0] == statuses[1]
    assert of_anna(ground) == before


def of_anna(ground: Ground) -> list[tuple[object, ...]]:
    """Every row with the practice, and every row that names a thing of hers."""
    own = ground.own
    hers = {own.owner, own.client, own.walk, own.route, own.exercise}
    return [
        row
        for rows in ground.dump().values()
        for row in rows
        if hers & {v for v in row if isinstance(v, int)}
    ]


PERSONAL = [one for one in ALL if one.is_personal and one.ids]


@pytest.mark.parametrize("address", PERSONAL, ids=[one.line for one in PERSONAL])
def test_a_link_opens_one_client_only(ground: Ground, address: Address) -> None:
    """With the link of a client of a colleague, or of another practice, Anna's walk is not there."""
    for who in ("bram", "cor"):
        token = ground.files[who].link.split("/")[2]
        foreign = address.filled(ground.own, token=token)
        missing = address.filled(ground.own, token=token, **dict.fromkeys(address.ids, MISSING))
        method, before = address.methods[0], ground.dump()
        found, never = (ground.world.browser().open(method, path) for path in (foreign, missing))
        assert (found.status, found.response.data) == (404, never.response.data)
        assert ground.dump() == before
        own = ground.world.browser().open(method, address.filled(ground.own))
        assert own.status == 200 if method == "GET" else own.status in (303, 409, 422)
        count("owner matrix", 2)


OF_EVERYONE = "SELECT set_config('app.owner', 'everyone', true)"


class WithoutWalls(Database):
    """A database whose sessions see everything."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        if self.engine.dialect.name == "postgresql":
            event.listen(self.engine, "begin", lambda it: it.exec_driver_sql(OF_EVERYONE))

    def _session(self, info: dict[str, Any]) -> Session:
        return Session(self.engine, expire_on_commit=False, info=info)


HELD_TWICE = {*OFFICE_ONLY, "passing.hand_over", "passing.share"}
"""For one role only, or for the client's own coach, which the deed itself asks as well."""


def test_the_matrix_sees_leaks(ground: Ground) -> None:
    """With the walls taken away, no address with an id passes."""
    app = ground.world.app
    kept: Planner = app.extensions["planner"]
    database = WithoutWalls(kept.settings.database_url)
    passed = []
    app.extensions["planner"] = replace(kept, store=Store(database, kept.store.vault))
    for address in WITH_IDS:
        if "GET" not in address.methods or address.endpoint in HELD_TWICE:
            continue
        look = [one for one in tries(ground, address) if one.method == "GET"]
        try:
            not_there(ground, look)
        except AssertionError:
            continue
        passed.append(address.line)
    database.dispose()
    assert not passed, "these would not notice a leak"
