"""Clients: opened, listed, added, changed, paused and ended. Nothing about health is kept without consent (P01)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.answers import read_asks, write_asks
from planner.domain.clients import HEALTH, HEALTH_FLAGS, STATUSES, ClientDetails, ClientName, HealthDetails
from planner.domain.finding import plain
from planner.models import Client, Coach, new_id
from planner.services.clients import consents, sharing
from planner.services.fixed_texts import TEXTS_VERSION
from planner.services.messages import outbox, outbox_rows
from planner.services.store import (
    Conflict,
    SignedIn,
    Store,
    client_gate,
    handled_before,
    remember_form,
)
from planner.services.vault import Place

ACTIVE, PAUSED, ENDED = STATUSES
NO_DETAILS = ClientDetails()
NO_HEALTH = HealthDetails()


class TextsNotSeen(Exception):
    """The coach has not read the privacy text yet, which must exist before the first client (P04)."""


@dataclass(frozen=True, slots=True)
class OpenClient:
    """A client, opened. `health` is None without active consent, whatever lies stored; `taken_back`: there
    was one, for whoever is opened alone. `page_asks`: what the client's page asks or shows beyond the default."""

    id: int
    name: ClientName
    details: ClientDetails
    health: HealthDetails | None
    language: str
    status: str
    show_first_name: bool
    page_asks: frozenset[str]
    started_on: date | None
    ended_on: date | None
    version: int
    wrapped_key: bytes
    health_consent: bool
    reminders: bool = True
    mails_by_itself: bool = False
    coach_id: int = 0
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A line in a list."""

    id: int
    first_name: str
    last_name: str
    status: str
    language: str

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class SaveClient:
    """A client as the coach wants it. `consent_health`: the client agrees now. `version`: the one the form was
    opened with; None for a new client."""

    name: ClientName
    details: ClientDetails = NO_DETAILS
    health: HealthDetails = NO_HEALTH
    language: str = "nl"
    show_first_name: bool = False
    started_on: date | None = None
    consent_health: bool = False
    version: int | None = None
    page_asks: frozenset[str] = frozenset()
    reminders: bool = True
    mails_by_itself: bool = False


_ROWS = select(
    Client.id, Client.wrapped_key, Client.name_sealed, Client.status, Client.language, Client.created_at
)
_ACTIVE, _OTHERS = _ROWS.where(Client.status == ACTIVE), _ROWS.where(Client.status != ACTIVE)


def open_client(store: Store, session: Session, client_id: int) -> OpenClient:
    """The client, if it is this coach's. Raises NotFound."""
    row = client_gate(session, client_id)
    stands = consents.standing(session, row.id, HEALTH)
    return _opened(store, row, stands == consents.GIVEN, taken_back=stands == consents.WITHDRAWN)


def open_clients(store: Store, session: Session, client_ids: Collection[int]) -> dict[int, OpenClient]:
    """Those of these clients that are this coach's."""
    agreed = consents.agreed(session, client_ids, HEALTH)
    rows = session.scalars(select(Client).where(Client.id.in_(list(client_ids))))
    return {row.id: _opened(store, row, row.id in agreed) for row in rows}


def _opened(store: Store, row: Client, consent: bool, *, taken_back: bool = False) -> OpenClient:
    name = store.vault.open(row.wrapped_key, _place(row, "name_sealed"), row.name_sealed, ClientName)
    details = store.vault.open(
        row.wrapped_key, _place(row, "details_sealed"), row.details_sealed, ClientDetails
    )
    return OpenClient(
        row.id,
        name,
        details,
        (_stored_health(store, row) or NO_HEALTH) if consent else None,
        row.language,
        row.status,
        row.show_first_name,
        read_asks(row.page_asks),
        row.started_on,
        row.ended_on,
        row.version,
        row.wrapped_key,
        consent,
        row.reminders,
        row.mails_by_itself,
        row.coach_id,
        taken_back,
    )


