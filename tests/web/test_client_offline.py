"""What a client has without internet: the worker that keeps the page, and the calendar file. And who only looks,
changes nothing."""

from __future__ import annotations

import hashlib
import re

import pytest
from icalendar import Calendar

from tests.address_book import addresses, scratch
from tests.conftest import World
from tests.copy_lint import forbidden_outside
from tests.ground import Ground
from tests.makers import make_client, make_link, make_route, make_walk
from tests.page_client import PageClient

WORKER = {"Sec-Fetch-Mode": "same-origin", "Sec-Fetch-Dest": "serviceworker", "Sec-Fetch-Site": "same-origin"}
COPY = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin", "X-Planner-Worker": "copy"}
SCANNERS = (
    {},
    {"User-Agent": "WhatsApp/2.23"},
    {"User-Agent": "Mozilla/5.0 (Microsoft Office; ms-office; SafeLinks)"},
    {"User-Agent": "Mozilla/5.0 (compatible; Barracuda Sentinel)"},
    {"Sec-Fetch-Mode": "no-cors", "Sec-Purpose": "prefetch;prerender"},
    COPY,
)
PERSONAL = [one for one in addresses(scratch()) if one.is_personal]


def test_the_worker_is_a_script_and_holds_nothing_of_anybody(world: World, visitor: PageClient) -> None:
    first = make_link(world, make_client(world, "Sanne", show_first_name=True))
    second = make_link(world, make_client(world, "Mark"))
    answers = [visitor.get(f"{link}worker.js", headers=dict(WORKER)) for link in (first, second)]
    assert answers[0].text == answers[1].text, "the same for everybody"
    headers = answers[0].response.headers
    assert headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    assert "connect-src 'self'" in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers
    assert "Sanne" not in answers[0].text and first.split("/")[2] not in answers[0].text
    version, rest = answers[0].text.split("\n", 1)
    assert version == f"// {hashlib.sha256(rest.rstrip().encode()).hexdigest()[:12]}"
    assert "nog niet op je telefoon" in rest


def test_the_worker_speaks_the_language_of_the_client(world: World, visitor: PageClient) -> None:
    english = make_link(world, make_client(world, "Emma", language="en"))
    assert "not on your phone yet" in visitor.get(f"{english}worker.js").text


def test_only_a_link_that_opens_has_a_worker(visitor: PageClient) -> None:
    assert visitor.get(f"/s/{'A' * 43}/worker.js", headers=dict(WORKER)).status == 404


@pytest.mark.parametrize(
    ("headers", "is_page"),
    [
        (COPY, True),
        (COPY | {"Sec-Fetch-Site": "cross-site"}, False),
        (COPY | {"User-Agent": "WhatsApp/2.23"}, False),
        ({"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Mode": "navigate"}, True),
    ],
)
def test_who_gets_the_page_itself(
    world: World, visitor: PageClient, headers: dict[str, str], is_page: bool
) -> None:
    """The marker is on the page alone; the worker keeps nothing without it."""
    client = make_client(world)
    make_walk(world, client, "2026-12-01T10:00")
    page = visitor.get(make_link(world, client), headers=dict(headers))
    assert (page.status, "X-Planner-Page" in page.response.headers) == (200, is_page)
    assert ("december" in page.text) == is_page


def test_no_other_answer_has_the_marker_of_the_page(world: World, visitor: PageClient) -> None:
    client = make_client(world)
    walk = make_walk(world, client, "2026-12-01T10:00")
    link = make_link(world, client)
    others = [visitor.get(f"{link}walks/{walk}.ics"), visitor.get(f"{link}worker.js"), visitor.get("/s/x/")]
    assert not [one.path for one in others if "X-Planner-Page" in one.response.headers]
    assert visitor.get(link).submit(f"{link}withdraw").response.headers["X-Planner-Page"] == "gone"


def test_the_page_says_from_when_it_is_only_as_a_copy(world: World, visitor: PageClient) -> None:
    """The worker takes `hidden` away; it looks for these very words."""
    link = make_link(world, make_client(world))
    line = visitor.get(link).one("[data-kept]")
    assert line.has_attr("hidden")
    assert line.get_text() == "Er is nu geen verbinding. Dit is de pagina van maandag 23 november, 9.00 uur."
    assert "data-kept hidden" in visitor.get(link).text
    assert '"data-kept hidden"' in visitor.get(f"{link}worker.js").text


def test_the_calendar_file_has_what_is_needed_on_the_way(
    world: World, coach: PageClient, visitor: PageClient
) -> None:
    coach.get("/account").submit(language="nl", phone="06 12345678")
    client = make_client(world, "Sanne", last_name="van Dijk", help_question="Rust")
    route = make_route(world, line=True, meeting_point="Bij het houten bord")
    walk = make_walk(world, client, "2026-12-01T10:00", route_id=route, focus="Grenzen")
    file = visitor.get(f"{make_link(world, client)}walks/{walk}.ics").response.get_data()
    event = Calendar.from_ical(file).walk("VEVENT")[0]
    assert str(event["DESCRIPTION"]).split("\n") == [
        "Bij het houten bord",
        "52.08400,5.17200",
        "Anna: 06 12345678",
        "Lukt het niet? Laat het je coach weten. Dat geeft niet.",
    ]
    assert str(event["LOCATION"]) == "Bij het houten bord"
    assert event["GEO"].to_ical() == "52.084;5.172"
    assert not forbidden_outside(file.decode())
    assert not re.search("Sanne|Dijk|Rust|Grenzen", file.decode())


@pytest.mark.parametrize(
    ("agent", "start"),
    [
        ("Mozilla/5.0 (Linux; Android 15; Pixel 8)", "geo:52.08400,5.17200"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)",
            "https://maps.apple.com/?ll=52.08400,5.17200",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", "https://maps.apple.com/?ll=52.08400,5.17200"),
    ],
)
def test_the_map_app_of_this_phone(world: World, visitor: PageClient, agent: str, start: str) -> None:
    client = make_client(world)
    make_walk(world, client, "2026-12-01T10:00", route_id=make_route(world, line=True))
    page = visitor.get(make_link(world, client), headers={"User-Agent": agent})
    links = [str(a["href"]) for a in page.select("main a") if "kaart-app" in a.get_text()]
    assert len(links) == 1 and links[0].startswith(start)
    assert "52.08400,5.17200" in page.main, "and as text to copy"
    assert "User-Agent" in page.response.headers["Vary"]


def test_mail_scanners_change_nothing(ground: Ground) -> None:
    """Every address under /s/, of pages and of buttons, by GET and HEAD, as each of them asks; twice."""
    before, tried = ground.dump(), 0
    for address in PERSONAL:
        for headers in SCANNERS * 2:
            for method in ("GET", "HEAD"):
                page = ground.world.browser().open(method, address.filled(ground.own), headers=dict(headers))
                assert page.status in (200, 404, 405), address.line
                tried += 1
    assert tried >= 4 * 24
    assert ground.dump() == before
    assert "X-Planner-Page" in ground.world.browser().get(ground.own.link).response.headers, "it still opens"
