"""Which entries of a forecast a walk touches. One off-by-one here makes every rain verdict wrong."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from planner.domain.weather_values import Step

LONGEST_SPAN = timedelta(hours=6)
"""No entry covers more, so that one that starts earlier cannot matter."""
SHORTEST = timedelta(minutes=1)
"""A walk of no length counts as its first minute."""


@dataclass(frozen=True, slots=True)
class Window:
    """The entries for a walk [start, end).

    `periods` overlap the walk (hours where there are hours, else blocks of six); an end on the hour does not pull
    in the next one. `instants` run from the start of the first period up to and including the end of the last.
    `missing_at`: the first moment of the walk of which something we need is not known.
    """

    start_at: datetime
    end_at: datetime
    periods: tuple[Step, ...]
    instants: tuple[Step, ...]
    steps: tuple[Step, ...]
    missing_at: datetime | None

    @property
    def provisional(self) -> bool:
        return any(period.span_h > 1 for period in self.periods)

    @property
    def begins_in_gap(self) -> bool:
        """Nothing is known of its first moment."""
        return not self.periods or self.periods[0].at > self.start_at

    def overlapping(self, from_at: datetime, to_at: datetime) -> tuple[Step, ...]:
        """All periods that overlap [from, to), also outside the walk."""
        return tuple(
            step for step in _from_to(self.steps, from_at, to_at) if step.span_h and step.ends_at > from_at
        )

    def instants_of(self, period: Step) -> tuple[Step, ...]:
        """The entries at the start and, where there is one, at the end of a period."""
        return tuple(step for step in self.instants if period.at <= step.at <= period.ends_at)


def window(steps: Iterable[Step], start_at: datetime, end_at: datetime) -> Window:
    """Look up a walk in a forecast."""
    ordered = tuple(sorted(steps, key=_at))
    end_at = max(end_at, start_at + SHORTEST)
    periods, gap_at = _periods(ordered, start_at, end_at)
    instants: tuple[Step, ...] = ()
    if periods:
        first_at, last_at = periods[0].at, max(period.ends_at for period in periods)
        instants = ordered[bisect_left(ordered, first_at, key=_at) : bisect_right(ordered, last_at, key=_at)]
    holes = [period.at for period in periods if period.precip_mm is None or period.symbol is None]
    missing_at = min([*holes, *([gap_at] if gap_at else [])], default=None)
    return Window(start_at, end_at, periods, instants, ordered, missing_at)


def _from_to(steps: tuple[Step, ...], from_at: datetime, to_at: datetime) -> tuple[Step, ...]:
    """Entries that start before `to_at` and may still cover `from_at` or later. `steps` in order."""
    first = bisect_right(steps, from_at - LONGEST_SPAN, key=_at)
    return steps[first : bisect_left(steps, to_at, key=_at)]


def _at(step: Step) -> datetime:
    return step.at


def _periods(
    steps: tuple[Step, ...], start_at: datetime, end_at: datetime
) -> tuple[tuple[Step, ...], datetime | None]:
    """Walk through the time of the walk, period by period; the second value is the first hole."""
    found: list[Step] = []
    hole_at: datetime | None = None
    cursor = start_at
    while cursor < end_at:
        near = _from_to(steps, cursor, cursor + LONGEST_SPAN)
        here = [step for step in near if step.span_h and step.at <= cursor < step.ends_at]
        if here:
            best = min(here, key=lambda step: step.span_h)
            found.append(best)
            later_hour = (step.at for step in near if step.span_h == 1 and cursor < step.at < best.ends_at)
            cursor = min(later_hour, default=best.ends_at) if best.span_h > 1 else best.ends_at
        else:
            hole_at = hole_at or cursor
            cursor = min((step.at for step in steps if step.span_h and step.at > cursor), default=end_at)
    return tuple(found), hole_at