def open_consented(store: Store, session: Session, client_id: int) -> OpenClient:
    """The client, for what is kept only under consent for health. Raises NotFound or NeedsConsent."""
    client = open_client(store, session, client_id)
    if not client.health_consent:
        raise consents.NeedsConsent((HEALTH,))
    return client


def of_coach(store: Store, coach: SignedIn, client_id: int) -> OpenClient:
    """The same, for a page that shows nothing else. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        return open_client(store, session, client_id)


def listing(store: Store, coach: SignedIn, search: str = "", ended: bool = False) -> tuple[ClientRow, ...]:
    """The coach's active clients by name; with `ended` the paused and ended ones. A search looks through all of them,
    active first: every word must occur in the name, whatever its accents."""
    with store.db.reading(coach.scope) as session:
        return listing_in(store, session, search, ended)


def listing_in(
    store: Store, session: Session, search: str = "", ended: bool = False
) -> tuple[ClientRow, ...]:
    """The same, inside a session that does more."""
    found = []
    for row in session.execute(_ROWS if search else _OTHERS if ended else _ACTIVE):
        place = Place("client", "name_sealed", row.id, row.id)
        name = store.vault.open(row.wrapped_key, place, row.name_sealed, ClientName)
        if matches(name, search):
            found.append(ClientRow(row.id, name.first_name, name.last_name, row.status, row.language))
    return tuple(sorted(found, key=_by_status_and_name))


def matches(name: ClientName, search: str) -> bool:
    """Whether every word of the search occurs in the name."""
    whole = plain(name.full)
    return all(part in whole for part in plain(search).split())


def create(
    store: Store,
    coach: SignedIn,
    command: SaveClient,
    now: datetime,
    form_id: str | None = None,
    *,
    reads_texts: bool = False,
) -> int:
    """Keep a new client and give its id. The same form twice makes one. `reads_texts`: the coach says that they have
    read the privacy and complaints texts.

    Raises NeedsConsent, or TextsNotSeen.
    """
    with store.db.transaction(coach.scope, now) as session:
        before = handled_before(session, form_id)
        if before is not None:
            return int(before)
        client_id = create_in(store, session, coach, command, now, reads_texts=reads_texts)
        remember_form(session, coach.scope, form_id, str(client_id), now)
        return client_id


def create_in(
    store: Store,
    session: Session,
    coach: SignedIn,
    command: SaveClient,
    now: datetime,
    *,
    reads_texts: bool = False,
) -> int:
    """The same, inside a transaction that does more."""
    _hold_to_texts(session, coach, reads_texts, now)
    client = Client(id=new_id(), owner_id=coach.owner_id, coach_id=coach.id, created_at=now)
    client.wrapped_key, client.status = store.vault.new_key(client.id), ACTIVE
    client.health_sealed, client.version = None, 1
    _write(store, client, command)
    session.add(client)
    session.flush()
    _write_health(store, session, client, command, now)
    return client.id


def update(store: Store, coach: SignedIn, client_id: int, command: SaveClient, now: datetime) -> None:
    """Keep a changed client. Saving the same twice is no conflict.

    Raises NotFound, NeedsConsent, or Conflict when it was saved since the form was opened.
    """
    with store.db.transaction(coach.scope, now) as session:
        client = client_gate(session, client_id)
        kept = open_client(store, session, client_id)
        if same(kept, command):
            return
        if command.version is not None and command.version != client.version:
            raise Conflict
        _write(store, client, command)
        _write_health(store, session, client, command, now)
        client.version += 1
        if kept.health_consent or not command.consent_health:  # else the yes itself did so
            outbox.note_client(store, session, client.id, now)


def same(kept: OpenClient, command: SaveClient) -> bool:
    """Whether there is nothing to save."""
    before = (kept.name, kept.details, kept.health or NO_HEALTH, *_plain_fields(kept))
    after = (command.name, command.details, command.health, *_plain_fields(command))
    consented = kept.health_consent or not command.consent_health
    return consented and before == after


def _plain_fields(one: OpenClient | SaveClient) -> tuple[object, ...]:
    """What is not sealed."""
    shown = one.language, one.show_first_name, one.page_asks
    return *shown, one.started_on, one.reminders, one.mails_by_itself


def filled(health: HealthDetails) -> tuple[str, ...]:
    """Names of the health fields that say something."""
    return tuple(
        one.name for one in fields(health) if getattr(health, one.name) != getattr(NO_HEALTH, one.name)
    )


def set_status(
    store: Store, coach: SignedIn, client_id: int, status: str, now: datetime, today: date
) -> None:
    """Pause, end or take up again. At the end the client's links stop working. Raises NotFound."""
    if status not in STATUSES:
        raise ValueError(f"no such status: {status}")
    with store.db.transaction(coach.scope, now) as session:
        client = client_gate(session, client_id)
        if client.status == status:
            return
        client.status = status
        client.ended_on = today if status == ENDED else None
        client.version += 1
        if status == ENDED:
            sharing.end_links(session, client.id, now, "coach")
        if status == ACTIVE:
            outbox.note_client(store, session, client.id, now, back=True)
        else:
            outbox_rows.hush(session, client.id, now)
    store.remembered.forget()


