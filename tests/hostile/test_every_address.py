"""Every address, with what nobody would type: after the question mark, and in each field of each form. Never a fault of
ours, always a page that passes inspection."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.services.people import sign_in
from tests.address_book import Address, addresses, csrf, is_fault, scratch
from tests.counting import count
from tests.ground import Ground
from tests.hostile.forms import fields_of
from tests.hostile.naughty import NAUGHTY
from tests.page_client import Page, PageClient

TRIES, DEEP = 3, 25
ALL = [one for one in addresses(scratch()) if one.endpoint != "static"]
NUMBERS = (
    "0",
    "-1",
    "9" * 19,
    str(2**63),
    "9" * 400,
    "1.5",
    "1e9",
    "NaN",
    "Infinity",
    "٣",
    "²",
    "0x10",
    "1_000",
    "",
)
MOMENTS = (
    "0000-00-00", "0001-01-01", "9999-12-31", "2026-02-30", "2027-03-28", "2026-W53", "2026-W00", "99999-W01",
    "02:30", "24:00", "99:99", "2026-11-23T25:61", "-271821-04-20", "2027-10-31T02:30",
)  # fmt: skip
odd_value = st.one_of(
    st.sampled_from(NUMBERS), st.sampled_from(MOMENTS), st.sampled_from(NAUGHTY), st.text(max_size=40)
)
odd_name = st.one_of(
    st.sampled_from(
        ("client", "walk", "route", "like", "date", "until", "week", "lang", "next", "q", "page", "show")
    ),
    st.text(min_size=1, max_size=10),
)
odd_query = st.lists(st.tuples(odd_name, odd_value), max_size=4)
raw_query = st.sampled_from(
    ("%", "%ff%fe=%c0%80", "a=%00", "&&&==", "q[]=1&q[0]=2", "client=%F0%9F", "a" * 3000)
)


@pytest.fixture
def tries(request: pytest.FixtureRequest) -> int:
    return DEEP if request.config.getoption("--deep") else TRIES


def ours(number: int) -> Any:
    checks = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture)
    return settings(max_examples=number, suppress_health_check=checks, database=None)


def browser_for(ground: Ground, address: Address) -> PageClient:
    return ground.world.browser(None if address.is_personal else "anna")


def is_no_fault(page: Page, what: object) -> None:
    assert not is_fault(page.response), f"{page.path} answered {page.status} to {what!r}"
    count("odd requests")


LOOKS = [one for one in ALL if "GET" in one.methods]


@pytest.mark.parametrize("address", LOOKS, ids=[one.path for one in LOOKS])
def test_whatever_stands_after_the_question_mark(ground: Ground, address: Address, tries: int) -> None:
    browser, path = browser_for(ground, address), address.filled(ground.own)
    known = st.sampled_from(sorted(fields_of(ground, address)) or ["q"])

    @ours(tries)
    @given(st.one_of(raw_query, st.lists(st.tuples(st.one_of(known, odd_name), odd_value), max_size=4)))
    def look(asked: str | list[tuple[str, str]]) -> None:
        is_no_fault(browser.get(path, query_string=as_query(asked)), asked)

    look()


def as_query(asked: str | list[tuple[str, str]]) -> Any:
    if isinstance(asked, str):
        return asked
    found: dict[str, list[str]] = {}
    for name, value in asked:
        found.setdefault(name, []).append(value)
    return found


ENDS_THE_SESSION = ("account.logout", "account.password", "account.login")
SENDS = [one for one in ALL if "POST" in one.methods]


@pytest.mark.parametrize("address", SENDS, ids=[one.path for one in SENDS])
def test_whatever_stands_in_the_fields(ground: Ground, address: Address, tries: int) -> None:
    """Each time the form as it stands, with some fields changed, gone or sent twice, and one that nobody knows."""
    fields, path = fields_of(ground, address), address.filled(ground.own)
    names = st.one_of(st.sampled_from(sorted(fields)), odd_name) if fields else odd_name
    change = st.one_of(st.none(), odd_value, st.lists(odd_value, min_size=2, max_size=3))

    browser = signed_in(ground, address)
    token = csrf(browser)

    @ours(tries)
    @given(st.dictionaries(names, change, min_size=1, max_size=6), st.booleans())
    def send(changes: dict[str, Any], empty: bool) -> None:
        nonlocal browser, token
        given: dict[str, Any] = {"csrf_token": token} | ({} if empty else fields) | changes
        page = browser.post(path, {name: value for name, value in given.items() if value is not None})
        is_no_fault(page, given)
        if address.endpoint in ENDS_THE_SESSION:
            browser = signed_in(ground, address)
            token = csrf(browser)

    send()


def signed_in(ground: Ground, address: Address) -> PageClient:
    """Anna in a browser of her own, or her client."""
    if address.is_personal:
        return ground.world.browser()
    token = sign_in.begin(ground.world.store, ground.scope, ground.world.now)
    return PageClient(ground.world.app, token)


def test_a_fault_would_be_seen(ground: Ground) -> None:
    world = ground.world.on_its_own()
    world.app.add_url_rule("/broken", "broken", lambda: str(1 / 0))
    with pytest.raises(AssertionError, match="answered 500"):
        is_no_fault(world.browser("anna").get("/broken"), "nothing")
