"""What works for a client, and what the numbers around walks say; last, the same over all of the coach's clients."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Row
from sqlalchemy.orm import Session

from planner.domain import what_helps
from planner.domain.exercises import OUTDOORS
from planner.domain.notes import Practised
from planner.domain.routes import RouteFacts
from planner.domain.what_helps import EXERCISE, Aspect, HelpedWalk, HelpLine, Helps, Tried
from planner.services.clients import clients
from planner.services.clients.clients import OpenClient
from planner.services.notes import walked_notes
from planner.services.store import SignedIn, Store
from planner.services.toolkit import toolkit

NOTHING = Helps()
_facts = msgspec.json.Decoder(RouteFacts)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The part of a note that is counted."""

    energy_before: int | None = None
    energy_after: int | None = None
    tension_before: int | None = None
    tension_after: int | None = None
    practised: tuple[Practised, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """Lines of one kind: those that say something, and those with too little behind them."""

    said: tuple[HelpLine, ...]
    too_few: tuple[HelpLine, ...]


@dataclass(frozen=True, slots=True)
class HelpsPage:
    """`tools`: exercises that worked at least once. `walks`: how many are behind it. `over`: over all clients.
    `titles`: exercise id to title."""

    client: OpenClient
    tools: tuple[Tried, ...]
    walks: int
    own: Helps
    over: Helps
    titles: dict[int, str]

    def exercises(self, helps: Helps) -> Shown:
        """What the toolkit still names."""
        return _shown(
            line
            for line in helps.lines
            if line.aspect.group == EXERCISE and int(line.aspect.code) in self.titles
        )

    def kinds(self, helps: Helps) -> Shown:
        """Kinds of route."""
        return _shown(line for line in helps.lines if line.aspect.group != EXERCISE)


def page(store: Store, coach: SignedIn, client_id: int) -> HelpsPage:
    """Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        client = clients.open_client(store, session, client_id)
        titles = toolkit.titles(store, session, coach.language)
        if not client.health_consent:
            return HelpsPage(client, (), 0, NOTHING, NOTHING, titles)
        found, said = _by_client(store, session, client_id)
    own = found.get(client_id, [])
    tools = tuple(one for one in what_helps.tried(said) if one.worked and one.exercise_id in titles)
    return HelpsPage(
        client, tools, len(own), what_helps.of_client(own), what_helps.over_clients(found), titles
    )


def _by_client(
    store: Store, session: Session, client_id: int
) -> tuple[dict[int, list[HelpedWalk]], list[Practised]]:
    """The walks of every client; and what this one said of exercises."""
    found: dict[int, list[HelpedWalk]] = defaultdict(list)
    said: list[Practised] = []
    for row, numbers in walked_notes.walked(store, session, _Numbers):
        found[row.client_id].append(_walk(row, numbers))
        if row.client_id == client_id:
            said += numbers.practised
    return found, said


def _walk(row: Row[Any], numbers: _Numbers) -> HelpedWalk:
    aspects = frozenset(Aspect(EXERCISE, str(done.exercise_id)) for done in numbers.practised)
    if row.setting == OUTDOORS and row.route_facts:
        aspects |= what_helps.route_aspects(_facts.decode(row.route_facts))
    return HelpedWalk(
        aspects,
        numbers.energy_before,
        numbers.energy_after,
        numbers.tension_before,
        numbers.tension_after,
    )


def _shown(lines: Any) -> Shown:
    found = tuple(lines)
    return Shown(
        tuple(one for one in found if one.says_something),
        tuple(one for one in found if not one.says_something),
    )
