"""A walk with the network gone, in a real browser: the sheet opens, the note is kept encrypted and sent once."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, Page, Route, expect

from planner.domain.notes import NoteContent
from planner.services.notes import note_history, note_pages, notes
from planner.services.walks import walks
from tests import makers
from tests.browser import serving
from tests.browser.conftest import Visits
from tests.browser.serving import Served
from tests.browser.states import behind
from tests.browser.test_axe import violations
from tests.browser.test_screens import TOO_SMALL, TOO_WIDE
from tests.browser.watching import comes_true

pytestmark = pytest.mark.browser
TODAY = datetime(2026, 11, 23, 8, 0)
MARK = "Wilgenkatje"
"""Stands in what is typed, and nowhere else."""
UNSENT = "Nog niet verstuurd. Je notitie staat op deze telefoon."
THUMB = 64
READY = """async () => {
  await navigator.serviceWorker.ready;
  const kept = await caches.keys();
  const all = await Promise.all(kept.map(async one => (await caches.open(one)).keys()));
  return all.flat().some(one => one.url.includes('/note?'));
}"""
"""The note is kept last; its script came with the sheet."""
IN_CACHES = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const kept = await caches.open(name);
    for (const one of await kept.keys()) texts.push(await (await kept.match(one)).text());
  }
  return texts.join('\\n');
}"""
IN_STORES = """async () => {
  const plain = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
  for (const {name} of await indexedDB.databases()) {
    const db = await new Promise(done => { const a = indexedDB.open(name); a.onsuccess = () => done(a.result); });
    for (const table of db.objectStoreNames) {
      const rows = await new Promise(done => {
        const a = db.transaction(table).objectStore(table).getAll(); a.onsuccess = () => done(a.result);
      });
      for (const row of rows) {
        if (row instanceof CryptoKey) plain.push(`key ${row.extractable}`);
        else for (const [what, value] of Object.entries(row)) {
          const raw = value?.buffer || value?.byteLength;
          plain.push(`${what} ` + (raw ? new TextDecoder('latin1').decode(value) : value));
        }
      }
    }
    db.close();
  }
  return plain.join('\\n');
}"""


def a_walk(served: Served, **given: Any) -> int:
    """A walk of this morning, with a past that a telephone has no business with."""
    with behind(served) as world:
        client = makers.make_client(
            world, "Sanne", last_name="Dijk", consent_health=True, phone="06 12345678"
        )
        before = makers.make_walk(world, client, datetime(2026, 11, 16, 8, 0))
        makers.make_note(world, before, felt_text="pleinvrees in de winkel", home_step="adem bij pleinvrees")
        kit = (makers.an_exercise(world, "worry-bench"),)
        return makers.make_walk(world, client, TODAY, exercises=kit, focus="pleinvrees herkennen", **given)


def phone(visits: Visits, served: Served, walk: int) -> Page:
    """On the sheet of the walk, which the telephone has kept by now."""
    page = visits(served, width=390, service_workers="allow")
    page.goto(f"/walks/{walk}/sheet")
    comes_true(page, READY)
    return page


def writing(visits: Visits, served: Served, walk: int) -> Page:
    """On the note, without a network."""
    page = phone(visits, served, walk)
    page.context.set_offline(True)
    page.get_by_role("link", name="Klaar – schrijf notitie").click()
    page.locator("[name=felt_text]").wait_for()
    return page


def write(page: Page, text: str = MARK) -> None:
    page.evaluate("document.querySelector('[data-unsaved]').dataset.state = ''")
    page.fill("[name=felt_text]", text)
    expect(page.locator("[data-unsaved]")).to_have_attribute("data-state", "kept")


def save(page: Page) -> None:
    page.get_by_role("button", name="Bewaar notitie").click()


def unsent(page: Page) -> None:
    page.locator("[data-state=unsent]").get_by_text(UNSENT).wait_for()


def saved(served: Served, walk: int) -> tuple[str, int]:
    """The text of the note, and how often it was written."""
    with behind(served) as world:
        note = note_pages.page(world.store, world.coach(), walk).note
        return (note.content.felt_text, note.version) if note else ("", 0)


