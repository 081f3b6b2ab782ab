"""What every page costs a browser, on a good line and on a bad one: `make paint`. Measured, never a test.

Of each page, on a first visit: kilobytes and requests as they come over the line, hosts, what the browser complains
about, seconds to the first and the largest paint, and how far anything moved. The figures go into the JSON file of
`make bench`.

    python -m tests.browser.paint --only week "new walk" "client: one" --lines slow
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench.sets import FOLDER
from tests.browser import serving, sights, states, whereabouts
from tests.browser.conftest import FLAGS, PROGRAMS, Visits
from tests.browser.serving import Served
from tests.browser.test_weight import weigh
from tests.browser.watching import Watch

LINES: dict[str, tuple[dict[str, Any], int]] = {
    "fast": (
        {"offline": False, "latency": 40, "downloadThroughput": 1_250_000, "uploadThroughput": 625_000},
        1,
    ),
    "slow": ({"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}, 4),
}
"""Milliseconds there and back, bytes a second; and how many times slower than this machine the telephone is. Slow is
the slow 3G of Lighthouse."""
GOALS_S = {"coach": (2.0, 2.0), "client": (1.0, 3.5)}
"""First and largest paint on the slow line, by whose page it is."""
MOVED = 0.02
COACH, CLIENT = "coach", "client"
WATCH_MOVES = """
  window.moved = 0;
  const add = (one) => { if (!one.hadRecentInput) window.moved += one.value; };
  new PerformanceObserver((list) => list.getEntries().forEach(add)).observe({type: 'layout-shift', buffered: true});
"""
PAINTS = """() => new Promise((done) => {
  const first = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
  const largest = (list) => Math.max(...list.getEntries().map((one) => one.startTime));
  const watch = new PerformanceObserver((list) => done([first(), largest(list), window.moved]));
  watch.observe({type: 'largest-contentful-paint', buffered: true});
})"""


@dataclass(frozen=True)
class Figures:
    """Seconds, kilobytes and how far things moved (0 to 1); the median of a few visits."""

    first_s: float
    largest_s: float
    moved: float
    kilobytes: float
    requests: int
    hosts: int
    complaints: int


def main() -> None:
    options = _options()
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        sys.exit("No Chromium found (Debian: apt install chromium)")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        template = serving.fill_demo(folder / "demo")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        with (
            serving.web_on_copy(template, folder / "coach") as served,
            serving.web_on_copy(template, folder / "client") as clients,
        ):
            found = {
                line: dict(_of_everybody(browser, served, clients, line, options)) for line in options.lines
            }
        browser.close()
    kept = json.loads(options.out.read_text()) if options.out.exists() else {}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(kept | {"browser": found}, indent=1))
    print(f"kept in {options.out}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What every page costs a browser.")
    parser.add_argument("--only", nargs="+", default=[], help="names of pages, as they are printed")
    parser.add_argument("--lines", nargs="+", choices=LINES, default=list(LINES))
    parser.add_argument("--times", type=int, default=1, help="visits of each page; the median counts")
    parser.add_argument("--out", type=Path, default=FOLDER / "bench.json")
    return parser.parse_args()


def _of_everybody(
    browser: Browser, served: Served, clients: Served, line: str, options: argparse.Namespace
) -> Any:
    """(name, figures) of each page, printed as they come."""
    visits = Visits(browser)
    places = whereabouts.practice_of(served, visits(served))
    pages = [*sights.people(places), *sights.library(places), *sights.walks(places)]
    asked = [(one.name, COACH, served, one.address) for one in pages if not one.act and one.status == 200]
    links = clients.states.setdefault("links", {}) or states.make_all(clients)
    clients.states["links"] = links
    asked += [(f"client: {name}", CLIENT, clients, address) for name, address in links.items()]
    for name, whose, where, address in asked:
        if not options.only or name in options.only:
            signed_in = served.states["coach"] if whose == COACH else None
            found = [_visit(browser, where, address, signed_in, line) for _ in range(options.times)]
            middle = _middle(found)
            print(_said(line, name, whose, middle), flush=True)
            yield name, asdict(middle) | {"whose": whose}
    visits.close()


def _visit(browser: Browser, served: Served, address: str, signed_in: Any, line: str) -> Figures:
    watch = Watch({urlsplit(served.base).netloc})
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        base_url=served.base,
        locale="nl-NL",
        storage_state=signed_in,
        service_workers="block",
    )
    watch.attach(context)
    kilobytes, requests, paints = _opened(context, address, line)
    context.close()
    first, largest, moved = paints
    return Figures(
        first / 1000, largest / 1000, moved, kilobytes, requests, len(watch.visited), len(watch.faults)
    )


def _opened(
    context: BrowserContext, address: str, line: str
) -> tuple[float, int, tuple[float, float, float]]:
    conditions, slower = LINES[line]
    page = context.new_page()
    page.add_init_script(WATCH_MOVES)
    tools = context.new_cdp_session(page)
    tools.send("Network.emulateNetworkConditions", conditions)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    kilobytes, requests = weigh(page, address)
    return kilobytes, requests, page.evaluate(PAINTS)


def _middle(found: list[Figures]) -> Figures:
    values = [asdict(one) for one in found]
    return Figures(**{name: statistics.median(one[name] for one in values) for name in values[0]})


def _said(line: str, name: str, whose: str, one: Figures) -> str:
    first, largest = GOALS_S[whose]
    fine = line != "slow" or (one.first_s <= first and one.largest_s <= largest)
    fine = fine and one.moved <= MOVED and one.hosts == 1 and not one.complaints
    return (
        f"{line:5}{name:34}{one.first_s:6.2f} s{one.largest_s:6.2f} s{one.moved:7.3f}{one.kilobytes:7.1f} KB"
        f"{one.requests:4.0f} requests{'' if fine else '   above the goal'}"
    )


if __name__ == "__main__":
    main()
