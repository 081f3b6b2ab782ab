"""Verdicts on many walks from one place: the forecast is looked through once for all that touch the same of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta

from planner.domain.weather import Verdict, verdict_on
from planner.domain.weather_findings import Case, Findings, findings
from planner.domain.weather_rules import looks_around
from planner.domain.weather_window import SHORTEST
from planner.domain.when import day_on

NO_TIME = timedelta(0)


class Verdicts:
    """The verdicts of one case, each the same as `weather.judge` gives.

    What is found changes only where an entry of the forecast begins or ends, or so far from it as the rules look
    around a walk. Between two such borders one start is as good as another, and so is one end.
    """

    def __init__(self, case: Case) -> None:
        self._case = case
        steps = case.forecast.steps if case.forecast else ()
        changes = {moment for step in steps for moment in (step.at, step.ends_at)}
        far = {NO_TIME, *looks_around(case.limits)}
        self._starts = sorted({moment + away for moment in changes for away in far})
        self._ends = sorted({moment - away for moment in changes for away in far})
        self._found: dict[tuple[date, bool, int, int], Findings] = {}

    def on(self, start_at: datetime, end_at: datetime) -> Verdict:
        """On a walk [start, end)."""
        return verdict_on(self._case, start_at, end_at, self._look)

    def _look(self, case: Case, start_at: datetime, end_at: datetime) -> Findings:
        # a walk begins with its first moment and is over before its last
        key = (
            day_on(start_at),
            case.held(end_at) is None,
            bisect_right(self._starts, start_at),
            bisect_left(self._ends, max(end_at, start_at + SHORTEST)),
        )
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = findings(case, start_at, end_at)
        return found
