"""How long a draft stays on the telephone, and how it goes from there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from planner.domain.notes import NoteContent
from planner.services.notes import notes
from tests.browser.conftest import Visits
from tests.browser.serving import Served
from tests.browser.states import behind
from tests.browser.test_on_the_way import (
    IN_STORES,
    MARK,
    a_walk,
    nothing_is_left,
    on_walk_page,
    save,
    saved,
    unsent,
    write,
    writing,
)
from tests.browser.watching import comes_true

pytestmark = pytest.mark.browser
WEEK_OLD = """async (ms) => {
  const db = await new Promise(done => { const a = indexedDB.open('notes'); a.onsuccess = () => done(a.result); });
  const drafts = db.transaction('drafts', 'readwrite').objectStore('drafts');
  const all = await new Promise(done => { const a = drafts.getAllKeys(); a.onsuccess = () => done(a.result); });
  for (const id of all) {
    const one = await new Promise(done => { const a = drafts.get(id); a.onsuccess = () => done(a.result); });
    drafts.put({...one, edited: one.edited - ms}, id);
  }
  db.close();
  return all.length;
}"""


def test_seven_days_are_the_servers_and_a_wrong_clock_counts_for_nothing(
    visits: Visits, outdoors: Served
) -> None:
    walk = a_walk(outdoors)
    page = writing(visits, outdoors, walk)
    page.add_init_script("(() => { const now = Date.now; Date.now = () => now() - 400 * 864e5; })()")
    write(page)
    assert "edited null" in page.evaluate(IN_STORES), "without a network nobody knows the time"
    page.context.set_offline(False)
    page.goto(f"/walks/{walk}/note?on_the_way=1")
    expect(page.locator("[name=felt_text]")).to_have_value(MARK)
    assert page.evaluate(WEEK_OLD, 6.9 * 864e5) == 1
    page.reload()
    expect(page.locator("[name=felt_text]")).to_have_value(MARK)
    write(page, f"{MARK} van nu")
    page.evaluate(WEEK_OLD, 0.2 * 864e5)
    page.reload()
    expect(page.locator("[name=felt_text]")).to_have_value(f"{MARK} van nu")  # it was written in just now
    page.evaluate(WEEK_OLD, 7 * 864e5)
    page.reload()
    page.get_by_text("Hier stond 7 dagen een notitie").wait_for()
    assert page.input_value("[name=felt_text]") == ""
    assert "sealed" not in page.evaluate(IN_STORES)


def test_a_note_that_was_to_be_sent_is_tried_before_its_time_is_over(
    visits: Visits, outdoors: Served
) -> None:
    walk = a_walk(outdoors)
    page = writing(visits, outdoors, walk)
    write(page)
    page.context.set_offline(False)
    page.goto(f"/walks/{walk}/note?on_the_way=1")
    expect(page.locator("[name=felt_text]")).to_have_value(MARK)
    page.context.set_offline(True)
    save(page)
    unsent(page)
    page.evaluate(WEEK_OLD, 8 * 864e5)
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(f"/walks/{walk}/sheet")
    page.goto(f"/walks/{walk}/note?on_the_way=1")
    on_walk_page(page, walk)
    assert saved(outdoors, walk) == (MARK, 1)


def test_a_note_that_was_tried_and_not_taken_goes_when_its_time_is_over(
    visits: Visits, outdoors: Served
) -> None:
    walk = a_walk(outdoors)
    page = writing(visits, outdoors, walk)
    write(page)
    page.context.route(
        f"**/walks/{walk}/note?on_the_way=1",
        lambda route: route.fulfill(status=500) if route.request.method == "POST" else route.continue_(),
    )
    page.context.set_offline(False)
    with visits.watch.expecting(500):
        save(page)
        unsent(page)
        comes_true(page, f"async () => ({IN_STORES.strip()})().then(all => all.includes('tried true'))")
        page.evaluate(WEEK_OLD, 8 * 864e5)
        page.goto(f"/walks/{walk}/note?on_the_way=1")
    page.get_by_text("Hier stond 7 dagen een notitie").wait_for()
    assert "sealed" not in page.evaluate(IN_STORES) and saved(outdoors, walk) == ("", 0)


def test_a_text_that_has_no_place_any_more_can_be_thrown_away(visits: Visits, outdoors: Served) -> None:
    walk = a_walk(outdoors)
    page = writing(visits, outdoors, walk)
    write(page)
    with behind(outdoors) as world:
        content = NoteContent(tool_text="zuchten")
        notes.save(world.store, world.coach(), walk, notes.SaveNote("walked", content, close=True), world.now)
    page.context.set_offline(False)
    with visits.watch.expecting(409):
        save(page)
        page.get_by_role("button", name="Weggooien").click()
    assert "sealed" in page.evaluate(IN_STORES), "it asks once more"
    page.get_by_role("button", name="Ja, gooi mijn tekst weg").click()
    page.wait_for_url(f"**/walks/{walk}/note")
    nothing_is_left(page)
