"""What was typed and not saved yet, and what was saved before: kept, shown, taken away in time."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from planner.models import EVERYONE, Base, Message, NoteDraft, NoteRevision, Walk
from planner.services.clients import consents
from planner.services.keeping import housekeeping
from planner.services.notes import note_pages
from planner.services.store import Store
from tests import makers
from tests.conftest import World
from tests.factories import make_route
from tests.page_client import Page, PageClient
from tests.web.planning import sign_in_again

WORD = "Wilgenkatje"


@pytest.fixture
def walk(world: World) -> int:
    """A walk of this morning, with a client who consented."""
    walk_id = makers.make_walk(world, makers.make_client(world, consent_health=True), "2026-11-23T10:00")
    world.set_clock("2026-11-23T11:30")
    return walk_id


def note_of(coach: PageClient, walk: int) -> Page:
    return coach.get(f"/walks/{walk}/note")


def form_of(page: Page) -> dict[str, Any]:
    """What stands in the form of the note."""
    form = page.one("form[data-note]")
    return {str(tag["name"]): str(tag.get("value", "")) for tag in form.select("input[type=hidden]")}


def keep(page: Page, **typed: object) -> tuple[int, str]:
    """As the page's own script does it; the status, and what it says."""
    fields = form_of(page) | {name: str(value) for name, value in typed.items()}
    came = page.client.post(f"{page.path.removesuffix('/draft')}/draft", fields)
    return came.status, (came.response.json or {}).get("said", "")


def many(world: World, table: type[Base]) -> int:
    with world.store.db.reading(EVERYONE) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def save(coach: PageClient, walk: int, **typed: object) -> Page:
    return note_of(coach, walk).submit(f"/walks/{walk}/note", **typed)


def test_a_draft_comes_back_and_goes_at_the_save(world: World, coach: PageClient, walk: int) -> None:
    page = note_of(coach, walk)
    assert keep(page, felt_text=WORD, energy_after=7, tool_for_today="") == (
        200,
        "Concept bewaard om 11.30.",
    )
    assert keep(page, felt_text=f"{WORD} verder", energy_after=7)[0] == 200
    assert many(world, NoteDraft) == 1, "one for a walk"
    again = note_of(coach, walk)
    assert "Hier staat een concept van maandag 23 november, 11.30 uur dat nog niet bewaard is." in again.main
    assert again.one("textarea[name=felt_text]").get_text().strip() == f"{WORD} verder"
    assert again.one("[name=energy_after][checked]")["value"] == "7"
    assert save(coach, walk).status == 200
    assert many(world, NoteDraft) == 0
    after = note_of(coach, walk)
    assert f"{WORD} verder" in after.text and "concept" not in after.main


def test_a_draft_of_another_tab_is_not_overwritten(world: World, coach: PageClient, walk: int) -> None:
    here, elsewhere = note_of(coach, walk), note_of(coach, walk)
    assert keep(here, felt_text=WORD)[0] == 200
    assert keep(elsewhere, felt_text="x") == (
        409,
        "Niet bewaard: er is al een ander concept, van maandag 23 november, 11.30 uur. "
        "Bewaar dat eerst, of gooi het weg.",
    )
    opened = note_of(coach, walk)
    assert WORD in opened.text
    assert keep(opened, felt_text=f"{WORD} verder")[0] == 200, "it began from that draft"
    assert keep(here, felt_text="oud")[0] == 409
    assert f"{WORD} verder" in note_of(coach, walk).text


def test_drafts_of_a_script_go_on_from_one_another(world: World, coach: PageClient, walk: int) -> None:
    """They carry no id of a form; over a draft of a page they do not go, nor a page's over theirs."""
    page = note_of(coach, walk)
    for text in (WORD, f"{WORD} verder"):
        assert keep(page, felt_text=text, form_id="", version="")[0] == 200
    assert many(world, NoteDraft) == 1 and f"{WORD} verder" in note_of(coach, walk).text
    assert keep(page, felt_text="van de bladzijde")[0] == 409
    assert page.submit(f"/walks/{walk}/note", form_id=None, felt_text=WORD).status == 200
    assert many(world, NoteDraft) == 0, "a save without the id serves them"
    again = note_of(coach, walk)
    assert keep(again, felt_text=WORD)[0] == 200
    assert keep(again, felt_text="van een script", form_id="")[0] == 409


def test_a_draft_can_be_thrown_away(world: World, coach: PageClient, walk: int) -> None:
    keep(note_of(coach, walk), felt_text=WORD)
    page = note_of(coach, walk).submit(f"/walks/{walk}/note/draft/discard")
    assert WORD not in page.text and many(world, NoteDraft) == 0


