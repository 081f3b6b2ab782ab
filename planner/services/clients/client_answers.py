"""What a client does behind the link: says whether they come, how long, how the week was, how the walk was. The only
writes there, but for giving the link back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.answers import (
    CHECK_IN,
    NOTHING,
    AnswerContent,
    asks_check_in,
    asks_length,
    asks_signs,
    may_say,
    standing,
)
from planner.domain.notes import WALKED
from planner.domain.walks import CANCELLED, DONE
from planner.models import Walk, WalkAnswer, new_id
from planner.services.clients import answers, clients
from planner.services.clients.clients import OpenClient
from planner.services.clients.sharing import Opened
from planner.services.messages import outbox
from planner.services.store import NotFound, Store, walk_gate
from planner.services.walks import walk_lengths

MOVED, OFF, OVER, CHANGED = "moved", "off", "over", "changed"


class NotAsked(Exception):
    """The coach did not turn this on, consent is not there, or nothing was said. Nothing was kept."""


class WalkIsOther(Exception):
    """The walk is not any more what the answer is about. `state`: MOVED, OFF (cancelled), OVER, or CHANGED (its
    lengths are others). Nothing was kept."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


@dataclass(frozen=True, slots=True)
class Say:
    """`about_local`, `about_minutes`: the wall time and the minutes that stood on the page; None when the sender did
    not say."""

    answer: str = ""
    length: str = ""
    about_local: datetime | None = None
    about_minutes: int | None = None


def say(store: Store, opened: Opened, walk_id: int, said: Say, now: datetime) -> None:
    """Keep whether the client comes, or how long they like to walk; that length the walk then has. The same again
    changes nothing. Raises NotFound, WalkIsOther, NotAsked or NotPossible."""
    with store.db.transaction(opened.scope, now) as session:
        walk, client = _coming(store, session, opened, walk_id, said.about_local, now)
        row, stands = _kept(store, session, client, walk)
        if not said.answer and not said.length:
            raise NotAsked
        if said.answer and not may_say(said.answer, client.page_asks, stands):
            raise NotAsked
        if said.length and not asks_length(client.page_asks, walk.setting, walk.starts_at, now):
            raise NotAsked
        if said.length not in ("", walk.length) and said.about_minutes not in (None, walk.minutes):
            raise WalkIsOther(CHANGED)
        new = replace(stands, length=said.length or stands.length)
        if said.answer and said.answer != stands.answer:
            new = replace(new, answer=said.answer, answered_at=now)
        _keep(store, session, client, walk, row, new, now)
        if said.length:
            walk_lengths.choose(store, session, walk, client, said.length, now)
        if new.answer != stands.answer:  # nobody is reminded of what they cannot do
            outbox.note_walk(store, session, walk.id, now)


@dataclass(frozen=True, slots=True)
class CheckIn:
    """`numbers`: energy_week and functioning_week, 0 to 10, or None for what the client would rather not say; what is
    not there stays as it was. `about_local` as in Say."""

    numbers: Mapping[str, int | None]
    about_local: datetime | None = None


def check_in(store: Store, opened: Opened, walk_id: int, given: CheckIn, now: datetime) -> None:
    """Keep the numbers of the past week. Raises NotFound, WalkIsOther or NotAsked."""
    with store.db.transaction(opened.scope, now) as session:
        walk, client = _coming(store, session, opened, walk_id, given.about_local, now)
        if not asks_check_in(client.page_asks, walk.starts_at, now, consented=client.health_consent):
            raise NotAsked
        row, stands = _kept(store, session, client, walk)
        sent: dict[str, Any] = {name: given.numbers[name] for name in CHECK_IN if name in given.numbers}
        new = replace(stands, **sent)
        _keep(store, session, client, walk, row, replace(new, checked_in_at=now), now)


def signs(store: Store, opened: Opened, walk_id: int, given: dict[str, Any], now: datetime) -> None:
    """Keep the four signs after a walk, each answered or not. Raises NotFound, WalkIsOther or NotAsked."""
    with store.db.transaction(opened.scope, now) as session:
        walk, client = _own(store, session, opened, walk_id)
        turned_on = client.health_consent and "signs" in client.page_asks
        if not turned_on or (walk.status, walk.outcome) != (DONE, WALKED):
            raise NotAsked
        if not asks_signs(client.page_asks, _ends_at(walk), now, consented=client.health_consent):
            raise WalkIsOther(OVER)
        row, stands = _kept(store, session, client, walk)
        _keep(store, session, client, walk, row, replace(stands, **given, signs_done=True), now)


def _own(store: Store, session: Session, opened: Opened, walk_id: int) -> tuple[Walk, OpenClient]:
    """A walk of the client whose link this is: the scope alone would let another client of this coach pass."""
    walk = walk_gate(session, walk_id)
    if walk.client_id != opened.client_id:
        raise NotFound
    return walk, clients.open_client(store, session, walk.client_id)


def _coming(
    store: Store, session: Session, opened: Opened, walk_id: int, about: datetime | None, now: datetime
) -> tuple[Walk, OpenClient]:
    """The same, still to come and at the time the client saw."""
    walk, client = _own(store, session, opened, walk_id)
    if walk.status == CANCELLED:
        raise WalkIsOther(OFF)
    if walk.status == DONE or _ends_at(walk) <= now:
        raise WalkIsOther(OVER)
    if about is not None and about != walk.starts_local:
        raise WalkIsOther(MOVED)
    return walk, client


def _ends_at(walk: Walk) -> datetime:
    return walk.starts_at + timedelta(minutes=walk.minutes)


def _kept(
    store: Store, session: Session, client: OpenClient, walk: Walk
) -> tuple[WalkAnswer | None, AnswerContent]:
    """The row of this walk, and what stands in it about the walk as it is."""
    row = session.scalar(select(WalkAnswer).where(WalkAnswer.walk_id == walk.id))
    if row is None:
        return None, NOTHING
    return row, standing(_content(store, client, row), row.about_at, walk.starts_at, walk.setting)


def _content(store: Store, client: OpenClient, row: WalkAnswer) -> AnswerContent:
    place = answers.place_of(row.id, client.id)
    return store.vault.open(client.wrapped_key, place, row.sealed, AnswerContent)


def _keep(
    store: Store,
    session: Session,
    client: OpenClient,
    walk: Walk,
    row: WalkAnswer | None,
    new: AnswerContent,
    now: datetime,
) -> None:
    """Write it down, unless it stands there already."""
    about_at = walk.starts_at
    if row is None and new == NOTHING:
        return
    new = replace(new, setting=walk.setting)
    if row is None:
        row = WalkAnswer(id=new_id(), owner_id=walk.owner_id, coach_id=walk.coach_id, client_id=client.id)
        row.walk_id, row.created_at, row.version = walk.id, now, 0
        session.add(row)
    elif _content(store, client, row) == new and row.about_at == about_at:
        return
    row.sealed = store.vault.seal(client.wrapped_key, answers.place_of(row.id, client.id), new)
    row.about_at, row.changed_at, row.version = about_at, now, row.version + 1
