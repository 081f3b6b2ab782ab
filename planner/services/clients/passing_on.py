"""A client and more than one coach: handed over for good, or shared with a colleague for a period.

Handing over changes one row; the composite keys carry everything under the client along. A row of access says who could
see a client, from when until when and why; it is never removed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from planner.domain.when import local_to_moment, moment_to_local
from planner.models import Client, ClientAccess, new_id
from planner.models.audit import audit_entry
from planner.services.people import colleagues
from planner.services.store import NotFound, SignedIn, Store, practice_of, settings_of
from planner.services.vault import Place

LONGEST = timedelta(days=366)
"""No client is shared for longer at once."""


@dataclass(frozen=True, slots=True)
class Access:
    """A colleague who reaches a client, or did. `until_on`: the last day. `open`: holds now."""

    id: int
    reader_id: int
    reader: str
    reason: str
    from_on: date
    until_on: date
    ended_on: date | None
    open: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose a client is, for the coach who looks. `own`: theirs; else shared by `coach` until that day."""

    own: bool
    coach: str
    until_on: date | None
    accesses: tuple[Access, ...]


def hand_over(store: Store, coach: SignedIn, client_id: int, to_id: int, now: datetime) -> None:
    """This coach's own client goes to a colleague, with everything. Raises NotFound."""
    with store.db.transaction(coach.practice_scope, now) as session:
        _receiver(store, session, coach, to_id, now)
        client = session.scalar(select(Client).where(Client.id == client_id, Client.coach_id == coach.id))
        if client is None:
            raise NotFound
        _give(session, client, to_id, now)


def hand_over_all(store: Store, lead: SignedIn, from_id: int, to_id: int, now: datetime) -> int:
    """All clients of a colleague, by whoever leads the practice; gives how many. Raises NotFound."""
    with store.db.transaction(colleagues.must_lead(lead).practice_scope, now) as session:
        colleagues.pick(colleagues.people(store, session, lead, now), from_id)
        if from_id == to_id:
            raise NotFound
        _receiver(store, session, lead, to_id, now)
        found = session.scalars(select(Client).where(Client.coach_id == from_id)).all()
        for client in found:
            _give(session, client, to_id, now)
        return len(found)


def _receiver(store: Store, session: Session, coach: SignedIn, to_id: int, now: datetime) -> None:
    """Raises NotFound unless a colleague can have clients."""
    if not colleagues.pick(colleagues.people(store, session, coach, now), to_id).coaches:
        raise NotFound


def _give(session: Session, client: Client, to_id: int, now: datetime) -> None:
    for access in session.scalars(
        select(ClientAccess).where(ClientAccess.client_id == client.id, ClientAccess.ended_at.is_(None))
    ):
        access.ended_at = now
    session.flush()  # before their key follows the client's
    client.coach_id, client.version = to_id, client.version + 1
    session.add(audit_entry(session.info["scope"], now, "handed", client))
    session.flush()


def share(
    store: Store,
    coach: SignedIn,
    client_id: int,
    reader_id: int,
    until_on: date,
    reason: str,
    now: datetime,
) -> None:
    """A colleague reaches this coach's own client until the end of that day. Raises NotFound."""
    others = colleagues.others(store, coach, now)
    if reader_id not in {one.id for one in others}:
        raise NotFound
    with store.db.transaction(coach.own_scope, now) as session:
        client = own_client(session, coach, client_id)
        zone = settings_of(practice_of(session, coach.own_scope)).zone
        for before in session.scalars(_open_for(client_id, reader_id, now)):
            before.ended_at = now
        row = ClientAccess(
            id=new_id(),
            owner_id=client.owner_id,
            coach_id=client.coach_id,
            client_id=client.id,
            reader_id=reader_id,
            from_at=now,
            until_at=local_to_moment(datetime.combine(until_on + timedelta(days=1), time()), zone),
            created_at=now,
        )
        row.sealed = store.vault.seal(client.wrapped_key, _place(row), reason)
        session.add(row)


def end(store: Store, coach: SignedIn, client_id: int, access_id: int, now: datetime) -> None:
    """From now on the colleague does not reach the client. Raises NotFound."""
    with store.db.transaction(coach.own_scope, now) as session:
        own_client(session, coach, client_id)
        row = session.scalar(
            select(ClientAccess).where(ClientAccess.id == access_id, ClientAccess.client_id == client_id)
        )
        if row is None:
            raise NotFound
        if row.ended_at is None and row.until_at > now:
            row.ended_at = now


def own_client(session: Session, coach: SignedIn, client_id: int) -> Client:
    """The client, if this coach's own: for whom it is shared with there is no such thing. Raises NotFound."""
    client = session.scalar(select(Client).where(Client.id == client_id, Client.coach_id == coach.id))
    if client is None:
        raise NotFound
    return client


def standing(store: Store, coach: SignedIn, client_id: int, now: datetime) -> Standing:
    """Raises NotFound."""
    names = {one.id: one.name for one in colleagues.listing(store, coach, now)}
    with store.db.reading(coach.scope) as session:
        client = session.scalar(select(Client).where(Client.id == client_id))
        if client is None:
            raise NotFound
        rows = session.scalars(
            select(ClientAccess)
            .where(ClientAccess.client_id == client_id)
            .order_by(ClientAccess.from_at.desc(), ClientAccess.id)
        )
        found = tuple(_opened(store, client, row, names, now) for row in rows)
        mine = (one.until_on for one in found if one.open and one.reader_id == coach.id)
        own = client.coach_id == coach.id
        return Standing(own, names.get(client.coach_id, ""), next(mine, None), found if own else ())


def _opened(store: Store, client: Client, row: ClientAccess, names: dict[int, str], now: datetime) -> Access:
    last_moment = row.until_at - timedelta(seconds=1)
    return Access(
        row.id,
        row.reader_id,
        names.get(row.reader_id, ""),
        store.vault.open(client.wrapped_key, _place(row), row.sealed, str),
        moment_to_local(row.from_at).date(),
        moment_to_local(last_moment).date(),
        moment_to_local(row.ended_at).date() if row.ended_at else None,
        row.ended_at is None and row.from_at <= now < row.until_at,
    )


def _open_for(client_id: int, reader_id: int, now: datetime) -> Select[ClientAccess]:
    return select(ClientAccess).where(
        ClientAccess.client_id == client_id,
        ClientAccess.reader_id == reader_id,
        ClientAccess.until_at > now,
        ClientAccess.ended_at.is_(None),
    )


def _place(row: ClientAccess) -> Place:
    return Place("client_access", "sealed", row.id, row.client_id)
