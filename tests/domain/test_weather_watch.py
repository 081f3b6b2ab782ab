"""The weather watch: what is said when a verdict changes, and that nobody is told too much."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.messages import owed_weather
from planner.domain.weather_values import Reason, Verdict
from planner.domain.weather_watch import RECOVERED, WORSE, Watched, after, begun, news, of_weather

TODAY = date(2026, 11, 24)
YESTERDAY = TODAY - timedelta(days=1)
SAID_YESTERDAY = Watched("move", WORSE, YESTERDAY)
PUT_AWAY_TODAY = Watched("adapt", WORSE, TODAY, put_away=True)

CASES = [
    # what is known, what it is now, beyond the hours?, what is said
    (Watched("go"), "go", False, None),
    (Watched("go"), "adapt", False, WORSE),
    (Watched("go"), "move", False, WORSE),
    (Watched("adapt"), "move", False, WORSE),
    (Watched("adapt"), "adapt", False, None),
    (Watched("go"), "adapt", True, None),
    (Watched("go"), "move", True, WORSE),
    (Watched("adapt"), "go", False, None),
    (Watched("move"), "go", False, None),
    (Watched("go"), "unknown", False, None),
    (SAID_YESTERDAY, "unknown", False, None),
    (SAID_YESTERDAY, "move", False, None),
    (SAID_YESTERDAY, "adapt", False, RECOVERED),
    (SAID_YESTERDAY, "go", True, RECOVERED),
    (Watched("adapt", WORSE, YESTERDAY, put_away=True), "go", False, RECOVERED),
    (Watched("adapt", WORSE, TODAY), "move", False, WORSE),
    (Watched("adapt", WORSE, TODAY), "go", False, RECOVERED),
    (PUT_AWAY_TODAY, "move", False, None),
    (PUT_AWAY_TODAY, "go", False, None),
    (Watched("go", RECOVERED, YESTERDAY), "adapt", False, WORSE),
]


@pytest.mark.parametrize(("before", "code", "provisional", "said"), CASES)
def test_what_is_said(before: Watched, code: str, provisional: bool, said: str | None) -> None:
    assert news(before, Verdict(code, provisional), TODAY) == said  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "seen", "known", "said"),
    [
        ("go", False, "go", None),
        ("adapt", False, "adapt", None),
        ("move", False, "adapt", WORSE),
        ("move", True, "move", None),
    ],
)
def test_the_first_time(code: str, seen: bool, known: str, said: str | None) -> None:
    """What the coach saw when planning is no news; what never was better neither, but for weather to stay home in."""
    verdict = Verdict(code)  # type: ignore[arg-type]
    first = begun(verdict, seen=seen)
    assert first is not None and first.known == known
    assert news(first, verdict, TODAY) == said
    assert begun(Verdict("unknown"), seen=seen) is None


def test_what_the_sun_does_is_no_weather() -> None:
    dark, rain = Reason("daylight", "move", 20.0, 0.0, "min"), Reason("rain", "adapt", 2.0, 1.0, "mm/h")
    assert of_weather(Verdict("move", reasons=(dark, rain))) == Verdict("adapt", reasons=(rain,))
    assert of_weather(Verdict("move", reasons=(dark,))) == Verdict("go")
    assert of_weather(Verdict("adapt", reasons=(Reason("uv", "adapt", 4.0, 3.0, "index"),))) == Verdict("go")
    missing = Reason("missing", "unknown")
    assert of_weather(Verdict("move", reasons=(dark, missing))).code == "unknown"


codes = st.sampled_from(["go", "adapt", "move", "unknown"])
passes = st.lists(st.tuples(st.integers(0, 2), codes, st.booleans(), st.booleans()), min_size=1, max_size=40)
"""A pass: how many days later, the verdict, beyond the hours, and whether the coach puts the line away after it."""


@given(passes)
def test_at_most_one_line_a_day(told: list[tuple[int, str, bool, bool]]) -> None:
    """A line comes when there was none to be seen, or when an older one gets another text on another day."""
    state, today = Watched("go"), TODAY
    came: list[date] = []
    for days, code, provisional, away in told:
        today += timedelta(days=days)
        verdict = Verdict(code, provisional)  # type: ignore[arg-type]
        then = after(state, verdict, today)
        if then.shown is not None and (state.shown is None or then.said_on != state.said_on):
            came.append(today)
        assert news(then, verdict, today) is None, "the same twice says nothing"
        assert then == state or code != "unknown"
        state = Watched(then.known, then.line, then.said_on, away or then.put_away)
    assert all(len(list(same)) == 1 for _day, same in groupby(came))


@given(passes)
def test_a_line_that_stands_is_true(told: list[tuple[int, str, bool, bool]]) -> None:
    """While a line stands, it says what the weather does, as far as that is known for sure."""
    state, today = Watched("go"), TODAY
    for days, code, _provisional, away in told:
        today += timedelta(days=days)
        state = after(state, Verdict(code), today)  # type: ignore[arg-type]
        if code != "unknown" and state.shown:
            assert state.known == code
            assert state.shown == WORSE or code != "move"
        state = Watched(state.known, state.line, state.said_on, away or state.put_away)


@pytest.mark.parametrize(
    ("line", "told", "declined", "owed"),
    [
        (None, None, False, None),
        (None, WORSE, False, None),
        (WORSE, None, False, WORSE),
        (WORSE, WORSE, False, None),
        (WORSE, RECOVERED, False, WORSE),
        (WORSE, None, True, None),
        (RECOVERED, None, False, None),
        (RECOVERED, WORSE, False, RECOVERED),
        (RECOVERED, RECOVERED, False, None),
        (RECOVERED, WORSE, True, None),
    ],
)
def test_what_the_client_is_owed(
    line: str | None, told: str | None, declined: bool, owed: str | None
) -> None:
    assert owed_weather(line, told, declined=declined) == owed
