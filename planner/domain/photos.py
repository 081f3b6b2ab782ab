"""What can be wrong with a photo that is added; whoever looks at its bytes is planner/services/photo_making.py."""

from __future__ import annotations

from typing import Literal

PhotoProblem = Literal["not_a_photo", "heic", "damaged", "too_many_pixels"]
PHOTO_PROBLEMS: tuple[PhotoProblem, ...] = ("not_a_photo", "heic", "damaged", "too_many_pixels")


class PhotoRefused(Exception):
    """Not a photo we can show."""

    def __init__(self, problem: PhotoProblem) -> None:
        super().__init__(problem)
        self.problem: PhotoProblem = problem
