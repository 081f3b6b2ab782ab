"""Clients through the front door: the list, the file, adding, changing, pausing and ending."""

from __future__ import annotations

import dataclasses
import re

import pytest

from planner.domain import clients as domain
from planner.models import Base, Client
from planner.services import accounts, clients
from planner.services.accounts import NewCoach
from planner.services.vault import Place
from tests.conftest import PASSWORD, World
from tests.factories import make_client, make_route, make_walk
from tests.page_client import Page, PageClient

WITH_ID = ("", "/edit", "/intake", "/consent", "/safety", "/emergency")
DEEDS = ("/pause", "/end", "/reopen", "/edit", "/intake", "/consent", "/safety", "/safety/gp", "/emergency")


def names(page: Page) -> list[str]:
    return [" ".join(tag.get_text(" ").split()) for tag in page.select("main .plainlist a strong")]


def english(world: World) -> PageClient:
    coach = world.coach("anna")
    accounts.set_profile(world.store, coach, "en", "", world.now)
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


# Adding


def test_a_first_name_is_enough(coach: PageClient) -> None:
    page = coach.get("/clients/new").submit(first_name="  Sanne ")
    assert (page.status, page.h1) == (200, "Sanne")
    assert "toegevoegd" in page.main
    assert "Nog geen wandeling met Sanne" in page.main
    assert "Begonnen op 23 november 2026" in page.main