def test_a_draft_changes_nothing_else(world: World, coach: PageClient, walk: int) -> None:
    def state(store: Store) -> list[Any]:
        with store.db.reading(EVERYONE) as session:
            sent = session.scalar(select(func.count()).select_from(Message))
            return [
                (row.status, row.outcome, row.version, sent)
                for row in session.execute(select(Walk.status, Walk.outcome, Walk.version))
            ]

    before = state(world.store)
    assert keep(note_of(coach, walk), outcome="no_show", home_step=WORD, show_home_step=1)[0] == 200
    assert state(world.store) == before
    with world.store.db.reading(EVERYONE) as session:
        row = session.scalars(select(NoteDraft)).one()
        assert WORD.encode() not in row.sealed


def test_a_draft_that_comes_after_its_save_is_left_out(world: World, coach: PageClient, walk: int) -> None:
    """Sent while the page was left."""
    page = note_of(coach, walk)
    assert page.submit(felt_text=WORD).status == 200
    assert keep(page, felt_text=WORD) == (200, ""), "it is not said to be kept"
    assert many(world, NoteDraft) == 0
    again = note_of(coach, walk)
    assert keep(again, felt_text="verder")[0] == 200
    assert many(world, NoteDraft) == 1


def test_a_draft_after_a_save_that_changed_nothing_is_kept(
    world: World, coach: PageClient, walk: int
) -> None:
    makers.make_note(world, walk, felt_text="eerst")
    page = note_of(coach, walk)
    assert page.submit(f"/walks/{walk}/note").status == 200
    assert keep(page, felt_text=WORD)[1].startswith("Concept bewaard")
    assert WORD in note_of(coach, walk).text


@pytest.mark.parametrize(
    ("typed", "status"), [({"felt_text": WORD}, 422), ({"movement": 2}, 422), ({"outcome": "weather"}, 200)]
)
def test_no_draft_about_health_without_consent(
    world: World, coach: PageClient, typed: dict[str, object], status: int
) -> None:
    walk = makers.make_walk(world, makers.make_client(world), "2026-11-23T08:00")
    answered, said = keep(note_of(coach, walk), **typed)
    assert answered == status and "Concept bewaard" not in said
    assert many(world, NoteDraft) == 0


def test_a_draft_of_elsewhere_stays_when_another_form_is_saved(
    world: World, coach: PageClient, walk: int
) -> None:
    here, elsewhere = note_of(coach, walk), note_of(coach, walk)
    keep(elsewhere, felt_text=WORD)
    assert here.submit(felt_text="hier").status == 200
    assert many(world, NoteDraft) == 1 and WORD in note_of(coach, walk).text
    assert elsewhere.submit(felt_text=WORD).status == 409
    opened = note_of(coach, walk)
    keep(elsewhere, felt_text=f"{WORD} verder")
    assert opened.submit(f"/walks/{walk}/note").status == 409, "what it was typed over has changed"


def test_a_draft_over_a_note_that_changed_since_shows_both(
    world: World, coach: PageClient, walk: int
) -> None:
    keep(note_of(coach, walk), felt_text=WORD)
    makers.make_note(world, walk, felt_text="van elders")
    page = save(coach, walk)
    assert page.status == 409
    assert WORD in page.text and "van elders" in page.main


@pytest.mark.parametrize("fields", [{"felt_text": "x" * 100_001}, {f"f{n}": "x" for n in range(301)}])
def test_more_than_a_note_is_no_draft(world: World, coach: PageClient, walk: int, fields: Any) -> None:
    assert keep(note_of(coach, walk), **fields)[0] == 422
    assert many(world, NoteDraft) == 0


def test_a_closed_note_has_no_draft(world: World, coach: PageClient, walk: int) -> None:
    page = note_of(coach, walk)
    makers.make_note(world, walk, close=True, tool_text="zuchten")
    assert keep(page, felt_text=WORD)[0] == 422 and many(world, NoteDraft) == 0


def test_the_same_form_again_makes_no_second_text(world: World, coach: PageClient, walk: int) -> None:
    """Its answer got lost; or it was written on meanwhile; or another wrote in between."""
    page = note_of(coach, walk)
    for text in (WORD, WORD, f"{WORD} verder"):
        assert page.submit(felt_text=text).status == 200
    assert [
        one["data-version"] for one in coach.get(f"/walks/{walk}/note/revisions").select("section.card")
    ] == ["1"]
    assert save(coach, walk, felt_text="van de laptop").status == 200
    assert page.submit(felt_text=f"{WORD} verder").status == 200, "it was kept the first time"
    assert "van de laptop" in note_of(coach, walk).text
    late = page.submit(felt_text=f"{WORD} nog verder")
    assert late.status == 409 and "van de laptop" in late.main and f"{WORD} nog verder" in late.text


