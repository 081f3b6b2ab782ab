"""Erasing a client: rows, key and bytes. What is left is a number in a table, and the same number in a file beside the
keys, so that a copy from before does not bring anybody back."""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from planner.domain.privacy import ERASURE
from planner.models import (
    EVERYONE,
    Client,
    Erasure,
    LinkRequest,
    Practice,
    PrivacyRequest,
    new_id,
)
from planner.models.audit import audit_entry
from planner.models.base import make_engine
from planner.models.ownership import scoped
from planner.services.keeping.backup_sqlite import sync_folder
from planner.services.people import letters
from planner.services.store import SignedIn, Store, client_gate
from planner.services.vault import Vault, vault_of
from planner.settings import Settings

LEDGER = "erased.ledger"
"""A line for each client who was erased: practice, client, moment, and a seal that only this planner can make. Lines of
before there were seals count in the instance itself only."""
Lines = Mapping[tuple[int, int], str]
"""Practice and client to the moment, as it is written."""
Seal = Callable[[str], str]
"""What stands behind a line."""


class Unreadable(OSError):
    """A ledger is there and does not tell who was erased. One clear line for the person at the keyboard."""

    def __init__(self, ledger: Path, error: OSError) -> None:
        super().__init__(
            error.errno,
            f"{ledger} is niet te lezen ({error.strerror or error}). Daarin staat wie gewist is. "
            "Geef het bestand aan de gebruiker van de planner en probeer het opnieuw.",
        )

    def __str__(self) -> str:
        return str(self.strerror)


def ledger_of(settings: Settings) -> Path:
    return settings.instance / LEDGER