def test_all_fields_come_back(coach: PageClient) -> None:
    given = {
        "first_name": "Sanne",
        "last_name": "de Vries",
        "email": "sanne@example.org",
        "phone": "06 12345678",
        "language": "en",
        "started_on": "2026-09-01",
        "help_question": "Hoe zeg ik nee?\nZonder schuldgevoel.",
        "recovery_phase": "problem_solving",
        "max_minutes": "45",
        "pace_kmh": "3,5",
        "health_flags": ["panic", "injury"],
        "environment_likes": ["forest", "water"],
        "environment_avoid": ["beach"],
        "show_first_name": "1",
    }
    page = coach.get("/clients/new").submit(**given, consent_health="1")
    form = coach.get(page.path + "/edit")
    for name, value in given.items():
        inputs = form.select(f'main [name="{name}"]')
        if inputs[0].get("type") in ("checkbox", "radio"):
            shown = [tag["value"] for tag in inputs if tag.has_attr("checked")]
            assert shown == (value if isinstance(value, list) else [value]), name
        else:
            shown_text = inputs[0].get("value") or inputs[0].get_text().removeprefix("\n")
            assert shown_text == value, name
    assert "paniek en blessure" in page.main
    assert "Hooguit 45 minuten" in page.main
    assert "Liever niet: Strand" in page.main


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("first_name", ""),
        ("first_name", "x" * 81),
        ("email", "geen adres"),
        ("phone", "bel me"),
        ("language", "de"),
        ("started_on", "31-02-2026"),
        ("max_minutes", "200"),
        ("max_minutes", "lang"),
        ("pace_kmh", "40"),
        ("environment_likes", "moon"),
        ("recovery_phase", "cured"),
        ("health_flags", "depression"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(coach: PageClient, field: str, typed: str) -> None:
    given = {"first_name": "Sanne", "last_name": "de Vries", "consent_health": "1", field: typed}
    page = coach.get("/clients/new").submit(**given)
    assert page.status == 422
    assert field in page.errors
    assert page.one('[name="last_name"]')["value"] == "de Vries", "what was typed stays"
    assert page.soup.title.string.startswith("Fout: ")
    assert "Nog geen cliënten" in coach.get("/clients/").main


def test_the_same_surroundings_cannot_be_liked_and_avoided(coach: PageClient) -> None:
    page = coach.get("/clients/new").submit(
        first_name="Sanne", environment_likes=["forest"], environment_avoid=["forest", "beach"]
    )
    assert (page.status, set(page.errors)) == (422, {"environment_avoid"})


def test_the_same_form_twice_makes_one_client(coach: PageClient) -> None:
    form = coach.get("/clients/new")
    first, second = form.submit(first_name="Sanne"), form.submit(first_name="Sanne")
    assert first.path == second.path
    assert names(coach.get("/clients/")) == ["Sanne"]


def test_texts_of_a_person_are_shown_as_they_are(coach: PageClient, world: World) -> None:
    client = make_client(world, first_name="<b>Sanne</b>", last_name="& Co")
    assert coach.get(f"/clients/{client}").h1 == "<b>Sanne</b> & Co"


# Consent for health (P01) and the texts (P04)


@pytest.mark.parametrize(
    ("field", "typed"),
    [("help_question", "Ik slaap slecht"), ("recovery_phase", "crisis"), ("health_flags", ["panic"])],
)
def test_p01_no_health_without_consent_when_adding(coach: PageClient, field: str, typed: object) -> None:
    page = coach.get("/clients/new").submit(first_name="Sanne", **{field: typed})
    assert (page.status, set(page.errors)) == (422, {field})
    assert page.one('[name="first_name"]')["value"] == "Sanne"
    assert "Nog geen cliënten" in coach.get("/clients/").main, "nothing is stored"
    done = page.submit(consent_health="1")
    assert done.status == 200, "and what was typed is still there to be kept"
    form = coach.get(done.path + "/edit")
    assert "Ik slaap slecht" in form.main or form.select(f'[name="{field}"][checked]')


def test_p01_no_health_without_consent_when_changing(coach: PageClient, world: World) -> None:
    client = make_client(world)
    page = coach.get(f"/clients/{client}/edit").submit(first_name="Susanne", help_question="Ik slaap slecht")
    assert (page.status, set(page.errors)) == (422, {"help_question"})
    assert coach.get(f"/clients/{client}").h1 == "Sanne", "nothing of the form is stored"
    assert health_in_store(world, client) is None
    done = page.submit(consent_health="1")
    assert done.h1 == "Susanne"
    assert "Ik slaap slecht" in done.main


def test_p01_other_errors_and_missing_consent_are_said_together(coach: PageClient) -> None:
    page = coach.get("/clients/new").submit(first_name="", help_question="Ik slaap slecht")
    assert set(page.errors) == {"first_name", "help_question"}


def test_p01_the_service_refuses_whatever_the_page_does(world: World) -> None:
    health = domain.HealthDetails(goal="Vrijdag om vijf uur naar huis")
    command = clients.SaveClient(domain.ClientName("Sanne"), health=health)
    with pytest.raises(clients.NeedsConsent) as refused:
        clients.create(world.store, world.coach(), command, world.now)
    assert refused.value.names == ("goal",)
    assert clients.listing(world.store, world.coach()) == ()


def test_p02_the_tick_is_not_ticked_before(coach: PageClient, world: World) -> None:
    for page in (coach.get("/clients/new"), coach.get(f"/clients/{make_client(world)}/edit")):
        assert not page.one('[name="consent_health"]').has_attr("checked")


def health_in_store(world: World, client_id: int) -> domain.HealthDetails | None:
    with world.store.db.reading(world.coach().scope) as session:
        row = session.get(Client, client_id)
        assert row is not None
        if row.health_sealed is None:
            return None
        place = Place("client", "health_sealed", row.id, row.id)
        return world.store.vault.open(row.wrapped_key, place, row.health_sealed, domain.HealthDetails)


def test_p04_no_client_before_the_privacy_text_was_seen(world: World) -> None:
    new = NewCoach("Dora Dijk", "dora@example.org", PASSWORD)
    accounts.add_coach(world.store, new, world.now)
    token = accounts.sign_in(world.store, new.email, PASSWORD, "127.0.0.1", world.now)
    dora = PageClient(world.app, token)
    form = dora.get("/clients/new")
    assert "Autoriteit Persoonsgegevens" in form.main, "the way to read it is there"
    refused = form.submit(first_name="Sanne")
    assert (refused.status, set(refused.errors)) == (422, {"texts_seen"})
    assert "Nog geen cliënten" in dora.get("/clients/").main
    done = refused.submit(texts_seen="1")
    assert (done.status, done.h1) == (200, "Sanne")
    assert not dora.get("/clients/new").select('[name="texts_seen"]'), "asked once"


# P05


def test_p05_fields_that_are_never_asked_do_not_exist() -> None:
    never = re.compile(
        r"birth|geboort|\bbsn\b|address|adres|postcode|zip|insur|verzeker|diagnos", re.IGNORECASE
    )
    columns = [column.name for table in Base.metadata.tables.values() for column in table.columns]
    values = (domain.ClientName, domain.ClientDetails, domain.HealthDetails, domain.PriorHelp)
    fields = [one.name for value in values for one in dataclasses.fields(value)]
    assert never.search("home_address") and never.search("diagnosis"), "the pattern can find something"
    assert not [name for name in columns + fields if never.search(name)]


def test_p05_no_form_asks_for_them(coach: PageClient, world: World) -> None:
    client = make_client(world, consent=True)
    for path in ("/clients/new", f"/clients/{client}/edit", f"/clients/{client}/intake"):
        words = coach.get(path).main.lower()
        assert not re.search(r"geboorte|\bbsn\b|\badres\b|woonplaats|verzekeraar|diagnose", words), path


# Changing


def test_a_second_tab_loses_nothing(coach: PageClient, world: World) -> None:
    client = make_client(world, last_name="de Vries")
    tab = coach.get(f"/clients/{client}/edit")
    coach.get(f"/clients/{client}/edit").submit(phone="06 12345678", environment_likes=["heath"])
    page = tab.submit(last_name="Bakker")
    assert page.status == 409
    assert page.one('[name="last_name"]')["value"] == "Bakker", "my text"
    box = page.one(".note-box dl").get_text(" ")
    assert "de Vries" in box and "06 12345678" in box and "Heide" in box, "and what is saved now"
    done = page.submit()
    assert (done.status, done.h1) == (200, "Sanne Bakker"), "saving again keeps mine"


def test_the_same_change_twice_is_no_conflict(coach: PageClient, world: World) -> None:
    client = make_client(world)
    tab = coach.get(f"/clients/{client}/edit")
    assert tab.submit(last_name="Bakker").status == 200
    assert tab.submit(last_name="Bakker").status == 200


# The file


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
    assert "Gepauzeerd" in page.main and "Plan wandeling" not in page.main
    page = page.submit(f"/clients/{client}/reopen")
    assert "Plan wandeling" in page.main
    page = page.submit(f"/clients/{client}/end")
    assert "op 23 november 2026" in page.main
    page = page.submit(f"/clients/{client}/reopen")
    assert "Plan wandeling" in page.main


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
    assert "Plan wandeling" in coach.get(f"/clients/{client}").main


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
        f"/clients/{client}/safety": "Walking safely with Sanne",
        f"/clients/{client}/emergency": "Need help",
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


def test_every_value_has_its_place_on_a_form() -> None:
    """What is kept of a client can be changed by somebody."""
    from planner.web.clients.forms import ClientForm
    from planner.web.clients.intake import IntakeForm

    asked = {name for question in domain.INTAKE_QUESTIONS for name in question.fields}
    file = {name for name in vars(ClientForm) if not name.startswith("_")}
    kept = {
        one.name
        for value in (domain.ClientDetails, domain.HealthDetails)
        for one in dataclasses.fields(value)
    }
    not_yet = {"coach_notes"}
    assert kept - asked - file <= not_yet
    for name in asked - {"reason_recognition", "prior_help"}:
        assert name in vars(IntakeForm), name
