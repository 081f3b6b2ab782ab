"""What the numbers of a client say after three and six months, and the smaller hints on the way.

Source: domain.md 3.4 and 3.5. The numbers open a talk and decide nothing: nobody's change proves what caused it, so no
text built on this says "by the coaching". Whole numbers 0 to 10; the coach's seed rule applies to this coaching too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from planner.domain.clients import DEFAULT_TARGET
from planner.domain.when import add_months

REVIEW_MONTHS, HORIZON_MONTHS = 3, 6
WINDOW = timedelta(days=41)
TAKE, MIN_POINTS = 3, 2
STEP = Decimal("1.0")
"""Halfway between no change and the two points that people call important."""
DROP = 2
"""So far below the start, twice in a row: time for the safety questions."""
DRAIN = -1
HIGHEST = 10

ENERGY, FUNCTIONING = "energy", "functioning"
MEASURES = (ENERGY, FUNCTIONING)

IMPROVED, WORSE, NO_CLEAR_CHANGE, INSUFFICIENT = "improved", "worse", "no_clear_change", "insufficient"
CHANGES = (IMPROVED, WORSE, NO_CLEAR_CHANGE, INSUFFICIENT)
NOT_DUE, INSUFFICIENT_DATA = "not_due", "insufficient_data"
ON_TRACK, MIXED, OTHER_APPROACH = "on_track", "mixed", "other_approach"
VERDICTS = (NOT_DUE, INSUFFICIENT_DATA, ON_TRACK, MIXED, OTHER_APPROACH)
REACHED, PROGRESS, NOT_REACHED = "reached", "progress", "not_reached"
HORIZON_RESULTS = (REACHED, PROGRESS, NOT_REACHED, INSUFFICIENT_DATA)


@dataclass(frozen=True, slots=True)
class Measurement:
    """Energy and functioning of the past week, told on a day. `entered_at`: of several on one day the last counts."""

    on: date
    energy: int | None = None
    functioning: int | None = None
    entered_at: datetime | None = None

    def __post_init__(self) -> None:
        for value in (self.energy, self.functioning):
            if value is not None and not 0 <= value <= HIGHEST:
                raise ValueError(f"a number is 0 to {HIGHEST}")


@dataclass(frozen=True, slots=True)
class Point:
    """One value of one measure."""

    on: date
    value: int


@dataclass(frozen=True, slots=True)
class Change:
    """One measure since the start. `delta` has two decimals; None when there are too few values. `noisy`: the values
    differ among themselves about as much as the change."""

    measure: str
    change: str
    delta: Decimal | None = None
    noisy: bool = False
    baseline: tuple[int, ...] = ()
    recent: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ThreeMonths:
    """`due_on` is None while there is no first walk. `changes` is empty before the day is there."""

    verdict: str
    due_on: date | None = None
    changes: tuple[Change, ...] = ()


def due_on(start: date, months: int) -> date:
    """The day so many calendar months after the first walk, clamped to the last day of that month."""
    return add_months(start, months)


def three_month_review(start: date | None, today: date, measurements: Iterable[Measurement]) -> ThreeMonths:
    """The three-month rule: neither measure improved asks for another approach, one of them for a talk."""
    if start is None:
        return ThreeMonths(NOT_DUE)
    due = due_on(start, REVIEW_MONTHS)
    if today < due:
        return ThreeMonths(NOT_DUE, due)
    known = list(measurements)
    changes = tuple(_change(measure, start, today, known) for measure in MEASURES)
    return ThreeMonths(_verdict([one.change for one in changes]), due, changes)


def points(measure: str, measurements: Iterable[Measurement]) -> tuple[Point, ...]:
    """The values of one measure by day; several on one day: the last entered."""
    last: dict[date, int] = {}
    for one in sorted(measurements, key=_by_entry):
        value = getattr(one, measure)
        if value is not None:
            last[one.on] = value
    return tuple(Point(on, value) for on, value in sorted(last.items()))


def windows(start: date, today: date, series: Sequence[Point]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The first values since the start, and the last ones up to today that are not among those."""
    counted = [one for one in series if start <= one.on <= today]
    first = [one for one in counted if one.on - start <= WINDOW][:TAKE]
    last = [one for one in counted if today - one.on <= WINDOW and one not in first][-TAKE:]
    return tuple(one.value for one in first), tuple(one.value for one in last)


