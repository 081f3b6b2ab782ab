"""Clients through the front door: the list, the file, adding, changing, pausing and ending."""

from __future__ import annotations

import re

import pytest

from planner.services.people import coaches
from planner.services.walks import walks
from tests import makers
from tests.conftest import World
from tests.factories import make_client, make_route, make_walk
from tests.page_client import Page, PageClient

WITH_ID = ("", "/edit", "/intake", "/consent", "/safety", "/emergency")
DEEDS = ("/pause", "/end", "/reopen", "/edit", "/intake", "/consent", "/safety", "/safety/gp", "/emergency")


def names(page: Page) -> list[str]:
    return [" ".join(tag.get_text(" ").split()) for tag in page.select("main .plainlist a strong")]


def english(world: World) -> PageClient:
    coach = world.coach("anna")
    coaches.set_profile(world.store, coach, "en", "", world.now)
    return world.browser("anna")


# The list


def test_a_coach_without_clients_is_helped_to_the_first(coach: PageClient) -> None:
    page = coach.get("/clients/")
    assert "Nog geen cliënten" in page.main
    assert not page.select('[type="search"]'), "there is nothing to search yet"
    assert page.follow("Voeg je eerste cliënt toe").h1 == "Nieuwe cliënt"


def test_the_list_is_by_name_with_the_next_walk(coach: PageClient, world: World) -> None:
    sanne = make_client(world, first_name="Sanne")
    make_client(world, first_name="Émile", last_name="de Boer")
    make_client(world, first_name="emma")
    make_walk(world, sanne, date="2026-12-01", time="10:00", meeting_point="Bij de brug")
    page = coach.get("/clients/")
    assert names(page) == ["Émile de Boer", "emma", "Sanne"]
    assert "di 1 dec, 10.00" in page.main
    assert page.main.count("Geen wandeling gepland") == 2


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("sanne", ["Sanne de Vries"]),
        ("VRIES sann", ["Sanne de Vries"]),
        ("ines", ["Inès Ödegård"]),
        ("odegard", ["Inès Ödegård"]),
        ("  ", ["Inès Ödegård", "Sanne de Vries"]),
        ("sanne jansen", []),
        ("%", []),
    ],
)
def test_search_by_name(coach: PageClient, world: World, search: str, found: list[str]) -> None:
    make_client(world, first_name="Sanne", last_name="de Vries")
    make_client(world, first_name="Inès", last_name="Ödegård")
    page = coach.get("/clients/").submit("/clients/", q=search)
    assert names(page) == found
    if not found:
        assert "Niemand met deze naam" in page.main


def test_search_looks_through_everyone_active_first(coach: PageClient, world: World) -> None:
    old = make_client(world, first_name="Anne")
    make_client(world, first_name="Janne")
    coach.get(f"/clients/{old}").submit(f"/clients/{old}/end")
    assert names(coach.get("/clients/?q=anne")) == ["Janne", "Anne"]


def test_who_is_paused_or_ended_stands_behind_a_link(coach: PageClient, world: World) -> None:
    mark, sanne = make_client(world, first_name="Mark"), make_client(world)
    coach.get(f"/clients/{mark}").submit(f"/clients/{mark}/pause")
    page = coach.get("/clients/")
    assert names(page) == ["Sanne"]
    page = page.follow("1 in pauze of afgerond")
    assert names(page) == ["Mark"]
    assert "Pauze" in page.main
    coach.get(f"/clients/{sanne}").submit(f"/clients/{sanne}/end")
    assert "Er is nu niemand actief" in coach.get("/clients/").main


def test_an_endless_search_is_no_fault(coach: PageClient, world: World) -> None:
    make_client(world)
    assert coach.get("/clients/?q=" + "x" * 3000).status == 200


# The file


def test_a_note_that_is_still_to_write_goes_before_a_new_one(coach: PageClient, world: World) -> None:
    client, other = make_client(world), make_client(world, first_name="Mark")
    make_walk(world, other, date="2026-11-21", time="10:00")  # of them nothing stands in this file
    address, log = f"/clients/{client}", f"/walks/log?client={client}"
    assert coach.get(address).select(f'.btn[href="{log}"]')
    made = [
        make_walk(world, client, date=day, time="10:00") for day in ("2026-09-17", "2026-11-19", "2026-11-20")
    ]
    page = coach.get(address)
    note = f"/walks/{made[2]}/note"
    assert not page.select(f'.btn[href="{log}"]') and page.select(f'.btn[href="{note}"]')
    links = [note, f"/walks/{made[1]}/note", log]
    assert [tag["href"] for tag in page.select(".unwritten a")] == links, (
        "what is long ago is not asked any more"
    )
    assert "Nog te schrijven:" in page.main and "do 19 nov" in page.one(".unwritten").get_text()
    for day in range(1, 13):
        off = makers.make_walk(world, client, f"2026-12-{day:02}T10:00")
        walks.cancel(world.store, world.coach(), off, "client", world.now)
    page = coach.get(address)
    assert page.select(f'.btn[href="{note}"]') and page.select('.btn[href*="like="]'), (
        "also behind what is off"
    )
    coach.get(note).submit(note, outcome="ill")
    assert coach.get(address).select(f'.btn[href="{links[1]}"]')