def on_walk_page(page: Page, walk: int) -> None:
    page.wait_for_url(f"**/walks/{walk}")
    page.get_by_text("Bewaard.", exact=True).wait_for()


def nothing_is_left(page: Page) -> None:
    assert page.evaluate("caches.keys()") == []
    assert "sealed" not in page.evaluate(IN_STORES)
    assert "waits" not in {one["name"] for one in page.context.cookies()}


def test_the_sheet_opens_without_a_network_after_one_visit(visits: Visits, outdoors: Served) -> None:
    walk = a_walk(outdoors)
    page = phone(visits, outdoors, walk)
    assert "pleinvrees herkennen" in page.locator("main").inner_text()
    page.context.set_offline(True)
    page.add_init_script(AXE_SCRIPT)
    page.reload()
    expect(page.get_by_text("Geen internet. Alles wat je nodig hebt staat hier al.")).to_be_visible()
    assert "Onderweg met Sanne" in page.locator("h1").inner_text()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert violations(page) == []
    assert page.evaluate(TOO_WIDE) == [] and page.evaluate(TOO_SMALL, THUMB) == []
    page.goto(f"/walks/{walk}/note")
    page.locator("[name=felt_text]").wait_for()
    assert violations(page) == [] and page.evaluate(TOO_WIDE) == []
    assert "pleinvrees" not in page.evaluate(IN_CACHES), "nothing of the past, and no focus"
    page.goto(f"/walks/{walk}/sheet")


def test_a_note_without_a_network_is_sent_once_when_it_is_back(visits: Visits, outdoors: Served) -> None:
    walk = a_walk(outdoors)
    page = writing(visits, outdoors, walk)
    write(page)
    page.check("[name=energy_after][value='7']", force=True)
    save(page)
    unsent(page)
    expect(page.get_by_role("button", name="Stuur opnieuw")).to_be_visible()
    page.reload()
    expect(page.locator("[name=felt_text]")).to_have_value(MARK)
    assert page.is_checked("[name=energy_after][value='7']")
    unsent(page)
    found = page.evaluate(IN_STORES)
    assert "key false" in found and "sealed" in found, "a key that does not leave, and something sealed"
    assert MARK not in found and MARK not in page.evaluate(IN_CACHES)
    page.context.set_offline(False)
    on_walk_page(page, walk)
    assert saved(outdoors, walk) == (MARK, 1)
    nothing_is_left(page)
    page.context.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(f"/walks/{walk}/sheet")


def test_after_the_sign_in_ended(visits: Visits, outdoors: Served) -> None:
    walk = a_walk(outdoors)
    page = writing(visits, outdoors, walk)
    write(page)
    page.context.clear_cookies(name="session")
    page.context.set_offline(False)
    save(page)
    page.get_by_text("Je bent uitgelogd. Je notitie staat op deze telefoon.").wait_for()
    assert page.evaluate("caches.keys()") != [], "who is outdoors keeps the sheet"
    page.get_by_role("link", name="Inloggen").click()
    page.fill("[name=email]", serving.EMAIL)
    page.fill("[name=password]", serving.PASSWORD)
    page.click("main [type=submit]")
    on_walk_page(page, walk)
    assert saved(outdoors, walk) == (MARK, 1)


def test_an_answer_that_got_lost_makes_no_second_note(visits: Visits, outdoors: Served) -> None:
    """The server has it, the phone does not know; and more is typed before it is sent again, and while it is sent."""
    walk = a_walk(outdoors)
    page = writing(visits, outdoors, walk)
    write(page)
    page.context.set_offline(False)
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and len(lost) < 3:
            lost.append(route.fetch(max_redirects=0).text() if len(lost) < 2 else "heard")
            page.evaluate("document.querySelector('[name=felt_text]').value += ' erbij'")
            if lost[-1] != "heard":
                return route.abort("internetdisconnected")
        route.continue_()
        return None

    page.context.route("**/note?on_the_way=1", lose)
    save(page)
    on_walk_page(page, walk)
    assert len(lost) == 3
    assert saved(outdoors, walk) == (f"{MARK} erbij erbij erbij", 4)
    with behind(outdoors) as world:
        earlier = note_history.page(world.store, world.coach(), walk, world.now).earlier
    assert [one.content.felt_text for one in earlier] == [f"{MARK} erbij erbij", f"{MARK} erbij", MARK]


