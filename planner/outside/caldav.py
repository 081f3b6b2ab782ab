"""The few questions of CalDAV (RFC 4791) that are needed: which calendars an account has, and what stands in them.

The library `caldav` is not used. It brings an HTTP client of its own, which looks names up and connects by itself,
reads .netrc and the proxies of the machine, and takes bodies of any size. None of that can be put behind our door
without replacing most of it, and what is left are four questions and their answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from planner.domain.busy import CalendarFailed, Window
from planner.outside.http import Answer
from planner.outside.multistatus import C, D, Found, responses, within

MOST_CALENDARS = 20
"""Of one account."""
MOST_BYTES = 10_000_000
"""Of all calendars of an account together."""
WELL_KNOWN = "/.well-known/caldav"
_XML = '<?xml version="1.0" encoding="utf-8"?>'
_SPACES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
WHO = (
    f"{_XML}<d:propfind {_SPACES}><d:prop><d:resourcetype/><d:current-user-principal/><c:calendar-home-set/>"
    "</d:prop></d:propfind>"
)
WHICH = (
    f"{_XML}<d:propfind {_SPACES}><d:prop><d:resourcetype/><c:supported-calendar-component-set/>"
    "<c:schedule-calendar-transp/></d:prop></d:propfind>"
)
WHEN = (
    f"{_XML}<c:calendar-query {_SPACES}><d:prop><c:calendar-data/></d:prop><c:filter>"
    '<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:time-range start="{start}" end="{end}"/>'
    "</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
)

Ask = Callable[[str, str, str, str], Answer]
"""One question: address, method, depth, body. Raises CalendarFailed for anything but an answer that may hold XML."""


def documents(ask: Ask, address: str, window: Window) -> tuple[bytes, ...]:
    """The events of all calendars of an account, as calendar files. Raises CalendarFailed."""
    found: list[bytes] = []
    size = 0
    for url in calendars(ask, address):
        for document in _events(ask, url, window):
            size += len(document)
            if size > MOST_BYTES:
                raise CalendarFailed("too_large")
            found.append(document)
    return tuple(found)


def calendars(ask: Ask, address: str) -> tuple[str, ...]:
    """The addresses of the calendars: from the account's own page, from a calendar itself, or where the host says that
    accounts are. Raises CalendarFailed: no_calendars when there are none."""
    here = _who(ask, address)
    if here is None:
        here = _who(ask, within(address, WELL_KNOWN))
    if here is None:
        raise CalendarFailed("no_calendars")
    if here.is_calendar:
        return (here.url,)
    home = here.href(f"{C}calendar-home-set")
    principal = here.href(f"{D}current-user-principal")
    if home is None and principal is not None:
        there = _who(ask, principal)
        home = there.href(f"{C}calendar-home-set") if there else None
    if home is None:
        raise CalendarFailed("no_calendars")
    urls = [one.url for one in responses(ask(home, "PROPFIND", "1", WHICH)) if one.is_calendar]
    if not urls:
        raise CalendarFailed("no_calendars")
    if len(urls) > MOST_CALENDARS:
        raise CalendarFailed("too_much")
    return tuple(urls)


def _who(ask: Ask, url: str) -> Found | None:
    """What an address says of itself and of whose it is; None where it says nothing of calendars."""
    try:
        answer = ask(url, "PROPFIND", "0", WHO)
    except CalendarFailed as failed:
        if failed.problem in ("not_found", "not_a_calendar"):
            return None
        raise
    for one in responses(answer):
        if one.is_calendar or one.href(f"{D}current-user-principal") or one.href(f"{C}calendar-home-set"):
            return one
    return None


def _events(ask: Ask, url: str, window: Window) -> Iterator[bytes]:
    body = WHEN.format(start=_stamp(window.from_at), end=_stamp(window.until_at))
    for one in responses(ask(url, "REPORT", "1", body)):
        data = one.first(f"{C}calendar-data")
        if data is not None and data.text:
            yield data.text.encode()


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
