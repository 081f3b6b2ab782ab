"""The outbox: what is owed to a client about a walk, kept in the transaction of the change itself.

`note_walk` makes the rows match what is owed: at most one announcement that waits, and the reminders by the practice's
settings. It may be called as often as one likes.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
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
from planner.domain.walks import CANCELLED, DONE, PLANNED, SETTLED_AFTER
from planner.models import EVERYONE, Message, Scope, Walk
from planner.services import answers, outbox_rows, outbox_weather, sharing, walk_rows
from planner.services.outbox_rows import Recipient, drop, is_claimed, new_row, put
from planner.services.store import NotFound, SignedIn, Store, practice_of, settings_of, walk_gate
from planner.services.walk_rows import OpenWalk

AT_ONCE = 20
_COMING = select(Walk.id).where(Walk.starts_at > bindparam("now"), Walk.status == PLANNED)


@dataclass(frozen=True, slots=True)
class _Case:
    """A walk, whose it is, and what was prepared about it."""

    row: Walk
    walk: OpenWalk
    client: Recipient
    cannot: bool
    messages: tuple[Message, ...]
    now: datetime


def note_walk(store: Store, session: Session, walk_id: int, now: datetime, *, by_itself: bool = True) -> None:
    """A walk was planned, changed, cancelled, put back, or told about: keep what is owed now. Inside the transaction
    of that deed. `by_itself` False: what is news of it waits for the coach, also for who is mailed by itself, until the
    client knows it."""
    case = _case(store, session, walk_id, now)
    case.row.asks_first = case.row.asks_first or not by_itself
    _announce(store, session, case)
    _tell_weather(store, session, case)
    _remind(store, session, case)


def note_weather(store: Store, session: Session, walk_id: int, now: datetime) -> None:
    """The weather watch said something about a walk. Inside the transaction in which it did."""
    _tell_weather(store, session, _case(store, session, walk_id, now))


def note_choice(store: Store, session: Session, walk_id: int, now: datetime) -> None:
    """The client chose how long the walk is: they know the minutes it has now, and need no message of it. What else is
    still owed stays owed. Inside the transaction of that deed."""
    case = _case(store, session, walk_id, now)
    told = outbox_rows.told_last(store, case.client.wrapped_key, case.messages)
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
    ids = session.scalars(select(Walk.id).where(Walk.client_id == client_id, Walk.starts_at > now))
    for walk_id in ids.all():
        case = _case(store, session, walk_id, now)
        if back:
            _announce(store, session, case)
            _tell_weather(store, session, case)
        _remind(store, session, case)


def note_practice(store: Store, coach: SignedIn, now: datetime) -> None:
    """A practice changed when it reminds: all its coming walks, colleagues' as well."""
    with store.db.transaction(coach.practice_scope, now) as session:
        for walk_id in session.scalars(_COMING, {"now": now}).all():
            _remind(store, session, _case(store, session, walk_id, now))


def note_everyone(store: Store, now: datetime) -> None:
    """Reminders for every walk to come: also those from before there was an outbox; and the turn of who is in a series.
    A few at a time, so that nobody waits long for the writers' lock."""
    with store.db.reading(EVERYONE) as session:
        ids = session.scalars(_COMING, {"now": now}).all()
    for start in range(0, len(ids), AT_ONCE):
        with store.db.transaction(EVERYONE, now) as session:
            for walk_id in ids[start : start + AT_ONCE]:
                with suppress(NotFound):
                    case = _case(store, session, walk_id, now)
                    if case.row.series_id is not None:
                        _announce(store, session, case)
                        _tell_weather(store, session, case)
                    _remind(store, session, case)


def about(walk: OpenWalk) -> About:
    """A walk as a message tells of it."""
    place = walk.meeting_point or walk.route_name
    return About(walk.starts_local, walk.minutes, walk.setting, place, walk.status == CANCELLED)


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


def _case(store: Store, session: Session, walk_id: int, now: datetime) -> _Case:
    session.flush()
    row, walk = walk_gate(session, walk_id), walk_rows.open_walk(store, session, walk_id)
    client = outbox_rows.recipient(store, session, walk.client_id)
    cannot = answers.cannot_come(store, session, walk_id)
    return _Case(row, walk, client, cannot, outbox_rows.of_walk(session, walk_id), now)


