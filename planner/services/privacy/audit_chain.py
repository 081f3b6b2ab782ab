"""The audit log as a whole: taken in once, held against its chain, and let go of after a year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from planner.domain.audit_chain import (
    CLOSED,
    OPEN,
    PURGED,
    Break,
    Head,
    Link,
    Segment,
    breaks,
    is_lapsed,
    purge_before,
)
from planner.models import EVERYONE, AuditEntry, AuditSegment
from planner.models.audit import tail_of
from planner.models.audit_tail import link_of, segment_of, values_of
from planner.services.store import Store

GUARDS = frozenset(
    {"audit_entry_update", "audit_entry_delete", "audit_segment_update", "audit_segment_delete"}
)
"""What the database itself refuses with."""
RESTORED = "restored"
"""The deed of putting back a backup: what later backups remember need not be found any more."""
AT_ONCE = 1000
COLUMNS = tuple(getattr(AuditEntry, name) for name in (*Link.__dataclass_fields__, "digest"))


def take_in(store: Store, now: datetime) -> None:
    """Rows of before there was a chain, once: they get their places by their moments. Never later on, or a row that
    somebody put in by hand would be taken in too."""
    with store.db.reading(EVERYONE) as session:
        if session.scalar(select(AuditSegment.first_seq).limit(1)) is not None:
            return
    with store.db.transaction(EVERYONE, now) as session:
        loose = session.scalars(select(AuditEntry).order_by(AuditEntry.at, AuditEntry.id)).all()
        if loose:
            tail_of(session).append(loose)


def problems(store: Store, remembered: Iterable[Head] = ()) -> Iterator[Break]:
    """Where the log is not what it was. `remembered`: the heads that backups hold."""
    with store.db.reading(EVERYONE) as session:
        loose = session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.seq.is_(None)))
        if loose:
            yield Break("unchained", 0)
        if not _guards(session) >= GUARDS:
            yield Break("unguarded", 0)
        restored = session.scalar(select(func.max(AuditEntry.at)).where(AuditEntry.action == RESTORED))
        heads = [head for head in remembered if head.seq and (restored is None or head.at > restored)]
        segments = session.scalars(select(AuditSegment).order_by(AuditSegment.first_seq)).all()
        sealed = [(segment_of(row), row.seal) for row in segments]
        yield from breaks(store.vault.audit_key, sealed, _rows(session), heads)


def _rows(session: Session) -> Iterator[tuple[Link, bytes]]:
    wanted = select(*COLUMNS).where(AuditEntry.seq.is_not(None)).order_by(AuditEntry.seq)
    for row in session.execute(wanted, execution_options={"yield_per": AT_ONCE}):
        yield link_of(row), row.digest or b""


def _guards(session: Session) -> set[str]:
    sqlite = session.get_bind().dialect.name == "sqlite"
    names = (
        "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        if sqlite
        else "SELECT tgname FROM pg_trigger WHERE tgenabled = 'O'"
    )
    return set(session.scalars(text(names)))


def purge(store: Store, now: datetime) -> None:
    """Close the segment whose month is over; let whole segments go that are older than twelve months. Their heads
    stay, so that the chain goes on."""
    with store.db.transaction(EVERYONE, now) as session:
        for row in session.scalars(select(AuditSegment).where(AuditSegment.state != PURGED)).all():
            segment = segment_of(row)
            if segment.state == OPEN and is_lapsed(segment.month, now):
                segment = replace(segment, state=CLOSED)
                _turn(session, store.vault.audit_key, segment)
            if segment.state == CLOSED and segment.month < purge_before(now):
                _turn(session, store.vault.audit_key, replace(segment, state=PURGED))
                gone = AuditEntry.seq.between(segment.first_seq, segment.last_seq)
                session.execute(delete(AuditEntry).where(gone).execution_options(synchronize_session=False))


def _turn(session: Session, key: bytes, segment: Segment) -> None:
    where = AuditSegment.first_seq == segment.first_seq
    session.execute(update(AuditSegment).where(where).values(values_of(key, segment)))
