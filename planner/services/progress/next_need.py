"""Which of the four reasons a client's next walk should serve first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from planner.domain import reasons
from planner.domain.exercises import reasons_of
from planner.domain.reasons import COVERAGE_WALKS
from planner.domain.walks import exercise_ids
from planner.services.notes.notes import NoteLine
from planner.services.planning.plan_desk import LOOKED_BACK
from planner.services.store import Store
from planner.services.toolkit import toolkit
from planner.services.walks import walk_rows


def of_client(
    store: Store, session: Session, client_id: int, lines: Sequence[NoteLine], now: datetime
) -> tuple[str, dict[str, int]] | None:
    """The reason the next proposal begins with, and in how many of the last walks each was planned: as the proposal
    itself counts. None before the first walk. `lines`: the client's notes, newest first."""
    had = walk_rows.had(store, session, client_id, COVERAGE_WALKS, now)
    if not had:
        return None
    plans = walk_rows.parts_of(session, [row.id for row in had])
    every = {one.id: one.facts for one in toolkit.exercises(store, session, hidden=True)}
    done = [exercise_ids(plans.get(row.id, ())) for row in reversed(had)]
    covered = reasons.coverage([reasons_of(every, ids) for ids in done])
    marks = reasons.ledger([line.content.marks for line in lines[:LOOKED_BACK]])
    return reasons.least_served(covered, marks), covered
