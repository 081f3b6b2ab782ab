"""With the script several files go one at a time; one that does not arrive costs nobody the others."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Visits
from tests.browser.serving import Served

pytestmark = pytest.mark.browser
HEARS = """() => {
  const status = document.querySelector('form [role=status]');
  window.told = [];
  new MutationObserver(() => window.told.push(status.textContent)).observe(status, {childList: true});
}"""


def file(name: str, lat: float | None) -> FilePayload:
    points = "" if lat is None else f'<trkpt lat="{lat}" lon="5"/><trkpt lat="{lat + 0.01}" lon="5"/>'
    text = f"<gpx><trk><name>{name}</name><trkseg>{points}</trkseg></trk></gpx>"
    return {"name": f"{name}.gpx", "mimeType": "application/gpx+xml", "buffer": text.encode()}


def bring(page: Page, *files: FilePayload) -> None:
    page.set_input_files("[name=files]", list(files))
    page.click("text=Importeer >> visible=true")


def test_one_at_a_time_with_progress_in_words(visits: Visits, fresh_demo: Served) -> None:
    page = visits(fresh_demo)
    page.goto("/routes/import")
    page.evaluate(HEARS)
    cards = page.locator("#report li.card")
    with visits.watch.expecting(422):
        bring(page, file("een", 52.1), file("leeg", None), file("twee", 52.3))
        expect(page.locator("form [role=status]").first).to_contain_text("Klaar.")
    assert page.evaluate("window.told")[:3] == [
        f"Bestand {number} van 3: {name}.gpx" for number, name in ((1, "een"), (2, "leeg"), (3, "twee"))
    ]
    expect(cards).to_have_count(3)
    expect(page.locator("[data-route-in=added]")).to_have_count(2)
    page.context.set_offline(True)
    bring(page, file("drie", 52.5), file("vier", 52.7))
    expect(cards.nth(4)).to_contain_text("vier.gpx kwam niet aan")
    page.context.set_offline(False)
    bring(page, file("drie", 52.5), file("twee", 52.3))
    expect(page.locator("[data-route-in=added]")).to_have_count(3)
    expect(page.locator("[data-route-in=same]")).to_have_count(1)
    page.locator("[data-route-in=same] button").click()
    expect(page.locator("h1")).to_have_text("twee")
