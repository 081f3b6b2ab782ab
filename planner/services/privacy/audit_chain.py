"""The audit log as a whole: taken in once, held against its chain, and let go of after a year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, func, select, update
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
    month_of,
    purge_before,
)
from planner.models import EVERYONE, AuditEntry, AuditSegment, Practice
from planner.models.audit import tail_of
from planner.models.audit_tail import link_of, segment_of, values_of
from planner.services.privacy import audit_guards
from planner.services.store import Store

AT_ONCE = 1000
COLUMNS = tuple(getattr(AuditEntry, name) for name in (*Link.__dataclass_fields__, "digest"))


def take_in(store: Store, now: datetime) -> None:
    """Rows of before there was a chain, once: they get their places by their moments. For the upgrade that brings the
    chain, and nobody else: whoever empties the chain could have anything taken in."""
    with store.db.reading(EVERYONE) as session:
        if session.scalar(select(AuditSegment.first_seq).limit(1)) is not None:
            return
    with store.db.transaction(EVERYONE, now) as session:
        loose = session.scalars(select(AuditEntry).order_by(AuditEntry.at, AuditEntry.id)).all()
        if loose:
            tail_of(session).append(loose)


def head(store: Store, now: datetime) -> Head | None:
    """How far the log goes now; None when there is none."""
    with store.db.reading(EVERYONE) as session:
        newest = session.scalars(
            select(AuditSegment).order_by(AuditSegment.first_seq.desc()).limit(1)
        ).first()
        return Head(now, newest.last_seq, newest.head) if newest is not None else None


def problems(store: Store, remembered: Iterable[Head] = ()) -> Iterator[Break]:
    """Where the log is not what it was. `remembered`: the heads that backups and the last night hold
    (services.keeping.put_back says which of them count). Whoever writes while it is read is seen whole or not at
    all."""
    with store.db.reading(EVERYONE, as_at_first=True) as session:
        segments = session.scalars(select(AuditSegment).order_by(AuditSegment.first_seq)).all()
        sealed = [(segment_of(row), row.seal) for row in segments]
        holds = True
        for one in _breaks(store, session, sealed, remembered):
            holds = False
            yield one
        if holds and _begins_late(session, [segment for segment, _seal in sealed]):
            yield Break("begun", 1)


def _breaks(
    store: Store, session: Session, sealed: list[tuple[Segment, bytes]], remembered: Iterable[Head]
) -> Iterator[Break]:
    loose = session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.seq.is_(None)))
    if loose:
        yield Break("unchained", 0)
    if not audit_guards.stand(session):
        yield Break("unguarded", 0)
    heads = [head for head in remembered if head.seq]
    yield from breaks(store.vault.audit_key, sealed, _rows(session), heads)


def _begins_late(session: Session, segments: list[Segment]) -> bool:
    """A chain that was emptied and begun anew holds within itself. But whoever makes a practice writes in the log at
    the same moment, so each must be in it from then on, or from the last month that was let go of."""
    let_go = max((one.month for one in segments if one.state == PURGED), default="")
    first = select(func.min(AuditEntry.at)).where(AuditEntry.owner_id == Practice.id).scalar_subquery()
    return any(
        month_of(made_at) > let_go and (first_at is None or first_at > made_at)
        for made_at, first_at in session.execute(select(Practice.created_at, first))
    )


def _rows(session: Session) -> Iterator[tuple[Link, bytes]]:
    wanted = select(*COLUMNS).where(AuditEntry.seq.is_not(None)).order_by(AuditEntry.seq)
    for row in session.execute(wanted, execution_options={"yield_per": AT_ONCE}):
        yield link_of(row), row.digest or b""


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
