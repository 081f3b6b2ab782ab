"""People out of files as programs write them: names and how to reach them, whatever else stands there."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from planner.formats.contacts import MOST_PEOPLE, ContactsRefused, Person, read

SANNE = Person("Sanne", "de Vries", "sanne@example.org", "06 12345678")
CARD = (
    "BEGIN:VCARD\r\nVERSION:{version}\r\nN:Vries;Sanne;de;;\r\nFN:Sanne de Vries\r\n"
    "TEL;TYPE=CELL:06 12345678\r\nEMAIL;TYPE=INTERNET:sanne@example.org\r\nBDAY:1980-01-01\r\n"
    "NOTE:moe sinds de zomer\r\nADR;TYPE=HOME:;;Laan 1;Zeist;;;\r\nEND:VCARD\r\n"
)
FILES: dict[str, bytes] = {
    "semicolons and a mark, as Excel": (
        "\ufeffVoornaam;Tussenvoegsel;Achternaam;E-mailadres;Telefoon\r\n"
        "Sanne;de;Vries;sanne@example.org;06 12345678\r\n"
    ).encode(),
    "commas": b"first name,last name,email,phone\nSanne,de Vries,sanne@example.org,06 12345678\n",
    "tabs in UTF-16": "Naam\tMail\tMobiel\nSanne de Vries\tsanne@example.org\t06 12345678".encode("utf-16"),
    "Excel says its mark": b'sep=;\r\nNaam;E-mail;Tel\r\n"Vries, Sanne de";sanne@example.org;06 12345678\r\n',
    "Google": (
        b"First Name,Middle Name,Last Name,E-mail 1 - Value,Phone 1 - Value\n"
        b"Sanne,de,Vries,sanne@example.org,06 12345678\n"
    ),
    "vCard 3.0": CARD.format(version="3.0").encode(),
    "vCard 4.0": CARD.format(version="4.0").encode(),
    "vCard 2.1": CARD.format(version="2.1").encode(),
    "vCard of an old telephone": (
        b"BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=56=72=69=65=73;=53=61=\n=6E=6E=65;de;;\n"
        b"TEL;CELL;PREF:06 12345678\nEMAIL;INTERNET:sanne@example.org\nNOTE;QUOTED-PRINTABLE:moe =\n\nEND:VCARD\n"
    ),
    "vCard of an Apple": (
        b'BEGIN:VCARD\rVERSION:3.0\rN:Vries;Sa\r nne;de\ritem1.EMAIL;type=INTERNET;X="a:b;c":sanne@example.org\r'
        b"item1.X-ABLabel:_$!<Other>!$_\rtel;type=CELL:06\r\t 12345678\rEND:VCARD\r"
    ),
    "vCard with only a whole name": (
        b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Vries\\, Sanne de\r\nEMAIL:\r\nEMAIL:sanne@example.org\r\n"
        b"TEL;VALUE=uri:tel:06 12345678\r\nthis is no line\r\nEND:VCARD\r\n"
    ),
    "vCard with another in it": (
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nAGENT:\r\nBEGIN:VCARD\r\nN:Bos;Joris\r\nTEL:06 1\r\nEND:VCARD\r\n"
        b"N:Vries;Sanne;de\r\nTEL:06 12345678\r\nEMAIL:sanne@example.org\r\nEND:VCARD\r\n"
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_every_way_of_writing_says_the_same(name: str) -> None:
    assert read(FILES[name]).found == (SANNE,)


def test_what_we_do_not_take_is_named_and_not_read() -> None:
    """Also what is about health: there is no field for it here."""
    table = read(b"Voornaam;Geboortedatum;Klachten;BSN;Adres\nSanne;1980;moe;123456782;Laan 1")
    assert table.dropped == ("Geboortedatum", "Klachten", "BSN", "Adres")
    cards = read(CARD.format(version="3.0").encode())
    assert set(cards.dropped) == {"BDAY", "NOTE", "ADR"}
    for found in (table, cards):
        assert not [text for text in ("1980", "moe", "123456782", "Laan 1") if text in repr(found.found)]


def test_letters_of_an_old_windows() -> None:
    assert read("voornaam;achternaam\nRenée;Çelik\n".encode("cp1252")).found == (Person("Renée", "Çelik"),)


def test_the_same_person_twice_and_empty_lines() -> None:
    """Whoever has no first name is counted, not forgotten."""
    found = read(b"naam,tel\n\nSanne,\nSanne,\n ,06\nJoris Bos,06 1\n")
    assert found.nameless == 1
    assert found.found == (Person("Sanne"), Person("Joris", "Bos", "", "06 1"))


def test_signs_that_no_page_may_hold() -> None:
    assert read("naam\nSan\x07ne\u2028 B\ufffeos\n".encode()).found == (Person("Sanne", "Bos"),)


def test_no_more_than_we_take_at_once() -> None:
    rows = "\n".join(f"Naam{number}" for number in range(MOST_PEOPLE + 5))
    found = read(f"voornaam\n{rows}".encode())
    assert (len(found.found), found.more) == (MOST_PEOPLE, True)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_people"),
        (b"voornaam\n", "no_people"),
        (b"dag;tijd\n1;2\n", "no_names"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x8d", "not_read"),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n", "no_people"),
        (b"BEGIN:VCARD\r\nN:Vries;Sanne\r\n", "not_read"),
        (b"BEGIN:VCARD\r\nN:Vries;Sanne\r\nEND:VCARD\r\nEND:VCARD\r\n", "not_read"),
    ],
)
def test_what_holds_nobody(content: bytes, code: str) -> None:
    with pytest.raises(ContactsRefused) as refused:
        read(content)
    assert refused.value.code == code


@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda t: ("BEGIN:VCARD\n" + t).encode()))
)
def test_whatever_comes_is_read_or_refused(content: bytes) -> None:
    with suppress(ContactsRefused):
        assert read(content).found


SIGNS = st.text('abÉ;,:\\"=ÅŸ漢 ', min_size=1, max_size=60).map(str.strip).filter(bool)


@given(SIGNS, SIGNS)
def test_what_another_program_writes_is_read(given_name: str, family: str) -> None:
    card = vobject.vCard()
    card.add("n").value = vobject.vcard.Name(family=family, given=given_name)
    card.add("fn").value = "-"
    first, last = (" ".join(name.split()) for name in (given_name, family))
    assert read(card.serialize().encode()).found == (Person(first, last),)


LONG: dict[str, str] = {
    "marks without a colon": "FN" + ';X="a"' * 40,
    "many marks without a colon": "FN" + ';X="a"' * 150_000,
    "cards in cards": "BEGIN:VCARD\r\n" * 30_000 + "END:VCARD\r\n" * 30_000,
    "codes over many lines": "FN;ENCODING=QUOTED-PRINTABLE:" + "a=\r\n" * 190_000,
    "short lines": "X-A:1\r\n" * 130_000,
    "folded lines": "FN:a\r\n" + " x\r\n" * 230_000,
    "empty lines": "\n" * 900_000,
    "a word": "a" * 900_000,
    "groups": "a." * 450_000,
    "quotes": '"' * 900_001,
    "parts": "N:" + ";" * 900_000,
    "backslashes": "N:" + "\\" * 900_000,
    "an alphabet that is slow": "N;CHARSET=punycode;QUOTED-PRINTABLE:x-" + "zz9" * 300_000,
    "an alphabet with a long name": "N;QUOTED-PRINTABLE;CHARSET=" + "x" * 900_000 + ":a",
}


@pytest.mark.parametrize("kind", LONG)
def test_no_card_costs_more_than_a_second(kind: str) -> None:
    began = time.process_time()
    with suppress(ContactsRefused):
        read(f"BEGIN:VCARD\r\nVERSION:2.1\r\n{LONG[kind]}\r\nEND:VCARD\r\n".encode())
    assert time.process_time() - began < 1.0


def test_a_table_of_short_lines_costs_no_more() -> None:
    began = time.process_time()
    assert read(b"naam\n" + b"a\n" * 450_000).found == (Person("a"),)
    assert time.process_time() - began < 1.0
