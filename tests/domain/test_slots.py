"""Better hours: which come first, what is said about them, and what always holds (weather-routes F.11)."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.free_time import Start
from planner.domain.slot_gains import GAINS, gains
from planner.domain.slots import (
    APART,
    MOST_SLOTS,
    NO_HABITS,
    Asked,
    Habits,
    Proposal,
    Weighed,
    best,
    habits_of,
    weigh,
)
from planner.domain.weather import Forecast, Place, judge
from planner.domain.weather_rules import BADNESS
from planner.domain.weather_values import REASON_CODES, Reason, Verdict, WeatherNumbers
from planner.domain.when import local_to_moment, moment_to_local
from tests.domain.test_weather_properties import HOUR
from tests.domain.weather_makers import LIMITS, UTRECHT, blocks, day, forecast, step

MIDSUMMER = datetime(2026, 6, 21, tzinfo=UTC)
FAR_NORTH = Place.near(70.0, 25.0)
"""Where the sun does not set in June: only the weather tells hours apart."""
MINUTES = 40
WET = {"precip_mm": 2.0, "symbol": "rain"}
POURS = {"precip_mm": 6.0, "symbol": "heavyrain"}
GALE = {"gust_ms": 18.0}  # 65 km/h


def start(at: datetime) -> Start:
    return Start(moment_to_local(at), at, at + timedelta(hours=12))


def starts(first: datetime = MIDSUMMER, hours: int = 24) -> list[Start]:
    """Every quarter of these hours."""
    return [start(first + number * timedelta(minutes=15)) for number in range(hours * 4)]


def weighed(held: Forecast | None, at: datetime, place: Place = FAR_NORTH) -> Any:
    end_at = at + timedelta(minutes=MINUTES)
    now = held.fetched_at if held else at
    return weigh(judge(held, at, end_at, place, now, LIMITS), LIMITS)


def asked(held: Forecast | None, at: datetime, *, is_open: bool = True) -> Asked:
    return Asked(moment_to_local(at), at, weighed(held, at), is_open)


def propose(
    held: Forecast | None,
    wanted: datetime | None = None,
    *,
    among: list[Start] | None = None,
    is_open: bool = True,
    habits: Habits = NO_HABITS,
) -> Proposal:
    candidates = [(one, weighed(held, one.at)) for one in (starts(hours=23) if among is None else among)]
    return best(candidates, wanted, asked(held, wanted, is_open=is_open) if wanted else None, habits)


def june(changes: dict[int, dict[str, Any]] | None = None, **everywhere: Any) -> Forecast:
    return day(changes, on=MIDSUMMER, **{"gust_ms": 4.0, **everywhere})


def at(hour: int, minute: int = 0) -> datetime:
    return MIDSUMMER + timedelta(hours=hour, minutes=minute)


def hours_of(found: Proposal) -> list[str]:
    return [f"{slot.start.at:%H:%M}" for slot in found.slots]


ALL_WET = dict.fromkeys(range(25), WET)


@pytest.mark.parametrize(
    ("changes", "wanted", "first"),
    [
        # only the dry hour is better
        ({**ALL_WET, 15: {}, 16: {}}, 10, ["15:00"]),
        # the nearest of what is equally good
        ({10: POURS}, 10, ["09:15", "11:00"]),
        # fewer reasons go first
        ({hour: {**WET, **GALE} if hour != 15 else WET for hour in range(25)}, 10, ["15:00"]),
        # rain first, then the rest: 0.3 mm against a breeze near the limit
        ({**ALL_WET, 14: {"precip_mm": 0.3}, 18: {"gust_ms": 13.0}}, 10, ["18:00"]),
    ],
)  # fmt: skip
def test_what_comes_first(changes: dict[int, dict[str, Any]], wanted: int, first: list[str]) -> None:
    found = propose(june(changes), at(wanted))
    assert hours_of(found)[: len(first)] == first


def test_a_little_rain_does_not_send_anybody_to_another_day() -> None:
    """Under a quarter of the limit it makes no difference; then the nearest hour counts."""
    found = propose(june({10: POURS, 11: {"precip_mm": 0.2}, 12: {"precip_mm": 0.2}}), at(10))
    assert "11:00" in hours_of(found)[:2]


def test_usual_days_and_times_decide_when_nothing_was_asked() -> None:
    tuesday = datetime(2026, 6, 16, 14, 0)
    habits = habits_of([tuesday, tuesday - timedelta(days=7)])
    week = [
        start(local_to_moment(datetime(2026, 6, 21 + number, hour)))
        for number in range(7)
        for hour in (9, 11, 14)
    ]
    found = propose(None, among=week, habits=habits)
    assert found.slots[0].start.local == datetime(2026, 6, 23, 14)
    assert [gain.code for gain in found.slots[0].gains] == ["usual_day", "usual_time"]
    assert [one.start.local.day for one in found.slots[1:3]] == [21, 22], "then one of both, earliest first"


def test_without_any_weather_the_days_come_one_by_one() -> None:
    week = [
        start(local_to_moment(datetime(2026, 6, 21 + number, hour)))
        for number in range(7)
        for hour in (9, 11, 14, 15)
    ]
    asked_for = local_to_moment(datetime(2026, 6, 24, 14))
    found = [
        slot.start.local for slot in best([(one, weighed(None, one.at)) for one in week], asked_for).slots
    ]
    assert {local.hour for local in found} == {14} and found[0].day == 24
    assert sorted(local.day for local in found) == [22, 23, 24, 25, 26]
    one_day = [one for one in week if one.local.day == 24]
    found = [
        slot.start.local for slot in best([(one, weighed(None, one.at)) for one in one_day], asked_for).slots
    ]
    assert [local.hour for local in found] == [14, 15, 11, 9], "a second of a day where there is no other"


def test_an_hour_on_the_day_that_was_asked_comes_first_however_late() -> None:
    """Then the asked time on other days, before a second hour of that day."""
    week = [start(local_to_moment(datetime(2026, 6, 21 + number, 14))) for number in range(7) if number != 3]
    week += [start(local_to_moment(datetime(2026, 6, 24, hour))) for hour in (9, 19)]
    asked_for = local_to_moment(datetime(2026, 6, 24, 14))
    found = [
        slot.start.local for slot in best([(one, weighed(None, one.at)) for one in week], asked_for).slots
    ]
    assert found[0].day == 24 and found[0].hour != 14
    assert {(local.day != 24, local.hour) for local in found[1:]} == {(True, 14)}


def test_habits_are_those_of_the_last_four_walks() -> None:
    walks = [datetime(2026, 6, 16, 14) - timedelta(days=7 * number) for number in range(4)]
    habits = habits_of([*walks, datetime(2026, 1, 1, 9)])
    assert (habits.weekdays, set(habits.minutes)) == ({1}, {14 * 60})
    assert habits.usual_time(datetime(2026, 6, 17, 15)) and not habits.usual_time(
        datetime(2026, 6, 17, 15, 15)
    )


def fair(**numbers: Any) -> Weighed:
    return weigh(Verdict("go", numbers=WeatherNumbers(**numbers)), LIMITS)


def test_the_usual_day_counts_where_the_weather_is_equally_good() -> None:
    days = [start(local_to_moment(datetime(2026, 6, on, 14))) for on in (22, 23, 24)]
    for habits in (Habits(frozenset({1})), Habits(frozenset({1}), (14 * 60,))):
        found = best([(one, fair()) for one in days], None, habits=habits)
        assert [slot.start.local.day for slot in found.slots] == [23, 22, 24]


NEAR_A_LIMIT: list[tuple[dict[str, Any], dict[str, Any]]] = [  # better, worse
    ({"temperature_max_c": 20.0}, {"temperature_max_c": LIMITS.heat_adapt_c - 1}),
    ({"temperature_min_c": 10.0}, {"temperature_min_c": LIMITS.wind_chill_adapt_c + 1}),
    ({"fog_pct": 0.0}, {"fog_pct": 0.9 * LIMITS.fog_adapt_pct}),
    ({"rain_mm": 0.0, "rain_span_h": 6}, {"rain_mm": 0.9 * LIMITS.rain_adapt_mm_h, "rain_span_h": 6}),
]


@pytest.mark.parametrize(("better", "worse"), NEAR_A_LIMIT)
def test_how_near_a_limit_it_is_counts(better: dict[str, Any], worse: dict[str, Any]) -> None:
    assert fair(**better).weight < fair(**worse).weight


def test_gusts_weigh_more_in_the_dunes() -> None:
    gusts = Verdict("go", numbers=WeatherNumbers(gust_kmh=0.9 * LIMITS.gust_trees_adapt_kmh))
    assert weigh(gusts, LIMITS, frozenset({"dunes"})).weight > weigh(gusts, LIMITS).weight


def test_what_is_as_good_has_no_more_against_it() -> None:
    """As many reasons: the same advice for two reasons is not as good as for one."""
    one, two = (
        weigh(Verdict("adapt", reasons=tuple(Reason(code, "adapt") for code in codes)), LIMITS)
        for codes in (("rain",), ("rain", "gust"))
    )
    wanted = Asked(moment_to_local(at(10)), at(10), one)
    found = best([(start(at(12)), two), (start(at(14)), one)], at(10), wanted)
    assert hours_of(found) == ["14:00"] and found.asked_is_best


def test_the_hour_that_was_asked_and_is_taken_is_not_proposed() -> None:
    assert at(10) not in [slot.start.at for slot in propose(june(), at(10), is_open=False).slots]


def test_nothing_is_proposed_against_the_advice() -> None:
    found = propose(june(dict.fromkeys(range(25), POURS)), at(10))
    assert found.slots == ()
    assert propose(june(dict.fromkeys(range(25), POURS))).slots == ()


def test_the_best_hour_says_so() -> None:
    found = propose(june(), at(10))
    assert found.asked_is_best
    assert all(slot.gains[0].code == "as_good" for slot in found.slots)
    assert all(abs(slot.start.at - at(10)) >= APART for slot in found.slots)
    assert not propose(june({10: WET}), at(10)).asked_is_best


def test_an_hour_that_is_taken_may_be_left_for_a_lesser_one() -> None:
    held = june({hour: WET for hour in range(25) if hour != 10})
    among = [one for one in starts(hours=23) if one.at != at(10)]
    assert propose(held, at(10), among=among).asked_is_best
    found = propose(held, at(10), among=among, is_open=False)
    assert len(found.slots) == MOST_SLOTS and not found.asked_is_best


def test_beyond_any_forecast_the_verdict_is_unknown_and_the_rest_decides() -> None:
    found = propose(None, at(10))
    assert {slot.verdict.code for slot in found.slots} == {"unknown"}
    assert all(slot.verdict.reasons[0].code == "missing" for slot in found.slots)
    assert hours_of(found)[:2] == ["09:00", "11:00"]
    known_later = propose(june(), datetime(2026, 7, 5, 10, tzinfo=UTC))
    assert {slot.verdict.code for slot in known_later.slots} == {"go"}


def test_blocks_of_six_hours_are_provisional() -> None:
    found = propose(blocks({}, {}, {}, {}, on=MIDSUMMER, gust_ms=4.0))
    assert found.slots and all(slot.verdict.provisional for slot in found.slots)


COLD = {"temperature_c": -4.0, "wind_ms": 6.0}
GAIN_CASES: list[tuple[dict[str, Any], dict[str, Any], list[tuple[str, float | None, float | None]]]] = [
    (POURS, {}, [("dry", None, None)]),
    (POURS, {"precip_mm": 0.5}, [("drier", 0.5, 6.0)]),
    (GALE, {"gust_ms": 10.0}, [("calmer", 36.0, 64.8)]),
    ({**WET, **GALE}, {"gust_ms": 10.0}, [("calmer", 36.0, 64.8), ("dry", None, None)]),
    ({"symbol": "rainandthunder", "precip_mm": 0.5}, {}, [("no_thunder", None, None), ("dry", None, None)]),
    ({"temperature_c": 33.0}, {"temperature_c": 21.0}, [("cooler", 21.0, 33.0)]),
    ({"temperature_c": 0.0, "wind_ms": 0.5}, {"temperature_c": 6.0, "wind_ms": 0.5}, [("less_cold", 6.0, 0.0)]),
    ({"symbol": "fog"}, {}, [("clearer", None, None)]),
    ({"uv_clear_sky": 6.0}, {"uv_clear_sky": 2.0}, [("less_sun", 2.0, 6.0)]),
    ({"symbol": "snow", "precip_mm": 1.0}, {"temperature_c": 6.0},
     [("no_snow", None, None), ("firmer", None, None), ("dry", None, None)]),
    ({"symbol": None}, {}, [("known", None, None)]),
    # wind that was no reason is told when there is much less of it
    ({**WET, "gust_ms": 12.0}, {"gust_ms": 4.0}, [("dry", None, None), ("calmer", 14.4, 43.2)]),
]  # fmt: skip


@pytest.mark.parametrize(("there", "here", "said"), GAIN_CASES)
def test_what_is_better(
    there: dict[str, Any], here: dict[str, Any], said: list[tuple[str, float | None, float | None]]
) -> None:
    """The walk of ten to eleven against the same hours of the afternoon."""
    held = june({10: there, 11: there, 15: here, 16: here})
    among = [start(at(15))]
    found = propose(held, at(10), among=among)
    told = [
        (gain.code, *(None if one is None else round(one, 1) for one in (gain.value, gain.instead)))
        for gain in found.slots[0].gains
    ]
    assert [one for one in told if one[0] not in ("same_day", "same_time")] == said
    assert {one[0] for one in told} <= set(GAINS)


def test_a_walk_into_the_dark_is_told_apart_from_one_in_the_light() -> None:
    on = datetime(2026, 12, 21, tzinfo=UTC)
    held = day(on=on, gust_ms=4.0)
    late = on + timedelta(hours=16)
    candidates = [(start(one), weighed(held, one, UTRECHT)) for one in (on + timedelta(hours=10),)]
    asked_late = Asked(moment_to_local(late), late, weighed(held, late, UTRECHT))
    (slot,) = best(candidates, late, asked_late).slots
    assert [gain.code for gain in slot.gains] == ["in_daylight", "same_day"]


def test_a_guess_at_gusts_is_called_one() -> None:
    held = day({10: {"wind_ms": 10.0}, 11: {"wind_ms": 10.0}}, on=MIDSUMMER)
    (slot,) = propose(held, at(10), among=[start(at(15))]).slots
    assert [(gain.code, gain.estimated) for gain in slot.gains[:1]] == [("calmer", True)]


@pytest.mark.parametrize("code", REASON_CODES)
def test_whatever_was_wrong_is_told_when_it_is_gone(code: str) -> None:
    """A new reason of the verdict needs its gain."""
    wet = Asked(
        moment_to_local(at(10)), at(10), weigh(Verdict("move", reasons=(Reason(code, "move"),)), LIMITS)
    )
    told = gains(moment_to_local(at(31)), Verdict("go"), wet, NO_HABITS)
    assert len(told) == 1 and told[0].code in set(GAINS) - {"as_good"}


# What always holds

HOURS = st.lists(HOUR, min_size=8, max_size=8)
WANTED = st.integers(0, 6 * 4 - 1).map(lambda quarter: at(8) + quarter * timedelta(minutes=15))
SIX_HOURS = starts(at(8), hours=6)


def weather(hours: list[dict[str, Any]], on: datetime = MIDSUMMER) -> Forecast:
    """Eight hours from 08:00, calm before and after."""
    return day(dict(enumerate(hours, 8)), on=on)


@given(HOURS, WANTED)
def test_a_slot_is_never_worse_than_what_was_asked(hours: list[dict[str, Any]], wanted: datetime) -> None:
    held = weather(hours)
    original = asked(held, wanted).weighed.verdict
    for slot in propose(held, wanted, among=SIX_HOURS).slots:
        assert BADNESS[slot.verdict.code] <= BADNESS[original.code]
        assert slot.verdict.code != "move"
        assert slot.verdict.code == "unknown" or slot.gains


@given(HOURS, st.none() | WANTED, st.booleans())
def test_at_most_five_and_an_hour_apart(
    hours: list[dict[str, Any]], wanted: datetime | None, is_open: bool
) -> None:
    found = propose(weather(hours), wanted, among=starts(at(6), hours=14), is_open=is_open)
    moments = sorted(slot.start.at for slot in found.slots)
    assert len(moments) <= MOST_SLOTS
    assert all(later - earlier >= APART for earlier, later in itertools.pairwise(moments))
    assert wanted not in moments


@given(HOURS, WANTED, st.integers(1, 40))
def test_moving_everything_by_hours_moves_the_answer(
    hours: list[dict[str, Any]], wanted: datetime, later_h: int
) -> None:
    shift = timedelta(hours=later_h)
    held = weather(hours)
    moved = replace(
        held,
        fetched_at=held.fetched_at + shift,
        steps=tuple(replace(one, at=one.at + shift) for one in held.steps),
    )
    among = [start(one.at + shift) for one in SIX_HOURS]
    first = propose(held, wanted, among=SIX_HOURS)
    second = propose(moved, wanted + shift, among=among)
    assert [slot.start.at + shift for slot in first.slots] == [slot.start.at for slot in second.slots]
    assert first.asked_is_best == second.asked_is_best


@given(HOURS, st.integers(0, 7), st.floats(0.1, 20))
def test_more_rain_never_improves_a_slot_that_it_falls_in(
    hours: list[dict[str, Any]], which: int, more_mm: float
) -> None:
    fell = hours[which]["precip_mm"]
    if fell is None:  # an unknown hour that becomes known may of course become good
        return
    wetter = [*hours]
    wetter[which] = {**hours[which], "precip_mm": fell + more_mm}
    for one in SIX_HOURS[::3]:
        before, after = weighed(weather(hours), one.at), weighed(weather(wetter), one.at)
        assert after.weight >= before.weight


@given(HOURS, WANTED, st.randoms(use_true_random=False))
def test_the_order_of_what_is_offered_does_not_matter(
    hours: list[dict[str, Any]], wanted: datetime, random: Any
) -> None:
    mixed = [*SIX_HOURS]
    random.shuffle(mixed)
    held = weather(hours)
    assert propose(held, wanted, among=mixed) == propose(held, wanted, among=SIX_HOURS)


def test_the_same_weather_in_another_shape_gives_the_same_hours() -> None:
    """One source gives a chance of rain as well, and its hours one by one in another order."""
    held = june({10: POURS, 11: WET})
    other = forecast(
        *reversed([replace(one, precip_prob_pct=10.0) for one in held.steps]), fetched_at=MIDSUMMER
    )
    assert hours_of(propose(held, at(10))) == hours_of(propose(other, at(10)))
    assert step(MIDSUMMER).span_h == 1
