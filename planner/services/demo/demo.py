"""The example practice: a year of walks with notes, made through the same services a coach uses, so that it
is what the product really makes. People and places stand in planner/demo/practice.yaml.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import cycle
from typing import Any

import msgspec

from planner.domain.clients import ClientDetails, ClientName, HealthDetails, Recognition
from planner.domain.exercises import ONLINE, OUTDOORS
from planner.domain.notes import WALKED, NoteContent, Practised
from planner.domain.routes import RouteFacts, RouteTexts
from planner.domain.walks import PlannedPart, WalkDetails
from planner.domain.when import local_to_moment, moment_to_local
from planner.services.clients import clients, consents, sharing
from planner.services.clients.clients import SaveClient
from planner.services.demo import demo_places, demo_progress
from planner.services.notes import note_wishes, notes
from planner.services.notes.notes import SaveNote
from planner.services.people import coaches, set_up
from planner.services.routes import route_changes
from planner.services.routes.route_changes import WriteRoute
from planner.services.store import SignedIn, Store
from planner.services.toolkit import toolkit
from planner.services.toolkit.toolkit_data import read_demo
from planner.services.walks import walks
from planner.services.walks.walks import PlanWalk
from planner.services.weather import weather_watch

PASSWORD = "wandelen-met-demo"  # noqa: S105 - it is printed on purpose
NEXT_DAYS = (0, 7, 14)
"""Coming walks, in days from today; weekends move on to Monday."""


GAINS = (1, 2, 0, 1, 1, 2, 1)
"""What walks come to, in points; not every one gives something."""


class NotEmpty(Exception):
    """There is a coach already; nothing was changed."""


@dataclass(frozen=True, slots=True)
class _Practice:
    store: Store
    coach: SignedIn
    routes: tuple[int, ...]
    kit: dict[str, toolkit.ToolkitExercise]


def fill(store: Store, now: datetime) -> SignedIn:
    """Fill an empty database. Raises NotEmpty."""
    if set_up.has_coach(store):
        raise NotEmpty
    data = read_demo()
    coach = _coach(store, data["coach"], now - timedelta(days=365))
    routes = tuple(_route(store, coach, one, now - timedelta(days=360)) for one in data["routes"])
    kit = {one.key: one for one in toolkit.listing(store, coach) if one.key}
    practice = _Practice(store, coach, routes, kit)
    for days, text in enumerate(data["sentences"]):
        note_wishes.add_sentence(store, coach, text, now - timedelta(days=90 - days))
    for number, one in enumerate(data["clients"]):
        _client(practice, one, now, timedelta(days=1 + number))
    demo_places.put_weather(store, coach, now)
    weather_watch.watch(store, now)
    return coach


def _coach(store: Store, data: dict[str, str], then: datetime) -> SignedIn:
    new = set_up.NewCoach(data["name"], data["email"], PASSWORD, "nl")
    owner_id, coach_id = set_up.add_coach(store, new, then)
    coach = coaches.by_id(store, owner_id, coach_id)
    coaches.set_profile(store, coach, "nl", data["phone"], then)
    return coaches.by_id(store, owner_id, coach_id)


def _route(store: Store, coach: SignedIn, data: dict[str, Any], then: datetime) -> int:
    texts = RouteTexts(data["name"], data["meeting_point"], data["notes"], data.get("nearest_road", ""))
    facts = RouteFacts(
        surface=data["surface"],
        environment_tags=tuple(data["tags"]),
        quietness=data["quietness"],
        shelter=data["shelter"],
        privacy_level=data["privacy"],
        parking="free",
        is_loop="size_m" in data,
    )
    gpx = demo_places.gpx(data) if "size_m" in data else None
    return route_changes.create(store, coach, WriteRoute(texts, facts, gpx=gpx), then).id


def _client(practice: _Practice, data: dict[str, Any], now: datetime, ahead: timedelta) -> None:
    store, coach = practice.store, practice.coach
    start = now - timedelta(days=data["last_days_ago"] + data["every_days"] * (len(data["energy"]) - 1))
    details = ClientDetails(
        email=data.get("email", ""),
        phone=data.get("phone", ""),
        max_minutes=data["minutes"],
        environment_likes=tuple(data["likes"]),
        environment_avoid=tuple(data["avoid"]),
    )
    health = HealthDetails(
        help_question=data["help_question"],
        recovery_phase=data["phase"],
        goal=data["goal"],
        health_flags=tuple(data["flags"]),
        reason_recognition=Recognition(**data.get("recognises", {})),
    )
    command = SaveClient(
        ClientName(data["first_name"], data["last_name"]),
        details,
        health,
        data.get("language", "nl"),
        show_first_name=bool(data.get("shared")),
        started_on=moment_to_local(start).date(),
        consent_health=True,
    )
    client_id = clients.create(store, coach, command, start, reads_texts=True)
    for number, (energy, functioning) in enumerate(zip(data["energy"], data["functioning"], strict=True)):
        day = start + timedelta(days=number * data["every_days"])
        _past_walk(practice, client_id, data, number, day, (energy, functioning))
    for days in NEXT_DAYS[: data["coming"]]:
        _coming_walk(practice, client_id, data, days, now + ahead)
    demo_progress.look_back(store, coach, client_id, data, now)
    if data.get("shared"):
        sharing.make_or_renew(store, coach, client_id, now - timedelta(days=3))
    for purpose in data.get("agrees", ()):
        consents.decide(store, coach, client_id, purpose, consents.YES, consents.text_version(purpose), start)
    if data.get("ended"):
        today = moment_to_local(now).date()
        clients.set_status(store, coach, client_id, "ended", now, today)


def _plan(
    practice: _Practice, client_id: int, data: dict[str, Any], number: int, starts: datetime
) -> PlanWalk:
    setting = ONLINE if number in data.get("online", ()) else OUTDOORS
    keys = data["exercises"]
    wanted = [practice.kit[keys[number % len(keys)]], practice.kit[keys[(number + 1) % len(keys)]]]
    exercises = [one for one in wanted if one.facts.allows(setting)]
    done = tuple(PlannedPart("exercise", one.facts.minutes_min, one.id, for_client=True) for one in exercises)
    spent = sum(part.minutes for part in done)
    rest = data["minutes"] - 5 - 5 - spent
    talk = PlannedPart("walk_talk", max(5, rest // 2))
    parts = (talk, PlannedPart("silent", 5), *done, talk) if setting == OUTDOORS else (talk, *done, talk)
    route = practice.routes[data["routes"][number % len(data["routes"])]] if setting == OUTDOORS else None
    video = "https://video.example.org/hofstra" if setting == ONLINE else ""
    details = WalkDetails(focus=data["goal"], video_url=video)
    return PlanWalk(client_id, starts, data["minutes"], setting, route, parts, details, keep_clash=True)


def _past_walk(
    practice: _Practice,
    client_id: int,
    data: dict[str, Any],
    number: int,
    day: datetime,
    week: tuple[int, int],
) -> None:
    starts = _at(day, data["hour"])
    command = _plan(practice, client_id, data, number, starts)
    begun = local_to_moment(starts)
    result = walks.plan(practice.store, practice.coach, command, begun - timedelta(days=5))
    if data.get("unwritten") and number == len(data["energy"]) - 1:
        return  # a note that is still to be written
    outcome = {3: "ill", 6: "weather"}.get(number % 9, WALKED) if number > 2 else WALKED
    content = _note(practice, data, number, week, command.parts) if outcome == WALKED else NoteContent()
    ready = not (data.get("open") and number == len(data["energy"]) - 1)
    saved = SaveNote(outcome, content, close=ready)
    notes.save(practice.store, practice.coach, result.walk_id or 0, saved, begun + timedelta(hours=2))


def _note(
    practice: _Practice,
    data: dict[str, Any],
    number: int,
    week: tuple[int, int],
    parts: tuple[PlannedPart, ...],
) -> NoteContent:
    done = [part.exercise_id for part in parts if part.exercise_id]
    by_id = {one.id: one for one in practice.kit.values()}
    reasons = by_id[done[0]].facts.reasons if done else ()
    energy, functioning = week
    return replace(
        _said(data.get("parts", {}), number),
        energy_week=energy,
        functioning_week=functioning,
        energy_before=energy,
        energy_after=_energy_after(data, number, energy),
        tension_before=max(0, 8 - energy),
        tension_after=max(0, 7 - energy - GAINS[(number + 1) % len(GAINS)]),
        movement=3 if "movement" in reasons else 1,
        practice=3 if "practice" in reasons else 1,
        feeling=2 if "feeling" in reasons else 1,
        environment=2 if "environment" in reasons else 0,
        felt_text=data["felt"][number % len(data["felt"])],
        practised=tuple(
            Practised(one, worked) for one, worked in zip(done, cycle(("yes", "a_bit")), strict=False)
        ),
        tool_exercise_id=done[0] if done else None,
        tool_text="" if done else data["goal"],
        home_step=by_id[done[0]].texts.home_line(data.get("language", "nl")) if done else data["goal"],
        client_words=data["said"][number // 2] if number // 2 < len(data.get("said", ())) else "",
        home_step_result=("done", "partly", "done", "not_done")[number % 4] if number else None,
        show_home_step=bool(data.get("shared")),
        next_focus=data["goal"],
        breakthrough_text=data.get("breakthroughs", {}).get(number, ""),
    )


def _energy_after(data: dict[str, Any], number: int, energy: int) -> int:
    """A little more, but after the walks that cost energy."""
    if number in data.get("costs", ()):
        return max(0, energy - 1)
    return min(10, energy + GAINS[(number + len(data["first_name"])) % len(GAINS)])


def _said(told: dict[str, dict[int, Any]], number: int) -> NoteContent:
    """What this walk's note says beyond the taps: `told` by field of the note and number of the walk."""
    found = {name: by_walk[number] for name, by_walk in told.items() if number in by_walk}
    return msgspec.convert(found, NoteContent)


def _coming_walk(
    practice: _Practice, client_id: int, data: dict[str, Any], days: int, first: datetime
) -> None:
    starts = _at(first + timedelta(days=days), data["hour"])
    command = _plan(practice, client_id, data, len(data["energy"]) + days, starts)
    walks.plan(practice.store, practice.coach, command, first - timedelta(days=8))


def _at(day: datetime, hour: str) -> datetime:
    """That wall time on the day, or on the Monday after a weekend."""
    on = moment_to_local(day).date()
    while on.weekday() > 4:
        on += timedelta(days=1)
    return datetime.combine(on, time.fromisoformat(hour))
