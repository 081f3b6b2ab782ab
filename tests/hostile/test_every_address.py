"""Every address, with what nobody would type: after the question mark, and in each field of each form. Never a fault of
ours, always a page that passes inspection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.address_book import Address, addresses, csrf, is_fault, scratch
from tests.counting import count
from tests.fake_paths import fake_paths
from tests.ground import Ground
from tests.hostile.forms import fields_of
from tests.hostile.naughty import NAUGHTY
from tests.hostile.ways_in import NO_DOOR, way_in, with_paths
from tests.page_client import Page

TRIES = 75
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


@pytest.fixture(scope="module")
def engine() -> Iterator[str]:
    with fake_paths() as made:
        yield made.base


@pytest.fixture(autouse=True)
def paths(ground: Ground, engine: str) -> None:
    with_paths(ground, engine)


CHECKS = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture)
ours = settings(max_examples=TRIES, suppress_health_check=CHECKS, database=None)


def is_no_fault(page: Page, what: object) -> int:
    assert not is_fault(page.response), f"{page.path} answered {page.status} to {what!r}"
    count("odd requests")
    return page.status


def got_in(address: Address, statuses: set[int]) -> None:
    """Or the tries were at a closed door, and say nothing."""
    assert statuses - {404, 409} or address.endpoint in NO_DOOR, statuses


LOOKS = [one for one in ALL if "GET" in one.methods]


@pytest.mark.parametrize("address", LOOKS, ids=[one.path for one in LOOKS])
def test_whatever_stands_after_the_question_mark(ground: Ground, address: Address) -> None:
    way, statuses = way_in(ground, address), set()
    must, known = parse_qsl(urlsplit(way.path).query), sorted(fields_of(ground, address)) or ["q"]
    path = urlsplit(way.path).path

    @ours
    @given(
        st.one_of(
            raw_query,
            st.lists(st.tuples(st.one_of(st.sampled_from(known), odd_name), odd_value), max_size=4),
        )
    )
    def look(asked: str | list[tuple[str, str]]) -> None:
        query = asked if isinstance(asked, str) else as_query([*must, *asked])
        statuses.add(is_no_fault(way.browser.get(path, query_string=query), asked))

    look()
    got_in(address, statuses)


def as_query(asked: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in asked:
        found.setdefault(name, []).append(value)
    return found


ENDS_THE_WAY = (
    "account.logout",
    "account.password",
    "account.login",
    "account.setup",
    "resets.choose",
)
"""After it somebody begins anew: signed out, signed in as another, or with a key that is used."""
SENDS = [one for one in ALL if "POST" in one.methods]


@pytest.mark.parametrize("address", SENDS, ids=[one.path for one in SENDS])
def test_whatever_stands_in_the_fields(ground: Ground, address: Address) -> None:
    """Each time the form as it stands, with some fields changed, gone or sent twice, and one that nobody knows."""
    fields, statuses = fields_of(ground, address), set()
    names = st.one_of(st.sampled_from(sorted(fields)), odd_name) if fields else odd_name
    change = st.one_of(st.none(), odd_value, st.lists(odd_value, min_size=2, max_size=3))

    way = way_in(ground, address)
    token = csrf(way.browser)

    @ours
    @given(st.dictionaries(names, change, min_size=1, max_size=6), st.booleans())
    def send(changes: dict[str, Any], empty: bool) -> None:
        nonlocal way, token
        given: dict[str, Any] = {"csrf_token": token} | ({} if empty else fields) | changes
        page = way.browser.post(way.path, {name: value for name, value in given.items() if value is not None})
        statuses.add(is_no_fault(page, given))
        if address.endpoint in ENDS_THE_WAY and page.status != 422:
            way = way_in(ground, address)
            token = csrf(way.browser)

    send()
    got_in(address, statuses)


def test_a_fault_would_be_seen(ground: Ground) -> None:
    world = ground.world.on_its_own()
    world.app.add_url_rule("/broken", "broken", lambda: str(1 / 0))
    with pytest.raises(AssertionError, match="answered 500"):
        is_no_fault(world.browser("anna").get("/broken"), "nothing")
