"""Days, times and lengths in words: the same in every part of the planner, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from flask import render_template_string
from hypothesis import given
from hypothesis import strategies as st

from planner.web import words
from tests.web.library import small_app

TUESDAY = date(2026, 12, 1)
TEN = datetime(2026, 12, 1, 10, 0)

SAID = [
    (words.day_long(TUESDAY, "nl"), "dinsdag 1 december"),
    (words.day_long(TUESDAY, "en"), "Tuesday 1 December"),
    (words.day_year(TUESDAY, "nl"), "dinsdag 1 december 2026"),
    (words.date_long(TUESDAY, "nl"), "1 december 2026"),
    (words.day_short(TUESDAY, "nl"), "di 1 dec"),
    (words.day_short(TUESDAY, "en"), "Tue 1 Dec"),
    (words.day_tiny(TUESDAY, "nl"), "di 1"),
    (words.day_short(date(2026, 3, 29), "nl"), "zo 29 mrt"),
    (words.month_year(TUESDAY, "nl"), "december 2026"),
    (words.day_near(TUESDAY, TUESDAY, "nl"), "vandaag, dinsdag 1 december"),
    (words.day_near(TUESDAY, date(2026, 11, 30), "en"), "tomorrow, Tuesday 1 December"),
    (words.day_near(TUESDAY, date(2026, 11, 20), "nl"), "dinsdag 1 december"),
    (words.clock(time(9, 5), "nl"), "9.05"),
    (words.clock(time(13, 30), "en"), "13:30"),
    (words.clock_words(TEN, "nl"), "10.00 uur"),
    (words.moment(TEN, "nl"), "dinsdag 1 december, 10.00 uur"),
    (words.moment(TEN, "en"), "Tuesday 1 December, 10:00"),
    (words.moment_short(TEN, "nl"), "di 1 dec, 10.00"),
    (words.km(2400, "nl"), "2,4 km"),
    (words.km(2400, "en"), "2.4 km"),
    (words.km(4000, "nl"), "4 km"),
    (words.km(348, "nl"), "350 m"),
    (words.km(997, "nl"), "1 km"),
    (words.minutes(45, "nl"), "45 minuten"),
    (words.minutes(1, "nl"), "1 minuut"),
    (words.minutes(60, "nl"), "1 uur"),
    (words.minutes(70, "nl"), "1 uur en 10 minuten"),
    (words.minutes(121, "en"), "2 hours and 1 minute"),
    (words.number(-0.04, "nl"), "0"),
    (words.number(7.25, "nl", 2), "7,25"),
    (words.number(100, "nl", 0), "100"),
    (words.listed(["bos", "heide", "water"], "nl"), "bos, heide en water"),
    (words.listed(["forest"], "en"), "forest"),
    (words.upper_first("tuesday 1 December"), "Tuesday 1 December"),
]


@pytest.mark.parametrize(("said", "wanted"), SAID)
def test_in_words(said: str, wanted: str) -> None:
    assert said == wanted


def test_a_moment_is_told_in_the_local_time_of_its_day() -> None:
    """In summer two hours ahead of UTC, in winter one."""
    assert words.moment_at(datetime(2026, 7, 1, 8, 0, tzinfo=UTC), "nl") == "woensdag 1 juli, 10.00 uur"
    assert words.moment_at(datetime(2026, 12, 1, 9, 0, tzinfo=UTC), "nl") == "dinsdag 1 december, 10.00 uur"
    assert words.clock_at(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "nl") == "0.30"


@given(st.dates(), st.sampled_from(["nl", "en"]))
def test_every_day_names_its_number_and_no_two_days_of_a_year_look_alike(on: date, lang: str) -> None:
    assert str(on.day) in words.day_long(on, lang).split()
    assert words.day_year(on, lang).endswith(str(on.year))


@given(st.integers(0, 10_000_000))
def test_metres_read_back(distance_m: int) -> None:
    text = words.km(distance_m, "nl")
    value, unit = text.split(" ")
    metres = float(value.replace(",", ".")) * (1000 if unit == "km" else 1)
    assert abs(metres - distance_m) <= (50 if unit == "km" else 5)


@pytest.mark.parametrize(
    ("lang", "wanted"), [("nl", "di 1 dec|10.00 uur|2,4 km|3,5|"), ("en", "Tue 1 Dec|10:00|2.4 km|3.5|")]
)
def test_filters_speak_the_language_of_the_page(lang: str, wanted: str) -> None:
    source = "{{ on|day_short }}|{{ at|clock_words }}|{{ 2400|km }}|{{ 3.5|number }}|{{ none|day_long }}"
    with small_app().test_request_context(f"/?l={lang}"):
        assert render_template_string(source, on=TUESDAY, at=TEN) == wanted