def erase(store: Store, coach: SignedIn, client_id: int, ledger: Path, now: datetime) -> None:
    """Everything about a client is gone: rows, key, links, drafts, messages. The audit keeps numbers only.
    Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        _erase(session, client_gate(session, client_id), now)
        letters.put_in(store, session, (coach.owner_id, coach.id), "erased", now)
    store.remembered.forget()
    store.db.forget_bytes(Client.__tablename__)
    agree(store, ledger, now)


def _erase(session: Session, client: Client, now: datetime) -> None:
    """The rows below a client go with it, by their foreign keys."""
    if client.mail_digest:
        session.execute(delete(LinkRequest).where(LinkRequest.digest == client.mail_digest))
    session.add(_tombstone(client.owner_id, client.id, now, _asked_on(session, client.id)))
    session.add(audit_entry(session.info["scope"], now, "erased", client))
    session.delete(client)


def _asked_on(session: Session, client_id: int) -> date | None:
    """When the client asked for it first, of what is still open."""
    return session.scalar(
        select(PrivacyRequest.asked_on)
        .where(
            PrivacyRequest.client_id == client_id,
            PrivacyRequest.kind == ERASURE,
            PrivacyRequest.done_on.is_(None),
        )
        .order_by(PrivacyRequest.asked_on)
        .limit(1)
    )


def _tombstone(owner_id: int, client_id: int, at: datetime, asked_on: date | None = None) -> Erasure:
    return Erasure(id=new_id(), owner_id=owner_id, client_id=client_id, erased_at=at, asked_on=asked_on)


# The ledger


def agree(store: Store, ledger: Path, now: datetime) -> None:
    """Table and ledger say the same: who is missing in the file is written there, and who is missing in the table is
    erased (again). So nothing is lost when the power went between the two."""
    written, seal = read(ledger), _seal_of(store.vault)
    sealed = read(ledger, seal)
    with store.db.reading(EVERYONE) as session:
        rows = session.scalars(select(Erasure).order_by(Erasure.erased_at)).all()
        practices = set(session.scalars(select(Practice.id)))
    known = {(row.owner_id, row.client_id): row.erased_at.isoformat() for row in rows}
    _append(ledger, {one: at for one, at in known.items() if one not in sealed}, seal)
    missing = [one for one in written if one not in known and one[0] in practices]
    if missing:
        _bury(store, missing, now)


def has_come_back(store: Store, ledger: Path) -> bool:
    """Whether somebody who was erased is there. The next start, or the jobs within the hour, erase them again. Raises
    Unreadable."""
    written = read(ledger)
    with store.db.reading(EVERYONE) as session:
        there = select(Client.owner_id, Client.id).where(
            Client.id.in_([client for _owner, client in written])
        )
        return any(tuple(row) in written for row in session.execute(there))


def _bury(store: Store, missing: list[tuple[int, int]], now: datetime) -> None:
    with store.db.transaction(EVERYONE, now) as session:
        for owner_id, client_id in missing:
            back = session.scalar(select(Client).where(Client.id == client_id, Client.owner_id == owner_id))
            if back is not None:
                _erase(session, back, now)
            else:
                session.add(_tombstone(owner_id, client_id, now))
    store.db.forget_bytes(Client.__tablename__)


def lay_beside(settings: Settings) -> None:
    """The ledger lies with the copies as well: whoever has only those left brings nobody back with them. It is only
    written there: what others write into that folder erases nobody here. Where it cannot be written, it is tried again.
    """
    own, beside, seal = read(ledger_of(settings)), settings.backups / LEDGER, _seal_of(vault_of(settings))
    with suppress(OSError):
        there = read(beside, seal)
        if settings.backups.is_dir():
            _append(beside, {one: at for one, at in own.items() if one not in there}, seal)


def _seal_of(vault: Vault) -> Seal:
    return lambda line: vault.lookup_digest("erased", line).hex()


def take_over(settings: Settings, copy: Path) -> None:
    """Before a copy is put back: what lies beside it about who was erased stands in the ledger here, so that whatever
    happens then, the next start erases them again. Of that one only the lines we sealed, or anybody who can write in
    that folder erases somebody here. Raises Unreadable."""
    own, seal = ledger_of(settings), _seal_of(vault_of(settings))
    there, here = read(copy.with_name(LEDGER), seal), read(own)
    _append(own, {one: at for one, at in there.items() if one not in here}, seal)


def replay(settings: Settings) -> None:
    """After a copy was put back: who was erased since is erased again, before anybody sees them. In plain SQL, for the
    copy may be of an older edition of the tables."""
    written = read(ledger_of(settings))
    if not written:
        return
    engine = make_engine(settings.database_url)
    try:
        with scoped(EVERYONE), engine.execution_options(write=True).begin() as connection:
            for owner_id, client_id in written:
                connection.execute(
                    text("DELETE FROM client WHERE id = :client AND owner_id = :owner"),
                    {"client": client_id, "owner": owner_id},
                )
    finally:
        engine.dispose()


def read(ledger: Path, seal: Seal | None = None) -> Lines:
    """What stands in a ledger; nothing when there is none. Half a line, left by a power cut, is no line. With `seal`:
    only lines that carry it. Raises Unreadable."""
    try:
        lines = ledger.read_text("ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Unreadable(ledger, error) from error
    found = {}
    for line in lines:
        parts = line.split()
        if seal is not None and not _is_sealed(parts, seal):
            continue
        if len(parts) in {3, 4} and parts[0].isdecimal() and parts[1].isdecimal():
            found[int(parts[0]), int(parts[1])] = parts[2]
    return found


def _is_sealed(parts: list[str], seal: Seal) -> bool:
    return len(parts) == 4 and hmac.compare_digest(parts[3].encode(), seal(" ".join(parts[:3])).encode())


def _append(ledger: Path, new: Lines, seal: Seal) -> None:
    """On disk when this returns."""
    if not new:
        return
    lines = [f"{owner} {client} {at}" for (owner, client), at in new.items()]
    text_of_it = "".join(f"\n{line} {seal(line)}" for line in lines) + "\n"
    handle = os.open(ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text_of_it)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(ledger.parent)
