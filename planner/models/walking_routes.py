"""Routes and the points on them. They belong to the practice."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.models.base import Base, BigId, HasId
from planner.models.ownership import Owned


class Route(HasId, Owned, Base):
    """`sealed`: domain.routes.RouteTexts (name, meeting point, notes) under the practice's key. `line` is JSON of
    segments of [latitude, longitude, elevation or null], absent for a route in words only; `outline` the same in few
    points, for drawing; `points` how many the line has. `facts`: JSON of domain.routes.RouteFacts."""

    __tablename__ = "route"
    for_planning = True
    __table_args__ = (UniqueConstraint("owner_id", "id"), ForeignKeyConstraint(["owner_id"], ["practice.id"]))
    sealed: Mapped[bytes]
    facts: Mapped[str] = mapped_column(Text)
    line: Mapped[str | None] = mapped_column(Text, deferred=True)
    outline: Mapped[str | None] = mapped_column(Text, deferred=True)
    points: Mapped[int] = mapped_column(default=0)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    distance_m: Mapped[int | None]
    climb_m: Mapped[int | None]
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class Waypoint(HasId, Owned, Base):
    """A place on a route, in order along it; without coordinates on a route in words. `sealed`:
    domain.routes.WaypointTexts under the practice's key."""

    __tablename__ = "waypoint"
    for_planning = True
    __table_args__ = (
        ForeignKeyConstraint(["owner_id", "route_id"], ["route.owner_id", "route.id"], ondelete="CASCADE"),
        Index(None, "owner_id", "route_id", "position"),
    )
    route_id: Mapped[int] = mapped_column(BigId)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    sealed: Mapped[bytes]


class RoutePicture(HasId, Owned, Base):
    """A route on a map, made once for each size. `digest` names exactly what was drawn, or is to be drawn: line,
    places, size and map. No bytes yet: it is still to be made, at `due_at`; without that it cannot be."""

    __tablename__ = "route_picture"
    for_planning = True
    __table_args__ = (
        UniqueConstraint("owner_id", "route_id", "size"),
        ForeignKeyConstraint(["owner_id", "route_id"], ["route.owner_id", "route.id"], ondelete="CASCADE"),
        Index(None, "due_at"),
    )
    route_id: Mapped[int] = mapped_column(BigId)
    size: Mapped[str] = mapped_column(String(12))
    digest: Mapped[str] = mapped_column(String(64))
    webp: Mapped[bytes | None] = mapped_column(deferred=True)
    png: Mapped[bytes | None] = mapped_column(deferred=True)
    drawn_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]


class RoutePhoto(HasId, Owned, Base):
    """A photo of the meeting point. `sealed`: the bytes of a WebP, `alt_sealed`: what it shows in words, both
    under the practice's key. `revision`
    names it in addresses; another photo has another."""

    __tablename__ = "route_photo"
    for_planning = True
    __table_args__ = (
        UniqueConstraint("owner_id", "route_id"),
        ForeignKeyConstraint(["owner_id", "route_id"], ["route.owner_id", "route.id"], ondelete="CASCADE"),
    )
    route_id: Mapped[int] = mapped_column(BigId)
    revision: Mapped[str] = mapped_column(String(16))
    width: Mapped[int]
    height: Mapped[int]
    alt_sealed: Mapped[bytes]
    sealed: Mapped[bytes] = mapped_column(deferred=True)
    added_at: Mapped[datetime]
