"""A route as a small drawing: numbers for an SVG, no map needed. North is up; y grows downwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log10

from planner.domain.geo import Located, Point, Segments, distance_m, flat, simplify

MOST_POINTS = 300
MOST_LOOKED_AT = 2000
"""More than this, at half a pixel each, is a scribble: some are skipped without looking."""
MOST_LINES = 60
MARGIN_PX = 20.0
SCALE_SHARE = 0.35
"""The scale bar is at most this share of the width."""
LEAST_SIDE_M = 50.0
"""A shorter route is drawn smaller than the picture: a few steps must not fill it."""
Pixel = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A round number of metres and how long that is in the drawing."""

    length_m: int
    length_px: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A waypoint in the drawing; `index` is its place in the list that came in."""

    index: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Sketch:
    """`lines`: one per segment, as "x,y x,y". Waypoints far off the route have no mark. `turn`: where one turns
    round."""

    width: int
    height: int
    lines: tuple[str, ...]
    start: Pixel
    end: Pixel
    scale: ScaleBar
    marks: tuple[Mark, ...]
    turn: Pixel | None = None


@dataclass(frozen=True, slots=True)
class _Frame:
    """From metres east and north of the origin to pixels."""

    left_m: float
    top_m: float
    px_per_m: float
    right_px: float
    down_px: float

    def pixel(self, place: Pixel) -> Pixel:
        x = self.right_px + (place[0] - self.left_m) * self.px_per_m
        y = self.down_px + (self.top_m - place[1]) * self.px_per_m
        return round(x, 1), round(y, 1)


def sketch(
    segments: Segments, waypoints: Sequence[Located], width: int, height: int, turn: Located | None = None
) -> Sketch | None:
    """The drawing, at most 300 points in all; None for a route without a line."""
    lines = [line for line in segments if len(line) > 1]
    if not lines:
        return None
    origin = lines[0][0]
    drawn = [flat(line, origin) for line in _few(tuple(lines), width, height)]
    places = flat(waypoints, origin)
    close = _close_by(places, [place for line in drawn for place in line])
    shown = [place for line in drawn for place in line] + [places[index] for index in close]
    frame = _frame(shown, width, height)
    return Sketch(
        width=width,
        height=height,
        lines=tuple(_text(frame, line) for line in drawn),
        start=frame.pixel((0.0, 0.0)),
        end=frame.pixel(flat([lines[-1][-1]], origin)[0]),
        scale=scale_bar(frame.px_per_m, width),
        marks=tuple(Mark(index, *frame.pixel(places[index])) for index in close),
        turn=frame.pixel(flat([turn], origin)[0]) if turn else None,
    )


def _text(frame: _Frame, line: Sequence[Pixel]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in map(frame.pixel, line))


def _box(places: Sequence[Pixel]) -> tuple[float, float, float, float]:
    east, north = [place[0] for place in places], [place[1] for place in places]
    return min(east), min(north), max(east), max(north)


def _close_by(places: Sequence[Pixel], line: Sequence[Pixel]) -> list[int]:
    """Waypoints by the route; one far away would shrink the route to a dot."""
    left, low, right, top = _box(line)
    room = max(100.0, (right - left) / 4, (top - low) / 4)
    return [
        index
        for index, (x, y) in enumerate(places)
        if left - room <= x <= right + room and low - room <= y <= top + room
    ]


def _frame(places: Sequence[Pixel], width: int, height: int) -> _Frame:
    left, low, right, top = _box(places)
    inner_w, inner_h = max(1.0, width - 2 * MARGIN_PX), max(1.0, height - 2 * MARGIN_PX)
    scale = min(inner_w / max(right - left, LEAST_SIDE_M), inner_h / max(top - low, LEAST_SIDE_M))
    return _Frame(
        left_m=left,
        top_m=top,
        px_per_m=scale,
        right_px=(width - (right - left) * scale) / 2,
        down_px=(height - (top - low) * scale) / 2,
    )


def scale_bar(px_per_m: float, width: int) -> ScaleBar:
    """The largest of 1, 2 or 5 times a power of ten that fits."""
    room_m = max(1.0, SCALE_SHARE * width / px_per_m)
    power = 10 ** floor(log10(room_m))
    metres = max(step * power for step in (1, 2, 5) if step * power <= room_m)
    return ScaleBar(int(metres), round(metres * px_per_m, 1))


def _few(segments: Segments, width: int, height: int) -> Segments:
    """The same shape with at most 300 points: first what a pixel hides, then more and more."""
    lines = _longest(segments)
    places = flat([point for line in lines for point in line], lines[0][0])
    tolerance_m = 0.5 / _frame(places, width, height).px_per_m
    lines = tuple(_thinned(line, tolerance_m) for line in lines)
    every = 1 + sum(map(len, lines)) // MOST_LOOKED_AT
    lines = tuple((*line[:-1:every], line[-1]) for line in lines)
    while True:
        lines = simplify(lines, tolerance_m)
        if sum(map(len, lines)) <= MOST_POINTS:
            return lines
        tolerance_m *= 1.6


def _longest(segments: Segments) -> Segments:
    """At most so many lines, in their order: each needs two points of the few there are."""
    if len(segments) <= MOST_LINES:
        return segments
    lengths = [sum(distance_m(*leg) for leg in pairwise(line)) for line in segments]
    chosen = sorted(sorted(range(len(segments)), key=lambda index: -lengths[index])[:MOST_LINES])
    return tuple(segments[index] for index in chosen)


def _thinned(line: tuple[Point, ...], step_m: float) -> tuple[Point, ...]:
    """Without points closer than this to the one before, first and last kept."""
    kept = [line[0]]
    for point in line[1:-1]:
        if distance_m(kept[-1], point) >= step_m:
            kept.append(point)
    return (*kept, line[-1])
