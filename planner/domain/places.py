"""A place as coarse as we let it leave the house: 0.01 degree, about one kilometre."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Degrees, two decimals. Make it with `near`; the weather service refuses five decimals or more."""

    latitude: float
    longitude: float

    @staticmethod
    def near(latitude: float, longitude: float) -> Place:
        """The place on the grid nearest to a point. Raises ValueError for what is not on earth."""
        if not (isfinite(latitude) and isfinite(longitude)):
            raise ValueError("a place needs two numbers")
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise ValueError("no such place on earth")
        return Place(round(latitude, 2) + 0.0, round(longitude, 2) + 0.0)  # + 0.0: never "-0.00"

    @staticmethod
    def from_hundredths(latitude_c: int, longitude_c: int) -> Place:
        """The place as kept in the database, in whole hundredths of a degree."""
        return Place.near(latitude_c / 100, longitude_c / 100)

    @property
    def hundredths(self) -> tuple[int, int]:
        """Latitude and longitude in whole hundredths of a degree."""
        return round(self.latitude * 100), round(self.longitude * 100)
