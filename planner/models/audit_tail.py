"""The segments of the audit chain, and how a transaction writes on at its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, String, Table, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from planner.domain.audit_chain import CLOSED, GENESIS, OPEN, Link, Segment, digest_of, month_of, seal_of
from planner.models.base import Base, BigId


class AuditSegment(Base):
    """The rows of about a month, as domain.audit_chain.Segment. Nobody owns it: one chain for all."""

    __tablename__ = "audit_segment"
    first_seq: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    last_seq: Mapped[int] = mapped_column(BigId)
    month: Mapped[str] = mapped_column(String(7))
    state: Mapped[str] = mapped_column(String(6))
    begins: Mapped[bytes]
    head: Mapped[bytes]
    seal: Mapped[bytes]


TABLE: Table = AuditSegment.__table__  # type: ignore[assignment]
NEWEST = select(TABLE).order_by(TABLE.c.first_seq.desc()).limit(1)


class Tail:
    """The newest segment. Appending gives rows their place and digest; `keep` writes the segment, once."""

    def __init__(self, connection: Connection, key: bytes | None) -> None:
        if not key:
            raise RuntimeError("the audit chain needs its key: work through a Store")
        self._connection, self._key = connection, key
        found = connection.execute(NEWEST).one_or_none()
        self._segment = segment_of(found) if found else None
        self._is_stored = found is not None

    def append(self, entries: Iterable[Any]) -> None:
        """Entries that are not in the chain yet, in the order they get."""
        for entry in entries:
            segment = self._for(month_of(entry.at))
            entry.seq = segment.last_seq + 1
            entry.digest = digest_of(self._key, segment.head, link_of(entry))
            self._segment = replace(segment, last_seq=entry.seq, head=entry.digest)

    def _for(self, month: str) -> Segment:
        """The segment that takes a row of this month; a clock that went back opens no older one."""
        last = self._segment
        if last is not None and last.state == OPEN and last.month >= month:
            return last
        if last is None:
            self._segment = Segment(1, 0, month, OPEN, GENESIS, GENESIS)
        else:
            if last.state == OPEN:
                self._segment = replace(last, state=CLOSED)
                self.keep()
            self._segment = Segment(last.last_seq + 1, last.last_seq, month, OPEN, last.head, last.head)
        self._is_stored = False
        return self._segment

    def keep(self) -> None:
        if self._segment is None:
            return
        values = values_of(self._key, self._segment)
        if self._is_stored:
            where = TABLE.c.first_seq == self._segment.first_seq
            self._connection.execute(update(TABLE).where(where).values(values))
        else:
            self._connection.execute(insert(TABLE).values(values))
            self._is_stored = True


def segment_of(row: Any) -> Segment:
    return Segment(row.first_seq, row.last_seq, row.month, row.state, row.begins, row.head)


def values_of(key: bytes, segment: Segment) -> dict[str, Any]:
    """What is stored of it, with its seal."""
    return asdict(segment) | {"seal": seal_of(key, segment)}


def link_of(entry: Any) -> Link:
    return Link(
        seq=entry.seq,
        id=entry.id,
        owner_id=entry.owner_id,
        at=entry.at,
        actor=entry.actor,
        actor_id=entry.actor_id,
        action=entry.action,
        kind=entry.kind,
        object_id=entry.object_id,
        client_id=entry.client_id,
    )