def test_the_dossier_tells_what_comes_and_how_it_went(coach: PageClient, world: World) -> None:
    client = make_client(world, consent=True, health_flags=["injury"])
    route = make_route(world, name="Schaapskooi")
    past = make_walk(world, client, date="2026-11-17", time="10:00", route_id=route)
    coach.get(f"/walks/{past}/note").submit(
        f"/walks/{past}/note", outcome="walked", energy_before="3", energy_after="4", felt_text="Rustiger",
        home_step="Tien minuten buiten", next_focus="Nee zeggen",
    )  # fmt: skip
    coming = make_walk(world, client, date="2026-12-01", time="10:00", route_id=route)
    later = make_walk(world, client, date="2026-12-08", time="10:00", route_id=route)
    page = coach.get(f"/clients/{client}")
    first = page.one("article.first")
    assert (first["data-walk"], first["data-status"]) == (str(coming), "planned")
    assert first["data-starts-local"] == "2026-12-01T10:00"
    assert first.select_one("[data-verdict]"), "with its weather"
    assert "Schaapskooi" in first.get_text()
    assert {tag["data-walk"] for tag in page.select("[data-walk]")} == {str(past), str(coming), str(later)}
    last = next(tag for tag in page.select("section.card") if "Laatste keer" in tag.get_text())
    assert "dinsdag 17 november" in last.get_text()
    for words in ("3 → 4", "Rustiger", "Tien minuten buiten", "Nee zeggen"):
        assert words in last.get_text(), words
    assert "blessure" in page.main
    links = page.select("nav[aria-label='Hoe het gaat'] a")
    assert [str(a["href"]).rpartition("/")[2] for a in links] == ["progress", "helps", "report", "notes"]
    assert page.select(f'a[href="/walks/new?client={client}"]')
    assert page.select(f'a[href="/clients/{client}/link"]')


def test_many_walks_stand_behind_a_link(coach: PageClient, world: World) -> None:
    client = make_client(world)
    for day in range(1, 13):
        make_walk(world, client, date=f"2026-10-{day:02}", time="10:00", meeting_point="Bij de brug")
    page = coach.get(f"/clients/{client}")
    assert len(page.select("li[data-walk]")) == 10
    assert len(page.follow("Laat alle wandelingen zien").select("li[data-walk]")) == 12


def test_pause_end_and_take_up_again(coach: PageClient, world: World) -> None:
    client = make_client(world)
    page = coach.get(f"/clients/{client}").submit(f"/clients/{client}/pause")
    assert "Gepauzeerd" in page.main and not page.select("main a[href^='/walks/new']")
    page = page.submit(f"/clients/{client}/reopen")
    assert "Plan de eerste wandeling" in page.main
    page = page.submit(f"/clients/{client}/end")
    assert "op 23 november 2026" in page.main
    page = page.submit(f"/clients/{client}/reopen")
    assert "Plan de eerste wandeling" in page.main


def test_the_end_stops_the_link(coach: PageClient, world: World) -> None:
    client = make_client(world)
    page = coach.get(f"/clients/{client}/link").submit(f"/clients/{client}/link")
    path = re.sub(r"https?://[^/]+", "", str(page.one("[data-share-url]")["data-share-url"]))
    assert world.browser().get(path).status == 200
    coach.get(f"/clients/{client}").submit(f"/clients/{client}/end")
    assert world.browser().get(path).status == 404


@pytest.mark.parametrize("path", ["/pause", "/end", "/reopen"])
def test_a_get_changes_nothing(coach: PageClient, world: World, path: str) -> None:
    client = make_client(world)
    assert coach.get(f"/clients/{client}{path}").status == 405
    assert "Plan de eerste wandeling" in coach.get(f"/clients/{client}").main


@pytest.mark.parametrize("who", ["bram", "cor"])
def test_somebody_elses_client_is_not_there(world: World, who: str) -> None:
    client = make_client(world, consent=True)
    other = world.browser(who)
    token = str(other.get("/clients/new").one('main [name="csrf_token"]')["value"])
    given = {
        "csrf_token": token, "first_name": "Dief", "language": "nl", "purpose": "health", "answer": "no",
        "text_version": "1", "S1": "yes", "step_taken": "gebeld", "gp_knows": "1",
    }  # fmt: skip
    for path in WITH_ID:
        assert other.get(f"/clients/{client}{path}").status == 404, path
    for path in DEEDS:
        assert other.post(f"/clients/{client}{path}", given).status == 404, path
    assert names(other.get("/clients/?q=sanne")) == []
    assert world.browser("anna").get(f"/clients/{client}").h1 == "Sanne"


def test_a_visitor_is_asked_to_sign_in(visitor: PageClient, world: World) -> None:
    client = make_client(world)
    for path in ("/clients/", "/clients/new", *(f"/clients/{client}{part}" for part in WITH_ID)):
        assert visitor.get(path).status == 303, path


def test_everything_in_english(world: World) -> None:
    client = make_client(world, consent=True, health_flags=["panic"])
    coach = english(world)
    for path, h1 in {
        "/clients/": "Clients",
        "/clients/new": "New client",
        f"/clients/{client}": "Sanne",
        f"/clients/{client}/edit": "Change the details of Sanne",
        f"/clients/{client}/intake": "Intake with Sanne",
        f"/clients/{client}/consent": "What Sanne agrees to",
        f"/clients/{client}/safety": "Safety questions for Sanne",
        f"/clients/{client}/emergency": "Emergency card",
    }.items():
        page = coach.get(path)
        assert (page.h1, page.soup.html["lang"]) == (h1, "en")
    assert "Take care with: panic" in coach.get(f"/clients/{client}").main


def test_looking_at_a_file_is_written_down_once_an_hour(coach: PageClient, world: World) -> None:
    from planner.models import AuditEntry

    client = make_client(world)
    for path in WITH_ID:
        coach.get(f"/clients/{client}{path}").response.close()
    with world.store.db.reading(world.coach().scope) as session:
        seen = session.query(AuditEntry).filter_by(action="saw", client_id=client).count()
    assert seen == 1
