"""The weather watch: what the coach is told of a coming walk when its verdict changes, and when to be silent.

A walk has one line at most, and gets a new one at most once a day. While a line stands it follows the weather: what
looked worse in the morning and better at noon is still the line of that day. Once the coach put it away, the next one
comes on another day at the earliest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from planner.domain.weather_rules import BADNESS
from planner.domain.weather_values import Level, Verdict

WORSE, RECOVERED = "worse", "recovered"
WEATHER_LINES = (WORSE, RECOVERED)
SCALE: dict[Level, int] = {"go": 0, "adapt": 1, "move": 2}
"""Unknown is no point on it: who does not know says nothing."""
OF_THE_SUN = frozenset({"daylight", "uv"})
"""Known when a walk is planned, and no news: a sunny day is not worse weather once its hours come into the forecast."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What the coach knows of a walk's weather. `line`: what was said last, on that local day; `put_away`: the coach
    put it away."""

    known: Level
    line: str | None = None
    said_on: date | None = None
    put_away: bool = False

    @property
    def shown(self) -> str | None:
        """The line that stands on the agenda."""
        return None if self.put_away else self.line


def of_weather(verdict: Verdict) -> Verdict:
    """The verdict without what the sun does."""
    reasons = tuple(reason for reason in verdict.reasons if reason.code not in OF_THE_SUN)
    code: Level = max((reason.level for reason in reasons), key=BADNESS.__getitem__, default="go")
    return replace(verdict, code=code, reasons=reasons)


def begun(verdict: Verdict, *, seen: bool) -> Watched | None:
    """A walk that is judged for the first time, or for the first time at this hour; None while nothing is known.

    `seen`: the coach had this forecast in view when the walk was saved. What never was better is no news, but for
    weather to stay at home in that the coach could not know of.
    """
    if verdict.code not in SCALE:
        return None
    return Watched("adapt" if verdict.code == "move" and not seen else verdict.code)


def news(before: Watched, verdict: Verdict, today: date) -> str | None:
    """What the coach is to hear now: worse, recovered, or nothing. Of days that are far away only weather to stay at
    home in counts as worse."""
    if verdict.code not in SCALE or verdict.code == before.known:
        return None
    if before.put_away and before.said_on == today:
        return None
    if SCALE[verdict.code] > SCALE[before.known]:
        return None if verdict.provisional and verdict.code != "move" else WORSE
    return RECOVERED if before.line == WORSE else None


def after(before: Watched, verdict: Verdict, today: date) -> Watched:
    """What the coach knows then. Better weather that was never called worse is taken in quietly."""
    said = news(before, verdict, today)
    if said is not None:
        return Watched(verdict.code, said, today)
    if verdict.code in SCALE and SCALE[verdict.code] < SCALE[before.known] and before.line != WORSE:
        return replace(before, known=verdict.code)
    return before
