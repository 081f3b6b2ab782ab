"""The worker of the client's page, whatever it is answered: in a real browser, a server that says what a test wants."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event

import pytest
from playwright.sync_api import Browser, Error, Page
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.browser.conftest import PATIENCE_MS
from tests.browser.serving import Served
from tests.browser.test_client_page import link
from tests.browser.test_offline import kept
from tests.browser.watching import comes_true

pytestmark = pytest.mark.browser
PAGE = """<!doctype html><title>x</title><p data-kept hidden>kopie</p><p id=words>{words}</p>
<form method=post action=/s/a/withdraw><button>x</button></form>"""
BEGIN = "() => navigator.serviceWorker.register('worker.js').then(() => navigator.serviceWorker.ready).then(() => 1)"
UPDATE = """() => {
  navigator.serviceWorker.oncontrollerchange = () => { window.taken = true };
  navigator.serviceWorker.getRegistration().then((one) => one.update());
}"""
IS_KEPT = """async (words) => {
  const found = await (await caches.open('client-page')).match(location.href, {ignoreVary: true});
  return (await found.text()).includes(words);
}"""
PATIENCE, LESS = "PATIENCE_MS = 6000", "PATIENCE_MS = 200"
NEUTRAL: dict[str, str] = {}
MARKED = {"X-Planner-Page": "walks", "Vary": "Sec-Fetch-Mode, User-Agent"}
GIVEN_BACK = {"X-Planner-Page": "gone"}
Answer = tuple[int, str, dict[str, str]]


@dataclass
class Site:
    """`answers`: status, words and headers by path. `asked`: what came, in order. What hangs waits for `go_on`."""

    base: str
    worker: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    hangs: str = ""
    go_on: Event = field(default_factory=Event)

    def __call__(self, request: Request) -> Response:
        self.asked.append(f"{request.method} {request.path}")
        if request.path.endswith("/worker.js"):
            return Response(
                self.worker, content_type="text/javascript", headers={"Cache-Control": "no-cache"}
            )
        if request.path == self.hangs:
            self.go_on.wait(20)
        status, words, headers = self.answers.get(request.path, (404, "niets", NEUTRAL))
        return Response(PAGE.format(words=words), status, content_type="text/html", headers=headers)

    def say(self, path: str, words: str, status: int = 200, headers: dict[str, str] = MARKED) -> None:
        self.answers[path] = (status, words, headers)


@pytest.fixture
def site(client_demo: Served) -> Iterator[Site]:
    """The worker is the planner's own; under /s/slow/ it waits less."""
    with urllib.request.urlopen(f"{client_demo.base}{link(client_demo, 'nothing')}worker.js") as answer:
        worker = answer.read().decode()
    assert PATIENCE in worker
    with HTTPServer(host="127.0.0.1", threaded=True) as server:
        made = Site(server.url_for(""), worker)
        server.expect_request(re.compile(".*")).respond_with_handler(made)
        for path in ("/s/a/", "/s/b/"):
            made.say(path, "eerst")
        yield made
        made.go_on.set()


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    """Two pages are open on one telephone, and kept."""
    context = chromium.new_context(base_url=site.base)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    for path in ("/s/b/", "/s/a/"):
        page.goto(path)
        page.wait_for_function(BEGIN)
    assert kept(page) == ["/s/b/", "/s/a/"]
    yield page
    context.close()


def shown(page: Page, path: str = "/s/a/", *, offline: bool = False) -> str:
    """What stands there; "copy" behind it when that is what it says."""
    page.context.set_offline(offline)
    try:
        page.goto(path)
    except Error as error:
        assert "ERR_INTERNET_DISCONNECTED" in error.message
        return "nothing"
    finally:
        page.context.set_offline(False)
    if page.locator("#words").count() == 0:
        return page.locator("main").inner_text()
    copy = " copy" if page.locator("[data-kept]").is_visible() else ""
    return page.locator("#words").inner_text() + copy


