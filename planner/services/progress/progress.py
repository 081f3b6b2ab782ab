"""What the pages about the progress of one client show. Nothing of it opens without consent for health (P03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from planner.domain import chart, reasons, reviews, timeline
from planner.domain.answers import match
from planner.domain.chart import Chart
from planner.domain.clients import DEFAULT_TARGET
from planner.domain.progress import (
    BETWEEN,
    FEW_WALKS,
    asked_since,
    disagreeing,
    evaluations,
    kind_now,
    kinds_held,
)
from planner.domain.reasons import Ledger
from planner.domain.reviews import ThreeMonths
from planner.domain.screening import ScreeningRecord
from planner.domain.timeline import Moment, Told
from planner.domain.when import day_on
from planner.services.clients import answers, clients, safety
from planner.services.clients.clients import OpenClient
from planner.services.notes import notes
from planner.services.progress import external_measures, held_reviews, measurements, next_need
from planner.services.progress.external_measures import KeptMeasure
from planner.services.progress.held_reviews import HeldReview
from planner.services.progress.measurements import MeasuredWalk, Numbers
from planner.services.store import SignedIn, Store, practice_of, settings_of


@dataclass(frozen=True)
class ProgressPage:
    """`need`: the reason the next proposal begins with, and how often each was planned lately. `screened`: how the
    safety questions were answered last, and `hold`: what holds planning. `match`: what the signs of the right match
    come to."""

    client: OpenClient
    today: date
    numbers: Numbers
    held: tuple[HeldReview, ...]
    measures: tuple[KeptMeasure, ...]
    ledger: Ledger
    need: tuple[str, dict[str, int]] | None
    match: str
    screened: ScreeningRecord | None
    hold: str | None

    @property
    def few(self) -> bool:
        return len(self.numbers.walked) < FEW_WALKS

    @cached_property
    def review(self) -> ThreeMonths:
        return self.numbers.review(self.today)

    @cached_property
    def alerts(self) -> tuple[str, ...]:
        return self.numbers.alerts(self.today)

    @property
    def asked_since(self) -> ScreeningRecord | None:
        """The safety questions, if they were asked after the number that gave the alert."""
        asked_on = self.screened.asked_on if self.screened else None
        known = self.numbers.measurements
        return self.screened if asked_since(asked_on, self.alerts, known, self.today) else None

    @property
    def horizon(self) -> str:
        health = self.client.health
        target = health.target_functioning if health else None
        return reviews.six_months(self.numbers.start, self.today, self.numbers.measurements, target)

    @property
    def target(self) -> int:
        own = self.client.health.target_functioning if self.client.health else None
        return DEFAULT_TARGET if own is None else own

    @property
    def evaluations(self) -> tuple[tuple[str, date], ...]:
        """The days to look back together."""
        return evaluations(self.numbers.start, self.client.details.planned_end_on)

    @property
    def felt(self) -> HeldReview | None:
        return held_reviews.felt_last(self.held)

    @property
    def disagree(self) -> tuple[str, ...]:
        """Measures for which the numbers and what the client feels say something else."""
        return disagreeing(self.review.changes, self.felt.content if self.felt else None)

    @property
    def next_kind(self) -> str:
        """Which talk is the one to hold now."""
        return kind_now(
            self.numbers.start, self.today, kinds_held((one.kind, one.content) for one in self.held)
        )

    @property
    def unasked(self) -> HeldReview | None:
        """The last talk, while the safety questions that belong to it were not asked since that day."""
        last, asked_on = next(iter(self.held), None), self.screened.asked_on if self.screened else None
        return last if last is not None and (asked_on is None or asked_on < last.held_on) else None

    @property
    def felt_missing(self) -> HeldReview | None:
        """The last talk of three or six months, while it leaves its day open for want of the client's own answers."""
        last = next((one for one in self.held if one.kind != BETWEEN), None)
        return last if last is not None and not last.content.felt_told else None

    @property
    def mix(self) -> tuple[tuple[str, int], ...]:
        return timeline.mix(one.setting for one in self.numbers.walked)

    def pairs(self, what: str) -> list[tuple[MeasuredWalk, int, int]]:
        """The walks with a number before and after: `what` is energy or tension."""
        found = [
            (one, getattr(one.content, f"{what}_before"), getattr(one.content, f"{what}_after"))
            for one in self.numbers.walked
        ]
        return [line for line in found if line[1] is not None and line[2] is not None]

    def higher(self, what: str) -> int:
        """After how many walks it was higher than before."""
        return sum(after > before for _, before, after in self.pairs(what))

    def lower(self, what: str) -> int:
        return sum(after < before for _, before, after in self.pairs(what))

    def pair_chart(self, what: str) -> Chart | None:
        points = [
            (reviews.Point(one.starts_local.date(), before), reviews.Point(one.starts_local.date(), after))
            for one, before, after in self.pairs(what)
        ]
        return chart.draw_pairs(("before", "after"), points)

    @cached_property
    def weeks(self) -> tuple[tuple[date, int | None, int | None], ...]:
        """Day, energy and functioning of the past week, as they count."""
        known = [one for one in self.numbers.measurements if one.on <= self.today]
        found = {
            name: {one.on: one.value for one in reviews.points(name, known)} for name in reviews.MEASURES
        }
        days = sorted({on for values in found.values() for on in values})
        return tuple((on, found[reviews.ENERGY].get(on), found[reviews.FUNCTIONING].get(on)) for on in days)

    @property
    def week_chart(self) -> Chart | None:
        known = [one for one in self.numbers.measurements if one.on <= self.today]
        return chart.draw({name: reviews.points(name, known) for name in reviews.MEASURES})


def page(store: Store, coach: SignedIn, client_id: int, now: datetime) -> ProgressPage:
    """Everything on the progress of a client. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        client = clients.open_client(store, session, client_id)
        lines = notes.of_client(store, session, client)
        signs = answers.signs_of(store, session, client)
        sums = [line.content.sum_of_signs for line in signs]
        screened = safety.kept(store, session, client) if client.health_consent else ()
        return ProgressPage(
            client,
            day_on(now, settings_of(practice_of(session, coach.scope)).zone),
            measurements.of_client(store, session, client, now, lines),
            held_reviews.of_client(store, session, client),
            external_measures.of_client(store, session, client),
            reasons.book(line.content.marks for line in lines),
            next_need.of_client(store, session, client_id, lines, now),
            match([total for total in sums if total is not None]),
            screened[0].record if screened else None,
            safety.holds_planning(store, session, client),
        )


def journey(
    store: Store, coach: SignedIn, client_id: int, now: datetime
) -> tuple[OpenClient, tuple[Moment, ...]]:
    """The timeline of a client, newest first. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        client = clients.open_client(store, session, client_id)
        walks = measurements.of_client(store, session, client, now).walks
        told = [
            Told(one.id, one.starts_local, one.setting, one.content)
            for one in walks
            if one.content != measurements.NOTHING
        ]
        return client, timeline.journey(told)


def review_page(
    store: Store, coach: SignedIn, client_id: int, review_id: int
) -> tuple[OpenClient, HeldReview | None]:
    """A talk to correct; None without consent for health. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        client = clients.open_client(store, session, client_id)
        return client, held_reviews.one_of(store, session, client, review_id)


def measure_page(
    store: Store, coach: SignedIn, client_id: int, measure_id: int
) -> tuple[OpenClient, KeptMeasure | None]:
    """A score to change; None without consent for health. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        client = clients.open_client(store, session, client_id)
        return client, external_measures.one_of(store, session, client, measure_id)