def has_read_texts(session: Session, coach: SignedIn) -> bool:
    """Whether this coach has read the texts that must exist before the first client (P04)."""
    return session.scalar(select(Coach.texts_seen_at).where(Coach.id == coach.id)) is not None


def _hold_to_texts(session: Session, coach: SignedIn, reads_texts: bool, now: datetime) -> None:
    row = session.scalar(select(Coach).where(Coach.id == coach.id))
    if row is None or (row.texts_seen_at is None and not reads_texts):
        raise TextsNotSeen
    if row.texts_seen_at is None:
        row.texts_seen_at, row.texts_version = now, TEXTS_VERSION


def _write(store: Store, client: Client, command: SaveClient) -> None:
    seal, key = store.vault.seal, client.wrapped_key
    client.name_sealed = seal(key, _place(client, "name_sealed"), command.name)
    client.details_sealed = seal(key, _place(client, "details_sealed"), command.details)
    client.language, client.show_first_name = command.language, command.show_first_name
    client.reminders, client.mails_by_itself = command.reminders, command.mails_by_itself
    client.mail_digest = outbox_rows.mail_digest(store, command.details.email)
    client.started_on, client.page_asks = command.started_on, write_asks(command.page_asks)


def _write_health(store: Store, session: Session, client: Client, command: SaveClient, now: datetime) -> None:
    """Health details under consent. What lies stored from before a consent that was withdrawn is not overwritten by
    a form that could not show it."""
    says, health = filled(command.health), command.health
    if not consents.has_health(session, client.id):
        if not command.consent_health:
            if says:
                raise consents.NeedsConsent(says)
            return
        consents.agree_in(store, session, client, now)
        hidden = _stored_health(store, client) or NO_HEALTH
        health = replace(hidden, **{name: getattr(health, name) for name in says})
    client.health_sealed = store.vault.seal(client.wrapped_key, _place(client, "health_sealed"), health)


def add_flags(store: Store, session: Session, client_id: int, flags: Iterable[str]) -> None:
    """More to take into account with this client, in the fixed order. Only where consent for health is sure."""
    client = client_gate(session, client_id)
    health = _stored_health(store, client) or NO_HEALTH
    known = {*health.health_flags, *flags}
    if known != set(health.health_flags):
        health = replace(health, health_flags=tuple(flag for flag in HEALTH_FLAGS if flag in known))
        client.health_sealed = store.vault.seal(client.wrapped_key, _place(client, "health_sealed"), health)
        client.version += 1


def _stored_health(store: Store, client: Client) -> HealthDetails | None:
    if client.health_sealed is None:
        return None
    place = _place(client, "health_sealed")
    return store.vault.open(client.wrapped_key, place, client.health_sealed, HealthDetails)


def _place(client: Client, column: str) -> Place:
    return Place("client", column, client.id, client.id)


def _by_status_and_name(row: ClientRow) -> tuple[int, str, str, int]:
    return STATUSES.index(row.status), plain(row.first_name), plain(row.last_name), row.id
