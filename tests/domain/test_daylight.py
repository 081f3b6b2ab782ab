"""Sunrise, sunset and twilight against reference values (whole minutes, two to spare)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from planner.domain.daylight import daylight, is_dark
from planner.domain.places import Place

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
UTRECHT = Place.near(52.0907, 5.1214)
GRONINGEN = Place.near(53.2194, 6.5665)
MAASTRICHT = Place.near(50.8514, 5.6910)
OSLO = Place.near(59.9333, 10.7167)
FAR_NORTH = Place.near(80, 25)

TABLE = [
    (UTRECHT, "2026-01-15", "08:01", "08:41", "16:57", "17:37"),
    (UTRECHT, "2026-03-29", "06:47", "07:22", "20:08", "20:43"),
    (UTRECHT, "2026-06-21", "04:29", "05:19", "22:04", "22:54"),
    (UTRECHT, "2026-10-25", "06:47", "07:22", "17:24", "18:00"),
    (UTRECHT, "2026-12-21", "08:04", "08:46", "16:29", "17:11"),
    (GRONINGEN, "2026-12-21", None, "08:46", "16:17", None),
    (MAASTRICHT, "2026-12-21", None, "08:38", "16:33", None),
    (OSLO, "2022-12-18", None, "09:16", "15:10", None),
]


@pytest.mark.parametrize(("place", "on", "dawn", "sunrise", "sunset", "dusk"), TABLE)
def test_the_sun_is_where_the_tables_say(
    place: Place, on: str, dawn: str | None, sunrise: str, sunset: str, dusk: str | None
) -> None:
    sun = daylight(place, date.fromisoformat(on))
    found = (sun.dawn_at, sun.sunrise_at, sun.sunset_at, sun.dusk_at)
    for moment, clock in zip(found, (dawn, sunrise, sunset, dusk), strict=True):
        if clock is None:
            continue
        expected = datetime.fromisoformat(f"{on}T{clock}").replace(tzinfo=AMSTERDAM)
        assert moment is not None
        assert moment.tzinfo is UTC
        # 30 s more: the table has whole minutes
        assert abs(moment - expected) <= timedelta(minutes=2, seconds=30)


def test_polar_night_has_no_sun_and_is_dark_at_noon() -> None:
    sun = daylight(FAR_NORTH, date(2026, 12, 21))
    assert (sun.dawn_at, sun.sunrise_at, sun.sunset_at, sun.dusk_at) == (None, None, None, None)
    assert is_dark(FAR_NORTH, datetime(2026, 12, 21, 11, tzinfo=UTC))


def test_polar_day_has_no_sunset_and_is_light_at_midnight() -> None:
    assert daylight(FAR_NORTH, date(2026, 6, 21)).sunset_at is None
    assert not is_dark(FAR_NORTH, datetime(2026, 6, 21, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    ("latitude", "longitude", "place"),
    [(52.0907, 5.1214, (52.09, 5.12)), (-0.001, 0.004, (0.0, 0.0)), (-33.868, 151.209, (-33.87, 151.21))],
)
def test_places_leave_the_house_with_two_decimals(
    latitude: float, longitude: float, place: tuple[float, float]
) -> None:
    near = Place.near(latitude, longitude)
    assert (near.latitude, near.longitude) == place
    assert f"{near.latitude:.2f}" != "-0.00"
    assert Place.from_hundredths(*near.hundredths) == near


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(90.1, 0), (0, 180.1), (float("nan"), 5), (52, float("inf"))]
)
def test_places_are_on_earth(latitude: float, longitude: float) -> None:
    with pytest.raises(ValueError, match="place"):
        Place.near(latitude, longitude)
