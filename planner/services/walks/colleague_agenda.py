"""The week of a colleague, or of the whole practice: when somebody walks and with whom, and nothing else of it.

Read without care: no note, no answer and nothing about health can come along (models/ownership.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from planner.domain.busy import Busy, BusyBlock, blocks_on
from planner.domain.clients import ClientName
from planner.domain.sharing import initials
from planner.domain.when import IsoWeek, day_on
from planner.models import BusyTime, Client, Walk
from planner.services.people import colleagues
from planner.services.people.colleagues import Colleague
from planner.services.store import NotFound, SignedIn, Store, practice_of, settings_of
from planner.services.vault import Place

WALKS: Any = select(
    Walk.id,
    Walk.client_id,
    Walk.coach_id,
    Walk.starts_local,
    Walk.starts_at,
    Walk.minutes,
    Walk.setting,
    Walk.status,
    Client.wrapped_key,
    Client.name_sealed,
).join(Client, Client.id == Walk.client_id)
_WEEK = WALKS.where(
    Walk.starts_at >= bindparam("from_at"),
    Walk.starts_at < bindparam("until_at"),
    Walk.coach_id.in_(bindparam("coach_ids", expanding=True)),
).order_by(Walk.starts_at, Walk.id)
_BUSY = (
    select(BusyTime.coach_id, BusyTime.starts_at, BusyTime.ends_at)
    .where(
        BusyTime.ends_at > bindparam("from_at"),
        BusyTime.starts_at < bindparam("until_at"),
        BusyTime.coach_id.in_(bindparam("coach_ids", expanding=True)),
    )
    .order_by(BusyTime.starts_at, BusyTime.id)
)


@dataclass(frozen=True, slots=True)
class Line:
    """A walk. `client`: the initials, or for whoever plans the whole name. `coach`: whose, by first name."""

    id: int
    starts_local: datetime
    minutes: int
    setting: str
    status: str
    client: str
    coach: str


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    past: bool
    today: bool
    lines: tuple[Line | BusyBlock, ...]


@dataclass(frozen=True, slots=True)
class ColleagueWeek:
    """`people`: whose weeks there are to look at. `chosen`: of whom this one is; None: of everybody."""

    week: IsoWeek
    this_week: bool
    people: tuple[Colleague, ...]
    chosen: Colleague | None
    days: tuple[Day, ...]


def week_of(
    store: Store, viewer: SignedIn, coach_id: int | None, week: IsoWeek | None, now: datetime
) -> ColleagueWeek:
    """For whoever leads or plans. Raises NotFound for anybody else, and for who is no coach here."""
    if not (viewer.leads or viewer.plans):
        raise NotFound
    with store.db.reading(viewer.planning_scope) as session:
        everybody = colleagues.people(store, session, viewer, now)
        found = tuple(one for one in everybody if one.coaches)
        chosen = None if coach_id is None else colleagues.pick(found, coach_id)
        settings = settings_of(practice_of(session, viewer.planning_scope))
        today_on = day_on(now, settings.zone)
        shown = week or IsoWeek(*today_on.isocalendar()[:2])
        from_at, until_at = shown.bounds(settings.zone)
        names = {one.id: one.first_name for one in ((chosen,) if chosen else found)}
        asked = {"from_at": from_at, "until_at": until_at, "coach_ids": list(names)}
        lines = [_line(store, viewer, row, names) for row in session.execute(_WEEK, asked)]
        busy = _busy(session, asked) if chosen else ()
    days = tuple(_day(on, today_on, lines, busy, settings.zone) for on in shown.days)
    return ColleagueWeek(shown, today_on in shown.days, found, chosen, days)


def name_of(store: Store, row: Row[Any]) -> ClientName:
    place = Place("client", "name_sealed", row.client_id, row.client_id)
    return store.vault.open(row.wrapped_key, place, row.name_sealed, ClientName)


def _line(store: Store, viewer: SignedIn, row: Row[Any], names: dict[int, str]) -> Line:
    name = name_of(store, row)
    told = name.full if viewer.plans else initials(name.first_name, name.last_name)
    return Line(row.id, row.starts_local, row.minutes, row.setting, row.status, told, names[row.coach_id])


def _busy(session: Session, asked: dict[str, Any]) -> tuple[Busy, ...]:
    return tuple(Busy(row.starts_at, row.ends_at) for row in session.execute(_BUSY, asked))


def _day(on: date, today_on: date, lines: Iterable[Line], busy: tuple[Busy, ...], zone: str) -> Day:
    there: list[Line | BusyBlock] = [*blocks_on(busy, on, zone)]
    there += [line for line in lines if line.starts_local.date() == on]
    there.sort(key=lambda line: line.starts_local)
    return Day(on, on < today_on, on == today_on, tuple(there))
