"""The outbox: what is owed to a client about a walk, kept in the transaction of the change itself.

`note_walk` makes the rows match what is owed: at most one announcement that waits, and the reminders by the practice's
settings. It may be called as often as one likes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from planner.domain.messages import (
    ANNOUNCEMENTS,
    CANCELLATION,
    CHANGE,
    CONFIRMATION,
    DROPPED,
    FINAL,
    HELD,
    MORNING,
    PENDING,
    REMINDER,
    WAITING,
    About,
    Told,
    Written,
    owed,
    reminder_due,
)
from planner.domain.practices import PracticeSettings
from planner.domain.walks import CANCELLED, DONE, OUTDOORS, PLANNED, SETTLED_AFTER
from planner.models import EVERYONE, Message, Walk
from planner.services.clients import sharing
from planner.services.messages import outbox_cases, outbox_rows, outbox_weather
from planner.services.messages.outbox_cases import Case
from planner.services.messages.outbox_rows import drop, is_claimed, new_row, put
from planner.services.store import SignedIn, Store
from planner.services.walks.walk_rows import OpenWalk

AT_ONCE = 100
_COMING = select(Walk.id).where(Walk.starts_at > bindparam("now"), Walk.status == PLANNED)


def note_walk(store: Store, session: Session, walk_id: int, now: datetime, *, by_itself: bool = True) -> None:
    """A walk was planned, changed, cancelled, put back, or told about: keep what is owed now. Inside the transaction
    of that deed. `by_itself` False: what is news of it waits for the coach, also for who is mailed by itself, until the
    client knows it."""
    case = outbox_cases.case(store, session, walk_id, now)
    case.row.asks_first = case.row.asks_first or not by_itself
    _news(store, session, [case])
    _remind(store, session, case)


def note_weather(store: Store, session: Session, walk_ids: Collection[int], now: datetime) -> None:
    """The weather watch said something about these walks. Inside the transaction in which it did."""
    for case in outbox_cases.cases(store, session, walk_ids, now):
        _tell_weather(store, session, case)


def note_choice(store: Store, session: Session, walk_id: int, now: datetime) -> None:
    """The client chose how long the walk is: they know the minutes it has now, and need no message of it. What else is
    still owed stays owed. Inside the transaction of that deed."""
    case = outbox_cases.case(store, session, walk_id, now)
    told = case.told(store)
    if told is not None and told.sure and not told.about.off:
        before = (one for one in case.messages if one.problem == "own_choice")
        row = next(before, None) or new_row(case.row, CHANGE, DROPPED, now, now)
        drop(_about_walk(row, case.walk), "own_choice", now)
        about = replace(told.about, minutes=case.walk.minutes)
        outbox_rows.seal(store, case.client.wrapped_key, row, Written(about, CHANGE))
        session.add(row)
    note_walk(store, session, walk_id, now)


def note_client(store: Store, session: Session, client_id: int, now: datetime, *, back: bool = False) -> None:
    """The file of a client changed: their reminders follow. `back`: taken up again after a pause, so what was planned
    meanwhile is owed as well."""
    ids = session.scalars(select(Walk.id).where(Walk.client_id == client_id, Walk.starts_at > now)).all()
    cases = outbox_cases.cases(store, session, ids, now)
    if back:
        _news(store, session, cases)
    for case in cases:
        _remind(store, session, case)


def note_practice(store: Store, coach: SignedIn, now: datetime) -> None:
    """A practice changed when it reminds: all its coming walks, colleagues' as well."""
    with store.db.transaction(coach.practice_scope, now) as session:
        ids = session.scalars(_COMING, {"now": now}).all()
        for case in outbox_cases.cases(store, session, ids, now):
            _remind(store, session, case)


def note_everyone(store: Store, now: datetime) -> None:
    """Reminders for every walk to come: also those from before there was an outbox; and the turn of who is in a series.
    Some at a time, so that nobody waits long for the writers' lock."""
    with store.db.reading(EVERYONE) as session:
        ids = session.scalars(_COMING, {"now": now}).all()
    for start in range(0, len(ids), AT_ONCE):
        if start:
            store.db.give_way()
        with store.db.transaction(EVERYONE, now) as session:
            cases = outbox_cases.cases(store, session, ids[start : start + AT_ONCE], now)
            _news(store, session, [case for case in cases if case.row.series_id is not None])
            for case in cases:
                _remind(store, session, case)


def about(walk: OpenWalk) -> About:
    """A walk as a message tells of it. What a coach calls a route is for themselves, and no place."""
    at = (walk.latitude, walk.longitude) if walk.meets_at_route and walk.setting == OUTDOORS else (None, None)
    return About(
        walk.starts_local, walk.minutes, walk.setting, walk.meeting_point, walk.status == CANCELLED, *at
    )


def known_before(walk: OpenWalk, told: Told | None) -> About | None:
    """What the client knew of a walk that changed: what they were told last, else what their own page showed."""
    if told is not None:
        return told.about
    if walk.moved_from_local is None:
        return None
    return replace(about(walk), starts_local=walk.moved_from_local, off=False)


def is_over(walk: OpenWalk, now: datetime) -> bool:
    return walk.starts_at <= now or walk.status == DONE


