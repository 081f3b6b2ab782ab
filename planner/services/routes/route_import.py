"""Routes out of files: what became of each file, told apart, so that a bad one costs nobody the others."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from planner.domain.geo import Segments, position_of
from planner.domain.routes import RouteFacts, RouteTexts, can_trim
from planner.domain.same_line import is_same, shape_of
from planner.formats.gpx_values import MAX_BYTES
from planner.services import once
from planner.services.routes import route_lines
from planner.services.routes.route_lines import GpxRefused, GpxWarning, GpxWaypoint
from planner.services.routes.route_rows import (
    NAMELESS,
    Alike,
    RouteFile,
    Same,
    WriteRoute,
    alike,
    named,
    new_route,
    same_route,
)
from planner.services.store import SignedIn, Store, handled_before, practice_of, remember_form

BY_THE_LINE_M = 150.0
"""Of a file with several routes each gets the places that lie this close to it."""
MOST_AGAIN = 400_000
"""Letters of a packed route that a page carries along; a larger one has to be chosen again."""


@dataclass(frozen=True, slots=True)
class RouteIn:
    """What became of one route of a file. `same`: it was there already and was not added. `again`: the route itself,
    packed, to add it after all; empty when it is too large to carry along."""

    name: str
    distance_m: int
    id: int | None = None
    same: Same | None = None
    again: str = ""
    warnings: tuple[GpxWarning, ...] = ()
    may_trim: bool = False


@dataclass(frozen=True, slots=True)
class FileIn:
    """What became of one file: its routes, or why it could not be read. `left`: it was not looked at."""

    name: str
    routes: tuple[RouteIn, ...] = ()
    refused: GpxRefused | None = None
    left: bool = False


def take_in(
    store: Store,
    coach: SignedIn,
    file_name: str,
    content: bytes,
    now: datetime,
    form_id: str = "",
    *,
    keep: bool = False,
) -> FileIn:
    """Every route of a file that is not there yet; with `keep` those too. The same file of the same form
    twice adds once."""
    try:
        files = tuple(_named(_read(content), file_name))
    except GpxRefused as refused:
        return FileIn(file_name, refused=refused)
    known = [Alike() if keep else alike(store, coach, file.line) for file in files]
    twins = [() if keep else _twins(files, number) for number in range(len(files))]
    found: list[tuple[int | None, Same | None]] = []
    with store.db.transaction(coach.scope, now) as session:
        practice = practice_of(session, coach.scope)
        for number, file in enumerate(files):
            key = once.key_of(store, "import", form_id, number + 1, content)
            before = handled_before(session, key)
            same = None
            if not (before or keep):
                added = [route_id for route_id, _same in found]
                same = same_route(store, session, file.line, known[number], [one for one in added if one])
                same = same or _added_twin(store, session, added, twins[number])
            route_id = int(before) if before else None
            if route_id is None and same is None:
                command = WriteRoute(RouteTexts(""), RouteFacts())
                route_id = new_route(store, session, practice, command, file, now).id
                session.flush()
                remember_form(session, coach.scope, key, str(route_id), now)
            found.append((route_id, same))
    return FileIn(file_name, tuple(_told(file, *one) for file, one in zip(files, found, strict=True)))


def _added_twin(
    store: Store, session: Session, added: Sequence[int | None], twins: Sequence[int]
) -> Same | None:
    """The same walk that came in just before from the same file."""
    twin = next((added[one] for one in twins if added[one]), None)
    return named(store, session, twin) if twin else None


def _twins(files: Sequence[RouteFile], number: int) -> tuple[int, ...]:
    """Which earlier routes of the file are the same walk as this one."""
    shapes = [shape_of(file.line.outline, file.line.distance_m) for file in files[: number + 1]]
    return tuple(one for one in range(number) if is_same(shapes[number], shapes[one]))


def too_large(file_name: str) -> FileIn:
    """A file of which nobody read more than fits."""
    return FileIn(file_name, refused=GpxRefused("too_large", most=MAX_BYTES))


def _named(files: Sequence[RouteFile], file_name: str) -> Iterator[RouteFile]:
    """A route without a name gets the file's."""
    stem = _stem(file_name)
    for number, file in enumerate(files, 1):
        yield replace(file, name=file.name or (f"{stem} {number}" if len(files) > 1 else stem))


def _told(file: RouteFile, route_id: int | None, same: Same | None) -> RouteIn:
    return RouteIn(
        name=file.name,
        distance_m=file.line.distance_m,
        id=route_id,
        same=same,
        again=_packed(file) if same else "",
        warnings=file.warnings,
        may_trim=route_id is not None and can_trim(file.line.outline),
    )


def _read(content: bytes) -> tuple[RouteFile, ...]:
    """Raises GpxRefused. Takes its time with a large file: never inside a transaction."""
    routes = route_lines.read_routes(content)
    found = []
    for route in routes:
        line = route_lines.measured(route.segments)
        places = route.waypoints if len(routes) == 1 else _close_by(route.waypoints, line.outline)
        places = route_lines.along_the_line(places, line.outline)
        found.append(RouteFile(route.name or "", places, route.warnings, line))
    return tuple(found)


def _close_by(places: tuple[GpxWaypoint, ...], outline: Segments) -> tuple[GpxWaypoint, ...]:
    """Most places of a file lie far from most of its routes: those are not measured."""
    south, west, north, east = shape_of(outline, 0).box
    room = BY_THE_LINE_M / 50_000  # degrees, more than enough either way up to 63° north
    return tuple(
        place
        for place in places
        if south - room <= place.latitude <= north + room
        and west - room <= place.longitude <= east + room
        and position_of(outline, place).aside_m <= BY_THE_LINE_M
    )


def _stem(file_name: str) -> str:
    return file_name.rsplit(".", 1)[0][:100].strip() or NAMELESS


# A route that was skipped, carried along by the page that says so


def _packed(file: RouteFile) -> str:
    gpx = route_lines.write_gpx(file.name, route_lines.opened(file.line.stored), file.places)
    packed = base64.b64encode(zlib.compress(gpx, 9)).decode()
    return packed if len(packed) <= MOST_AGAIN else ""


def unpacked(again: str) -> bytes | None:
    """The file in such a text; None when it holds none, or more than a file may."""
    try:
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(base64.b64decode(again, validate=True), MAX_BYTES)
    except (binascii.Error, ValueError, zlib.error):
        return None
    return content if unpacker.eof else None
