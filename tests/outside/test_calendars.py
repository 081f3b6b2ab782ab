"""Other calendars as they are in the world: files behind an address, and a real CalDAV server."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from planner.domain.busy import (
    Busy,
    BusyTimes,
    CalendarAccess,
    CalendarFailed,
    CalendarRead,
    Held,
    Window,
    window_at,
)
from planner.formats.busy_ical import busy_times
from planner.outside.apart import ReaderFault, read_apart
from planner.outside.calendars import Calendars
from planner.outside.http import Answer
from planner.outside.multistatus import responses
from planner.outside.open_door import OpenDoor, public, public_or_home
from tests.caldav_server import PASSWORD, USER, Radicale, calendar, event, radicale

WINDOW = window_at(datetime(2026, 11, 23, 8, tzinfo=UTC), "Europe/Amsterdam")
AT_TEN = (
    "DTSTART;TZID=Europe/Amsterdam:20261201T100000",
    "DTEND;TZID=Europe/Amsterdam:20261201T110000",
    "SUMMARY:Huisarts",
)
TEN = ["12-01 09:00"]
NOTHING = Held()
HOME = Calendars(OpenDoor(public_or_home), busy_times)


def said(read: CalendarRead) -> list[str]:
    assert read.times is not None
    return [f"{one.starts_at:%m-%d %H:%M}" for one in read.times]


def ask(url: str, held: Held = NOTHING, source: Calendars = HOME) -> CalendarRead:
    return source.read("ics", CalendarAccess(url), WINDOW, held)


def problem(url: str, source: Calendars = HOME, kind: str = "ics", **access: str) -> tuple[str, float]:
    with pytest.raises(CalendarFailed) as raised:
        source.read(kind, CalendarAccess(url, **access), WINDOW, Held())
    assert url not in str(raised.value) and raised.value.__cause__ is None
    return raised.value.problem, raised.value.retry_after_s


# A file behind an address


def test_a_file_is_read_and_then_only_asked_whether_it_changed(httpserver: HTTPServer) -> None:
    """Apart, as the jobs do it."""
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        if request.headers.get("If-None-Match") == '"a1"':
            return Response(status=304)
        headers = {
            "ETag": '"a1"',
            "Last-Modified": "Mon, 23 Nov 2026 08:00:00 GMT",
            "Content-Encoding": "gzip",
        }
        return Response(gzip.compress(calendar(event(*AT_TEN))), headers=headers, mimetype="text/calendar")

    httpserver.expect_request("/a.ics").respond_with_handler(answer)
    source = Calendars(OpenDoor(public_or_home))
    first = ask(httpserver.url_for("/a.ics"), source=source)
    assert said(first) == TEN
    assert first.held == Held('"a1"', "Mon, 23 Nov 2026 08:00:00 GMT")
    again = ask(httpserver.url_for("/a.ics"), first.held, source)
    assert again == CalendarRead(None, first.held)
    assert seen[1].headers["If-Modified-Since"] == first.held.last_modified
    assert "coach" not in seen[0].headers["User-Agent"].lower(), "it does not say who asks"


def test_a_304_that_nobody_asked_for_is_no_answer(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a.ics").respond_with_data("", 304)
    assert problem(httpserver.url_for("/a.ics"))[0] == "not_a_calendar"


@pytest.mark.parametrize(
    ("status", "headers", "body", "code", "wait"),
    [
        (200, {}, "<!DOCTYPE html><h1>Inloggen</h1>", "not_a_calendar", 0),
        (204, {}, "", "not_a_calendar", 0),
        (400, {}, "", "not_a_calendar", 0),
        (401, {"WWW-Authenticate": "Basic"}, "", "login", 0),
        (403, {}, "", "refused", 0),
        (404, {}, "", "not_found", 0),
        (410, {}, "", "not_found", 0),
        (429, {"Retry-After": "7200"}, "", "throttled", 7200),
        (429, {"Retry-After": "morgen"}, "", "throttled", 0),
        (500, {}, "", "unreachable", 0),
        (503, {"Retry-After": "60"}, "", "unreachable", 60),
        (302, {"Location": "http://169.254.169.254/latest"}, "", "not_allowed", 0),
        (302, {"Location": "file:///etc/passwd"}, "", "not_allowed", 0),
        (200, {"Content-Encoding": "br"}, "x", "not_a_calendar", 0),
        (200, {}, "x" * 5_000_001, "too_large", 0),
        (200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(50_000_000)), "too_large", 0),
    ],
)
def test_what_comes_instead_of_a_calendar(
    httpserver: HTTPServer, status: int, headers: dict[str, str], body: str | bytes, code: str, wait: float
) -> None:
    httpserver.expect_request("/a.ics").respond_with_data(body, status, headers)
    assert problem(httpserver.url_for("/a.ics")) == (code, wait)


def test_this_machine_and_the_house_are_out_of_reach_unless_a_setting_says_so(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a.ics").respond_with_data(calendar(event(*AT_TEN)))
    closed = Calendars(OpenDoor(public), busy_times)
    assert problem(httpserver.url_for("/a.ics"), closed)[0] == "not_allowed"
    assert httpserver.log == []
    assert said(ask(httpserver.url_for("/a.ics"))) == TEN


def many(rule: str) -> bytes:
    return calendar(event("DTSTART:20000101T090000Z", "DURATION:PT1S", f"RRULE:{rule}"))


HOSTILE = {
    "a rule that never comes true": many("FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30"),
    "every second, in disguise": many(
        "FREQ=DAILY;" + ";".join(f"{by}={','.join(map(str, range(to)))}" for by, to in
                                 (("BYHOUR", 24), ("BYMINUTE", 60), ("BYSECOND", 60)))
    ),
}  # fmt: skip


@pytest.mark.parametrize("document", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_costs_no_more_than_it_may(document: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(CalendarFailed) as raised:
        read_apart((document,), WINDOW, cpu_s=1)
    assert raised.value.problem == "too_much"
    assert time.monotonic() - began < 15


def test_apart_gives_the_same_as_here() -> None:
    documents = (calendar(event(*AT_TEN, "RRULE:FREQ=WEEKLY")), calendar(event(*AT_TEN, uid="2")))
    assert read_apart(documents, WINDOW) == busy_times(documents, WINDOW) != BusyTimes()
    with pytest.raises(CalendarFailed) as raised:
        read_apart((b"<html>",), WINDOW)
    assert raised.value.problem == "not_a_calendar"


def test_a_fault_of_ours_is_not_the_calendar_s(
    httpserver: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    """A zone that is none, in our settings. The log says which kind of fault, and nothing of the file."""
    nowhere = replace(WINDOW, zone="Nergens/Huisarts")
    document = calendar(event("DTSTART:20261201T100000", "DURATION:PT1H", "SUMMARY:Huisarts"))
    with pytest.raises(ReaderFault) as raised:
        read_apart((document,), nowhere)
    assert str(raised.value) == "ZoneInfoNotFoundError"
    httpserver.expect_request("/a.ics").respond_with_data(document)
    with pytest.raises(CalendarFailed) as failed:
        Calendars(OpenDoor(public_or_home)).read(
            "ics", CalendarAccess(httpserver.url_for("/a.ics")), nowhere, NOTHING
        )
    assert failed.value.problem == "our_fault"
    (record,) = (one for one in caplog.records if one.name.startswith("planner"))
    assert record.levelname == "ERROR" and "ZoneInfoNotFoundError" in record.getMessage()
    assert "Huisarts" not in caplog.text


# CalDAV


@pytest.fixture
def dav(tmp_path: Path) -> Iterator[Radicale]:
    with radicale(tmp_path) as server:
        yield server


def account(url: str, password: str = PASSWORD) -> CalendarRead:
    return HOME.read("caldav", CalendarAccess(url, "Thuis", USER, password), WINDOW, Held())


def test_an_account_is_found_from_its_server_and_all_its_calendars_are_read(dav: Radicale) -> None:
    """Recurrence with an exception and a moved one, a whole day, a foreign zone, one that is free; tasks aside."""
    dav.make("werk")
    dav.make("thuis")
    dav.make("taken", kind="VTODO")
    weekly = event(*AT_TEN, "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;TZID=Europe/Amsterdam:20261208T100000")
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Amsterdam:20261215T100000",
        "DTSTART:20261216T130000Z",
        "DTEND:20261216T140000Z",
    )
    dav.put("werk", weekly, moved)
    dav.put("werk", event("DTSTART;VALUE=DATE:20261224", "SUMMARY:Vrij", uid="2"), uid="2")
    dav.put(
        "thuis", event("DTSTART;TZID=America/New_York:20261203T100000", "DURATION:PT1H", uid="3"), uid="3"
    )
    dav.put(
        "thuis", event("DTSTART:20261204T100000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT", uid="4"), uid="4"
    )
    dav.put("thuis", event("DTSTART:20250101T100000Z", "DURATION:PT1H", uid="5"), uid="5")
    before = dav.kept
    expected = ["12-01 09:00", "12-03 15:00", "12-16 13:00", "12-22 09:00", "12-23 23:00"]
    assert said(account(dav.base + "/")) == expected
    for url in (dav.home, dav.base, f"{dav.base}/{USER}"):
        assert said(account(url)) == expected, url
    assert said(account(dav.home + "thuis/")) == ["12-03 15:00"], "one calendar alone"
    assert dav.kept == before and len(before) > 5, "nothing is changed there"


PART = "<d:response><d:href>{href}</d:href><d:propstat><d:prop>{props}</d:prop><d:status>HTTP/1.1 200 OK</d:status>"
IS_CALENDAR = "<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>"


def saying(inside: str) -> str:
    return f'<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">{inside}</d:multistatus>'


def multistatus(parts: dict[str, str]) -> str:
    """As a server says it: the properties of each address."""
    said = "".join(
        PART.format(href=href, props=props) + "</d:propstat></d:response>" for href, props in parts.items()
    )
    return saying(said)


def test_a_calendar_that_does_not_count_as_busy_is_left_alone(httpserver: HTTPServer) -> None:
    """Such as one of birthdays. Radicale does not know the property, other servers do."""
    home = {"/": "<c:calendar-home-set><d:href>/dav/</d:href></c:calendar-home-set>"}
    free = "<c:schedule-calendar-transp><c:transparent/></c:schedule-calendar-transp>"
    listed = {"/dav/": "<d:resourcetype><d:collection/></d:resourcetype>", "/dav/werk/": IS_CALENDAR,
              "/dav/jarig/": IS_CALENDAR + free}  # fmt: skip
    events = {"/dav/werk/1.ics": f"<c:calendar-data>{calendar(event(*AT_TEN)).decode()}</c:calendar-data>"}
    httpserver.expect_request("/", method="PROPFIND").respond_with_data(multistatus(home), 207)
    httpserver.expect_request("/dav/", method="PROPFIND").respond_with_data(multistatus(listed), 207)
    httpserver.expect_request("/dav/werk/", method="REPORT").respond_with_data(multistatus(events), 207)
    assert said(account(httpserver.url_for("/"))) == TEN
    assert [request.path for request, _ in httpserver.log] == ["/", "/dav/", "/dav/werk/"]


def test_an_account_that_is_refused_or_empty(dav: Radicale, httpserver: HTTPServer) -> None:
    assert problem(dav.base + "/", kind="caldav", user=USER, password="geraden")[0] == "login"
    assert problem(dav.base + "/", kind="caldav", user=USER, password=PASSWORD)[0] == "no_calendars"
    httpserver.expect_request("/").respond_with_data("<h1>Welkom</h1>")
    httpserver.expect_request("/.well-known/caldav").respond_with_data("", 404)
    assert problem(httpserver.url_for("/"), kind="caldav", user=USER, password=PASSWORD)[0] == "no_calendars"


HOME_AT = "<c:calendar-home-set><d:href>{href}</d:href></c:calendar-home-set>"
NO, MUCH = "not_a_calendar", "too_much"
LIES = {
    "a bomb": ('<!DOCTYPE x [<!ENTITY a "aaaa">]>' + saying("<d:href>&a;</d:href>"), NO),
    "not XML": ("multistatus", NO),
    "something else": ("<a/>", NO),
    "deep": ("<a>" * 50_000, NO),
    "an address that is none": (multistatus({"http://[": IS_CALENDAR}), NO),
    "a home that is none": (multistatus({"/": HOME_AT.format(href="https://[x")}), NO),
    "an endless address": (multistatus({"/" + "x" * 3000: IS_CALENDAR}), NO),
    "an encoding that is no encoding": ('<?xml version="1.0" encoding="rot13"?><a/>', NO),
    "an encoding of many bytes": ('<?xml version="1.0" encoding="utf-7"?><a/>', NO),
    "one response in another": (saying("<d:response>" * 60_000 + "</d:response>" * 60_000), NO),
    "a name that is written out each time": (f'<x xmlns="{"u" * 2_500_000}">{"<a/>" * 600_000}</x>', NO),
    "so many elements": (saying("<a/>" * 1_000_000), MUCH),
    "so many responses": (saying("<d:response/>" * 20_001), MUCH),
}  # fmt: skip


@pytest.mark.parametrize(("body", "code"), LIES.values(), ids=LIES.keys())
def test_an_answer_that_lies(httpserver: HTTPServer, body: str, code: str) -> None:
    """One response in another took a minute and more of 1.5 MB."""
    httpserver.expect_request("/x").respond_with_data(body, 207)
    began = time.process_time()
    found, _wait = problem(httpserver.url_for("/x"), kind="caldav", user=USER, password=PASSWORD)
    assert found == code
    assert time.process_time() - began < 10


def test_a_list_as_long_as_a_full_calendar_is_taken() -> None:
    """The limits are far from what an honest server says."""
    one = PART.format(href="/a/1.ics", props="<d:getetag/><c:calendar-data>x</c:calendar-data>")
    listed = saying(f"{one}</d:propstat></d:response>" * 20_000)
    assert len(responses(Answer(207, {}, listed.encode(), "https://dav.example.org/"))) == 20_000


@pytest.mark.parametrize(
    ("fault", "code"),
    [(OSError(12, "geheim"), "unreachable"), (LookupError("geheim"), NO), (MemoryError("geheim"), NO)],
)
def test_whatever_else_goes_wrong_is_a_fault_of_that_calendar(
    httpserver: HTTPServer, caplog: pytest.LogCaptureFixture, fault: Exception, code: str
) -> None:
    """Such as a machine that cannot start another process. The log names the kind, not what was read."""

    def stumbles(_documents: tuple[bytes, ...], _window: Window) -> tuple[Busy, ...]:
        raise fault

    httpserver.expect_request("/a.ics").respond_with_data(calendar(event(*AT_TEN)))
    assert problem(httpserver.url_for("/a.ics"), Calendars(OpenDoor(public_or_home), stumbles))[0] == code
    (record,) = (one for one in caplog.records if one.name.startswith("planner"))
    assert type(fault).__name__ in record.getMessage() and record.exc_info is None
    assert "geheim" not in caplog.text and "a.ics" not in record.getMessage()


def pointing(home: str) -> str:
    return multistatus({"/": f"<c:calendar-home-set><d:href>{home}</d:href></c:calendar-home-set>"})


def test_a_server_that_points_elsewhere_gets_no_password_there(httpserver: HTTPServer) -> None:
    """Its word for where the calendars are is not enough; nor may it lead to where we do not go."""
    elsewhere = HTTPServer(host="::1")
    elsewhere.start()
    try:
        elsewhere.expect_request("/dav/").respond_with_data("", 401)
        home = f"http://[::1]:{elsewhere.port}/dav/"
        httpserver.expect_request("/").respond_with_data(pointing(home), 207)
        assert problem(httpserver.url_for("/"), kind="caldav", user=USER, password=PASSWORD)[0] == "login"
        ((request, _),) = elsewhere.log
        assert "Authorization" not in request.headers
        assert "Authorization" in httpserver.log[0][0].headers
    finally:
        elsewhere.clear()
        elsewhere.stop()
    httpserver.clear()
    httpserver.expect_request("/").respond_with_data(pointing("http://169.254.169.254/"), 207)
    assert problem(httpserver.url_for("/"), kind="caldav", user=USER, password=PASSWORD)[0] == "not_allowed"
