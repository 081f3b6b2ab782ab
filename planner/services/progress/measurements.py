"""The numbers of a client over time: from the notes, and from what they filled in themselves before a walk.

Without consent for health there are none (P03). A walk gives one measurement: what the note says, else what the client
filled in for the same walk; so a number that was taken over into the note counts once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from planner.domain import reviews
from planner.domain.answers import AnswerContent
from planner.domain.notes import WALKED, NoteContent
from planner.domain.progress import start_of
from planner.domain.reviews import Measurement
from planner.domain.walks import DONE, is_over
from planner.models import Note, Walk, WalkAnswer
from planner.services.clients import answers
from planner.services.clients.clients import OpenClient
from planner.services.notes import notes
from planner.services.store import Store

NOTHING = NoteContent()


@dataclass(frozen=True, slots=True)
class MeasuredWalk:
    """A walk with its numbers. `walked`: it took place, with the client there."""

    id: int
    starts_local: datetime
    setting: str
    walked: bool
    content: NoteContent
    measured: Measurement


@dataclass(frozen=True, slots=True)
class Numbers:
    """All of one client, oldest first. `start`: of the programme."""

    start: date | None
    walks: tuple[MeasuredWalk, ...] = ()

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        return tuple(one.measured for one in self.walks)

    @property
    def walked(self) -> tuple[MeasuredWalk, ...]:
        return tuple(one for one in self.walks if one.walked)

    def review(self, today: date) -> reviews.ThreeMonths:
        """What the three-month rule says today."""
        return reviews.three_month_review(self.start, today, self.measurements)

    def alerts(self, today: date) -> tuple[str, ...]:
        """The measures that went down so far that the safety questions are to be asked again."""
        return reviews.deteriorating(self.start, today, self.measurements)

    @property
    def drains(self) -> bool:
        return reviews.energy_drains(
            (one.content.energy_before, one.content.energy_after) for one in self.walked
        )


_CLIENT: Any = bindparam("client_id")
_WALKS = (
    select(Walk.id, Walk.starts_local, Walk.starts_at, Walk.minutes, Walk.setting, Walk.status, Walk.outcome)
    .where(Walk.client_id == _CLIENT)
    .order_by(Walk.starts_at, Walk.id)
)
_ENTERED = (
    select(WalkAnswer.walk_id, WalkAnswer.created_at).where(WalkAnswer.client_id == _CLIENT),
    select(Note.walk_id, Note.changed_at).where(Note.client_id == _CLIENT),
)
"""When the client answered; and, later than that, when the note was written."""


def of_client(
    store: Store,
    session: Session,
    client: OpenClient,
    now: datetime,
    lines: Sequence[notes.NoteLine] | None = None,
) -> Numbers:
    """A walk counts as walked once it is over. `lines`: the client's notes, where the caller has opened all of them
    already."""
    if not client.health_consent:
        return Numbers(None)
    found = session.execute(_WALKS, {"client_id": client.id}).all()
    opened = notes.of_client(store, session, client) if lines is None else lines
    contents = {line.walk_id: line.content for line in opened}
    said = answers.of_walks(store, session, client, [row.id for row in found])
    entered = _entered(session, client.id)
    walks = tuple(
        _walk(row, contents.get(row.id), said.get(row.id), entered.get(row.id), now) for row in found
    )
    walked_on = (one.starts_local.date() for one in walks if one.walked)
    return Numbers(start_of(walked_on, client.started_on), walks)


def _walk(
    row: Any,
    note: NoteContent | None,
    said: AnswerContent | None,
    entered_at: datetime | None,
    now: datetime,
) -> MeasuredWalk:
    def number(name: str) -> int | None:
        kept: int | None = getattr(note, name) if note is not None else None
        return kept if kept is not None or said is None else getattr(said, name)

    measured = Measurement(
        row.starts_local.date(), number("energy_week"), number("functioning_week"), entered_at
    )
    walked = row.status == DONE and row.outcome == WALKED and is_over(row.starts_at, row.minutes, now)
    return MeasuredWalk(row.id, row.starts_local, row.setting, walked, note or NOTHING, measured)


def _entered(session: Session, client_id: int) -> dict[int, datetime]:
    """When the numbers of each walk were entered: with the note, else when the client answered first."""
    whose = {"client_id": client_id}
    return {walk_id: at for part in _ENTERED for walk_id, at in session.execute(part, whose)}
