"""A real browser, and the example practice for it to look at."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import serving, states
from tests.browser.serving import Served
from tests.browser.sights import Sight
from tests.browser.watching import Watch
from tests.counting import count

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine. Without one: skipped out loud, and a failure where CI=true."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None and os.environ.get("CI"):
        pytest.fail("CI must have a Chromium (Debian: chromium)")
    if program is None:
        pytest.skip("NO CHROMIUM FOUND: nothing was tried in a real browser (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with the example practice, that nobody serves."""
    return serving.fill_demo(tmp_path_factory.mktemp("demo") / "instance")


@pytest.fixture(scope="session")
def demo(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The example practice, for tests that only look."""
    with serving.web_on_copy(demo_template, tmp_path_factory.mktemp("served")) as served:
        yield served


@pytest.fixture(scope="session")
def demos(
    chromium: Browser, demo: Served, demo_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Served]]:
    """The same for a coach who reads Dutch, and for one who reads English."""
    with serving.web_on_copy(demo_template, tmp_path_factory.mktemp("english")) as english:
        visits = Visits(chromium)
        page = visits(english)
        page.goto("/account")
        page.check("[name=language][value=en]", force=True)
        page.click(".savebar .primary")
        visits.close()
        yield {"nl": demo, "en": english}


@pytest.fixture
def fresh_demo(demo_template: Path, tmp_path: Path, visits: Visits) -> Iterator[Served]:
    """The example practice for one test, that may write in it."""
    with serving.web_on_copy(demo_template, tmp_path) as served:
        yield served
        visits.close()  # a page that waits for its weather asks on, also when nobody answers any more


@pytest.fixture(scope="session")
def client_demo(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The example practice with clients whose pages are in every state: `states["links"]` has their paths by name."""
    with serving.web_on_copy(demo_template, tmp_path_factory.mktemp("states")) as served:
        served.states["links"] = states.make_all(served)
        yield served


@pytest.fixture(scope="session")
def outdoors(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The example practice, in which each test has a walk of its own."""
    with serving.web_on_copy(demo_template, tmp_path_factory.mktemp("outdoors")) as served:
        yield served


def open_sight(visits: Visits, page: Page, sight: Sight) -> None:
    """Goes there; what comes has the status it should have."""
    if sight.act:
        page.goto(sight.address)
    with visits.watch.expecting(sight.status):
        if sight.act:
            sight.act(page)
        else:
            page.goto(sight.address)


@dataclass
class Visits:
    """Opens pages for one test and watches them. `visits(served, width=390, js=False)` gives a page."""

    browser: Browser
    watch: Watch = field(default_factory=lambda: Watch(set()))
    _open: ExitStack = field(default_factory=ExitStack)

    def __call__(
        self,
        served: Served,
        *,
        width: int = 1280,
        js: bool = True,
        signed_in: bool = True,
        email: str = serving.EMAIL,
        language: str = "nl",
        **options: Any,
    ) -> Page:
        name = "coach" if email == serving.EMAIL else email
        if signed_in and name not in served.states:
            served.states[name] = self._sign_in(served, email)
        context = self.context(
            served,
            java_script_enabled=js,
            locale={"nl": "nl-NL", "en": "en-GB"}[language],
            viewport={"width": width, "height": 844 if width < 700 else 800},
            storage_state=served.states[name] if signed_in else None,
            **options,
        )
        return context.new_page()

    def context(self, served: Served, **options: Any) -> BrowserContext:
        self.watch.hosts.add(urlsplit(served.base).netloc)
        context = self.browser.new_context(base_url=served.base, **{"service_workers": "block", **options})
        self._open.callback(context.close)
        context.set_default_timeout(PATIENCE_MS)
        self.watch.attach(context)
        return context

    def _sign_in(self, served: Served, email: str) -> Any:
        page = self.context(served, locale="nl-NL").new_page()
        page.goto("/login")
        page.fill("[name=email]", email)
        page.fill("[name=password]", serving.PASSWORD)
        page.click("main [type=submit]")
        page.wait_for_url(lambda url: not url.endswith("/login"))
        return page.context.storage_state()

    def standing(self) -> Iterator[str]:
        """What a person would see now."""
        for context in self.browser.contexts:
            for page in context.pages:
                yield f"{page.url}\n{page.locator('body').inner_text()[:3000]}"

    def close(self) -> None:
        self._open.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """A failure shows the pages that stood open."""
    report = yield
    made = getattr(item, "funcargs", {}).get("visits")
    if made is not None and report.when == "call" and report.failed:
        report.sections.append(("pages that stood open", "\n\n".join(made.standing())))
    return report


@pytest.fixture
def visits(chromium: Browser) -> Iterator[Visits]:
    """Whatever a browser complains about in any page of the test fails it."""
    made = Visits(chromium)
    yield made
    made.close()
    count("pages in a browser", made.watch.pages)
    assert not made.watch.faults, "\n".join(made.watch.faults)
