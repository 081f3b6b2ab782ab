"""What the client's page asks now, and what was answered there: as little as the page needs. No number and no sign
that was given ever comes back to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from planner.domain.answers import COMING, NOTHING, SIGNS_WITHIN, AnswerContent, asks_check_in, asks_signs
from planner.domain.lengths import NORMAL, Length
from planner.domain.notes import WALKED
from planner.domain.walks import DONE, in_time
from planner.models import Walk, WalkAnswer
from planner.services.clients import answers
from planner.services.clients.clients import OpenClient
from planner.services.store import Store
from planner.services.walks.walk_rows import LONGEST, WalkRow

THANKED_FOR = timedelta(hours=1)
NO_LENGTHS: Mapping[int, tuple[Length, ...]] = {}


@dataclass(frozen=True, slots=True)
class AskedOfWalk:
    """About a coming walk. `said`: coming, cannot or nothing; `length`: what they chose, if another than normal;
    `has_length`: what it has now, whoever chose it; `in_time`: the notice period has not begun; `lengths`: those to
    choose from; the rest: what may be answered now, whether numbers were given, and whether they were sent just now."""

    said: str
    length: str
    has_length: str
    in_time: bool
    coming: bool
    lengths: tuple[Length, ...]
    check_in: bool
    checked_in: bool
    thanked: bool

    @property
    def extra(self) -> bool:
        """Whether anything is asked beyond whether the client can come."""
        return self.coming or bool(self.lengths) or self.check_in


@dataclass(frozen=True, slots=True)
class Asked:
    """`walks`: by id. `signs_walk`: the walk whose signs are asked, said without its day or place. `thanked`: they
    were sent just now."""

    walks: Mapping[int, AskedOfWalk] = field(default_factory=dict)
    signs_walk: int | None = None
    thanked: bool = False


def asked(
    store: Store,
    session: Session,
    client: OpenClient,
    coming: Iterable[WalkRow],
    notice_hours: int,
    now: datetime,
    lengths: Mapping[int, tuple[Length, ...]] = NO_LENGTHS,
) -> Asked:
    """For this client's planned walks, and the last one that was walked. `lengths`: to choose from, by walk."""
    rows = list(coming)
    stands = answers.of_walks(store, session, client, [row.id for row in rows])
    walks = {
        row.id: _of_walk(
            client,
            row,
            stands.get(row.id, NOTHING),
            in_time(row.starts_at, now, notice_hours),
            now,
            lengths.get(row.id, ()),
        )
        for row in rows
    }
    return Asked(walks, *_signs(store, session, client, now))


def _of_walk(
    client: OpenClient,
    row: WalkRow,
    stands: AnswerContent,
    early: bool,
    now: datetime,
    lengths: tuple[Length, ...],
) -> AskedOfWalk:
    asks = client.page_asks
    return AskedOfWalk(
        said=stands.answer,
        length=row.length if row.length != NORMAL and stands.length == row.length else "",
        has_length=row.length,
        in_time=early,
        coming=COMING in asks and stands.answer != COMING,
        lengths=lengths,
        check_in=asks_check_in(asks, row.starts_at, now, consented=client.health_consent),
        checked_in=stands.checked_in,
        thanked=stands.checked_in_at is not None and now - stands.checked_in_at <= THANKED_FOR,
    )


_COLUMNS: tuple[Any, ...] = (Walk.id, Walk.starts_at, Walk.minutes, WalkAnswer.changed_at)
_WALKED: Select[Any] = (
    select(*_COLUMNS)
    .outerjoin(WalkAnswer, WalkAnswer.walk_id == Walk.id)
    .where(
        Walk.client_id == bindparam("client_id"),
        Walk.starts_at >= bindparam("earliest"),
        Walk.status == DONE,
        Walk.outcome == WALKED,
    )
    .order_by(Walk.starts_at.desc(), Walk.id)
    .limit(1)
)


def _signs(store: Store, session: Session, client: OpenClient, now: datetime) -> tuple[int | None, bool]:
    """The walk to ask about, and whether thanks are due. Only the last one: an earlier one is not asked any more."""
    window = {"client_id": client.id, "earliest": now - SIGNS_WITHIN - LONGEST}
    last = session.execute(_WALKED, window).first()
    if last is None:
        return None, False
    ends_at = last.starts_at + timedelta(minutes=last.minutes)
    if not asks_signs(client.page_asks, ends_at, now, consented=client.health_consent):
        return None, False
    if answers.of_walk(store, session, client, last.id).signs_done:
        return None, now - last.changed_at <= THANKED_FOR
    return last.id, False
