"""Dutch public holidays, as plain days for the rules.

Source: Algemene termijnenwet, article 3; King's Day on Saturday when the 27th of April is a Sunday; Liberation Day as
most collective agreements have it, once in five years. A test holds it beside the library `holidays`, which follows
the law but brings those of all countries: fifteen megabytes in each process.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from dateutil.easter import easter

from planner.domain.free_time import is_off
from planner.domain.practices import PracticeSettings

LOOKED_AHEAD = timedelta(days=120)
SUNDAY = 6
FIXED = {
    (1, 1): ("Nieuwjaarsdag", "New Year's Day"),
    (12, 25): ("Eerste kerstdag", "Christmas Day"),
    (12, 26): ("Tweede kerstdag", "Second Day of Christmas"),
}
AROUND_EASTER = {
    -2: ("Goede vrijdag", "Good Friday"),
    0: ("Eerste paasdag", "Easter Sunday"),
    1: ("Tweede paasdag", "Easter Monday"),
    39: ("Hemelvaartsdag", "Ascension Day"),
    49: ("Eerste pinksterdag", "Pentecost"),
    50: ("Tweede pinksterdag", "Pentecost Monday"),
}
KINGS_DAY, LIBERATION_DAY = ("Koningsdag", "King's Day"), ("Bevrijdingsdag", "Liberation Day")
"""Names in Dutch and English."""


@lru_cache(maxsize=64)
def of_year(year: int) -> Mapping[date, tuple[str, str]]:
    """Each day with its names in Dutch and English."""
    kings_day, sunday = date(year, 4, 27), easter(year)
    if kings_day.weekday() == SUNDAY:
        kings_day -= timedelta(days=1)
    found = {date(year, month, day): names for (month, day), names in FIXED.items()}
    if year % 5 == 0:
        found[date(year, 5, 5)] = LIBERATION_DAY
    found[kings_day] = KINGS_DAY
    found |= {sunday + timedelta(days=days): names for days, names in AROUND_EASTER.items()}
    return MappingProxyType(found)


def name_of(on: date, language: str) -> str:
    """Its name in Dutch or English; empty for any other day."""
    dutch, english = of_year(on.year).get(on, ("", ""))
    return dutch if language == "nl" else english


def between(first_on: date, last_on: date) -> frozenset[date]:
    """The public holidays of all years that these days touch."""
    years = range(first_on.year, last_on.year + 1)
    return frozenset().union(*(of_year(year) for year in years))


def days_off(settings: PracticeSettings, from_on: date) -> frozenset[date]:
    """The days off of the coming months, by hand and by law: not proposed for a walk."""
    holidays = between(from_on, from_on + LOOKED_AHEAD)
    ahead = (from_on + timedelta(days=number) for number in range(LOOKED_AHEAD.days))
    return frozenset(day for day in ahead if is_off(settings, holidays, day))
