"""Whether everything about privacy is in order: one line a subject, with how many things wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planner.domain.clients import HEALTH
from planner.domain.privacy import BREACHES, CHECKS, PROCESSING, PROCESSORS, BreachLine, ProcessorLine
from planner.services.clients import client_files, clients
from planner.services.keeping import keys
from planner.services.people import practices, second_factor
from planner.services.privacy import privacy_requests, registers, retention
from planner.services.store import SignedIn, Store


@dataclass(frozen=True, slots=True)
class Checked:
    """`code`: of domain.privacy.CHECKS; `waiting`: how many things of it wait; nothing: it is in order."""

    code: str
    waiting: int

    @property
    def is_done(self) -> bool:
        return self.waiting == 0


@dataclass(frozen=True, slots=True)
class Overview:
    """`checks`: with the keys for whoever leads and has them: on a planner of several practices nobody does.
    `late`: requests past their day; `going`: things that go soon by themselves."""

    checks: tuple[Checked, ...]
    late: int
    going: int

    @property
    def is_done(self) -> bool:
        return all(one.is_done for one in self.checks)


def overview(store: Store, coach: SignedIn, today: date) -> Overview:
    waiting, _done = privacy_requests.open_and_done(store, coach)
    with store.db.reading(coach.scope) as session:
        read_texts = clients.has_read_texts(session, coach)
        lines = {
            kind: registers.listing_in(store, session, coach, kind)
            for kind in (PROCESSING, PROCESSORS, BREACHES)
        }
    found = {
        "texts": int(not read_texts),
        "processing": int(not lines[PROCESSING]),
        "processors": _unsettled(lines[PROCESSORS]),
        "breaches": _unsettled(lines[BREACHES]),
        "requests": len(waiting),
        "withdrawn": len(client_files.who_withdrew(store, coach, HEALTH)),
        "second_step": int(not second_factor.state_of(store, coach).on),
        "keys": int(not practices.open_practice(store, coach).settings.keys_kept),
    }
    has_keys = coach.leads and keys.is_own(store)
    return Overview(
        tuple(Checked(code, found[code]) for code in CHECKS if code != "keys" or has_keys),
        sum(one.is_late(today) for one in waiting),
        len(retention.ahead(store, coach, today)),
    )


def _unsettled(lines: tuple[registers.OpenLine, ...]) -> int:
    return sum(isinstance(one.line, ProcessorLine | BreachLine) and not one.line.is_settled for one in lines)
