"""The periodic work, once or for ever. Everything in it is claimed in the database, so several nodes may run it.

The jobs process looks every second at a row that says "something changed". LISTEN would save that look on PostgreSQL
only, cost a connection of its own and a second way to test; the look costs well under a millisecond. Beside the
rest one thread reads the coaches' other calendars, one makes the maps of routes, and one the backups.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event

from sqlalchemy.exc import SQLAlchemyError

from planner import sources
from planner.domain.busy import CalendarSource
from planner.domain.letters import Letter
from planner.domain.messages import Facts, Text
from planner.domain.needs import WeatherSource
from planner.models import EVERYONE, DatabaseBusy
from planner.outside.calendars import Calendars
from planner.outside.http import Door
from planner.outside.mail import SmtpMail
from planner.outside.met_norway import MetNorway
from planner.outside.open_door import OpenDoor, public, public_or_home
from planner.outside.open_meteo import OpenMeteo
from planner.services.calendars import busy_jobs
from planner.services.clients import link_requests
from planner.services.keeping import audit_check, backup_nights, housekeeping, keys, steady_clock
from planner.services.maps import route_pictures
from planner.services.maps.tiles import Tiles
from planner.services.messages import outbox, sending
from planner.services.messages.sending import Post
from planner.services.people import coaches, letters, new_password, practices
from planner.services.people.letters import Letters
from planner.services.privacy import erasure
from planner.services.store import Store
from planner.services.toolkit import toolkit
from planner.services.weather import forecast_jobs, forecasts, weather_watch
from planner.settings import OPEN_METEO, Settings

LOOK_EVERY_S = 1.0
PASS_EVERY_S = (40.0, 90.0)
"""A pass happens within this span of the one before, at a moment nobody can march to."""
AGAIN_AFTER_S = 5.0
SWEEP_EVERY_S = 3600.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Jobs:
    """What the work is done with."""

    store: Store
    source: WeatherSource
    clock: Callable[[], datetime]
    stopping: Event = field(default_factory=Event)
    post: Post | None = None
    letters: Letters | None = None
    """To coaches about their own account."""
    calendars: CalendarSource | None = None
    tiles: Tiles | None = None
    settings: Settings | None = None
    """Where backups go, and the keys that are changed for new ones."""
    ledger: Path | None = None
    """Where it is written down who was erased."""
    noticed: dict[int, int] = field(default_factory=dict)
    """The version of each route whose maps were looked at."""


def jobs_for(
    store: Store,
    settings: Settings,
    write: Callable[[Facts], Text],
    write_letter: Callable[[Letter], Text] | None = None,
) -> Jobs:
    """With the weather service and the mail server of the settings. What a coach may change is looked up at each
    question. `write` and `write_letter`: make the words of a message, and of a letter to a coach."""

    def contact() -> str | None:
        return settings.contact or coaches.weather_contact(store)

    source: WeatherSource = MetNorway(Door(contact), settings.now, settings.met_url)
    if settings.weather == OPEN_METEO:
        source = OpenMeteo(
            Door(contact),
            settings.now,
            lambda: practices.non_commercial(store),
            settings.open_meteo_key,
            settings.open_meteo_url,
        )
    sender = SmtpMail(settings.mail) if settings.mail else None
    post = Post(sender, write, settings.mail_base_url)
    to_coaches = Letters(sender, write_letter, settings.mail_base_url) if write_letter else None
    door = OpenDoor(public_or_home if settings.private_calendars else public)
    tiles = sources.tiles_of(store, settings)
    return Jobs(
        store,
        source,
        settings.now,
        post=post,
        letters=to_coaches,
        calendars=Calendars(door),
        tiles=tiles,
        settings=settings,
        ledger=erasure.ledger_of(settings),
    )


def one_pass(jobs: Jobs, *, sweeping: bool = True) -> bool:
    """All work that is due now, each part by itself. False when the database stood in the way of a part."""
    done = [
        _main_pass(jobs, sweeping=sweeping),
        _calendar_pass(jobs),
        _picture_pass(jobs),
        _backup_pass(jobs),
    ]
    return all(done)


def _main_pass(jobs: Jobs, *, sweeping: bool) -> bool:
    """Everything but the calendars and the maps."""
    parts: list[tuple[str, Callable[[], object]]] = [
        ("verdicts", lambda: forecast_jobs.keep_verdicts_at_start(jobs.store, jobs.clock())),
        ("messages", lambda: _send(jobs)),
        ("forecasts", lambda: _refresh(jobs)),
        ("weather watch", lambda: weather_watch.watch(jobs.store, jobs.clock())),
    ]
    if sweeping:
        parts.insert(0, ("reminders", lambda: outbox.note_everyone(jobs.store, jobs.clock())))
        parts.append(("housekeeping", lambda: _sweep(jobs)))
        parts.append(("erasures", lambda: _agree(jobs)))
        parts.append(("tiles", lambda: jobs.tiles.files.sweep() if jobs.tiles else 0))
        parts.append(("toolkit", lambda: toolkit.load_everywhere(jobs.store, jobs.clock())))
    done = [_tried(name, part) for name, part in parts]  # each is tried, whatever became of the others
    return all(done)


def _calendar_pass(jobs: Jobs) -> bool:
    return _tried("calendars", lambda: _read_calendars(jobs))


def _picture_pass(jobs: Jobs) -> bool:
    return _tried("maps", lambda: _draw(jobs))


def _backup_pass(jobs: Jobs) -> bool:
    return _tried("backup", lambda: _keep_safe(jobs))


def _keep_safe(jobs: Jobs) -> None:
    if jobs.settings is not None:
        keys.finish(jobs.store, jobs.settings, jobs.clock())
        backup_nights.make_due(jobs.store, jobs.settings, jobs.clock())
        erasure.lay_beside(jobs.settings)
        audit_check.check_due(jobs.store, jobs.settings, jobs.clock())


def _refresh(jobs: Jobs) -> int:
    return forecast_jobs.refresh_due(
        jobs.store, jobs.source, jobs.clock(), lambda: not jobs.stopping.is_set()
    )


def _read_calendars(jobs: Jobs) -> None:
    if jobs.calendars is not None:
        busy_jobs.read_due(jobs.store, jobs.calendars, jobs.clock(), lambda: not jobs.stopping.is_set())


def _draw(jobs: Jobs) -> None:
    if jobs.tiles is not None:
        route_pictures.draw_due(
            jobs.store, jobs.tiles, jobs.clock(), lambda: not jobs.stopping.is_set(), jobs.noticed
        )


def _sweep(jobs: Jobs) -> None:
    now, settings = jobs.clock(), jobs.settings
    holds = settings is None or steady_clock.holds(jobs.store, settings, now)
    housekeeping.sweep(jobs.store, now, clock_holds=holds)


def _agree(jobs: Jobs) -> None:
    if jobs.ledger is not None:
        erasure.agree(jobs.store, jobs.ledger, jobs.clock())


def _send(jobs: Jobs) -> None:
    def go_on() -> bool:
        return not jobs.stopping.is_set()

    new_password.answer(jobs.store, jobs.clock())
    if jobs.letters is not None:
        letters.send_due(jobs.store, jobs.letters, jobs.clock, go_on)
    if jobs.post is not None:
        links = jobs.post.base_url if jobs.post.sender is not None else ""
        link_requests.answer(jobs.store, jobs.clock(), links)
        sending.send_due(jobs.store, jobs.post, jobs.clock, go_on)


def _tried(name: str, part: Callable[[], object]) -> bool:
    """A locked or absent database is waited out; anything else is a fault of ours and ends the process loudly."""
    try:
        part()
    except (DatabaseBusy, SQLAlchemyError) as problem:
        log.warning("%s: the database does not answer (%s); trying again later", name, type(problem).__name__)
        return False
    return True


def watch(jobs: Jobs) -> None:
    """Pass after pass until `jobs.stopping` is set. Calendars are read, and maps and backups made, beside the rest: a
    server that does not answer, or a large database, holds up nobody's mail. A fault of ours in any ends all."""
    with ThreadPoolExecutor(3, "beside") as beside:
        others = [
            beside.submit(_keep_at, jobs, lambda: _calendar_pass(jobs)),
            beside.submit(_keep_at, jobs, lambda: _picture_pass(jobs)),
            beside.submit(_keep_at, jobs, lambda: _backup_pass(jobs)),
        ]
        _keep_at(jobs, _with_sweeps(jobs))
    for one in others:
        one.result()  # raises what went wrong there


