"""What suggestions learn from: which exercises were suggested for a walk, and whether the coach took them.

Counted per client and nothing else: no weights, no model.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Integer, bindparam, cast, func, select
from sqlalchemy.orm import Session

from planner.domain.exercise_wish import Chosen
from planner.models import ExerciseChoice, Walk

_COUNTED = (
    select(
        ExerciseChoice.exercise_id,
        func.sum(cast(ExerciseChoice.taken, Integer)).label("taken"),
        func.count().label("times"),
    )
    .where(ExerciseChoice.client_id == bindparam("client_id"))
    .group_by(ExerciseChoice.exercise_id)
)


def of_client(session: Session, client_id: int) -> dict[int, Chosen]:
    """Exercise id to how often it was suggested for this client, and how often the coach took it."""
    found = session.execute(_COUNTED, {"client_id": client_id})
    return {row.exercise_id: Chosen(row.taken, row.times) for row in found}


def of_walk(session: Session, walk_id: int) -> tuple[int, ...]:
    """The exercises that were suggested for this walk, taken or not."""
    found = session.scalars(
        select(ExerciseChoice.exercise_id)
        .where(ExerciseChoice.walk_id == walk_id)
        .order_by(ExerciseChoice.chosen_at, ExerciseChoice.id)
    )
    return tuple(found)


def remember(
    session: Session, walk: Walk, suggested: Collection[int], planned: Collection[int], now: datetime
) -> None:
    """In the transaction that saves the plan: what was suggested and is in it was taken, what is not was refused. A
    walk that is changed later changes that; it counts once."""
    rows = {
        row.exercise_id: row
        for row in session.scalars(select(ExerciseChoice).where(ExerciseChoice.walk_id == walk.id))
    }
    for exercise_id in dict.fromkeys((*rows, *suggested)):
        taken, row = exercise_id in planned, rows.get(exercise_id)
        if row is None:
            row = ExerciseChoice(owner_id=walk.owner_id, coach_id=walk.coach_id, client_id=walk.client_id)
            row.walk_id, row.exercise_id = walk.id, exercise_id
            row.taken, row.chosen_at = taken, now
            session.add(row)
        elif row.taken != taken:
            row.taken, row.chosen_at = taken, now
