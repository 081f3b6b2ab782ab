"""The main job from end to end, as a coach does it in a browser: from the one-time address to the note in the dossier.

Everything that `make run` starts is running; the weather service is one of our own on this machine.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.browser import serving
from tests.browser.conftest import Visits
from tests.browser.hand import Hand
from tests.browser.serving import Served
from tests.conftest import ROOT

pytestmark = pytest.mark.browser
SAMPLES = ROOT / "tests" / "samples"
MONDAY, TUESDAY = "2026-11-30T08:00+01:00", "2026-12-01T11:05+01:00"
"""The weather sample begins on this Monday at 7. The walk is on Tuesday from 10 to 10.40."""
PASSWORD = "langs het stille water"
WITHIN_MS = 30_000
LOOKS = 40
WAYS = {"laptop": (1280, True), "phone without script": (390, False)}


@pytest.fixture
def weather(httpserver: HTTPServer) -> str:
    """A weather service with an answer of our own making. Gives the address for PLANNER_MET_URL."""
    body = (SAMPLES / "weather" / "utrecht_outside_nordic_area.json").read_bytes()
    clock = {
        "Date": "Mon, 30 Nov 2026 07:00:00 GMT",
        "Expires": "Mon, 30 Nov 2026 07:30:00 GMT",
        "Last-Modified": "Mon, 30 Nov 2026 05:23:00 GMT",
    }

    def answer(request: Request) -> Response:
        known = "tests@example.org" in request.headers["User-Agent"]
        return (
            Response(body, headers=clock, content_type="application/json") if known else Response(status=403)
        )

    httpserver.expect_request("/weatherapi/locationforecast/2.0/complete").respond_with_handler(answer)
    return httpserver.url_for("/weatherapi")


@pytest.mark.parametrize("way", WAYS)
def test_from_nothing_to_a_walk_that_is_noted(visits: Visits, weather: str, tmp_path: Path, way: str) -> None:
    width, js = WAYS[way]
    with serving.launched(tmp_path, MONDAY, weather, first=True) as served:
        page = visits(served, width=width, js=js, signed_in=False)
        begin(page, served)
        first_client(page)
        safe(page)
        route(page)
        walk = planned(page, js)
        link = handed_over(page)
        client_sees(visits(served, width=390, js=js, signed_in=False), link)
        page.context.close()
    with serving.launched(tmp_path, TUESDAY, weather, first=False) as again:
        page = visits(again, width=width, js=js, signed_in=False)
        signed_in(page)
        noted(page)
        found_back(page, walk)
        repeated(page, walk)
        page.context.close()  # before nobody answers any more


def begin(page: Page, served: Served) -> None:
    """The one-time address, the privacy text, a coach."""
    hand = Hand(page)
    page.goto(served.setup_address or "")
    fold = page.locator("main details").first
    hand.tap(fold.locator("summary"))
    expect(fold.locator("p").first).to_be_visible()
    hand.write("name", "Marieke Hofstra")
    hand.write("email", "marieke@example.org")
    hand.write("password", PASSWORD)
    hand.save()
    expect(page.locator("h1")).to_have_text("Deze week")


def first_client(page: Page) -> None:
    """A first name, and consent before anything about health."""
    hand = Hand(page)
    hand.tap("main a[href='/clients/new']")
    hand.write("first_name", "Sanne")
    hand.unfold("[name=consent_health]")
    hand.tap(page.locator("label.tick", has=page.locator("[name=consent_health]")))
    hand.write("help_question", "Weer een gewone dag aankunnen.")
    hand.save()
    expect(page.locator("h1")).to_have_text("Sanne")


def safe(page: Page) -> None:
    """The safety questions, all answered no."""
    hand = Hand(page)
    hand.tap("a[href$='/safety']")
    questions = page.locator("main fieldset.field:has([value=no])")
    expect(questions).to_have_count(16)
    for question in questions.all():
        hand.tap(question.locator("label", has=page.locator("[value=no]")))
    hand.save()
    expect(page.locator("main .error")).to_have_count(0)


def route(page: Page) -> None:
    """A real GPX file."""
    hand = Hand(page)
    hand.tap("nav a[href='/routes/']")
    hand.tap("main a[href='/routes/new']")
    hand.write("name", "Rondje heide")
    page.set_input_files("[name=gpx]", SAMPLES / "gpx" / "komoot_like.gpx")
    hand.write("meeting_point", "Parkeerplaats bij de schaapskooi")
    hand.save()
    expect(page.locator("h1")).to_have_text("Rondje heide")
    expect(page.locator("[data-route] svg.sketch")).to_be_visible()
    assert page.locator("[data-route]").get_attribute("data-points") == "5"


def planned(page: Page, js: bool) -> str:
    """A walk with an exercise; the weather comes by itself. Gives its address."""
    hand = Hand(page)
    hand.tap("nav a[href='/clients/']")
    hand.tap("main a:has-text('Sanne')")
    hand.tap("main a[href*='/walks/new']")
    hand.choose("date", "2026-12-01")
    hand.choose("time", "10:00")
    hand.choose("setting", "outdoors")
    page.locator("[name=route_id]").select_option(label=page.locator("option:has-text('heide')").inner_text())
    with_exercise(page, hand)
    if js:  # nobody presses anything: the weather of the plan in the making appears
        expect(page.locator("#look [data-verdict=go]")).to_be_visible(timeout=WITHIN_MS)
    hand.save()
    assert page.locator("[data-walk]").first.get_attribute("data-starts-local") == "2026-12-01T10:00"
    assert page.locator("[data-exercise]").count() >= 1
    if not js:
        look_again_until(page, "#weather [data-verdict=go]")
    expect(page.locator("#weather [data-verdict=go]")).to_be_visible(timeout=WITHIN_MS)
    expect(page.locator("#weather")).to_contain_text("MET Norway")
    return page.url.split("?")[0]


def with_exercise(page: Page, hand: Hand) -> None:
    """Puts one more exercise in the plan, that the client may see."""
    hand.unfold("[name=choose]")
    wanted = page.locator("select[name=choose] option:has-text('Vijf, vier, drie')")
    page.locator("select[name=choose]").select_option(value=wanted.get_attribute("value"))
    hand.tap("[name=move][value=choose]")
    row = page.locator(".part-row", has_text="Vijf, vier, drie")
    tick = row.locator("[name=client_exercise_ids]")
    if not tick.is_checked():
        hand.tap(row.locator("label.tick"))
    expect(tick).to_be_checked()


def look_again_until(page: Page, css: str) -> None:
    """Without script a person looks again after a while."""
    for _ in range(LOOKS):
        if page.locator(css).count():
            return
        page.wait_for_timeout(500)
        page.reload()


def handed_over(page: Page) -> str:
    hand = Hand(page)
    hand.tap("nav a[href='/clients/']")
    hand.tap("main a:has-text('Sanne')")
    hand.tap("a[href$='/link']")
    hand.tap("form[action$='/link'] [type=submit]")
    expect(page.locator("svg.qr")).to_be_visible()
    return page.get_attribute("[data-share-url]", "data-share-url") or ""


def client_sees(page: Page, link: str) -> None:
    """When, where, what to wear, one small exercise, and the calendar; without an account or a cookie."""
    page.goto(link)
    main = page.locator("main")
    for words in ("Dinsdag 1 december", "10.00 uur", "schaapskooi", "graden", "Vijf, vier, drie"):
        expect(main).to_contain_text(words)
    assert "Sanne" not in page.content(), "the first name is off until the coach shows it"
    button = page.locator("a.primary")
    assert (button.bounding_box() or {"y": 999})["y"] < 844, "the one button is in the first view"
    with page.expect_download() as waiting:
        button.click()
    calendar = Path(waiting.value.path()).read_text()
    assert "DTSTART;TZID=Europe/Amsterdam:20261201T100000" in calendar
    assert page.context.cookies() == []


def signed_in(page: Page) -> None:
    hand = Hand(page)
    page.goto("/")
    hand.write("email", "marieke@example.org")
    hand.write("password", PASSWORD)
    hand.tap("main [type=submit]")
    expect(page.locator("h1")).to_have_text("Deze week")


def noted(page: Page) -> None:
    """From the week to a saved note: at most eight taps."""
    hand = Hand(page)
    hand.tap("a[href$='/note']")
    hand.choose("energy_before", "3")
    hand.choose("energy_after", "5")
    for reason, mark in {"movement": "2", "practice": "3", "feeling": "1", "environment": "2"}.items():
        hand.choose(reason, mark)
    hand.write("felt_text", "Schouders zakten na tien minuten.")
    hand.save()
    expect(page.locator("[role=status]").first).to_contain_text("Bewaard")
    assert hand.taps <= 8


def found_back(page: Page, walk: str) -> None:
    """The dossier holds the note, and the walk is done."""
    hand = Hand(page)
    hand.tap("nav a[href='/clients/']")
    hand.tap("main a:has-text('Sanne')")
    expect(page.locator("main")).to_contain_text("Schouders zakten na tien minuten.")
    hand.unfold("[data-reason-score]")
    score = page.locator("[data-reason-score=practice]")
    expect(score).to_be_visible()
    assert score.get_attribute("data-value") == "3"
    page.goto(walk[walk.index("/walks/") :])
    expect(page.locator("[data-walk]")).to_have_attribute("data-status", "done")


def repeated(page: Page, walk: str) -> None:
    """The same again in two taps; on another day and time in four."""
    same = Hand(page)
    same.tap("form[action$='/repeat'] [type=submit]")
    same.save()
    expect(page.locator("[data-walk]")).to_have_attribute("data-starts-local", "2026-12-08T10:00")
    assert same.taps == 2
    page.goto(walk[walk.index("/walks/") :])
    other = Hand(page)
    other.tap("form[action$='/repeat'] [type=submit]")
    days = page.locator("[name=date][type=radio]:not(:checked)")
    day = days.last.get_attribute("value") or ""
    time = page.locator("[name=time][type=radio]:not(:checked)").last.get_attribute("value") or ""
    other.choose("date", day)
    other.choose("time", time)
    other.save()
    expect(page.locator("[data-walk]")).to_have_attribute("data-starts-local", f"{day}T{time}")
    assert other.taps == 4
