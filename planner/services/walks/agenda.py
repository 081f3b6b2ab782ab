"""The week, which is home: its walks by day, what comes first, what is still to be written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from planner.domain.busy import Busy, BusyBlock, blocks_on
from planner.domain.daylight import Daylight, daylight
from planner.domain.free_time import blocked, why_off
from planner.domain.places import Place
from planner.domain.practices import PracticeSettings
from planner.domain.walks import PLANNED
from planner.domain.when import IsoWeek, day_on
from planner.models import Client, ForecastRow
from planner.services.calendars import busy_calendars, public_holidays
from planner.services.clients import answers
from planner.services.clients.answers import SaidLine
from planner.services.keeping import keys
from planner.services.notes import open_notes
from planner.services.store import SignedIn, Store, practice_of, settings_of
from planner.services.walks import series, walk_rows
from planner.services.walks.walk_rows import WalkRow
from planner.services.weather import forecasts

NOTE_FIRST_UNTIL = timedelta(minutes=30)
"""So long before the next walk, that walk comes first, written notes or not."""

_PROBLEM = (
    select(ForecastRow.problem)
    .where(
        ForecastRow.source == bindparam("source"),
        ForecastRow.body.is_(None),
        ForecastRow.problem.is_not(None),
        ForecastRow.retry_at > bindparam("now"),
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Day:
    """`lines`: the walks and the busy times, in order: of other calendars, and hours blocked by hand. `off`: why there
    is no work that day, a code of domain.free_time."""

    on: date
    walks: tuple[WalkRow, ...]
    past: bool
    today: bool
    lines: tuple[WalkRow | BusyBlock, ...]
    off: str | None = None


@dataclass(frozen=True, slots=True)
class First:
    """What comes first now. `over`: the walk has ended and the next step is its note."""

    walk: WalkRow
    over: bool


@dataclass(frozen=True, slots=True)
class Agenda:
    """`sun`: of today at the practice's home point, else of the week's first day. `keys_line`: remind the coach to
    keep a copy of the keys (decision 32), where they are this practice's. `source`, `weather_at`: of the newest
    forecast that shows on the page; `says_air`: with air quality or pollen in it. `problem`: why a forecast is
    missing; `pending`: one is on its way. `said`: by clients, about coming walks. `series_end`: coming walks of this
    week, last of their series."""

    week: IsoWeek
    this_week: bool
    today_on: date
    days: tuple[Day, ...]
    first: First | None
    unwritten: tuple[WalkRow, ...]
    said: tuple[SaidLine, ...]
    series_end: tuple[WalkRow, ...]
    sun: Daylight
    sun_on: date
    has_clients: bool
    keys_line: bool
    source: str | None
    weather_at: datetime | None
    says_air: bool
    problem: str | None
    pending: bool

    @property
    def answers(self) -> dict[int, str]:
        """What was said, by walk: coming or cannot."""
        return {line.walk_id: line.answer for line in self.said}

    @property
    def empty(self) -> bool:
        return not any(day.walks for day in self.days)


def agenda(store: Store, coach: SignedIn, week: IsoWeek | None, now: datetime) -> Agenda:
    """This week, or another."""
    with store.db.reading(coach.scope) as session:
        settings = settings_of(practice_of(session, coach.scope))
        today_on = day_on(now, settings.zone)
        shown = week or IsoWeek(*today_on.isocalendar()[:2])
        from_at, until_at = shown.bounds(settings.zone)
        walks = walk_rows.between(store, session, from_at, until_at, now)
        busy = busy_calendars.between(session, from_at, until_at)
        by_hand = blocked(settings, shown.monday, len(shown.days))
        this_week = today_on in shown.days
        unwritten = open_notes.unwritten(store, session, now)
        first = None
        if this_week:
            first = _first(_coming(store, session, walks, from_at, now), unwritten, now)
        said = answers.on_coming(store, session, now)
        last = series.last_of_their_series(session, max(from_at, now), until_at)
        has_clients = bool(walks) or session.scalar(select(Client.id).limit(1)) is not None
        missing = _missing_weather(walks, now)
        problem = session.scalar(_PROBLEM, {"now": now, "source": store.weather}) if missing else None
    judged = [row.verdict for row in (*walks, *([first.walk] if first else [])) if row.verdict]
    made = [verdict.as_of for verdict in judged if verdict.as_of]
    sun_on = today_on if this_week else shown.monday
    return Agenda(
        week=shown,
        this_week=this_week,
        today_on=today_on,
        days=_days(
            shown, walks, (*busy, *(Busy(one.from_at, one.until_at) for one in by_hand)), today_on, settings
        ),
        first=first,
        unwritten=unwritten,
        said=said,
        series_end=tuple(row for row in walks if row.id in last),
        sun=daylight(Place.near(settings.home_latitude, settings.home_longitude), sun_on, settings.zone),
        sun_on=sun_on,
        has_clients=has_clients,
        keys_line=coach.leads and not settings.keys_kept and keys.is_own(store),
        source=next((verdict.source for verdict in judged if verdict.source), None) if judged else None,
        weather_at=max(made, default=None),
        says_air=any(verdict.says_air for verdict in judged),
        problem=problem,
        pending=missing and problem is None,
    )


def keys_kept(store: Store, coach: SignedIn, now: datetime) -> None:
    """The coach has a copy of the keys; the reminder goes."""
    with store.db.transaction(coach.scope, now) as session:
        practice = practice_of(session, coach.scope)
        settings: PracticeSettings = replace(settings_of(practice), keys_kept=True)
        practice.settings = msgspec.json.encode(settings).decode()


def _missing_weather(walks: tuple[WalkRow, ...], now: datetime) -> bool:
    """Whether a walk within reach of the forecast has none at all."""
    return any(
        row.verdict is not None
        and row.verdict.code == "unknown"
        and row.verdict.fetched_at is None
        and row.starts_at - now < forecasts.HORIZON - timedelta(days=1)
        for row in walks
    )


def _days(
    week: IsoWeek,
    walks: tuple[WalkRow, ...],
    busy: tuple[Busy, ...],
    today_on: date,
    settings: PracticeSettings,
) -> tuple[Day, ...]:
    holidays = public_holidays.between(week.days[0], week.days[-1])
    by_day: dict[date, list[WalkRow]] = {}
    for row in walks:
        by_day.setdefault(row.starts_local.date(), []).append(row)
    found = []
    for on in week.days:
        rows = tuple(by_day.get(on, ()))
        lines: list[WalkRow | BusyBlock] = [*blocks_on(busy, on, settings.zone), *rows]
        lines.sort(key=lambda line: line.starts_local)
        off = why_off(settings, holidays, on)
        found.append(Day(on, rows, on < today_on, on == today_on, tuple(lines), off))
    return tuple(found)


def _coming(
    store: Store, session: Session, walks: tuple[WalkRow, ...], from_at: datetime, now: datetime
) -> WalkRow | None:
    """The walk that is going on or comes next. `walks`: all from `from_at` on that are on the page already."""
    if from_at <= now - walk_rows.LONGEST:
        shown = next((row for row in walks if row.status == PLANNED and row.ends_at > now), None)
        if shown is not None:
            return shown
    return next(iter(walk_rows.following(store, session, now, 1)), None)


def _first(coming: WalkRow | None, unwritten: tuple[WalkRow, ...], now: datetime) -> First | None:
    """The walk that is going on or comes next; but first the note of one that ended today, unless the next one is
    near."""
    ended = next((row for row in unwritten if now - row.ends_at < timedelta(hours=12)), None)
    near = coming is not None and coming.starts_at - now <= NOTE_FIRST_UNTIL
    if ended is not None and ended.status == PLANNED and not near:
        return First(ended, over=True)
    return First(coming, over=False) if coming is not None else None
