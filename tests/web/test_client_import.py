"""Clients out of a file: who is in it is shown, and only who said yes is kept."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from planner.formats.contacts import MOST_PEOPLE
from planner.models import EVERYONE, Client, Coach, Consent
from planner.services.clients import clients
from tests.conftest import MONDAY, World
from tests.makers import make_client
from tests.page_client import Page, PageClient
from tests.web.test_erasure import written

CSV = (
    "\ufeffVoornaam;Achternaam;E-mailadres;Telefoon;Klachten;Geboortedatum\r\n"
    "Sanne;de Vries;sanne@example.org;06 12345678;moe;1980-01-01\r\n"
    "Joris;Bos;joris@example.org;;;\r\n"
    "Emma;Groen;EMMA@example.org;;hoofdpijn;\r\n"
)


def look(coach: PageClient, content: bytes | str = CSV, name: str = "lijst.csv") -> Page:
    data = content.encode() if isinstance(content, str) else content
    return coach.get("/clients/import").submit(contacts=(BytesIO(data), name))


def kept(world: World) -> int:
    with world.store.db.reading(EVERYONE) as session:
        return len(session.scalars(select(Client.id)).all())


def test_a_list_is_no_file_about_a_client(coach: PageClient) -> None:
    """One English word, two Dutch ones."""
    assert "Bestand met cliënten" in coach.get("/clients/import").main


def test_who_has_no_first_name_is_told(coach: PageClient) -> None:
    page = look(coach, CSV + ";Zonder;zonder@example.org;;;\r\n")
    assert "1 persoon heeft geen voornaam" in page.one("[data-nameless]").get_text()
    assert len(page.select("[data-person]")) == 3 and not look(coach).select("[data-nameless]")


def test_who_is_in_it_is_shown_and_nothing_is_kept(world: World, coach: PageClient) -> None:
    make_client(world, "Sánne", last_name="de Vries")
    make_client(world, "Iemand", email="emma@example.org")
    make_client(world, "Joris", last_name="Bos", who="cor")
    before = kept(world)
    page = look(coach)
    people = page.select("[data-person]")
    assert [one.h2.get_text().strip() for one in people] == ["Sanne de Vries", "Joris Bos", "Emma Groen"]
    assert [one.get("data-same") for one in people] == ["name", None, "email"], (
        "a colleague's is nobody we know"
    )
    assert "Niet gelezen: Klachten, Geboortedatum" in page.one("[data-dropped]").get_text()
    assert not [word for word in ("moe", "1980", "hoofdpijn") if f'value="{word}' in page.text]
    assert not [tick for tick in page.select("[name^=yes_]") if tick.has_attr("checked")], "no yes beforehand"
    assert kept(world) == before


def test_only_who_said_yes_is_kept_with_that_yes(world: World, coach: PageClient) -> None:
    done = look(coach).submit(
        "/clients/import/keep", yes_0="1", yes_2="1", email_2="groen@example.org", texts_seen="1"
    )
    assert done.path == "/clients/" and "2 cliënten zijn toegevoegd" in done.main
    assert "Joris" not in done.main
    with world.store.db.reading(EVERYONE) as session:
        consents = session.scalars(select(Consent)).all()
        assert {(one.purpose, one.given_at is not None) for one in consents} == {("health", True)}
        assert len(consents) == 2
    rows = clients.listing(world.store, world.coach())
    emma, sanne = (clients.of_coach(world.store, world.coach(), row.id) for row in rows)
    assert (sanne.details.phone, sanne.language, sanne.started_on) == ("06 12345678", "nl", MONDAY.date())
    assert (emma.name.full, emma.details.email, emma.health) == (
        "Emma Groen",
        "groen@example.org",
        clients.NO_HEALTH,
    )
    assert b"joris" not in written(world).lower(), "nothing of who did not say yes"


def test_the_same_form_twice_keeps_them_once(world: World, coach: PageClient) -> None:
    page = look(coach)
    for _time in range(2):
        page.submit("/clients/import/keep", yes_0="1", texts_seen="1")
    assert kept(world) == 1


def test_nobody_said_yes_or_something_is_wrong(world: World, coach: PageClient) -> None:
    page = look(coach)
    nobody = page.submit("/clients/import/keep", texts_seen="1")
    assert nobody.status == 422 and "Er is niemand toegevoegd" in nobody.main
    wrong = page.submit("/clients/import/keep", yes_0="1", email_0="geen adres", texts_seen="1")
    assert wrong.status == 422 and set(wrong.errors) == {"email_0"} and "geen adres" in wrong.text
    assert kept(world) == 0
    assert wrong.submit("/clients/import/keep", email_0="s@example.org").path == "/clients/"


def test_p04_first_the_privacy_text(world: World, coach: PageClient) -> None:
    anna = world.coach()
    with world.store.db.transaction(anna.scope, world.now) as session:
        session.get_one(Coach, anna.id).texts_seen_at = None
    page = look(coach)
    assert "Autoriteit Persoonsgegevens" in page.main
    refused = page.submit("/clients/import/keep", yes_0="1")
    assert set(refused.errors) == {"texts_seen"} and kept(world) == 0
    assert refused.submit("/clients/import/keep", texts_seen="1").path == "/clients/" and kept(world) == 1


def test_a_file_without_people(coach: PageClient) -> None:
    for content, words in (("dag;tijd\n1;2", "geen kolom met namen"), ("", "niemand gevonden")):
        page = look(coach, content)
        assert page.status == 422 and words in page.errors["contacts"]
    assert set(coach.get("/clients/import").submit().errors) == {"contacts"}


@pytest.mark.parametrize(
    "kind", ["CHARSET=klingon;ENCODING=QUOTED-PRINTABLE", "QUOTED-PRINTABLE;CHARSET=undefined"]
)
def test_a_card_in_letters_that_nobody_knows(coach: PageClient, kind: str) -> None:
    card = f"BEGIN:VCARD\r\nVERSION:2.1\r\nN;{kind}:=41;=42\r\nEND:VCARD\r\n"
    page = look(coach, card, "kaart.vcf")
    assert page.status == 422 and "contacts" in page.errors


@pytest.mark.parametrize(
    "card",
    [
        "BEGIN:VCARD\r\n" * 1500 + "END:VCARD\r\n" * 1500,
        "BEGIN:VCARD\r\nFN" + ';X="a"' * 40 + "\r\nEND:VCARD\r\n",
    ],
)
def test_a_card_that_is_made_to_hurt(coach: PageClient, card: str) -> None:
    page = look(coach, card, "kaart.vcf")
    assert page.status == 422 and "niemand gevonden" in page.errors["contacts"]


def test_columns_without_number_are_not_all_named(coach: PageClient) -> None:
    columns = ";".join(f"kolom {number}" for number in range(9000))
    page = look(coach, f"voornaam;{columns}\r\nSanne;1\r\n")
    assert "Sanne" in page.text and "kolom 39" in page.text and "kolom 40" not in page.text


def test_as_many_as_fit_on_a_page(world: World, coach: PageClient) -> None:
    token = coach.get("/clients/import").one("main [name=csrf_token]")["value"]
    sent = {f"first_name_{number}": f"Mens {number}" for number in range(MOST_PEOPLE)}
    empty = {
        f"{name}_{number}": "" for number in range(MOST_PEOPLE) for name in ("last_name", "email", "phone")
    }
    done = coach.post(
        "/clients/import/keep", {"csrf_token": token, "yes_0": "1", "yes_99": "1", **sent, **empty}
    )
    assert done.status == 303 and kept(world) == 2


def test_a_card(coach: PageClient) -> None:
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Vries;Sanne;de;;\r\nFN:Sanne\r\nNOTE:moe\r\nEND:VCARD\r\n"
    page = look(coach, card, "contact.vcf")
    assert [one.h2.get_text().strip() for one in page.select("[data-person]")] == ["Sanne de Vries"]
    assert "NOTE" in page.one("[data-dropped]").get_text() and "moe" not in page.main
