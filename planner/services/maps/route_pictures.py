"""Routes on a map: which pictures there are, and making those that there are not yet (work of the jobs process).

A picture is shown only while it is of the route as it is now: its digest is worked out again from what is stored. Until
then, and without a map, there is the sketch.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from planner.domain.geo import Point
from planner.domain.map_picture import SIZES, Places, Size, digest_of, map_picture
from planner.models import EVERYONE, Base, Route, RoutePicture, Waypoint, new_id
from planner.services.maps.tiles import NoTile, Tiles
from planner.services.routes import route_lines
from planner.services.store import NotFound, SignedIn, Store

if TYPE_CHECKING:
    from planner.services.maps.map_drawing import Drawn

CLAIM_FOR = timedelta(minutes=5)
"""Longer than making one can take."""
MAPS = "maps"
"""What wakes the jobs when a line is another."""
MOST_PER_PASS, MOST_AT_ONCE = 40, 500
AGAIN_AFTER, AGAIN_AT_MOST = timedelta(minutes=1), timedelta(hours=6)

_pictures: Table = Base.metadata.tables["route_picture"]


# to show

_ROUTES: Any = bindparam("route_ids", expanding=True)
_DRAWN = (
    select(RoutePicture.route_id, RoutePicture.digest, Route.outline)
    .join(Route, Route.id == RoutePicture.route_id)
    .where(
        RoutePicture.route_id.in_(_ROUTES),
        RoutePicture.size == bindparam("size"),
        RoutePicture.drawn_at.is_not(None),
    )
)
_PLACES = (
    select(Waypoint.route_id, Waypoint.latitude, Waypoint.longitude)
    .where(Waypoint.route_id.in_(_ROUTES))
    .order_by(Waypoint.route_id, Waypoint.position)
)


def known(session: Session, route_ids: Collection[int], size: Size, template: str) -> dict[int, str]:
    """The digest of the picture of each of these routes that has one, of the route as it is now."""
    rows = session.execute(_DRAWN, {"route_ids": list(route_ids), "size": size.name}).all()
    places = _places(session, [row.route_id for row in rows]) if size.places else {}
    return {
        row.route_id: row.digest
        for row in rows
        if row.digest == digest_of(row.outline or "", places.get(row.route_id, ()), size, template)
    }


def digests(
    store: Store, coach: SignedIn, route_ids: Collection[int], size: Size, template: str
) -> dict[int, str]:
    with store.db.reading(coach.scope) as session:
        return known(session, route_ids, size, template)


def content(session: Session, route_id: int, size: Size, template: str, *, png: bool) -> tuple[str, bytes]:
    """Its digest and its bytes. Raises NotFound where there is none of the route as it is now."""
    digest = known(session, [route_id], size, template).get(route_id)
    column = RoutePicture.png if png else RoutePicture.webp
    found = session.scalar(
        select(column).where(RoutePicture.route_id == route_id, RoutePicture.size == size.name)
    )
    if digest is None or found is None:
        raise NotFound
    return digest, found


def of_coach(
    store: Store, coach: SignedIn, route_id: int, size: Size, template: str, *, png: bool
) -> tuple[str, bytes]:
    """Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        return content(session, route_id, size, template, png=png)


def _places(session: Session, route_ids: Collection[int]) -> dict[int, Places]:
    """Of each route the places that lie somewhere, with their numbers in the list."""
    found: dict[int, list[tuple[int, Point]]] = {}
    numbers: dict[int, int] = {}
    for row in session.execute(_PLACES, {"route_ids": list(route_ids)}):
        numbers[row.route_id] = number = numbers.get(row.route_id, 0) + 1
        if row.latitude is not None and row.longitude is not None:
            found.setdefault(row.route_id, []).append((number, Point(row.latitude, row.longitude)))
    return dict(found)


# to make


@dataclass(frozen=True, slots=True)
class Claim:
    """A picture that is ours to make, until `until`."""

    id: int
    digest: str
    size: Size
    outline: str
    places: Places
    tries: int
    until: datetime


def draw_due(
    store: Store,
    tiles: Tiles,
    now: datetime,
    go_on: Callable[[], bool] = lambda: True,
    noticed: dict[int, int] | None = None,
) -> int:
    """Make every picture that is due; gives how many were made. No transaction is open while tiles are waited for, and
    while the server is left alone nothing is tried. `noticed`: what `notice_changes` remembers."""
    notice_changes(store, tiles.rules.template, now, {} if noticed is None else noticed)
    made = 0
    for _ in range(MOST_PER_PASS):
        claim = _claim(store, now) if go_on() else None
        if claim is None:
            break
        again = _make(store, tiles, claim, now)
        made += again is None
        if again is not None and tiles.files.pause() is not None:
            break
    return made


