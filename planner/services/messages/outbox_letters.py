"""What a message would say right now: read from the walk, the client and the coach as they are at this moment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
from planner.domain.walks import ONLINE, in_time
from planner.domain.weather_watch import WORSE
from planner.models import Message
from planner.services.clients import consents, sharing
from planner.services.messages import message_sources, outbox, outbox_rows, outbox_weather
from planner.services.messages.message_sources import Sources
from planner.services.messages.outbox_rows import Recipient
from planner.services.people import coaches
from planner.services.store import SignedIn, Store
from planner.services.walks.walk_rows import OpenWalk

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
    return letters(store, session, [row], now, base_url)[0]


def letters(
    store: Store, session: Session, rows: Sequence[Message], now: datetime, base_url: str
) -> list[Letter]:
    """The same for many, in their order: with as many questions as for one."""
    if not rows:
        return []
    walks, clients = {row.walk_id for row in rows if row.walk_id is not None}, {row.client_id for row in rows}
    sources = message_sources.read(store, session, walks, clients)
    links = _links(store, session, clients, now, base_url)
    there = coaches.open_these(store, session, {row.coach_id for row in rows})
    return [
        _letter(store, row, sources, there[row.coach_id], links.get(row.client_id, ""), now) for row in rows
    ]


def _letter(
    store: Store, row: Message, sources: Sources, coach: SignedIn, link: str, now: datetime
) -> Letter:
    client, settings = sources.client(row.client_id), sources.settings[row.owner_id]
    file = sources.file(row.walk_id) if row.walk_id is not None else None
    walk = file.walk if file is not None else None
    key = client.wrapped_key
    told = (
        outbox_rows.told_last(store, key, file.messages, file.walk.name_for_place)
        if file is not None
        else None
    )
    says = outbox_weather.owed_now(store, key, file) if file is not None and row.kind == WEATHER else None
    reminders = client.reminders and outbox.wanted(settings, row.kind) if row.kind in REMINDERS else True
    standing = Standing(
        row.kind,
        client.email,
        client.hears,
        reminders,
        file is not None and file.cannot,
        walk is not None and outbox.is_over(walk, now),
        outbox.about(walk) if walk is not None else None,
        told,
        link,
        row.by_hand,
        now,
        says,
    )
    hours = settings.notice_hours
    asks = walk is not None and in_time(
        walk.starts_at, now, hours
    )  # nearer than that it is too late to ask for it
    facts = _facts(row, client, walk, told, coach, link, hours if asks else 0)
    if row.kind == WEATHER:
        facts = replace(facts, says=says or WORSE)
    return Letter(facts, why_not(standing), client.first_name, key, client.id, row.coach_id, row.owner_id)


def _links(
    store: Store, session: Session, client_ids: Collection[int], now: datetime, base_url: str
) -> dict[int, str]:
    """The address of each client's page, where it may stand in a message. Every condition counts."""
    if not base_url:
        return {}
    agreed = consents.agreed(session, client_ids, LINK_CONSENT)
    pages = sharing.pages(store, session, agreed, now)
    return {client_id: f"{base_url}{link.path}" for client_id, link in pages.items()}


def _facts(
    row: Message,
    client: Recipient,
    walk: OpenWalk | None,
    told: Told | None,
    coach: SignedIn,
    link: str,
    notice_hours: int,
) -> Facts:
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
