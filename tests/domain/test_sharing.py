"""The life of a client's link."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.sharing import link_expires

RENEWED = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("last_walk_on_day", "works_for_days"),
    [(None, 60), (-30, 60), (0, 60), (1, 61), (100, 160), (304, 364), (305, 365), (306, 365), (1000, 365)],
)
def test_sixty_days_after_the_last_walk_and_a_year_at_most(
    last_walk_on_day: int | None, works_for_days: int
) -> None:
    last = None if last_walk_on_day is None else RENEWED + last_walk_on_day * DAY
    assert link_expires(RENEWED, last) == RENEWED + works_for_days * DAY


@given(st.integers(-2000, 2000), st.integers(0, 2000))
def test_a_later_walk_never_shortens_it(first: int, later: int) -> None:
    assert link_expires(RENEWED, RENEWED + first * DAY) <= link_expires(
        RENEWED, RENEWED + (first + later) * DAY
    )