def notice_changes(store: Store, template: str, now: datetime, noticed: dict[int, int]) -> None:
    """Whatever changed a route: what is wanted now is worked out, and only what is another than before is written.
    `noticed`: by route the version that was looked at last. Of that version no line is read again."""
    with store.db.reading(EVERYONE) as session:
        in_use = select(Route.id, Route.version).where(
            Route.outline.is_not(None), Route.archived_at.is_(None)
        )
        versions = {row.id: row.version for row in session.execute(in_use)}
        rows = session.execute(select(RoutePicture.route_id, RoutePicture.size, RoutePicture.digest))
        known_now = {(row.route_id, row.size): row.digest for row in rows}
        look = [
            route_id
            for route_id, version in versions.items()
            if noticed.get(route_id) != version or any((route_id, size) not in known_now for size in SIZES)
        ]
        wanted = {key: one for some in _batched(look) for key, one in _wanted(session, some, template)}
    other = {key: one for key, one in wanted.items() if known_now.get(key) != one[1]}
    if other:
        with store.db.transaction(EVERYONE, now) as session:
            _want(session, other, now)
    noticed.clear()
    noticed.update(versions)


def _batched(items: Sequence[int]) -> Iterator[Sequence[int]]:
    """So many at a time as a question to the database may have."""
    return (items[at : at + MOST_AT_ONCE] for at in range(0, len(items), MOST_AT_ONCE))


def _wanted(
    session: Session, route_ids: Collection[int], template: str
) -> Iterator[tuple[tuple[int, str], tuple[int, str]]]:
    """By route and size: whose it is, and the digest of what should be drawn."""
    places = _places(session, route_ids)
    routes = select(Route.id, Route.owner_id, Route.outline).where(Route.id.in_(route_ids))
    for row in session.execute(routes):
        for size in SIZES.values():
            digest = digest_of(row.outline or "", places.get(row.id, ()), size, template)
            yield (row.id, size.name), (row.owner_id, digest)


def _want(session: Session, other: Mapping[tuple[int, str], tuple[int, str]], now: datetime) -> None:
    """In the place of what was: the route may be gone since."""
    there = set(session.scalars(select(Route.id).where(Route.id.in_({route_id for route_id, _ in other}))))
    fresh = {"webp": None, "png": None, "drawn_at": None, "tries": 0, "due_at": now}
    rows = [
        {"id": new_id(), "owner_id": owner, "route_id": route_id, "size": size, "digest": digest, **fresh}
        for (route_id, size), (owner, digest) in other.items()
        if route_id in there
    ]
    for row in rows:
        old = (RoutePicture.route_id == row["route_id"], RoutePicture.size == row["size"])
        session.execute(delete(RoutePicture).where(*old))
    if rows:
        session.connection().execute(insert(_pictures), rows)


def _claim(store: Store, now: datetime) -> Claim | None:
    """Take the picture that is due longest; None when none is."""
    due = select(RoutePicture.id).where(RoutePicture.due_at <= now).order_by(RoutePicture.due_at).limit(1)
    with store.db.reading(EVERYONE) as session:
        if session.scalar(due) is None:
            return None  # most passes: nobody waits for the writers' lock
    with store.db.transaction(EVERYONE, now) as session:
        row = session.execute(
            select(RoutePicture.id, RoutePicture.digest, RoutePicture.size, RoutePicture.tries, Route)
            .join(Route, Route.id == RoutePicture.route_id)
            .where(RoutePicture.id == due.scalar_subquery())
        ).first()
        if row is None:
            return None
        until = now + CLAIM_FOR
        session.execute(update(RoutePicture).where(RoutePicture.id == row.id).values(due_at=until))
        places = _places(session, [row.Route.id]).get(row.Route.id, ())
        size = SIZES[row.size]
        return Claim(row.id, row.digest, size, row.Route.outline or "", places, row.tries, until)


def _make(store: Store, tiles: Tiles, claim: Claim, now: datetime) -> timedelta | None:
    """Draw one and keep it. Gives how long to wait when it cannot be drawn now; None when it is done with."""
    digest = digest_of(claim.outline, claim.places, claim.size, tiles.rules.template)
    picture = map_picture(route_lines.opened(claim.outline or None), claim.places, claim.size, tiles.rules)
    if digest != claim.digest or picture is None or not picture.covered:
        _keep(
            store, claim, {"due_at": None}, now
        )  # it changed meanwhile, or no map goes there: that is noticed again
        return None
    from planner.services.maps import map_drawing

    try:
        drawn = map_drawing.draw(
            picture, {laid.tile: tiles.ahead(laid.tile).content for laid in picture.tiles}
        )
    except (NoTile, map_drawing.BadTile) as failure:
        again = max(_again(claim.tries), timedelta(seconds=getattr(failure, "retry_after_s", 0)))
        _keep(store, claim, {"due_at": now + again, "tries": claim.tries + 1}, now)
        return again
    _keep(store, claim, _values(drawn, now), now)
    return None


def _values(drawn: Drawn, now: datetime) -> dict[str, Any]:
    return {"webp": drawn.webp, "png": drawn.png, "drawn_at": now, "due_at": None, "tries": 0}


def _again(tries: int) -> timedelta:
    return min(AGAIN_AT_MOST, AGAIN_AFTER * (1 << min(tries, 10)))


def _keep(store: Store, claim: Claim, values: dict[str, Any], now: datetime) -> None:
    """Unless it changed meanwhile, or our claim ended and another node has it."""
    with store.db.transaction(EVERYONE, now) as session:
        ours = (RoutePicture.id == claim.id, RoutePicture.due_at == claim.until)
        session.execute(update(RoutePicture).where(*ours).values(values))
