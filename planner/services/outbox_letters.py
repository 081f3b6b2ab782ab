"""What a message would say right now: read from the walk, the client and the coach as they are at this moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from planner.domain.messages import (
    ANNOUNCEMENTS,
    CANCELLATION,
    CHANGE,
    REMINDERS,
    WEATHER,
    About,
    Facts,
    Standing,
    Told,
    owed,
    why_not,
)
from planner.domain.walks import ONLINE
from planner.domain.weather_watch import WORSE
from planner.models import Message, Scope
from planner.services import (
    answers,
    coaches,
    consents,
    outbox,
    outbox_rows,
    outbox_weather,
    sharing,
    walk_rows,
)
from planner.services.outbox_rows import Recipient
from planner.services.store import Store, client_gate, practice_of, settings_of
from planner.services.walk_rows import OpenWalk

LINK_CONSENT = "link_in_messages"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it would leave. `why_not`: a code of domain.messages.REASONS when it must not; the facts are there
    all the same, for a page that shows it. `first_name`: for the coach's pages, never in the message itself."""

    facts: Facts
    why_not: str | None
    first_name: str
    key: bytes
    client_id: int
    coach_id: int
    owner_id: int


def letter(store: Store, session: Session, row: Message, now: datetime, base_url: str) -> Letter:
    """`base_url`: the planner's public address when links may stand in mails at all, else empty. Raises NotFound."""
    client = outbox_rows.recipient(store, session, row.client_id)
    walk = walk_rows.open_walk(store, session, row.walk_id) if row.walk_id is not None else None
    told = _told(store, session, row, client)
    settings = settings_of(practice_of(session, Scope(row.owner_id)))
    about = outbox.about(walk) if walk is not None else None
    link = link_of(store, session, client.id, now, base_url)
    reminders = client.reminders and outbox.wanted(settings, row.kind) if row.kind in REMINDERS else True
    weather = _weather(store, session, row, client, walk)
    found = Standing(
        row.kind,
        client.email,
        client.hears,
        reminders,
        row.walk_id is not None and answers.cannot_come(store, session, row.walk_id),
        walk is not None and outbox.is_over(walk, now),
        about,
        told,
        link,
        row.by_hand,
        now,
        weather,
    )
    facts = _facts(store, session, row, client, walk, told, link, settings.notice_hours)
    if row.kind == WEATHER:
        facts = replace(facts, says=weather or WORSE)
    return Letter(
        facts, why_not(found), client.first_name, client.wrapped_key, client.id, row.coach_id, row.owner_id
    )


def link_of(store: Store, session: Session, client_id: int, now: datetime, base_url: str) -> str:
    """The address of the client's page, where it may stand in a message; else empty. Every condition counts."""
    if not base_url or not consents.is_active(session, client_id, LINK_CONSENT):
        return ""
    link = sharing.state(store, session, client_gate(session, client_id), now).link
    return f"{base_url}{link.path}" if link is not None else ""


def _told(store: Store, session: Session, row: Message, client: Recipient) -> Told | None:
    if row.walk_id is None:
        return None
    return outbox_rows.told_last(store, client.wrapped_key, outbox_rows.of_walk(session, row.walk_id))


def _weather(
    store: Store, session: Session, row: Message, client: Recipient, walk: OpenWalk | None
) -> str | None:
    """What is owed about the weather now, for a message of that kind."""
    if row.kind != WEATHER or walk is None:
        return None
    messages = outbox_rows.of_walk(session, walk.id)
    return outbox_weather.owed_now(store, session, client.wrapped_key, walk, messages)


def _facts(
    store: Store,
    session: Session,
    row: Message,
    client: Recipient,
    walk: OpenWalk | None,
    told: Told | None,
    link: str,
    notice_hours: int,
) -> Facts:
    coach = coaches.open_in(store, session, row.owner_id, row.coach_id)
    about: About | None = outbox.about(walk) if walk is not None else None
    kind = row.kind
    if kind in ANNOUNCEMENTS and about is not None:  # the walk may have changed since it was prepared
        moved = walk is not None and walk.moved_from_local is not None
        kind = owed(told, about, over=False, moved=moved) or kind
    online = walk is not None and walk.setting == ONLINE and bool(link)
    return Facts(
        kind=kind,
        language=client.language,
        to=client.email,
        greet=client.first_name if client.show_first_name else "",
        coach_first_name=coach.first_name,
        coach_phone=coach.phone,
        coach_email=coach.email,
        notice_hours=notice_hours,
        about=about,
        before=outbox.known_before(walk, told)
        if kind in (CHANGE, CANCELLATION) and walk is not None
        else None,
        link=link,
        video_url=walk.details.video_url if walk is not None and online else "",
        sequence=walk.sequence if walk is not None else 0,
        calls_own_number=client.has_phone,
    )
