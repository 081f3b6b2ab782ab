"""What is said of a photo of a meeting point, and what can be wrong with one that is added; whoever looks at its bytes
is planner/services/maps/photo_making.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from planner.domain.geo import Point, distance_m

SAME_PLACE_M = 50.0
"""A photo made within this of where one meets shows that place."""

PhotoProblem = Literal["not_a_photo", "heic", "damaged", "too_many_pixels"]
PHOTO_PROBLEMS: tuple[PhotoProblem, ...] = ("not_a_photo", "heic", "damaged", "too_many_pixels")


class PhotoRefused(Exception):
    """Not a photo we can show."""

    def __init__(self, problem: PhotoProblem) -> None:
        super().__init__(problem)
        self.problem: PhotoProblem = problem


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one meets, in words and in numbers when they are known."""

    words: str
    latitude: float | None = None
    longitude: float | None = None

    @property
    def _plain(self) -> str:
        return "".join(filter(str.isalnum, self.words.casefold()))

    def is_by(self, other: Spot) -> bool:
        """Whether both are one place: the same words but for marks and capitals, and no more than some steps apart
        where both are known."""
        if self._plain != other._plain:
            return False
        if None in (self.latitude, self.longitude, other.latitude, other.longitude):
            return True
        here, there = (Point(one.latitude or 0.0, one.longitude or 0.0) for one in (self, other))
        return distance_m(here, there) <= SAME_PLACE_M


@dataclass(frozen=True, slots=True)
class PhotoWords:
    """`alt`: the photo in words of the coach; empty when they gave none. `made_at`: where one met when they added it,
    or said that it is right."""

    alt: str
    made_at: Spot
