"""How high a route lies along the way, to be told and drawn. Only of heights that can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from planner.domain.geo import Segments, distance_m, has_heights, smoothed

WIDTH, HEIGHT = 360, 150
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 12, 26
MOST_POINTS = 120
"""In the drawing, in all."""
DRAWN_FROM_M = 10.0
"""With less between the lowest and the highest place a drawing would make hills of noise."""
ROWS = 8
"""Of the table, besides the start."""


@dataclass(frozen=True, slots=True)
class Height:
    """So high (metres above sea level) after so many walked metres."""

    along_m: float
    height_m: float


@dataclass(frozen=True, slots=True)
class Profile:
    """`lines`: one per segment, as "x,y x,y"; empty when the route is level. `levels`: a height and how far down it is
    drawn. `rows`: heights at even distances."""

    lowest_m: int
    highest_m: int
    length_m: float
    lines: tuple[str, ...]
    levels: tuple[tuple[int, int], ...]
    rows: tuple[Height, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT

    @property
    def is_level(self) -> bool:
        return not self.lines


def profile_of(segments: Segments) -> Profile | None:
    """None where fewer than 80 % of the points have a height."""
    if not has_heights(segments):
        return None
    lines, length_m = _heights(segments)
    every = [one for line in lines for one in line]
    lowest, highest = min(one.height_m for one in every), max(one.height_m for one in every)
    drawn = highest - lowest >= DRAWN_FROM_M
    return Profile(
        lowest_m=round(lowest),
        highest_m=round(highest),
        length_m=length_m,
        lines=tuple(_drawn(line, lowest, highest, length_m) for line in _few(lines)) if drawn else (),
        levels=tuple((round(metres), round(_down(metres, lowest, highest))) for metres in (highest, lowest)),
        rows=_rows(every, length_m),
    )


def _heights(segments: Segments) -> tuple[list[list[Height]], float]:
    """The smoothed heights of each segment, and the length of all."""
    walked, found = 0.0, []
    for line in segments:
        places = [walked]
        for one, other in pairwise(line):
            walked += distance_m(one, other)
            places.append(walked)
        known = [
            (at, point.elevation_m)
            for at, point in zip(places, line, strict=True)
            if point.elevation_m is not None
        ]
        heights = smoothed([height for _, height in known])
        found.append([Height(at, height) for (at, _), height in zip(known, heights, strict=True)])
    return [line for line in found if line], walked


def _few(lines: list[list[Height]]) -> list[list[Height]]:
    every = 1 + sum(map(len, lines)) // MOST_POINTS
    return [[*line[:-1:every], line[-1]] for line in lines]


def _drawn(line: list[Height], lowest: float, highest: float, length_m: float) -> str:
    across = (WIDTH - LEFT - RIGHT) / length_m
    return " ".join(
        f"{LEFT + one.along_m * across:.1f},{_down(one.height_m, lowest, highest):.1f}" for one in line
    )


def _down(metres: float, lowest: float, highest: float) -> float:
    return TOP + (highest - metres) / max(highest - lowest, DRAWN_FROM_M) * (HEIGHT - TOP - BOTTOM)


def _rows(every: list[Height], length_m: float) -> tuple[Height, ...]:
    """The height measured nearest to each of some even distances."""
    places = [length_m * number / ROWS for number in range(ROWS + 1)]
    return tuple(
        Height(place, min(every, key=lambda one: abs(one.along_m - place)).height_m) for place in places
    )
