"""The ordinary note when the network goes: what was typed stays, and is saved once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits
from tests.browser.serving import Served
from tests.browser.test_on_the_way import IN_STORES, MARK, a_walk, on_walk_page, save, saved, unsent

pytestmark = pytest.mark.browser
FELT = "[name=felt_text]"
ONLY_HERE = "Geen internet. Je tekst staat nog op deze pagina. Bewaar straks opnieuw."
MORE = f"{MARK} en toen de rest"
ASKS = "() => { const e = new Event('beforeunload', {cancelable: true}); dispatchEvent(e); return e.defaultPrevented; }"
"""Whether leaving the page asks first."""

ALSO_UNDER = """async ([walk, other]) => {
  const db = await new Promise(done => { const a = indexedDB.open('notes'); a.onsuccess = () => done(a.result); });
  const mark = document.documentElement.dataset.mark, deal = db.transaction('drafts', 'readwrite');
  const all = deal.objectStore('drafts'), found = all.get(`${mark} ${walk}`);
  found.onsuccess = () => all.put(found.result, `${mark} ${other}`);
  await new Promise(done => { deal.oncomplete = done; });
  db.close();
}"""
FASTER = "const set = setTimeout; window.setTimeout = (act, ms) => set(act, ms / 20);"


def cut(visits: Visits, served: Served, walk: int, *, keeps: bool = True) -> Page:
    """On the note, saved by nobody, when the network goes; and more typed after that."""
    page = visits(served, width=390)
    if not keeps:
        page.goto("/account/device")
        page.check("[name=keeps_nothing]", force=True)
        page.click(".savebar .primary")
        page.get_by_text("Bewaard.", exact=True).wait_for()
    page.goto(f"/walks/{walk}/note")
    page.fill(FELT, MARK)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_text("Concept bewaard om").wait_for()
    page.context.set_offline(True)
    page.fill(FELT, MORE)
    return page


def test_what_is_newer_than_the_draft_is_said_to_be_not_kept(visits: Visits, outdoors: Served) -> None:
    page = visits(outdoors, width=390)
    page.goto(f"/walks/{a_walk(outdoors)}/note")
    page.fill(FELT, MARK)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_text("Concept bewaard om").wait_for()
    page.fill(FELT, MORE)
    assert page.locator("[data-unsaved] [role=status]").inner_text() == "Nog niet bewaard."


@pytest.mark.parametrize(("way", "state"), [("", "draft"), ("?on_the_way=1", "kept")])
def test_who_types_before_the_script_listens_loses_nothing(
    visits: Visits, outdoors: Served, way: str, state: str
) -> None:
    page, held = visits(outdoors, width=390), []
    page.add_init_script(FASTER)
    page.route("**/note*.js", lambda route: held.append(route))  # noqa: PLW0108 - it marks it
    with page.expect_request("**/note*.js"):
        page.goto(f"/walks/{a_walk(outdoors)}/note{way}", wait_until="commit")
    page.fill(FELT, MARK)
    held[0].continue_()
    expect(page.locator("[data-unsaved]")).to_have_attribute("data-state", state)
    expect(page.locator(FELT)).to_have_value(MARK)


def test_saved_without_a_network_it_is_sent_once_by_itself(visits: Visits, outdoors: Served) -> None:
    walk = a_walk(outdoors)
    page = cut(visits, outdoors, walk)
    save(page)
    unsent(page)
    assert page.url.endswith("/note"), "no page of the browser itself"
    expect(page.locator(FELT)).to_have_value(MORE)
    assert not page.evaluate(ASKS), "it is on this phone"
    found = page.evaluate(IN_STORES)
    assert "sealed" in found and MARK not in found
    page.fill(FELT, f"{MORE} en nog iets")
    page.context.set_offline(False)
    on_walk_page(page, walk)
    assert saved(outdoors, walk) == (f"{MORE} en nog iets", 1)
    assert "sealed" not in page.evaluate(IN_STORES)


def test_what_was_typed_without_a_network_is_there_when_the_page_opens_again(
    visits: Visits, outdoors: Served
) -> None:
    """And opens in the note of its own walk only, wherever it lies."""
    walk, other = a_walk(outdoors), a_walk(outdoors)
    page = cut(visits, outdoors, walk)
    page.get_by_text("Concept bewaard op dit apparaat.").wait_for()
    page.evaluate(ALSO_UNDER, [str(walk), str(other)])
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(f"/walks/{other}/note")
    page.fill(FELT, "van een ander")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_text("Concept bewaard om").wait_for()
    page.goto(f"/walks/{walk}/note")
    expect(page.locator(FELT)).to_have_value(MORE)
    save(page)
    on_walk_page(page, walk)
    assert saved(outdoors, walk) == (MORE, 1)


def test_where_nothing_may_be_kept_the_text_stays_on_the_page(visits: Visits, outdoors: Served) -> None:
    walk = a_walk(outdoors)
    page = cut(visits, outdoors, walk, keeps=False)
    save(page)
    page.locator("[data-state=here]").get_by_text(ONLY_HERE).wait_for()
    expect(page.locator(FELT)).to_have_value(MORE)
    assert page.evaluate(ASKS), "leaving loses it"
    assert "sealed" not in page.evaluate(IN_STORES)
    page.context.set_offline(False)
    save(page)
    on_walk_page(page, walk)
    assert saved(outdoors, walk) == (MORE, 1)


def test_a_field_that_cannot_be_comes_back_beside_what_was_typed(visits: Visits, outdoors: Served) -> None:
    walk = a_walk(outdoors)
    page = visits(outdoors, width=390)
    page.goto(f"/walks/{walk}/note")
    page.fill(FELT, MARK)
    page.check("[name=tool_for_today][value='']", force=True)
    with visits.watch.expecting(422):
        page.get_by_role("button", name="Bewaar en sluit af").click()
        page.locator("[data-error=tool_for_today]").wait_for()
    expect(page.locator(FELT)).to_have_value(MARK)
    assert page.evaluate(ASKS), "leaving loses it"
    assert "sealed" not in page.evaluate(IN_STORES), "with a network nothing is kept here"
    page.fill("#tool-own", "zuchten")
    page.get_by_role("button", name="Bewaar en sluit af").click()
    page.wait_for_url(f"**/walks/{walk}")
    assert saved(outdoors, walk)[0] == MARK


def test_leaving_asks_after_any_form_that_was_refused(visits: Visits, outdoors: Served) -> None:
    page = visits(outdoors, width=390)
    page.goto("/clients/new")
    assert not page.evaluate(ASKS)
    page.fill("[name=last_name]", "de Boer")
    with visits.watch.expecting(422):
        page.click(".savebar .primary")
        page.locator("[data-error=first_name]").wait_for()
    assert page.evaluate(ASKS), "what was typed stands on the page that came back"
    page.fill("[name=first_name]", "Bo")
    page.click(".savebar .primary")
    page.get_by_role("heading", name="Bo de Boer").wait_for()
    assert not page.evaluate(ASKS)
