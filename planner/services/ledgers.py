"""The ledger of the four reasons: which one carried the walks, which was least served, for one client and over all of
a coach's clients."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from planner.domain import reasons
from planner.domain.notes import NoteContent
from planner.domain.reasons import COVERAGE_WALKS, LedgerLine
from planner.domain.walks import exercise_ids
from planner.services import plan_wishes, toolkit, walk_rows
from planner.services.notes import NoteLine
from planner.services.plan_desk import LOOKED_BACK
from planner.services.store import Store


@dataclass(frozen=True, slots=True)
class Ledger:
    """`lines`: the four in their order. `carried`: the reason with the highest average; None when two share it or no
    mark was given."""

    lines: tuple[LedgerLine, ...]
    walks: int

    @property
    def carried(self) -> str | None:
        known = {line.reason: line.average for line in self.lines if line.average is not None}
        best = [reason for reason, average in known.items() if average == max(known.values())]
        return best[0] if len(best) == 1 and len(known) > 1 else None


def of_notes(contents: Iterable[NoteContent]) -> Ledger:
    """Over these notes; a note without marks counts nowhere."""
    marks = [content.marks for content in contents]
    given = [one for one in marks if any(mark is not None for mark in one.values())]
    return Ledger(reasons.ledger(given), len(given))


def next_need(
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
    covered = reasons.coverage([plan_wishes.reasons_of(every, ids) for ids in done])
    marks = reasons.ledger([line.content.marks for line in lines[:LOOKED_BACK]])
    return reasons.least_served(covered, marks), covered