def test_an_earlier_text_is_put_back_as_a_new_one(world: World, coach: PageClient, walk: int) -> None:
    address = f"/walks/{walk}/note/revisions"
    assert "Er is geen eerdere tekst." in coach.get(address).main
    for text in ("eerst", "daarna", "nu"):
        assert save(coach, walk, felt_text=text).status == 200
    page = note_of(coach, walk).follow("Eerdere teksten van deze notitie")
    shown = [one.select_one("dd").get_text() for one in page.select("section.card")]  # type: ignore[union-attr]
    assert shown == ["daarna", "eerst"]
    first = page.select("section.card form")[-1]
    sent = {str(tag["name"]): str(tag["value"]) for tag in first.select("input")}
    back = coach.post(address, sent, follow=True)
    assert back.status == 200
    assert back.one("textarea[name=felt_text]").get_text().strip() == "eerst"
    assert [one["data-version"] for one in coach.get(address).select("section.card")] == ["3", "2", "1"]
    assert coach.post(address, sent | {"version": "77"}).status == 422


def test_a_quote_that_was_taken_out_does_not_come_back_without_consent(
    world: World, coach: PageClient, walk: int
) -> None:
    client = note_pages.page(world.store, world.coach(), walk).client.id

    def decide(answer: str) -> None:
        version = consents.text_version("quotes")
        consents.decide(world.store, world.coach(), client, "quotes", answer, version, world.now)

    decide("yes")
    makers.make_note(world, walk, client_quote=WORD, felt_text="eerst")
    assert save(coach, walk, client_quote="", felt_text="daarna").status == 200
    decide("no")
    assert coach.get(f"/walks/{walk}/note/revisions").submit(f"/walks/{walk}/note/revisions").status == 200
    assert "eerst" in note_of(coach, walk).text
    decide("yes")
    assert WORD not in coach.get("/quotes").text and WORD not in note_of(coach, walk).text


@pytest.mark.parametrize("version", [2**31, 2**63 - 1, 10**30])
def test_a_version_that_no_note_has(world: World, coach: PageClient, walk: int, version: int) -> None:
    makers.make_note(world, walk, felt_text="eerst")
    page = note_of(coach, walk)
    assert keep(page, felt_text=WORD, version=version)[0] == 200
    assert page.submit(f"/walks/{walk}/note", felt_text="anders", version=version).status == 409
    sent = {"csrf_token": form_of(page)["csrf_token"], "version": version}
    assert coach.post(f"/walks/{walk}/note/revisions", sent).status == 409


def test_an_id_of_a_form_that_is_none_of_ours_is_no_fault_of_the_text(
    world: World, coach: PageClient, walk: int
) -> None:
    long = "a" * 201
    first = note_of(coach, walk).submit(
        f"/walks/{walk}/note", form_id=long, felt_text="eerst", tool_for_today="x", press="close=1"
    )
    assert first.status == 200 and "eerst" in note_of(coach, walk).main
    for text in ("daarna", "later"):
        added = note_of(coach, walk).submit(f"/walks/{walk}/note/addenda", form_id=long, text=text)
        assert added.status == 200 and text in added.main
    review = f"/clients/{note_pages.page(world.store, world.coach(), walk).client.id}/reviews/new"
    assert coach.get(review).submit(form_id="a" * 41, agreed="samen", follow=False).status == 303


def test_thirty_days(world: World, coach: PageClient, walk: int) -> None:
    """From when it was changed, however old it was then."""
    assert save(coach, walk, felt_text=WORD).status == 200
    world.set_clock("2026-12-28T12:00")
    coach = sign_in_again(world)
    assert save(coach, walk, felt_text="anders").status == 200
    keep(note_of(coach, walk), felt_text="nog anders")
    for days, left in ((29, 1), (31, 0)):
        housekeeping.sweep(world.store, world.now + timedelta(days=days))
        assert (many(world, NoteRevision), many(world, NoteDraft)) == (left, left)


