"""Dutch public holidays, as plain days for the rules. From a library that keeps up with the law (a moved King's Day,
Liberation Day once in five years)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from holidays import country_holidays

COUNTRY = "NL"


@lru_cache(maxsize=64)
def of_year(year: int) -> frozenset[date]:
    return frozenset(country_holidays(COUNTRY, years=year))


def between(first_on: date, last_on: date) -> frozenset[date]:
    """The public holidays of all years that these days touch."""
    years = range(first_on.year, last_on.year + 1)
    return frozenset().union(*(of_year(year) for year in years))
