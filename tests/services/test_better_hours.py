"""The search that many clients share gives what plain rules give for each of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bench import best_hours
from planner.domain.free_time import Around, quarters, walk_taken
from planner.domain.practices import PracticeSettings, WorkingHours
from planner.domain.slots import Habits
from planner.domain.weather import Limits
from planner.services.planning.slots import Finder, WalkWish
from planner.services.weather.forecast_board import Board, Held
from tests.domain.test_weather_properties import HOUR
from tests.domain.weather_makers import UTRECHT, day
from tests.plain_hours import plain_hours

ON = date(2026, 11, 25)
MIDNIGHT = datetime(2026, 11, 25, tzinfo=UTC)
SETTINGS = PracticeSettings(working_hours=(WorkingHours(2, "09:10", "16:30"),))
HOURS = st.lists(HOUR, min_size=8, max_size=8)
WALKS = st.lists(st.integers(7 * 60, 16 * 60), max_size=3)
CLIENTS = st.lists(
    st.tuples(
        st.integers(20, 90),
        st.sampled_from((frozenset[str](), frozenset({"forest"}))),
        st.builds(
            Habits, st.frozensets(st.integers(0, 6)), st.lists(st.integers(540, 990), max_size=2).map(tuple)
        ),
    ),
    min_size=1,
    max_size=4,
)


@given(HOURS, WALKS, CLIENTS)
def test_everybody_gets_the_hours_of_plain_rules(
    hours: list[dict[str, Any]], walks: list[int], clients: list[tuple[int, frozenset[str], Habits]]
) -> None:
    """One day: some walks are in the way, some of the weather is not known."""
    held, now, around = day(dict(enumerate(hours, 8))), MIDNIGHT + timedelta(hours=8), Around(15, 10)
    settings = PracticeSettings(working_hours=SETTINGS.working_hours, minutes_after=10)
    taken = tuple(walk_taken(MIDNIGHT + timedelta(minutes=at), 40, around, at) for at in walks)
    board = Board(settings, Limits(), now, {UTRECHT: Held(UTRECHT, forecast=held)})
    finder = Finder(settings, board, ON, taken, days=1)
    for minutes, tags, habits in clients:
        found = finder.answer(WalkWish(minutes, where=UTRECHT, tags=tags), habits).proposal.slots
        if any(slot.verdict.code != "unknown" for slot in found):  # else they are spread over the days
            starts = quarters(settings, (), ON, 1)
            plain = plain_hours(starts, taken, around, minutes, held, UTRECHT, now, Limits(), tags, habits)
            assert [slot.start.at for slot in found] == plain


def test_what_is_measured_is_the_same_work() -> None:
    """Some clients of the practice that `make bench` makes."""
    few = best_hours.made(clients=8)
    answers = best_hours.shared(few)
    assert answers == best_hours.plain(few)
    assert all(len(answer) == 5 for answer in answers)
