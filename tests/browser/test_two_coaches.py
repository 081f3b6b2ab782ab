"""Two coaches on one telephone: neither reads nor loses what the other wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Error, Page, expect

from planner.services.people import set_up
from tests.browser import serving
from tests.browser.conftest import Visits
from tests.browser.serving import Served
from tests.browser.states import behind
from tests.browser.test_on_the_way import IN_STORES, MARK, a_walk, on_walk_page, save, saved, write, writing
from tests.browser.watching import comes_true

pytestmark = pytest.mark.browser
BEA = ("bea@example.org", "rustig wandelen door het bos")


A_DRAFT_OF_MINE = """async () => {
  const db = await new Promise(done => { const a = indexedDB.open('notes'); a.onsuccess = () => done(a.result); });
  const id = `${document.documentElement.dataset.mark} 5`;
  const deal = db.transaction(['drafts', 'keys'], 'readwrite');
  deal.objectStore('drafts').put({edited: null}, id);
  deal.objectStore('keys').put('a key', `note ${document.documentElement.dataset.mark}`);
  await new Promise(done => { deal.oncomplete = done; });
  db.close();
  return id;
}"""
NOT_HERE = """async (id) => {
  const db = await new Promise(done => { const a = indexedDB.open('notes'); a.onsuccess = () => done(a.result); });
  const deal = db.transaction(['drafts', 'keys']);
  const drafts = deal.objectStore('drafts').count(id);
  const keys = deal.objectStore('keys').count(`note ${id.split(' ')[0]}`);
  await new Promise(done => { deal.oncomplete = done; });
  db.close();
  return drafts.result === 0 && keys.result === 0;
}"""


def another_coach(served: Served) -> None:
    """A practice of her own, on the same telephone."""
    with behind(served) as world:
        new = set_up.NewCoach("Bea", BEA[0], BEA[1], "nl", BEA[0])
        owner, coach = set_up.add_coach(world.store, replace(new, password=None), world.now, None)
        set_up.set_up(world.store, set_up.key_for(world.store, coach, owner, world.now), new, world.now)


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/login")
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.click("main [type=submit]")
    page.wait_for_url(lambda url: not url.endswith("/login"))


def sign_out(page: Page) -> None:
    page.goto("/account")
    page.locator(".me summary").click()
    page.get_by_role("button", name="Uitloggen").click()
    page.wait_for_url("**/login")


def test_another_coach_on_the_same_phone_neither_reads_nor_loses_the_note(
    visits: Visits, outdoors: Served
) -> None:
    another_coach(outdoors)
    walk = a_walk(outdoors)
    page = writing(visits, outdoors, walk)
    write(page)
    page.context.clear_cookies(name="session")
    page.reload()
    expect(page.locator("[name=felt_text]")).to_have_value(
        MARK
    )  # outdoors, the session over: it is still hers
    page.context.set_offline(False)
    elsewhere = page.context.new_page()
    sign_in(elsewhere, *BEA)
    with visits.watch.expecting(404):
        save(page)
        page.locator("[data-state=out]").get_by_text("Je bent uitgelogd. Je notitie staat op").wait_for()
    elsewhere.close()
    comes_true(page, "async () => (await caches.keys()).length === 0")
    with visits.watch.expecting(404):
        page.goto(f"/walks/{walk}/note?on_the_way=1")
    page.context.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(f"/walks/{walk}/sheet")
    page.context.set_offline(False)
    page.goto("/account")
    mine = page.evaluate(A_DRAFT_OF_MINE)
    sign_out(page)
    comes_true(page, NOT_HERE, mine)
    assert "sealed" in page.evaluate(IN_STORES), "what Bea signs out of is hers only"
    sign_in(page, serving.EMAIL, serving.PASSWORD)
    page.goto(f"/walks/{walk}/note")
    on_walk_page(page, walk)
    assert saved(outdoors, walk) == (MARK, 1), "sent as hers, once she is back"
