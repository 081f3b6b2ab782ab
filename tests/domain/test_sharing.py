"""The life of a client's link."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.sharing import FEED_TITLES, link_expires, name_in_title

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


@pytest.mark.parametrize(
    ("first_name", "last_name", "initials"),
    [
        ("Sanne", "van Dijk", "S.D."),
        ("Sanne", "", "S."),
        ("  émile ", "", "É."),
        ("e\u0301mile", "", "É."),
        ("IJsbrand", "de Wit", "IJ.W."),
        ("ijsbrand", "IJzerman", "IJ.IJ."),
        ("Anne-Marie", "Jansen-de Boer", "A.B."),
        ("'t Hart", "", "T."),
        ("李", "小龙", "李.小."),
        ("👣", "123", ""),
        ("", "", ""),
    ],
)
def test_as_much_of_a_name_as_a_title_may_say(first_name: str, last_name: str, initials: str) -> None:
    said = {titles: name_in_title(titles, first_name, last_name) for titles in FEED_TITLES}
    assert said == {"neutral": "", "initials": initials, "first_name": first_name.strip()}


@given(st.text(), st.text())
def test_a_title_says_a_first_name_or_two_letters_at_most(first_name: str, last_name: str) -> None:
    assert name_in_title("first_name", first_name, last_name) == first_name.strip()
    letters = name_in_title("initials", first_name, last_name).split(".")
    assert len(letters) <= 3
    assert all(len(letter) <= 3 for letter in letters), "IJ, or a letter that is two in capitals"
