"""All routes drawn without a map: where they lie, each with its number. North is up. Routes far from each other are
drawn apart, since in one picture each would be a dot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.domain.geo import Point, Segments, distance_m, flat
from planner.domain.sketch import Frame, Pixel, ScaleBar, frame_of, points_text, scale_bar

REGION_M = 15_000.0
"""Routes that start closer together than this are drawn in one picture, and so is what lies as close to one of them."""
APART_PX = 26.0
"""Numbers closer together than this would lie over each other: they share a mark."""
MOST_PIXELS = 60
"""Points of one line: it is drawn small."""
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A route in the drawing: its number in the list, where it starts, and its line when there is one."""

    number: int
    start: Point
    lines: Segments = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """The numbers of the routes that start about here; `label` names the first few."""

    numbers: tuple[int, ...]
    x: float
    y: float

    @property
    def label(self) -> str:
        shown, more = self.numbers[:MOST_NAMED], len(self.numbers) - MOST_NAMED
        return ", ".join(map(str, shown)) + (f" +{more}" if more > 0 else "")

    @property
    def half_width(self) -> float:
        return max(14.0, 6 + 4 * len(self.label))


@dataclass(frozen=True, slots=True)
class Overview:
    width: int
    height: int
    lines: tuple[str, ...]
    flags: tuple[Flag, ...]
    scale: ScaleBar


def overviews(places: Sequence[Place], width: int, height: int) -> tuple[Overview, ...]:
    """A drawing for each region, the one with the most routes first; none where no route has a place on the map."""
    return tuple(
        _drawn(region, width, height) for region in sorted(_regions(places), key=lambda one: -len(one))
    )


def _regions(places: Sequence[Place]) -> list[list[Place]]:
    regions: list[list[Place]] = []
    for place in places:
        near = [
            one for one in regions if any(distance_m(place.start, there.start) <= REGION_M for there in one)
        ]
        regions = [one for one in regions if one not in near]
        joined = [there for one in near for there in one]
        regions.append([*joined, place])
    return [sorted(region, key=lambda place: place.number) for region in regions]


def _drawn(places: Sequence[Place], width: int, height: int) -> Overview:
    origin = places[0].start
    starts = flat([place.start for place in places], origin)
    ways = [flat(_few(line), origin) for place in places for line in place.lines]
    frame = frame_of([*starts, *(spot for way in ways for spot in way)], width, height)
    return Overview(
        width=width,
        height=height,
        lines=tuple(points_text(frame, way) for way in ways),
        flags=_flags(frame, starts, [place.number for place in places]),
        scale=scale_bar(frame.px_per_m, width),
    )


def _few(line: tuple[Point, ...]) -> tuple[Point, ...]:
    every = 1 + len(line) // MOST_PIXELS
    return (*line[:-1:every], line[-1])


def _flags(frame: Frame, starts: Sequence[Pixel], numbers: Sequence[int]) -> tuple[Flag, ...]:
    """A number joins the first flag that is close by."""
    found: list[tuple[Pixel, list[int]]] = []
    for start, number in zip(starts, numbers, strict=True):
        x, y = frame.pixel(start)
        near = (
            flag for flag in found if abs(flag[0][0] - x) < APART_PX * 2 and abs(flag[0][1] - y) < APART_PX
        )
        flag = next(near, None)
        if flag is None:
            found.append(((x, y), [number]))
        else:
            flag[1].append(number)
    return tuple(Flag(tuple(joined), x, y) for (x, y), joined in found)