def _with_sweeps(jobs: Jobs) -> Callable[[], bool]:
    """The main pass; every hour with what need not be done more often."""
    next_sweep_s = 0.0

    def one() -> bool:
        nonlocal next_sweep_s
        sweeping = time.monotonic() >= next_sweep_s
        done = _main_pass(jobs, sweeping=sweeping)
        if done and sweeping:
            next_sweep_s = time.monotonic() + SWEEP_EVERY_S
        return done

    return one


def _keep_at(jobs: Jobs, one: Callable[[], bool]) -> None:
    """One pass after another: when woken, and at least every minute and a half."""
    seen: dict[str, int] | None = None
    next_pass_s = 0.0
    try:
        while not jobs.stopping.is_set():
            woken = _wakes(jobs.store)
            if time.monotonic() >= next_pass_s or (woken is not None and woken != seen):
                wait_s = random.uniform(*PASS_EVERY_S) if one() else AGAIN_AFTER_S  # noqa: S311 - no secret
                next_pass_s = time.monotonic() + wait_s
                seen = woken  # as it stood before the pass: what came in meanwhile gets a pass of its own
            jobs.stopping.wait(LOOK_EVERY_S)
    finally:
        jobs.stopping.set()


def _wakes(store: Store) -> dict[str, int] | None:
    """None while the database does not answer."""
    try:
        with store.db.reading(EVERYONE) as session:
            return forecasts.wakes(session)
    except SQLAlchemyError:
        return None
