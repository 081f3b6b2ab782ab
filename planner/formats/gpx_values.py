"""What a GPX file gives and how it can fail: plain values, limits and codes."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from planner.domain.geo import Segments

MAX_BYTES = 5_000_000
MAX_POINTS = 50_000
MAX_ELEMENTS = 1_000_000
MAX_DEPTH = 32
MAX_WAYPOINTS = 500
MAX_ROUTES = 100
"""In one file."""
NAME_LENGTH = 200
GAP_M = 200.0
"""Segments that lie farther apart than this are worth a question."""
BAD_SHARE = 0.2
LOWEST_M, HIGHEST_M = -500.0, 9000.0
HEIGHT_DECIMALS = 3

REFUSALS = (
    "empty",
    "too_large",
    "zip",
    "fit",
    "html",
    "kml",
    "not_gpx",
    "not_json",
    "not_geojson",
    "doctype",
    "encoding",
    "undeclared_prefix",
    "not_well_formed",
    "too_deep",
    "too_many_elements",
    "too_many_points",
    "too_many_routes",
    "no_line",
    "too_few_points",
    "too_many_bad_points",
)
WARNINGS = (
    "points_skipped",
    "gap",
    "several_tracks",
    "several_routes",
    "line_from_waypoints",
    "no_elevation",
    "times_dropped",
    "waypoints_dropped",
)


class GpxRefused(Exception):
    """The file cannot be used. `code` is one of REFUSALS; `numbers` says how much, where that helps."""

    def __init__(self, code: str, **numbers: float) -> None:
        super().__init__(code)
        self.code = code
        self.numbers = numbers


@dataclass(frozen=True, slots=True)
class GpxWarning:
    """Something the coach should know about a file that was read. `code` is one of WARNINGS."""

    code: str
    numbers: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GpxWaypoint:
    """A place in the file; `name` is plain text, `kind` one of domain.waypoints.KINDS."""

    latitude: float
    longitude: float
    name: str = ""
    kind: str = "other"


@dataclass(frozen=True, slots=True)
class GpxRoute:
    """A line to walk, without times and without whatever else a device wrote down."""

    name: str | None
    segments: Segments
    waypoints: tuple[GpxWaypoint, ...] = ()
    warnings: tuple[GpxWarning, ...] = ()


_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain_name(text: str, most: int = NAME_LENGTH) -> str:
    """One line of plain text, of at most so many characters: no control characters, none that turn the reading
    direction, none that XML cannot hold."""
    kept = "".join(" " if character.isspace() else character for character in text if _is_plain(character))
    return " ".join(kept.split())[:most].rstrip()


def _is_plain(character: str) -> bool:
    if character.isspace():
        return True
    if character in _BIDI or character in "\ufffe\uffff\ufeff":
        return False
    return unicodedata.category(character) not in {"Cc", "Cs"}