def test_changed_on_the_laptop_meanwhile_both_texts_stand_there(visits: Visits, outdoors: Served) -> None:
    walk = a_walk(outdoors)
    page = writing(visits, outdoors, walk)
    write(page)
    with behind(outdoors) as world:
        content = NoteContent(felt_text="van de laptop")
        notes.save(world.store, world.coach(), walk, notes.SaveNote("walked", content), world.now)
    page.context.set_offline(False)
    with visits.watch.expecting(409):
        save(page)
        page.locator("#saved-now").get_by_text("van de laptop").wait_for()
    felt = page.locator("[name=felt_text]")
    expect(felt).to_have_value(MARK)
    page.click("[name=take_saved][value=felt_text]")
    expect(felt).to_have_value("van de laptop")
    felt.fill(MARK)
    save(page)
    on_walk_page(page, walk)
    assert saved(outdoors, walk) == (MARK, 2)


def test_a_field_that_cannot_be_comes_back_with_its_sentence(visits: Visits, outdoors: Served) -> None:
    walk = a_walk(outdoors)
    page = writing(visits, outdoors, walk)
    write(page)
    page.context.set_offline(False)
    page.check("[name=tool_for_today][value='']", force=True)
    with visits.watch.expecting(422):
        page.get_by_role("button", name="Bewaar en sluit af").click()
        page.locator("[data-error=tool_for_today]").wait_for()
    expect(page.locator("[name=felt_text]")).to_have_value(MARK)
    page.fill("#tool-own", "zuchten")
    page.get_by_role("button", name="Bewaar en sluit af").click()
    page.wait_for_url(f"**/walks/{walk}")
    assert saved(outdoors, walk)[0] == MARK


def test_sign_out_asks_to_send_first(visits: Visits, outdoors: Served) -> None:
    walk = a_walk(outdoors)
    page = writing(visits, outdoors, walk)
    write(page)
    page.context.set_offline(False)
    page.goto("/account")
    page.locator(".me summary").click()
    with visits.watch.expecting(409):
        page.get_by_role("button", name="Uitloggen").click()
        page.get_by_text("Een notitie is nog niet verstuurd").first.wait_for()
    page.get_by_role("link", name="Open de notitie").click()
    expect(page.locator("[name=felt_text]")).to_have_value(MARK)
    page.goto("/account")
    page.locator(".me summary").click()
    with visits.watch.expecting(409):
        page.get_by_role("button", name="Uitloggen").click()
        page.get_by_role("button", name="Toch uitloggen").wait_for()
    page.get_by_role("button", name="Toch uitloggen").click()
    page.wait_for_url("**/login")
    del outdoors.states["coach"]
    nothing_is_left(page)


@pytest.mark.parametrize("how", ["cancelled", "erased", "another device", "nothing is kept here"])
def test_the_copy_goes_at_the_next_contact(visits: Visits, outdoors: Served, how: str) -> None:
    walk = a_walk(outdoors)
    page = phone(visits, outdoors, walk)
    status = 200
    with behind(outdoors) as world:
        if how == "cancelled":
            walks.cancel(world.store, world.coach(), walk, "coach", world.now)
        elif how == "another device":
            makers.make_note(world, walk)
    if how == "erased":
        page.context.route(
            "**/sheet", lambda route: route.continue_(url=route.request.url.replace(str(walk), "1"))
        )
        status = 404
    elif how == "nothing is kept here":
        page.goto("/account/device")
        page.check("[name=keeps_nothing]", force=True)
        page.click(".savebar .primary")
        page.get_by_text("Bewaard.", exact=True).wait_for()
    with visits.watch.expecting(404) if status == 404 else nullcontext():
        page.goto(f"/walks/{walk}/sheet")
        comes_true(
            page, "async () => (await caches.keys()).length === 0"
        )  # its answer is passed on to the page by then
    page.context.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(f"/walks/{walk}/sheet")