def felt_otherwise(change: Change, felt: str | None) -> bool:
    """Whether the numbers and what the client feels say something else. Unknown on either side is no disagreement; "a
    bit" is improvement: the rule is about none at all."""
    if felt is None or change.change == INSUFFICIENT:
        return False
    return (felt in ("yes", "a_bit")) != (change.change == IMPROVED)


def deteriorates(baseline: Sequence[int], later: Sequence[int]) -> bool:
    """Whether the last two values after the baseline both lie two points or more below its mean."""
    if len(baseline) < MIN_POINTS or len(later) < 2:
        return False
    return all(value <= _mean(baseline) - DROP for value in later[-2:])


def deteriorating(start: date | None, today: date, measurements: Iterable[Measurement]) -> tuple[str, ...]:
    """The measures that alert. An alert opens the safety questions and suggests the GP."""
    if start is None:
        return ()
    known = list(measurements)
    return tuple(measure for measure in MEASURES if _alerts(start, today, points(measure, known)))


def energy_drains(walks: Iterable[tuple[int | None, int | None]]) -> bool:
    """Whether the last two walks both cost energy. `walks`: before and after, oldest first; a walk without both numbers
    is skipped."""
    gains = [after - before for before, after in walks if before is not None and after is not None]
    return len(gains) > 1 and max(gains[-2:]) <= DRAIN


def horizon(baseline: Sequence[int], recent: Sequence[int], target: int | None = DEFAULT_TARGET) -> str:
    """Functioning after six months beside the client's own target. Never a promise."""
    if len(baseline) < MIN_POINTS or len(recent) < MIN_POINTS:
        return INSUFFICIENT_DATA
    if _mean(recent) >= (DEFAULT_TARGET if target is None else target):
        return REACHED
    return PROGRESS if _delta(baseline, recent) >= STEP else NOT_REACHED


def six_months(
    start: date | None, today: date, measurements: Iterable[Measurement], target: int | None
) -> str:
    """The horizon of a client, or not_due before its day."""
    if start is None or today < due_on(start, HORIZON_MONTHS):
        return NOT_DUE
    return horizon(*windows(start, today, points(FUNCTIONING, measurements)), target)


def _by_entry(one: Measurement) -> tuple[date, float]:
    return one.on, one.entered_at.timestamp() if one.entered_at is not None else float("-inf")


def _mean(values: Sequence[int]) -> Fraction:
    return Fraction(sum(values), len(values))


def _delta(baseline: Sequence[int], recent: Sequence[int]) -> Decimal:
    exact = _mean(recent) - _mean(baseline)
    value = Decimal(exact.numerator) / Decimal(exact.denominator)
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _change(measure: str, start: date, today: date, known: Iterable[Measurement]) -> Change:
    baseline, recent = windows(start, today, points(measure, known))
    if len(baseline) < MIN_POINTS or len(recent) < MIN_POINTS:
        return Change(measure, INSUFFICIENT, baseline=baseline, recent=recent)
    delta = _delta(baseline, recent)
    noisy = abs(delta) <= max(max(baseline) - min(baseline), max(recent) - min(recent))
    return Change(measure, _direction(delta), delta, noisy, baseline, recent)


def _direction(delta: Decimal) -> str:
    if delta >= STEP:
        return IMPROVED
    return WORSE if delta <= -STEP else NO_CLEAR_CHANGE


def _verdict(changes: Sequence[str]) -> str:
    if INSUFFICIENT in changes:
        return INSUFFICIENT_DATA
    improved = changes.count(IMPROVED)
    return (OTHER_APPROACH, MIXED, ON_TRACK)[improved]


def _alerts(start: date, today: date, series: Sequence[Point]) -> bool:
    counted = [one for one in series if start <= one.on <= today]
    first = [one for one in counted if one.on - start <= WINDOW][:TAKE]
    later = [one.value for one in counted if first and one.on > first[-1].on]
    return deteriorates([one.value for one in first], later)