def wanted(settings: PracticeSettings, kind: str) -> bool:
    """Whether the practice sends this kind of reminder."""
    return settings.reminder_morning if kind == MORNING else settings.reminder_early


def _news(store: Store, session: Session, cases: Sequence[Case]) -> None:
    """What is news of these walks, and of their weather."""
    leaving = [_announce(store, session, case) for case in cases]
    for case in cases:
        _tell_weather(store, session, case)
    if any(leaving):
        outbox_rows.wake(session)


def _announce(store: Store, session: Session, case: Case) -> bool:
    """One announcement, or none; whether it may leave by itself. One that is being sent right now is left alone: what
    comes after it is seen then."""
    walk, client, now = case.walk, case.client, case.now
    pending = [one for one in case.messages if one.kind in ANNOUNCEMENTS and one.state in PENDING]
    if any(is_claimed(one, now) for one in pending):
        return False
    kind = _owed_now(store, session, case)
    if kind is None:
        for one in pending:
            drop(one, _why_not(case) or "known", now)
        return False
    by_itself = client.mails_by_itself and not case.row.asks_first
    state = WAITING if by_itself and client.email and client.hears else HELD
    if not pending:
        session.add(_about_walk(new_row(case.row, kind, state, now, now), walk))
    for one in pending[1:]:
        drop(one, "known", now)
    for one in pending[:1]:
        if (one.kind, one.told_sequence) != (
            kind,
            walk.sequence,
        ):  # else what the coach said of it still counts
            put(_about_walk(one, walk), state, now, now)
            one.kind = kind
    return state == WAITING


def _on_their_page(session: Session, case: Case) -> bool:
    """Whether the client could have read of the walk there; a walk of some minutes old may be a slip of the coach."""
    settled = case.now - case.row.created_at >= SETTLED_AFTER
    return settled and sharing.has_link(session, case.client.id)


def _owed_now(store: Store, session: Session, case: Case) -> str | None:
    """The announcement that the client is owed and may have now."""
    told = case.told(store)
    moved = case.walk.moved_from_local is not None
    seen = told is None and case.walk.status == CANCELLED and _on_their_page(session, case)
    kind = owed(told, about(case.walk), over=is_over(case.walk, case.now), moved=moved, seen=seen)
    if kind is None:
        case.row.asks_first = False
    if told is None and kind == CONFIRMATION and case.waits:
        return None
    silent = not case.client.hears or case.file.cannot
    return None if silent and kind != CANCELLATION else kind


def _tell_weather(store: Store, session: Session, case: Case) -> None:
    """Never about a walk of which the client hears later."""
    key, why_not = case.client.wrapped_key, _why_not(case)
    if outbox_rows.told_last(store, key, case.messages) is None and case.waits:
        why_not = why_not or "outdated"
    outbox_weather.tell(store, session, case.row, case.file, key, case.now, why_not)


def _remind(store: Store, session: Session, case: Case) -> None:
    for kind in (REMINDER, MORNING):
        _remind_of(store, session, case, kind)


def _remind_of(store: Store, session: Session, case: Case, kind: str) -> None:
    """The reminder of this kind: at its hour, or not at all. One the coach asked for is not touched."""
    walk, now = case.walk, case.now
    rows = [one for one in case.messages if one.kind == kind and not one.by_hand]
    pending = next((one for one in rows if one.state == WAITING), None)
    if pending is not None and is_claimed(pending, now):
        return
    why_not = _why_not(case) or _why_no_reminder(case, kind)
    due_at = reminder_due(kind, walk.starts_local, walk.zone, case.settings.reminder_hours)
    if why_not is not None or due_at is None:
        if pending is not None:
            drop(pending, why_not or "known", now)
        return
    if pending is not None:
        _shift(pending, walk, due_at, now, announced=_owed_now(store, session, case) is not None)
        return
    same = [one for one in rows if one.told_sequence == walk.sequence]
    if due_at <= now or any(one.state != DROPPED or one.problem in FINAL for one in same):
        return
    if same:
        put(same[0], WAITING, due_at, now)
    else:
        session.add(_about_walk(new_row(case.row, kind, WAITING, due_at, now), walk))


def _shift(pending: Message, walk: OpenWalk, due_at: datetime, now: datetime, *, announced: bool) -> None:
    """A reminder that waits already follows its walk; near the walk, the announcement of the change does its work.
    Where there is none, as after a choice of the client, it stays."""
    if pending.told_sequence != walk.sequence:
        if due_at > now:
            put(_about_walk(pending, walk), WAITING, due_at, now)
        elif announced:
            drop(pending, "known", now)
        else:
            _about_walk(pending, walk)
    elif pending.attempts == 0 and due_at > now and pending.due_at != due_at:
        put(pending, WAITING, due_at, now)


def _why_not(case: Case) -> str | None:
    """Why nothing can be said of this walk any more, if so."""
    if case.walk.status == CANCELLED:
        return "cancelled"
    if is_over(case.walk, case.now):
        return "past"
    if not case.client.hears:
        return "not_active"
    return "cannot" if case.file.cannot else None


def _why_no_reminder(case: Case, kind: str) -> str | None:
    if not case.client.reminders or not wanted(case.settings, kind):
        return "reminders_off"
    return None if case.client.email else "no_address"


def _about_walk(row: Message, walk: OpenWalk) -> Message:
    row.told_sequence = walk.sequence
    return row
