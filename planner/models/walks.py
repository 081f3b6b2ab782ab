"""Walks and what is planned in them."""

from datetime import date, datetime

from sqlalchemy import Date, DateTime, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from planner.models.base import Base, BigId, HasId
from planner.models.clients import OfClient


class Walk(HasId, OfClient, Base):
    """An appointment outdoors or elsewhere. `starts_local` with `zone` is the promise; `starts_at` is the same
    moment in UTC, kept for order and windows. `sealed`: domain.walks.WalkDetails. `weather`: JSON of the verdict and
    its numbers as they stood at the start. `sequence` rises with every change a calendar must hear of."""

    __tablename__ = "walk"
    for_planning = True

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (
            cls.to_client(),
            UniqueConstraint("owner_id", "coach_id", "client_id", "id"),
            ForeignKeyConstraint(["owner_id", "route_id"], ["route.owner_id", "route.id"]),
            ForeignKeyConstraint(
                ["owner_id", "coach_id", "client_id", "series_id"],
                ["series.owner_id", "series.coach_id", "series.client_id", "series.id"],
                onupdate="CASCADE",
            ),
            Index(None, "owner_id", "series_id"),
            Index(None, "owner_id", "coach_id", "starts_at", "id"),
            Index(None, "owner_id", "coach_id", "status", "starts_at"),
            Index(None, "owner_id", "client_id", "starts_at"),
            Index(None, "owner_id", "route_id"),
            Index(None, "status", "starts_at"),
        )

    starts_local: Mapped[datetime] = mapped_column(DateTime)
    zone: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    setting: Mapped[str] = mapped_column(String(10))
    """outdoors, indoors, online, phone"""
    status: Mapped[str] = mapped_column(String(10), default="planned")
    """planned, done, cancelled"""
    outcome: Mapped[str | None] = mapped_column(String(20))
    route_id: Mapped[int | None] = mapped_column(BigId)
    sealed: Mapped[bytes]
    weather: Mapped[str | None] = mapped_column(Text)
    moved_from_local: Mapped[datetime | None] = mapped_column(DateTime)
    """The time it had when the client could first see it, once it has another; see domain.walks.moved_from."""
    series_id: Mapped[int | None] = mapped_column(BigId)
    length: Mapped[str] = mapped_column(String(8), default="normal")
    """short, normal, long: what the client chose; `minutes` has it already."""
    normal_minutes: Mapped[int | None]
    """The minutes as planned, while another length is chosen."""
    asks_first: Mapped[bool] = mapped_column(default=False)
    """What is news of it waits for the coach, also to a client who is mailed by itself; until the client knows."""
    sequence: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Series(HasId, OfClient, Base):
    """Walks made at once, every so many weeks until a day. Each walk is a walk of its own and may differ."""

    __tablename__ = "series"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (
            cls.to_client(),
            UniqueConstraint("owner_id", "coach_id", "client_id", "id"),
            Index(None, "owner_id", "client_id"),
        )

    every_weeks: Mapped[int]
    until_on: Mapped[date] = mapped_column(Date)
    """The last day on which one may fall."""


class PlanItem(HasId, OfClient, Base):
    """A part of a walk, in order: a stretch of talking or silence, or an exercise."""

    __tablename__ = "plan_item"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (
            ForeignKeyConstraint(
                ["owner_id", "coach_id", "client_id", "walk_id"],
                ["walk.owner_id", "walk.coach_id", "walk.client_id", "walk.id"],
                onupdate="CASCADE",
                ondelete="CASCADE",
            ),
            ForeignKeyConstraint(["owner_id", "exercise_id"], ["exercise.owner_id", "exercise.id"]),
            Index(None, "owner_id", "walk_id", "position"),
            Index(None, "owner_id", "exercise_id"),
        )

    walk_id: Mapped[int] = mapped_column(BigId)
    position: Mapped[int]
    segment: Mapped[str] = mapped_column(String(10))
    minutes: Mapped[int]
    exercise_id: Mapped[int | None] = mapped_column(BigId)
    for_client: Mapped[bool] = mapped_column(default=False)
    at_minute: Mapped[int | None]
    """Pinned to a minute after the start."""
    waypoint_id: Mapped[int | None] = mapped_column(BigId)
    """Pinned to a point of the route; a point that has gone pins nothing."""


class ExerciseChoice(HasId, OfClient, Base):
    """An exercise that was suggested for a walk, and whether the coach took it: what the suggestions learn from."""

    __tablename__ = "exercise_choice"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (
            ForeignKeyConstraint(
                ["owner_id", "coach_id", "client_id", "walk_id"],
                ["walk.owner_id", "walk.coach_id", "walk.client_id", "walk.id"],
                onupdate="CASCADE",
                ondelete="CASCADE",
            ),
            ForeignKeyConstraint(["owner_id", "exercise_id"], ["exercise.owner_id", "exercise.id"]),
            UniqueConstraint("owner_id", "walk_id", "exercise_id"),
            Index(None, "owner_id", "client_id", "exercise_id"),
            Index(None, "owner_id", "exercise_id"),
        )

    walk_id: Mapped[int] = mapped_column(BigId)
    exercise_id: Mapped[int] = mapped_column(BigId)
    taken: Mapped[bool]
    chosen_at: Mapped[datetime]
