"""What a client is owed about the weather of a coming walk: prepared for the coach's yes, never sent by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from planner.domain.messages import DROPPED, HELD, LEFT, PENDING, WEATHER, owed_weather
from planner.domain.walks import OUTDOORS, PLANNED
from planner.domain.weather_watch import RECOVERED
from planner.models import Message, Walk, WeatherWatch
from planner.services.messages.message_sources import WalkFile
from planner.services.messages.outbox_rows import drop, is_claimed, new_row, opened
from planner.services.store import Store
from planner.services.walks.walk_rows import OpenWalk


def owed_now(store: Store, key: bytes, file: WalkFile) -> str | None:
    """What the client of this walk is owed about its weather: worse, recovered, or nothing."""
    walk, watch = file.walk, file.watch
    if walk.setting != OUTDOORS or walk.status != PLANNED:
        return None
    if watch is None or watch.about_at != walk.starts_at or watch.line is None:
        return None
    declined = any(one.state == DROPPED and one.problem == "declined" for one in _since(watch, file.messages))
    told = _told(store, key, walk, file.messages, perhaps=watch.line == RECOVERED)
    return owed_weather(watch.line, told, declined=declined)


def _since(watch: WeatherWatch, messages: Sequence[Message]) -> list[Message]:
    """What was done about the line that stands now."""
    said_at = watch.said_at
    return [
        one for one in messages if one.kind == WEATHER and said_at is not None and one.changed_at >= said_at
    ]


def _told(
    store: Store, key: bytes, walk: OpenWalk, messages: Sequence[Message], *, perhaps: bool
) -> str | None:
    """What the client heard last about the weather at this hour. `perhaps`: what may have arrived counts as well."""
    left = [
        one
        for one in messages
        if one.kind == WEATHER
        and one.sealed is not None
        and (one.state in LEFT or (perhaps and one.problem != "declined"))
    ]
    for one in sorted(left, key=lambda one: one.sent_at or one.changed_at, reverse=True):
        written = opened(store, key, one)
        if written.about is not None and written.about.starts_local == walk.starts_local:
            return written.says or None
    return None


def tell(
    store: Store,
    session: Session,
    row: Walk,
    file: WalkFile,
    key: bytes,
    now: datetime,
    why_not: str | None,
) -> None:
    """One message that waits for the coach, or none. `why_not`: why nothing can be said of this walk any more. One that
    is being sent right now is left alone: what comes after it is seen then."""
    pending = [one for one in file.messages if one.kind == WEATHER and one.state in PENDING]
    if any(is_claimed(one, now) for one in pending):
        return
    owed = None if why_not else owed_now(store, key, file)
    kept = [one for one in pending if owed is not None and not _says_other(store, key, one, owed)][:1]
    for one in pending:
        if one not in kept:
            drop(one, why_not or "outdated", now)
    if owed is not None and not kept:
        made = new_row(row, WEATHER, HELD, now, now)
        made.told_sequence = file.walk.sequence
        session.add(made)


def _says_other(store: Store, key: bytes, message: Message, owed: str) -> bool:
    """Whether it may have arrived already, with another text."""
    return message.sealed is not None and opened(store, key, message).says != owed
