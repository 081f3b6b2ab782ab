"""Dutch public holidays, as plain days for the rules. From a library that keeps up with the law (a moved King's Day,
Liberation Day once in five years)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from planner.domain.free_time import is_off
from planner.domain.practices import PracticeSettings

COUNTRY = "NL"
LOOKED_AHEAD = timedelta(days=120)


@lru_cache(maxsize=64)
def of_year(year: int) -> frozenset[date]:
    return frozenset(_of_year(year))


def name_of(on: date, language: str) -> str:
    """Its name in Dutch or English; empty for any other day."""
    return str(_of_year(on.year, "nl" if language == "nl" else "en_US").get(on, ""))


def _of_year(year: int, language: str = "nl") -> Any:
    from holidays import (
        country_holidays,
    )  # brings those of all countries: not for a command that has no use for them

    return country_holidays(COUNTRY, years=year, language=language)


def between(first_on: date, last_on: date) -> frozenset[date]:
    """The public holidays of all years that these days touch."""
    years = range(first_on.year, last_on.year + 1)
    return frozenset().union(*(of_year(year) for year in years))


def days_off(settings: PracticeSettings, from_on: date) -> frozenset[date]:
    """The days off of the coming months, by hand and by law: not proposed for a walk."""
    holidays = between(from_on, from_on + LOOKED_AHEAD)
    ahead = (from_on + timedelta(days=number) for number in range(LOOKED_AHEAD.days))
    return frozenset(day for day in ahead if is_off(settings, holidays, day))
