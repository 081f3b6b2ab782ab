"""Adding and changing a client: all fields, nothing about health without a yes, and nothing that is never asked."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import replace

import pytest

from planner.domain import clients as domain
from planner.domain.practices import PracticeTexts
from planner.models import Base, Client
from planner.services.clients import clients, consents
from planner.services.people import practices, set_up, sign_in
from planner.services.people.practices import ChangePractice
from planner.services.people.set_up import NewCoach
from planner.services.vault import Place
from tests.conftest import PASSWORD, World
from tests.factories import make_client
from tests.page_client import PageClient
from tests.web.test_clients import names

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
    with pytest.raises(consents.NeedsConsent) as refused:
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


def dora(world: World) -> PageClient:
    """A coach who was added on the command line and has read nothing yet."""
    new = NewCoach("Dora Dijk", "dora@example.org", PASSWORD)
    set_up.add_coach(world.store, new, world.now)
    token = sign_in.sign_in(world.store, new.email, PASSWORD, "127.0.0.1", world.now)
    return PageClient(world.app, token)


def test_p04_no_client_before_the_privacy_text_was_seen(world: World) -> None:
    browser = dora(world)
    form = browser.get("/clients/new")
    assert "Autoriteit Persoonsgegevens" in form.main, "the way to read it is there"
    refused = form.submit(first_name="Sanne")
    assert (refused.status, set(refused.errors)) == (422, {"texts_seen"})
    assert "Nog geen cliënten" in browser.get("/clients/").main
    done = refused.submit(texts_seen="1")
    assert (done.status, done.h1) == (200, "Sanne")
    assert not browser.get("/clients/new").select('[name="texts_seen"]'), "asked once"


def test_p04_the_text_is_the_one_of_the_practice(world: World) -> None:
    browser = dora(world)
    own = PracticeTexts(privacy_nl="Wij bewaren heel weinig.\n\nVraag het gerust.")
    who = world.coach("anna")
    found = practices.open_practice(world.store, who)
    settings = replace(found.settings, texts=own)
    practices.change(world.store, who, ChangePractice(settings, found.contact, found.version), world.now)
    assert "Wij bewaren heel weinig." not in browser.get("/clients/new").main, (
        "Dora has a practice of her own"
    )
    new = NewCoach("Ella Eik", "ella@example.org", PASSWORD)
    set_up.add_coach(world.store, new, world.now, who.owner_id)
    token = sign_in.sign_in(world.store, new.email, PASSWORD, "127.0.0.1", world.now)
    page = PageClient(world.app, token).get("/clients/new").main
    assert "Wij bewaren heel weinig." in page and "Wat er van je wordt bewaard" in page


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
