"""Clients out of a file. The file is read, shown and forgotten; a person is kept only once it is written down, in the
same transaction, that they said yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from planner.domain.clients import ClientDetails, ClientName
from planner.domain.finding import plain
from planner.formats import contacts
from planner.formats.contacts import MOST_PEOPLE, Person
from planner.formats.contacts import ContactsRefused as Refused
from planner.models import Client
from planner.services.clients import clients
from planner.services.clients.clients import SaveClient
from planner.services.store import SignedIn, Store, handled_before, remember_form
from planner.services.vault import Place

NAME, EMAIL = "name", "email"
SAME = (NAME, EMAIL)
"""In what somebody is the same as a client who is there already."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A person of a file. `same`: as which client, by what (a code of SAME); None: nobody we know."""

    person: Person
    same: str | None = None
    client_id: int | None = None
    client_name: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """Nothing of it is kept anywhere. `dropped`: columns that were not read; `nameless`: people left out."""

    lines: tuple[Shown, ...]
    dropped: tuple[str, ...] = ()
    more: bool = False
    nameless: int = 0


def preview(store: Store, coach: SignedIn, content: bytes) -> Preview:
    """Raises Refused."""
    people = contacts.read(content)
    return Preview(compare(store, coach, people.found), people.dropped, people.more, people.nameless)


def compare(store: Store, coach: SignedIn, people: tuple[Person, ...]) -> tuple[Shown, ...]:
    """Each person beside the client who has the same e-mail address, or else the same name."""
    by_mail, by_name = _known(store, coach)
    return tuple(_beside(person, by_mail, by_name) for person in people)


def take_in(
    store: Store,
    coach: SignedIn,
    people: tuple[Person, ...],
    language: str,
    now: datetime,
    today: date,
    *,
    form_id: str | None = None,
    reads_texts: bool = False,
) -> int:
    """Keep these people, who said yes to keeping notes about health; all of them or none. The same form twice keeps
    them once. Gives how many. Raises TextsNotSeen."""
    with store.db.transaction(coach.scope, now) as session:
        before = handled_before(session, form_id)
        if before is not None:
            return int(before)
        for person in people:
            command = SaveClient(
                ClientName(person.first_name, person.last_name),
                ClientDetails(email=person.email, phone=person.phone),
                language=language,
                started_on=today,
                consent_health=True,
            )
            clients.create_in(store, session, coach, command, now, reads_texts=reads_texts)
        remember_form(session, coach.scope, form_id, str(len(people)), now)
    return len(people)


Known = dict[str, tuple[int, str]]


def _known(store: Store, coach: SignedIn) -> tuple[Known, Known]:
    """Number and name of the coach's clients, by e-mail address and by name."""
    by_mail: Known = {}
    by_name: Known = {}
    with store.db.reading(coach.scope) as session:
        for row in session.scalars(select(Client)):
            name = store.vault.open(row.wrapped_key, _at(row, "name_sealed"), row.name_sealed, ClientName)
            details = store.vault.open(
                row.wrapped_key, _at(row, "details_sealed"), row.details_sealed, ClientDetails
            )
            by_name[plain(name.full)] = (row.id, name.full)
            if details.email:
                by_mail[details.email.casefold()] = (row.id, name.full)
    return by_mail, by_name


def _beside(person: Person, by_mail: Known, by_name: Known) -> Shown:
    mail = by_mail.get(person.email.casefold()) if person.email else None
    name = by_name.get(plain(f"{person.first_name} {person.last_name}".strip()))
    if mail:
        return Shown(person, EMAIL, *mail)
    return Shown(person, NAME, *name) if name else Shown(person)


def _at(row: Client, column: str) -> Place:
    return Place("client", column, row.id, row.id)


__all__ = ["MOST_PEOPLE", "SAME", "Person", "Preview", "Refused", "Shown", "compare", "preview", "take_in"]
