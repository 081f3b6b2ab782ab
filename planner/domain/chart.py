"""Numbers of 0 to 10 over time as dots, to be drawn in a page. No lines through them: with so few values a trend would
say more than is known (domain.md 3.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from planner.domain.reviews import HIGHEST, Point

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 28, 14, 12, 28
LEVELS = (0, 5, 10)
FEWEST = 3
"""Fewer days than this are told in words and numbers only."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A value at its place in the drawing."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Chart:
    """`series`: name to its dots, earliest first. `levels`: a number on the left and its height. `stems`: from the one
    dot of a pair to the other, when the two belong to one walk."""

    series: tuple[tuple[str, tuple[Dot, ...]], ...]
    levels: tuple[tuple[int, int], ...]
    first_on: date
    last_on: date
    stems: tuple[tuple[Dot, Dot], ...] = ()
    width: int = WIDTH
    height: int = HEIGHT


def draw(series: Mapping[str, Sequence[Point]]) -> Chart | None:
    """The dots of every series by day; None with too few days to see anything."""
    days = sorted({one.on for points in series.values() for one in points})
    if len(days) < FEWEST:
        return None
    drawn = tuple(
        (name, tuple(_dot(one, days[0], days[-1]) for one in points)) for name, points in series.items()
    )
    return Chart(drawn, tuple((level, _height(level)) for level in LEVELS), days[0], days[-1])


def draw_pairs(names: tuple[str, str], pairs: Sequence[tuple[Point, Point]]) -> Chart | None:
    """Two values of each walk, joined by a short stem."""
    firsts, seconds = [one for one, _ in pairs], [one for _, one in pairs]
    chart = draw({names[0]: firsts, names[1]: seconds})
    if chart is None:
        return None
    stems = tuple(zip(chart.series[0][1], chart.series[1][1], strict=True))
    return Chart(chart.series, chart.levels, chart.first_on, chart.last_on, stems)


def _dot(point: Point, first_on: date, last_on: date) -> Dot:
    share = (point.on - first_on).days / (last_on - first_on).days
    return Dot(round(LEFT + 8 + share * (WIDTH - LEFT - RIGHT - 16)), _height(point.value))


def _height(value: int) -> int:
    return round(TOP + (HIGHEST - value) * (HEIGHT - TOP - BOTTOM) / HIGHEST)