def _announce(store: Store, session: Session, case: _Case) -> None:
    """One announcement, or none. One that is being sent right now is left alone: what comes after it is seen then."""
    walk, client, now = case.walk, case.client, case.now
    pending = [one for one in case.messages if one.kind in ANNOUNCEMENTS and one.state in PENDING]
    if any(is_claimed(one, now) for one in pending):
        return
    kind = _owed_now(store, session, case)
    if kind is None:
        for one in pending:
            drop(one, _why_not(case) or "known", now)
        return
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
    if state == WAITING:
        outbox_rows.wake(session)


def _waits_its_turn(session: Session, case: _Case) -> bool:
    """A walk of a series is told when the one before it is over: a client does not get all of them at once."""
    row = case.row
    if row.series_id is None:
        return False
    before = select(Walk.id).where(
        Walk.series_id == row.series_id,
        Walk.status == PLANNED,
        Walk.starts_at > case.now,
        Walk.starts_at < row.starts_at,
    )
    return session.scalar(before.limit(1)) is not None


def _on_their_page(session: Session, case: _Case) -> bool:
    """Whether the client could have read of the walk there; a walk of some minutes old may be a slip of the coach."""
    settled = case.now - case.row.created_at >= SETTLED_AFTER
    return settled and sharing.has_link(session, case.client.id)


def _owed_now(store: Store, session: Session, case: _Case) -> str | None:
    """The announcement that the client is owed and may have now."""
    told = outbox_rows.told_last(store, case.client.wrapped_key, case.messages)
    moved = case.walk.moved_from_local is not None
    seen = told is None and case.walk.status == CANCELLED and _on_their_page(session, case)
    kind = owed(told, about(case.walk), over=is_over(case.walk, case.now), moved=moved, seen=seen)
    if kind is None:
        case.row.asks_first = False
    if told is None and kind == CONFIRMATION and _waits_its_turn(session, case):
        return None
    silent = not case.client.hears or case.cannot
    return None if silent and kind != CANCELLATION else kind


def _tell_weather(store: Store, session: Session, case: _Case) -> None:
    """Never about a walk of which the client hears later."""
    key, why_not = case.client.wrapped_key, _why_not(case)
    if outbox_rows.told_last(store, key, case.messages) is None and _waits_its_turn(session, case):
        why_not = why_not or "outdated"
    outbox_weather.tell(store, session, case.row, case.walk, key, case.messages, case.now, why_not)


def _remind(store: Store, session: Session, case: _Case) -> None:
    settings = settings_of(practice_of(session, Scope(case.row.owner_id)))
    for kind in (REMINDER, MORNING):
        _remind_of(store, session, case, settings, kind)


def _remind_of(store: Store, session: Session, case: _Case, settings: PracticeSettings, kind: str) -> None:
    """The reminder of this kind: at its hour, or not at all. One the coach asked for is not touched."""
    walk, now = case.walk, case.now
    rows = [one for one in case.messages if one.kind == kind and not one.by_hand]
    pending = next((one for one in rows if one.state == WAITING), None)
    if pending is not None and is_claimed(pending, now):
        return
    why_not = _why_not(case) or _why_no_reminder(case, settings, kind)
    due_at = reminder_due(kind, walk.starts_local, walk.zone, settings.reminder_hours)
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


def _why_not(case: _Case) -> str | None:
    """Why nothing can be said of this walk any more, if so."""
    if case.walk.status == CANCELLED:
        return "cancelled"
    if is_over(case.walk, case.now):
        return "past"
    if not case.client.hears:
        return "not_active"
    return "cannot" if case.cannot else None


def _why_no_reminder(case: _Case, settings: PracticeSettings, kind: str) -> str | None:
    if not case.client.reminders or not wanted(settings, kind):
        return "reminders_off"
    return None if case.client.email else "no_address"


def _about_walk(row: Message, walk: OpenWalk) -> Message:
    row.told_sequence = walk.sequence
    return row
