"""What the plan form opens with: as last time, as another walk, or as the walk is now."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from flask_babel import gettext as _

from planner.domain import plan_start
from planner.domain.plan_parts import Parts
from planner.domain.routes import minutes_to_walk
from planner.domain.walks import OUTDOORS
from planner.domain.when import day_on
from planner.services import planning, public_holidays
from planner.services.planning import Desk, Draft
from planner.services.walk_rows import OpenWalk
from planner.services.walking_routes import RouteRow
from planner.web import language, words
from planner.web.forms import Option
from planner.web.walks import pins
from planner.web.walks.forms import WalkForm, write_parts


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks of the walk; None: nothing. `route_given`: the route too, also when it is none."""

    on: date | None = None
    at: time | None = None
    minutes: int | None = None
    route_id: int | None = None
    route_given: bool = False


NOTHING = Wanted()


def new_walk(desk: Desk, wanted: Wanted = NOTHING) -> dict[str, Any]:
    """As the client's last walk, with exercises that suit now; the day is only filled in when there was a walk, or when
    it was asked for."""
    last = desk.recent[0] if desk.recent else None
    recent = [row.starts_local for row in desk.recent]
    route = desk.route(last.route_id) if last else None
    outdoors = next((row for row in desk.recent if row.setting == OUTDOORS), None)
    if last is None or last.setting != OUTDOORS:
        route = desk.route(outdoors.route_id) if outdoors else None
    if wanted.route_given:
        route = desk.route(wanted.route_id)
    draft = Draft(
        starts_local=None,
        minutes=wanted.minutes
        or plan_start.length(
            last.planned_minutes if last else None,
            desk.facts.max_minutes,
            desk.facts.recovery_phase,
            desk.settings,
        ),
        setting=OUTDOORS if wanted.route_given or not last else last.setting,
        route_id=route.id if route else None,
    )
    parts = planning.proposed_parts(desk, draft)
    return {
        "date": wanted.on or plan_start.first_day(recent, _today(desk), _off(desk)),
        "time": wanted.at or (last.starts_local.time() if last else None),
        "minutes": draft.minutes,
        "setting": draft.setting,
        "route_id": draft.route_id,
        "meeting_point": last.meeting_point if last and last.route_id is None else "",
        "video_url": desk.last_video_url,
        "focus": desk.next_focus,
        "form_id": secrets.token_urlsafe(16),
        **_parts(draft.minutes, draft.setting, parts),
    }


def like(desk: Desk, walk: OpenWalk, wanted: Wanted = NOTHING) -> dict[str, Any]:
    """The same again, a week later or on the first such weekday that is still free for this client."""
    taken = {row.starts_local.date() for row in desk.recent} | _off(desk)
    return {
        **as_it_is(walk),
        "minutes": wanted.minutes or walk.planned_minutes,
        "date": wanted.on or plan_start.next_free_week(walk.starts_local.date(), _today(desk), taken),
        "time": wanted.at or walk.starts_local.time(),
        "focus": desk.next_focus or walk.details.focus,
        "message": "",
        "cautions_talked": [],
        "form_id": secrets.token_urlsafe(16),
        "version": "",
    }


def as_it_is(walk: OpenWalk, later_days: int = 0, wanted: Wanted = NOTHING) -> dict[str, Any]:
    """A walk to change; `later_days` and what is wanted move it in the form, not yet in the agenda."""
    details = walk.details
    return {
        "date": wanted.on or walk.starts_local.date() + timedelta(days=later_days),
        "time": wanted.at or walk.starts_local.time(),
        "minutes": wanted.minutes or walk.minutes,
        "setting": walk.setting,
        "route_id": wanted.route_id if wanted.route_given else walk.route_id,
        "meeting_point": details.meeting_point,
        "video_url": details.video_url,
        "focus": details.focus,
        "message": details.message,
        "cautions_talked": list(details.cautions_talked),
        "version": str(walk.version),
        **_parts(walk.minutes, walk.setting, walk.parts),
    }


def _parts(minutes: int, setting: str, parts: Parts) -> dict[str, Any]:
    kinds, lengths = write_parts(parts)
    places, at_minutes = pins.write(parts)
    return {
        "parts": kinds,
        "part_minutes": lengths,
        "part_at": places,
        "part_at_minute": at_minutes,
        "laid_for": f"{minutes}:{setting}",
        "exercise_ids": [part.exercise_id for part in parts if part.exercise_id is not None],
        "client_exercise_ids": [part.exercise_id for part in parts if part.for_client],
    }


def walk_form(desk: Desk, start: dict[str, Any]) -> WalkForm:
    """The form with its choices: chips of days and times, routes, exercises."""
    form = WalkForm(data={**start, "client_id": str(desk.client.id)})
    lang = language.current()
    form.route_id.choices = [(route.id, _route_words(route, desk)) for route in desk.routes]
    titles = [Option(one.id, one.title(lang)) for one in desk.exercises]
    form.exercise_ids.choices = form.client_exercise_ids.choices = form.cautions_talked.choices = titles
    form.choose.choices = titles
    recent = [row.starts_local for row in (*([desk.walk] if desk.walk else []), *desk.recent)]
    days = plan_start.days(recent, _today(desk), desk.settings, _off(desk))
    form.date.suggestions = [Option(day, words.day_short(day, lang)) for day in _with(days, form.date.data)]
    times = plan_start.times(recent)
    form.time.suggestions = [Option(at, words.clock(at, lang)) for at in _with(times, form.time.data)]
    return form


def _with(offered: Iterable[Any], wanted: Any) -> list[Any]:
    """The offered days or times, with the wanted one among them."""
    return sorted({*offered, *([wanted] if isinstance(wanted, date | time) else [])})


def _route_words(route: RouteRow, desk: Desk) -> str:
    """Schaapskooi – 2,4 km, 36 minuten (samen gelopen di 17 nov). Routes walked before say so (E1)."""
    lang = language.current()
    facts = []
    minutes = minutes_to_walk(route.distance_m, desk.client.details.pace_kmh)
    if route.distance_m is not None and minutes is not None:
        facts = [words.km(route.distance_m, lang), words.minutes(minutes, lang)]
    name = " – ".join([route.name, *([", ".join(facts)] if facts else [])])
    days = (row.starts_local.date() for row in desk.recent if row.route_id == route.id)
    before = next((day for day in days if day <= _today(desk)), None)
    if before is None:
        return name
    return str(_("%(route)s (walked together %(day)s)", route=name, day=words.day_short(before, lang)))


def _off(desk: Desk) -> frozenset[date]:
    return public_holidays.days_off(desk.settings, _today(desk))


def _today(desk: Desk) -> date:
    return day_on(desk.now, desk.settings.zone)
