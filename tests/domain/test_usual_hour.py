"""When another hour is proposed instead of the usual one: a table."""

from __future__ import annotations

from typing import get_args

import pytest

from planner.domain.slots import Weighed, Weight
from planner.domain.usual_hour import beats, is_fine
from planner.domain.weather_rules import BADNESS
from planner.domain.weather_values import Level, Verdict


def hour(code: Level, rain_band: int = 0) -> Weighed:
    return Weighed(Verdict(code), Weight(BADNESS[code], 0, rain_band, 0))


GO, UNKNOWN, ADAPT, MOVE = (hour(code) for code in ("go", "unknown", "adapt", "move"))
WET = hour("adapt", 2)


@pytest.mark.parametrize(
    ("usual", "other", "beaten", "beaten_when_shown"),
    [
        (GO, GO, False, False),
        (hour("go", 2), GO, False, False),
        (UNKNOWN, GO, False, False),
        (ADAPT, GO, True, False),
        (WET, ADAPT, True, False),
        (ADAPT, ADAPT, False, False),
        (ADAPT, WET, False, False),
        (MOVE, ADAPT, True, True),
        (MOVE, MOVE, False, False),
        (MOVE, None, False, False),
        (GO, None, False, False),
        (None, WET, True, True),
        (None, None, False, False),
    ],
    ids=[
        "both fine", "fine is fine", "no weather yet", "something to mind", "less to mind", "as good", "worse",
        "advice to move", "nowhere better", "no other", "no other is needed", "the usual cannot be", "neither can be",
    ],
)  # fmt: skip
def test_what_beats_the_usual_hour(
    usual: Weighed | None, other: Weighed | None, beaten: bool, beaten_when_shown: bool
) -> None:
    assert beats(other, usual) == beaten
    assert beats(other, usual, shown=True) == beaten_when_shown


def test_fine_hours() -> None:
    codes = [code for code in get_args(Level) if is_fine(hour(code))]
    assert codes == ["go", "unknown"]
    assert [code for code in get_args(Level) if is_fine(hour(code), shown=True)] == [
        "go",
        "adapt",
        "unknown",
    ]
