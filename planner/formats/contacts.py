"""People out of a file: names and how to reach them, and nothing else. CSV as Excel and other programs write it, or
vCard. What a file tells beyond that is not read at all; its columns are named, so that whoever sends it knows.

Source of vCard: RFC 6350 and the older 2.1 and 3.0, through vobject.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

MOST_PEOPLE = 100
NO_PEOPLE, NO_NAMES, NOT_READ = "no_people", "no_names", "not_read"
CONTACT_PROBLEMS = (NO_PEOPLE, NO_NAMES, NOT_READ)
WORDS = {
    "first_name": (
        "voornaam", "roepnaam", "first name", "first_name", "firstname", "given name", "vorname", "prénom",
    ),
    "middle": ("tussenvoegsel", "tussenvoegsels", "middle name", "additional name"),
    "last_name": ("achternaam", "last name", "last_name", "lastname", "family name", "surname", "nachname"),
    "name": ("naam", "name", "volledige naam", "full name", "cliënt", "client", "contact"),
    "email": (
        "e-mail", "email", "e-mailadres", "emailadres", "mail", "e-mail address", "email address", "e-mail 1 - value",
        "e-mail 1 - waarde",
    ),
    "phone": (
        "telefoon", "telefoonnummer", "mobiel", "mobiele telefoon", "mobiel nummer", "tel", "gsm", "06", "phone",
        "phone number", "mobile", "mobile phone", "phone 1 - value", "telefoon 1 - waarde",
    ),
}  # fmt: skip
"""How programs call the columns that we take, in small letters."""
_TAKEN_FROM_CARDS = ("n", "fn", "email", "tel", "version", "begin", "end", "prodid", "rev", "uid")
"""What of a vCard is taken, or says nothing about anybody."""
_ENCODINGS = ("utf-8-sig", "cp1252")
MOST_NAMED = 40
"""Columns that were not read, by name: a page says no more."""
LONGEST = 240
"""Characters of a value; a form says what fits."""


@dataclass(frozen=True, slots=True)
class Person:
    first_name: str
    last_name: str = ""
    email: str = ""
    phone: str = ""


NOBODY = Person("")


@dataclass(frozen=True, slots=True)
class People:
    """`dropped`: columns that were not read. `more`: there were more than we take at once. `nameless`: how many had no
    first name, and were left out."""

    found: tuple[Person, ...]
    dropped: tuple[str, ...] = ()
    more: bool = False
    nameless: int = 0


class ContactsRefused(Exception):
    """Nothing to take out of this. `code`: of CONTACT_PROBLEMS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(content: bytes) -> People:
    """Raises ContactsRefused."""
    text = _decoded(content)
    people, dropped = _cards(text) if "BEGIN:VCARD" in text.upper() else _table(text)
    found = list(dict.fromkeys(one for one in people if one.first_name))
    if not found:
        raise ContactsRefused(NO_PEOPLE)
    named = tuple(map(_line, dropped[:MOST_NAMED]))
    nameless = sum(not one.first_name and one != NOBODY for one in people)
    return People(tuple(found[:MOST_PEOPLE]), named, len(found) > MOST_PEOPLE, nameless)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ContactsRefused(NOT_READ)


# CSV


def _table(text: str) -> tuple[list[Person], list[str]]:
    head = next((line for line in text.splitlines() if line.strip()), "")
    if head.lower().startswith("sep="):  # Excel's own line about itself
        text = text.split("\n", 1)[1] if "\n" in text else ""
        head = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(";,\t", key=head.count)
    try:
        rows = [
            row
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark)
            if any(map(str.strip, row))
        ]
    except csv.Error as error:
        raise ContactsRefused(NOT_READ) from error
    if not rows:
        raise ContactsRefused(NO_PEOPLE)
    columns = {number: _field_of(name) for number, name in enumerate(rows[0])}
    if not {"first_name", "name"} & set(columns.values()):
        raise ContactsRefused(NO_NAMES)
    dropped = [_line(name) for number, name in enumerate(rows[0]) if columns[number] is None and name.strip()]
    return [_person(row, columns) for row in rows[1:]], list(dict.fromkeys(dropped))


def _field_of(title: str) -> str | None:
    known = " ".join(title.split()).casefold()
    return next((field for field, words in WORDS.items() if known in words), None)


def _person(row: list[str], columns: dict[int, str | None]) -> Person:
    told: dict[str, str] = {}
    for number, value in enumerate(row):
        field = columns.get(number)
        if field is not None and value.strip():
            told.setdefault(field, _line(value))
    first, last = told.get("first_name", ""), told.get("last_name", "")
    if not first and "name" in told:
        first, last = _parts(told["name"])
    last = " ".join(part for part in (told.get("middle", ""), last) if part)
    return Person(first, last, told.get("email", ""), told.get("phone", ""))


def _parts(name: str) -> tuple[str, str]:
    """ "Sanne de Vries", or "Vries, Sanne de"."""
    last, comma, first = name.partition(",")
    if comma and first.strip():
        given, _, between = first.strip().partition(" ")
        return given, f"{between} {last.strip()}".strip()
    given, _, rest = name.partition(" ")
    return given, rest.strip()


def _line(value: str) -> str:
    """On one line, without what no page may hold."""
    plain = " ".join(value.split())
    return "".join(sign for sign in plain if sign.isprintable())[:LONGEST]


# vCard


def _cards(text: str) -> tuple[list[Person], list[str]]:
    import vobject  # only who brings such a file pays for it
    from vobject.base import ParseError

    people, dropped = [], dict[str, None]()
    try:
        for card in vobject.readComponents(text, ignoreUnreadable=True):
            people.append(_of_card(card))
            dropped |= dict.fromkeys(
                str(line.name)
                for line in card.getChildren()
                if str(line.name).lower() not in _TAKEN_FROM_CARDS
            )
            if len(people) > MOST_PEOPLE:
                break
    except (
        ParseError,
        ValueError,
        AttributeError,
        LookupError,
        TypeError,
    ) as error:  # letters or codes it knows not
        raise ContactsRefused(NOT_READ) from error
    return people, list(dropped)


def _of_card(card: object) -> Person:
    name, whole = getattr(card, "n", None), getattr(card, "fn", None)
    first = last = ""
    if name is not None and not isinstance(name.value, str):
        first = _joined(name.value.given)
        last = " ".join(part for part in (_joined(name.value.additional), _joined(name.value.family)) if part)
    if not first and whole is not None:
        first, last = _parts(_joined(whole.value))
    return Person(_line(first), _line(last), _first(card, "email_list"), _first(card, "tel_list"))


def _first(card: object, name: str) -> str:
    values = (_line(_joined(one.value)).removeprefix("tel:") for one in getattr(card, name, ()))
    return next((value for value in values if value), "")


def _joined(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value or "")
