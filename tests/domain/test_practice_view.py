"""When a walk is long ago."""

from __future__ import annotations

from datetime import date

import pytest

from planner.domain.practice_view import weeks_since


@pytest.mark.parametrize(
    ("last", "weeks"),
    [
        (None, None),
        (date(2026, 11, 23), None),
        (date(2026, 11, 3), None),
        (date(2026, 11, 2), 3),
        (date(2026, 10, 20), 4),
    ],
)
def test_weeks_since(last: date | None, weeks: int | None) -> None:
    assert weeks_since(last, date(2026, 11, 23)) == weeks