EARLIER = "() => { const now = Date.now; Date.now = () => now() - 400 * 864e5; }"
LEARNT = """async (ms) => {
  const [name] = await caches.keys(), kept = await caches.open(name);
  const all = await Promise.all((await kept.keys()).map(one => kept.match(one)));
  const ahead = all.filter(one => one.headers.has('X-Kept-Until')).map(one => one.headers.get('X-Clock-Ahead'));
  return ahead.length === 2 && ahead.every(one => Number(one) > ms);
}"""
"""The copies of the sheet and of the note know how far this clock is ahead."""
LATER = "() => { const now = Date.now; Date.now = () => now() + 40 * 3600e3; }"


def hears(page: Page, hours: int) -> None:
    """From now on the server says that it is so many hours later."""
    at = format_datetime(datetime.now(UTC) + timedelta(hours=hours), usegmt=True)
    page.route("**/healthz", lambda route: route.fulfill(status=200, headers={"Date": at}))


@pytest.mark.parametrize("clock", ["", EARLIER], ids=["right", "set back"])
def test_a_copy_whose_time_is_over_is_cleared_away(visits: Visits, outdoors: Served, clock: str) -> None:
    """Also when only the week is opened, and whatever the clock of the phone says."""
    page = phone(visits, outdoors, a_walk(outdoors))
    assert page.evaluate("caches.keys()") != []
    with page.expect_response("**/healthz"):
        page.goto("/")  # the time is not over yet
    if clock:
        page.add_init_script(f"({clock})()")
    hears(page, 40)
    page.goto("/")
    comes_true(page, "async () => (await caches.keys()).length === 0")


def test_a_clock_that_is_set_ahead_drops_no_sheet(visits: Visits, outdoors: Served) -> None:
    page = phone(visits, outdoors, a_walk(outdoors))
    page.add_init_script(f"({LATER})()")
    with page.expect_response("**/healthz"):
        page.goto("/")
    comes_true(page, LEARNT, 39 * 3600e3)
    assert page.evaluate("async () => (await caches.keys()).length") == 1


LOOKED_AT = "document.dispatchEvent(new Event('visibilitychange'))"
"""Somebody comes back to the tab: what was typed is kept at once."""


def test_the_laptop_keeps_a_draft_at_the_server(visits: Visits, outdoors: Served) -> None:
    walk = a_walk(outdoors)
    page = visits(outdoors)
    page.goto(f"/walks/{walk}/note")
    held: list[Route] = []
    page.route("**/note/draft", lambda route: held.append(route), times=1)  # noqa: PLW0108 - it marks it
    page.fill("[name=felt_text]", MARK)
    with page.expect_request("**/note/draft"):
        page.evaluate(LOOKED_AT)
    page.fill("[name=felt_text]", f"{MARK} en verder")
    page.evaluate(LOOKED_AT)
    held[0].continue_()
    expect(page.locator("[data-unsaved]")).to_have_attribute("data-state", "typing")
    page.context.set_offline(True)
    page.get_by_text("Concept bewaard op dit apparaat.").wait_for()
    page.context.set_offline(False)
    page.get_by_text("Concept bewaard om 9.0").wait_for()
    cookies = page.context.cookies()
    page.context.clear_cookies(name="session")
    page.fill("[name=felt_text]", f"{MARK} en nog verder")
    with visits.watch.expecting(400):
        page.evaluate(LOOKED_AT)
        page.get_by_text("Je bent uitgelogd. Wat je typte, staat alleen op deze pagina.").wait_for()
    assert page.locator("[data-unsaved] a").get_attribute("target") == "_blank", "what was typed stays here"
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.get_by_text("Concept bewaard om 9.0").wait_for()
    assert saved(outdoors, walk) == ("", 0)
    other = page.context.new_page()
    other.goto(f"/walks/{walk}/note")
    expect(other.locator("[name=felt_text]")).to_have_value(f"{MARK} en nog verder")
    assert "dat nog niet bewaard is" in other.locator("main").inner_text()
    assert MARK not in other.evaluate(IN_STORES)
    save(other)
    on_walk_page(other, walk)
    other.goto(f"/walks/{walk}/note")
    assert "concept" not in other.locator("main").inner_text()
