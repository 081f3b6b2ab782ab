"""People out of a file: names and how to reach them, and nothing else. CSV as Excel and other programs write it, or
vCard. What a file tells beyond that is not read at all; its columns are named, so that whoever sends it knows.

Source of vCard: RFC 6350 and the older 2.1 and 3.0. Not through vobject: a small card keeps that at work for ever,
and it writes lines of cards to the log. Of a card only four lines are wanted.
"""

from __future__ import annotations

import csv
import io
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

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
_EDGES = {"BEGIN": 1, "END": -1}
_TAKEN_FROM_CARDS = ("N", "FN", "EMAIL", "TEL")
_ABOUT_NOBODY = (*_EDGES, "VERSION", "PRODID", "REV", "UID")
_CARD_LINE = re.compile(r'(?:[\w-]++\.)?+([\w-]++)((?:;(?:[^":]++|"[^"]*+")*+)?+):(.*)', re.ASCII)
"""Name, what it says of itself, value. Possessive (`+`): no sign is looked at twice for want of a colon."""
_ENCODINGS = ("utf-8-sig", "cp1252")
MOST_NAMED = 40
"""Columns that were not read, by name: a page says no more."""
MOST_ROWS = 20_000
LONGEST = 240
"""Characters of a value; a form says what fits."""
_LONGEST_CODED = 2_000
"""Characters of a value before it is decoded: some alphabets (punycode) cost more, the longer it is."""


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
            for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=mark), MOST_ROWS)
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
    people, dropped = list[Person](), dict[str, None]()
    card, depth = dict[str, str](), 0
    for name, marks, value in _lines(text):
        if name in _EDGES and value.strip().upper() == "VCARD":
            depth += _EDGES[name]
            if depth == 0:
                people.append(_of_card(card))
                card = {}
            if depth < 0 or len(people) > MOST_PEOPLE:
                break
        elif depth != 1:  # a card in a card is about somebody else
            continue
        elif name in _TAKEN_FROM_CARDS:
            card[name] = card.get(name) or _told(marks, value)
        elif name not in _ABOUT_NOBODY:
            dropped[name] = None
    if depth:  # a part of a file
        raise ContactsRefused(NOT_READ)
    return people, list(dropped)


def _lines(text: str) -> Iterator[tuple[str, list[str], str]]:
    """Name, what it says of itself (in capitals) and value of each line that can be read."""
    lines = iter(re.sub("\n[ \t]", "", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n"))
    for line in lines:
        found = _CARD_LINE.match(line)
        if found is None:
            continue
        name, told, value = found.groups()
        pieces, marks = [value], told.upper().split(";")
        while pieces[-1].endswith("=") and any("QUOTED-PRINTABLE" in mark for mark in marks):
            pieces.append(next(lines, ""))
        yield name.upper(), marks, "\n".join(pieces)


def _told(marks: list[str], value: str) -> str:
    value = value[:_LONGEST_CODED].strip()
    if not any("QUOTED-PRINTABLE" in mark for mark in marks):
        return value
    letters = next(
        (mark.partition("=")[2].strip('"') for mark in marks if mark.startswith("CHARSET=")), "utf-8"
    )
    try:
        return quopri.decodestring(value.encode()).decode(letters, errors="replace").strip()
    except (LookupError, ValueError) as error:  # letters that nobody knows
        raise ContactsRefused(NOT_READ) from error


def _of_card(card: dict[str, str]) -> Person:
    from icalendar.parser import split_on_unescaped_semicolon, unescape_backslash

    told = {name: _line(unescape_backslash(value)) for name, value in card.items()}
    parts = split_on_unescaped_semicolon(re.sub(r"(\\.)|,", lambda found: found[1] or " ", card.get("N", "")))
    family, first, additional = map(_line, [*parts, "", ""][:3])
    last = f"{additional} {family}".strip()
    if not first:
        first, last = _parts(told.get("FN", ""))
    return Person(first, last, told.get("EMAIL", ""), told.get("TEL", "").removeprefix("tel:"))