def test_what_was_shown_last_is_kept(page: Page, site: Site) -> None:
    site.say("/s/a/", "daarna")
    assert shown(page) == "daarna"
    assert shown(page, offline=True) == "daarna copy"
    assert shown(page, "/s/b/", offline=True) == "eerst copy"


@pytest.mark.parametrize(
    ("status", "headers", "seen"),
    [
        (200, NEUTRAL, "anders"),  # the neutral page, or the sign-in page of a train
        (429, NEUTRAL, "anders"),
        (500, NEUTRAL, "eerst copy"),
        (502, NEUTRAL, "eerst copy"),
    ],
)
def test_another_answer_is_never_kept(
    page: Page, site: Site, status: int, headers: dict[str, str], seen: str
) -> None:
    site.say("/s/a/", "anders", status, headers)
    assert shown(page) == seen
    assert shown(page, offline=True) == "eerst copy"


def test_what_is_not_the_page_is_never_kept(page: Page, site: Site) -> None:
    for path in ("/s/a/walks/1.ics", "/s/a/answer"):
        site.say(path, "anders")
        assert shown(page, path) == "anders"
        assert "Dit kan nu niet open." in shown(page, path, offline=True)
    assert shown(page, offline=True) == "eerst copy"
    assert kept(page) == ["/s/b/", "/s/a/"]


@pytest.mark.parametrize("status", [404, 200])
def test_when_the_link_is_gone_so_is_the_copy(page: Page, site: Site, status: int) -> None:
    """Withdrawn, expired, renewed; or given back. Another client's page stays."""
    if status == 404:
        site.say("/s/a/", "weg", 404, NEUTRAL)
        assert shown(page) == "weg"
    else:
        site.say("/s/a/withdraw", "weg", 200, GIVEN_BACK)
        page.locator("button").click()
        page.wait_for_url("**/withdraw")
    assert kept(page) == ["/s/b/"]
    assert shown(page, offline=True) == "nothing"
    assert shown(page, "/s/b/", offline=True) == "eerst copy"


def test_who_gives_back_without_internet_keeps_the_page(page: Page, site: Site) -> None:
    page.context.set_offline(True)
    page.locator("button").click()
    page.wait_for_url("**/withdraw")
    assert "Je coach weet het nog niet." in page.locator("main").inner_text()
    assert "POST /s/a/withdraw" not in site.asked
    assert shown(page, offline=True) == "eerst copy"


def test_a_line_that_hangs_shows_the_copy(page: Page, site: Site) -> None:
    """And what comes late is kept for the next time."""
    site.say("/s/slow/", "eerst")
    page.goto("/s/slow/")
    page.wait_for_function(BEGIN)
    site.say("/s/slow/", "eindelijk")
    site.hangs = "/s/slow/"
    assert shown(page, "/s/slow/") == "eerst copy"
    site.go_on.set()
    comes_true(page, IS_KEPT, "eindelijk")
    assert shown(page, "/s/slow/", offline=True) == "eindelijk copy"


def test_a_new_link_takes_the_copy_of_the_old_one_along(page: Page, site: Site) -> None:
    site.say("/s/a/", "weg", 404, NEUTRAL)
    site.say("/s/new/", "nieuw")
    page.goto("/s/new/")
    page.wait_for_function(BEGIN)
    assert kept(page) == ["/s/b/", "/s/new/"]
    assert "HEAD /s/b/" in site.asked


def test_a_changed_worker_takes_over(page: Page, site: Site) -> None:
    site.worker = site.worker.replace("Deze pagina staat nog niet", "Deze pagina staat nu niet")
    shown(page)
    page.evaluate(UPDATE)
    page.wait_for_function("() => window.taken")
    page.evaluate("() => caches.delete('client-page')")
    assert "Deze pagina staat nu niet op je telefoon" in shown(page, offline=True)


def test_a_first_visit_asks_little(page: Page, site: Site) -> None:
    """The page, its worker, and the page again; the script that brings the worker comes beside them."""
    assert [one for one in site.asked if "/s/b/" in one][:3] == [
        "GET /s/b/",
        "GET /s/b/worker.js",
        "GET /s/b/",
    ]
