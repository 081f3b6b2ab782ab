"""The pictures of the README, from the example practice in a real browser: `make screenshots`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import serving
from tests.browser.conftest import FLAGS, PROGRAMS
from tests.browser.serving import EMAIL, PASSWORD, ROOT, Served
from tests.browser.whereabouts import practice_of

FOLDER = ROOT / "docs" / "screenshots"
LAPTOP, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}


def take(browser: Browser, served: Served) -> None:
    laptop = browser.new_context(viewport=LAPTOP, locale="nl-NL", base_url=served.base)
    page = laptop.new_page()
    page.goto("/login")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    practice = practice_of(served, page)
    number = practice.client.rsplit("/", 1)[-1]
    wanted = {
        "week": ("/", LAPTOP),
        "client": (practice.client, LAPTOP),
        "plan": (f"/walks/new?client={number}&date=2026-11-25", LAPTOP),
        "walk": (practice.coming_walk, LAPTOP),
        "routes": ("/routes/", LAPTOP),
        "note-phone": (f"{practice.coming_walk}/note", PHONE),
        "week-phone": ("/", PHONE),
        "client-page-phone": (practice.link, PHONE),
    }
    for name, (address, size) in wanted.items():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.goto(address)
        page.screenshot(path=FOLDER / f"{name}.jpg", type="jpeg", quality=72)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        sys.exit("No Chromium found (Debian: apt install chromium)")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template = serving.fill_demo(folder / "demo")
        with serving.web_on_copy(template, folder) as served, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            take(browser, served)
            browser.close()


if __name__ == "__main__":
    main()
