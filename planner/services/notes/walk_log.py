"""A walk that was not planned, written down afterwards with its note in one go (decision 28)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from planner.services.notes import notes
from planner.services.notes.notes import SaveNote
from planner.services.planning.in_the_way import InTheWay
from planner.services.store import SignedIn, Store, handled_before, remember_form, walk_gate
from planner.services.walks import walks
from planner.services.walks.walks import PlanWalk


class WalkedThen(Exception):
    """There is a walk with this client at that time already, and nobody said that this is another one."""

    def __init__(self, way: InTheWay) -> None:
        super().__init__()
        self.way = way


def log_walk(
    store: Store, coach: SignedIn, walk: PlanWalk, note: SaveNote, now: datetime, form_id: str | None = None
) -> int:
    """Both or neither; gives the walk's id. The same form twice makes one.

    Raises what planning and the note raise, or WalkedThen. A walk with somebody else at that hour is no obstacle: this
    one did happen.
    """
    with store.db.transaction(coach.scope, now) as session:
        before = handled_before(session, form_id)
        if before is not None:
            return int(before)
        result = walks.plan_in(store, session, coach, replace(walk, keep_clash=True, seen=None), now)
        same = InTheWay(tuple(one for one in result.way.walks if one.client_id == walk.client_id))
        if not walk.keeps(same):
            raise WalkedThen(same)
        walk_id = result.walk_id or 0
        notes.save_in(store, session, walk_gate(session, walk_id), note, now)
        remember_form(session, coach.scope, form_id, str(walk_id), now)
        return walk_id