def test_what_the_phone_keeps_holds_nothing_of_the_past(world: World, coach: PageClient) -> None:
    client = makers.make_client(world, "Sanne", last_name="Dijk", consent_health=True)
    before = makers.make_walk(world, client, "2026-11-16T10:00")
    makers.make_note(world, before, felt_text=WORD, home_step=WORD, next_focus=WORD)
    kit = (makers.an_exercise(world, "worry-bench"), makers.make_exercise(world, "Drie bomen"))
    walk = makers.make_walk(world, client, "2026-11-23T08:00", exercises=kit, focus=WORD)
    page = coach.get(f"/walks/{walk}/note?on_the_way=1")
    titles = coach.get(f"/walks/{walk}/note").main
    assert WORD in titles and "Drie bomen" in titles
    assert WORD not in page.text and "Drie bomen" in page.main and "Piekerbank" not in page.text
    assert 0 < int(page.response.headers["X-Planner-Copy"]) <= 26 * 3600
    sheet = coach.get(f"/walks/{walk}/sheet").text
    kept = re.sub(r"<!--not kept-->.*?<!--/not kept-->", "", sheet, flags=re.DOTALL)
    for word in (WORD, "Het piekerbankje"):
        assert word in sheet and word not in kept, word
    assert "pieker" not in page.text.lower()
    assert "Drie bomen" in kept and "Oefening" in kept
    assert "Ga op het bankje zitten en lees je woorden." in kept, "what to do, outdoors and without a network"
    makers.make_note(world, walk, felt_text=WORD)
    again = coach.get(f"/walks/{walk}/note?on_the_way=1")
    assert WORD not in again.text and form_of(again)["version"] == ""
    assert again.response.headers["X-Planner-Copy"] == "0"
    assert again.submit(felt_text="over de andere heen").status == 409


def test_this_device_says_what_it_keeps_and_whom_it_names(world: World, coach: PageClient, walk: int) -> None:
    sheet = f"/walks/{walk}/sheet"
    assert coach.get(sheet).select("[data-keep-at]")
    page = coach.get("/account/device").submit(keeps_nothing=1, names="initials")
    assert page.status == 200 and "Bewaard." in page.main
    assert coach.get(sheet).h1 == "Onderweg met S."
    coach.get("/settings/notes").submit("/settings/notes", note_parts=["quote"])
    bare = coach.get(f"/walks/{walk}/note?on_the_way=1")
    assert "S. heeft nog geen toestemming" in bare.main and "Sanne" not in bare.text
    assert not coach.get(sheet).select("[data-keep-at]")
    assert coach.get(sheet).response.headers["X-Planner-Copy"] == "0"
    assert not coach.get(f"/walks/{walk}/note?on_the_way=1").select("[data-keeps]")
    assert coach.get("/account/device").submit(names="neutral").status == 422


def test_todays_walk_has_a_fixed_address(world: World, coach: PageClient, walk: int) -> None:
    assert coach.get("/walks/today", follow=True).path == f"/walks/{walk}/sheet", (
        "its note is still to be written"
    )
    client = makers.make_client(world, "Mark")
    later = makers.make_walk(world, client, "2026-11-23T15:00")
    assert coach.get("/walks/today", follow=True).path == f"/walks/{later}/sheet"
    world.set_clock("2026-11-24T08:00")
    page = sign_in_again(world).get("/walks/today")
    assert page.h1 == "Vandaag geen wandeling." and page.follow("Naar de week").status == 200


def test_sign_out_asks_while_a_note_waits_here(coach: PageClient, walk: int) -> None:
    (html,) = coach.get("/account").select("html")
    coach.http.set_cookie("waits", f"{html['data-mark']}.{walk}-zomaar-999999_0a0b.5")
    page = coach.get("/account").submit("/logout")
    assert page.status == 409
    assert page.select(f'a[href="/walks/{walk}/note?on_the_way=1"]') and len(page.select("main li")) == 1
    assert coach.get("/account/device").submit(keeps_nothing=1).status == 409
    gone = page.submit("/logout", follow=False)
    assert gone.status == 303
    assert gone.response.headers["Clear-Site-Data"] == '"cache"', "a note of somebody else waits here"
    assert coach.get("/login").select("[data-ended]")[0]["data-ended"] == html["data-mark"]
    assert coach.get("/account").response.headers["Location"].startswith("/login")


def test_sign_out_asks_while_a_drawing_waits_here(world: World, coach: PageClient) -> None:
    (html,) = coach.get("/account").select("html")
    route = make_route(world)
    coach.http.set_cookie("lines", f"{html['data-mark']}.new-{route}-999999-zomaar_0a0b.new")
    page = coach.get("/account").submit("/logout")
    assert page.status == 409
    drawings = [str(a["href"]) for a in page.select("main li a")]
    assert drawings == ["/routes/draw", f"/routes/{route}/draw"]
    assert coach.get("/account/device").submit(keeps_nothing=1).status == 409
    gone = page.submit("/logout", follow=False)
    assert gone.status == 303
    assert gone.response.headers["Clear-Site-Data"] == '"cache"', "a drawing of somebody else waits here"
    assert coach.get("/login").select("[data-ended]")[0]["data-ended"] == html["data-mark"]
