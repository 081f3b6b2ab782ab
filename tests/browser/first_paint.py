"""How soon the client's page is there over slow 3G (400 ms, 400 kbit/s): `make paint`. Measured, never a test."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import serving, states
from tests.browser.conftest import FLAGS, PROGRAMS
from tests.browser.serving import Served

SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
TIMES, GOAL_S = 5, 1.0
PAINTS = """() => new Promise((done) => {
  const first = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
  const largest = (list) => Math.max(...list.getEntries().map((one) => one.startTime));
  const watch = new PerformanceObserver((list) => done([first(), largest(list)]));
  watch.observe({type: 'largest-contentful-paint', buffered: true});
})"""


def paints(browser: Browser, served: Served, address: str) -> tuple[float, float]:
    """Seconds until the first and the largest paint of a first visit."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=served.base)
    page = context.new_page()
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_3G)
    page.goto(address)
    first, largest = page.evaluate(PAINTS)
    context.close()
    return first / 1000, largest / 1000


def main() -> None:
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        sys.exit("No Chromium found (Debian: apt install chromium)")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template = serving.fill_demo(folder / "demo")
        with serving.web_on_copy(template, folder) as served, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            for state, address in states.make_all(served).items():
                found = [paints(browser, served, address) for _ in range(TIMES)]
                first, largest = (statistics.median(one) for one in zip(*found, strict=True))
                print(f"{state:10} first paint {first:.2f} s (goal {GOAL_S} s), largest {largest:.2f} s")
            browser.close()


if __name__ == "__main__":
    main()
