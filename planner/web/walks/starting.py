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
from planner.services.planning import proposals
from planner.services.planning.plan_desk import Desk
from planner.services.planning.proposals import DAY, PARTS, ROUTE, TIME, Given, Proposal
from planner.services.routes.walking_routes import RouteRow
from planner.services.walks.walk_rows import OpenWalk
from planner.web import language, words
from planner.web.forms import Option
from planner.web.walks import pins
from planner.web.walks.forms import WalkForm
from planner.web.walks.plan_rows import write_parts, written


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks of the walk; None: nothing. `route_given`: the route too, also when it is none."""

    on: date | None = None
    at: time | None = None
    minutes: int | None = None
    route_id: int | None = None
    route_given: bool = False


NOTHING = Wanted()


def given(desk: Desk, wanted: Wanted = NOTHING) -> Given:
    """What a new walk begins with: what the address asks, or the walk that is repeated; the rest is proposed."""
    free = {DAY} if wanted.on is None else set()
    free |= {TIME} if wanted.at is None else set()
    walk = desk.like
    if walk is not None:
        return Given(
            frozenset(free),
            walk.planned_minutes,
            walk.setting,
            wanted.on,
            wanted.at,
            walk.route_id,
            walk.parts,
        )
    route = desk.route(wanted.route_id)
    free |= {PARTS} if wanted.route_given else {PARTS, ROUTE}
    setting = OUTDOORS if wanted.route_given else proposals.setting(desk)
    minutes = proposals.length(desk, wanted.minutes)
    return Given(frozenset(free), minutes, setting, wanted.on, wanted.at, route.id if route else None)


def new_walk(desk: Desk, start: Given, plan: Proposal) -> dict[str, Any]:
    """The proposal, and what stays as last time."""
    last = desk.had[0] if desk.had else None
    no_route = last is not None and last.route_id is None and plan.route_id is None
    return {
        **_moment(start, plan),
        "minutes": start.minutes,
        "setting": start.setting,
        "route_id": plan.route_id,
        "meeting_point": last.meeting_point if last and no_route else "",
        "video_url": desk.last_video_url,
        "focus": desk.next_focus,
        "form_id": secrets.token_urlsafe(16),
        **_parts(start.minutes, start.setting, plan.parts),
        "suggested": plan.suggested,
        "proposed_parts": written(plan.parts) if plan.suggested is not None else None,
    }


def like(desk: Desk, walk: OpenWalk, start: Given, plan: Proposal) -> dict[str, Any]:
    """The same again; only day and time are proposed."""
    return {
        **as_it_is(walk),
        **_moment(start, plan),
        "minutes": start.minutes,
        "focus": desk.next_focus or walk.details.focus,
        "message": "",
        "cautions_talked": [],
        "form_id": secrets.token_urlsafe(16),
        "version": "",
    }


def _moment(start: Given, plan: Proposal) -> dict[str, Any]:
    """Day and time, and of what was proposed, what it was."""
    proposed = {
        "proposed_date": (DAY, plan.on.isoformat() if plan.on else ""),
        "proposed_time": (TIME, f"{plan.at:%H:%M}" if plan.at else ""),
        "proposed_route": (ROUTE, str(plan.route_id or "")),
    }
    kept = {name: text for name, (part, text) in proposed.items() if part in start.open}
    return {"date": plan.on, "time": plan.at, **kept}


def change(desk: Desk, walk: OpenWalk, later_days: int, wanted: Wanted) -> dict[str, Any]:
    """A walk to change, with what was suggested for it."""
    return {**as_it_is(walk, later_days, wanted), "suggested": desk.suggested}


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
    show_moments(desk, form)
    return form


def show_moments(desk: Desk, form: WalkForm) -> None:
    """The chips of days and times, with what stands in the form among them."""
    lang = language.current()
    recent = [row.starts_local for row in (*([desk.walk] if desk.walk else []), *desk.recent)]
    days = plan_start.days(recent, desk.today_on, desk.settings, desk.off)
    shown = _with(days, form.date.data)
    form.date.suggestions = [Option(day, words.day_short(day, lang, desk.today_on)) for day in shown]
    times = plan_start.times(recent)
    form.time.suggestions = [Option(at, words.clock(at, lang)) for at in _with(times, form.time.data)]


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
    before = next((day for day in days if day <= desk.today_on), None)
    if before is None:
        return name
    return str(
        _("%(route)s (walked together %(day)s)", route=name, day=words.day_short(before, lang, desk.today_on))
    )
