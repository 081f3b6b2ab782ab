"""What stands in the report for a talk, and in the one for whoever pays (domain.md 6.1: dates and number, no more)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain import reports, what_helps
from planner.domain.notes import WALKED
from planner.domain.progress import SIX_MONTHS, THREE_MONTHS, evaluations, start_of
from planner.domain.reports import Figure
from planner.domain.walks import AT_A_DISTANCE, is_over
from planner.domain.what_helps import Around, HelpedWalk
from planner.domain.when import day_on
from planner.models import Walk
from planner.services.clients import clients, consents
from planner.services.clients.clients import OpenClient
from planner.services.notes import notes
from planner.services.notes.notes import NoteLine
from planner.services.progress import held_reviews, measurements
from planner.services.store import SignedIn, Store, practice_of, settings_of
from planner.services.toolkit import toolkit

SPONSOR = "sponsor_report"


@dataclass(frozen=True, slots=True)
class Report:
    """For the client to read, in their language. Holds only the parts that were asked for. `walked_on`: days of walks,
    oldest first. `around_energy`, `around_tension`: on average before and after a walk. `agreed`: at the last talk that
    was held, with the next step. `talked`: not all of it was walking, some was by phone or online."""

    client: OpenClient
    parts: frozenset[str]
    walked_on: tuple[date, ...]
    three_months_on: date | None
    six_months_on: date | None
    goal: str = ""
    figures: tuple[Figure, ...] = ()
    around_energy: Around | None = None
    around_tension: Around | None = None
    worked: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    own_words: tuple[str, ...] = ()
    parked: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()
    talked: bool = False


@dataclass(frozen=True, slots=True)
class SponsorReport:
    """`walked_on`: None while the client did not agree to this report."""

    client: OpenClient
    walked_on: tuple[date, ...] | None


def report(store: Store, coach: SignedIn, client_id: int, parts: Collection[str], now: datetime) -> Report:
    """Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        client = clients.open_client(store, session, client_id)
        today = day_on(now, settings_of(practice_of(session, coach.scope)).zone)
        walked = _walked(session, client_id, now)
        walked_on = tuple(row.starts_local.date() for row in walked)
        start = start_of(walked_on, client.started_on)
        every = notes.of_client(store, session, client)
        lines = [one for one in every if one.outcome == WALKED]
        told = measurements.of_client(store, session, client, now, every).measurements
        found: dict[str, dict[str, Any]] = {
            "goal": {"goal": client.health.goal if client.health else ""},
            "numbers": _numbers(lines, reports.figures(start, today, told)),
            "worked": {"worked": _worked(store, session, client, lines)},
            "steps": {"steps": reports.latest(one.content.home_step for one in lines)},
            "own_words": {"own_words": reports.latest(one.content.client_words for one in lines)},
            "parked": {"parked": reports.latest(one.content.parked_for_therapist for one in lines)},
            "agreements": {"agreed": _agreed(store, session, client)},
        }
    days = dict(evaluations(start))
    most = reports.most_lines(parts)
    for part in ("worked", "steps", "own_words", "parked"):
        found[part] = {name: value[:most] for name, value in found[part].items()}
    chosen = {name: value for part in parts for name, value in found.get(part, {}).items()}
    return Report(
        client,
        frozenset(parts),
        walked_on,
        days.get(THREE_MONTHS),
        days.get(SIX_MONTHS),
        talked=any(row.setting in AT_A_DISTANCE for row in walked),
        **chosen,
    )


def sponsor_report(store: Store, coach: SignedIn, client_id: int, now: datetime) -> SponsorReport:
    """Only the days, and only under the client's own consent to this report. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        client = clients.open_client(store, session, client_id)
        if not consents.is_active(session, client_id, SPONSOR):
            return SponsorReport(client, None)
        walked = _walked(session, client_id, now)
        return SponsorReport(client, tuple(row.starts_local.date() for row in walked))


def _walked(session: Session, client_id: int, now: datetime) -> list[Any]:
    """Oldest first, and never a walk that is not over."""
    rows = session.execute(
        select(Walk.starts_local, Walk.starts_at, Walk.minutes, Walk.setting)
        .where(Walk.client_id == client_id, Walk.outcome == WALKED)
        .order_by(Walk.starts_at)
    )
    return [row for row in rows if is_over(row.starts_at, row.minutes, now)]


def _agreed(store: Store, session: Session, client: OpenClient) -> tuple[str, ...]:
    """None without consent for health."""
    for last in held_reviews.of_client(store, session, client)[:1]:
        return reports.latest((last.content.agreed, last.content.next_step))
    return ()


def _numbers(lines: list[NoteLine], figures: tuple[Figure, ...]) -> dict[str, object]:
    around = what_helps.of_client(_around(one) for one in lines)
    return {
        "figures": figures,
        "around_energy": _enough(around.energy),
        "around_tension": _enough(around.tension),
    }


def _around(line: NoteLine) -> HelpedWalk:
    content = line.content
    return HelpedWalk(
        frozenset(),
        content.energy_before,
        content.energy_after,
        content.tension_before,
        content.tension_after,
    )


def _enough(found: Around | None) -> Around | None:
    return found if found is not None and found.of >= what_helps.MIN_WALKS else None


def _worked(store: Store, session: Session, client: OpenClient, lines: list[NoteLine]) -> tuple[str, ...]:
    """Titles in the client's language, without one that says too much, unless their page shows those as well."""
    kit = {one.id: one for one in toolkit.exercises(store, session, hidden=True)}
    said = what_helps.tried(done for line in lines for done in line.content.practised)
    known = [kit[one.exercise_id] for one in said if one.worked and one.exercise_id in kit]
    shown = [one for one in known if "titles" in client.page_asks or not one.facts.sensitive_title]
    return tuple(one.title(client.language) for one in shown)[: reports.MOST_LINES]
