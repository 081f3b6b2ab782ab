"""Forecasts per place, shared by everybody: a place on a grid of 0.01 degrees says nothing about a client."""

from datetime import datetime

from sqlalchemy import Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.models.base import Base, HasId


class ForecastRow(HasId, Base):
    """What is wanted and what is held for a place. Coordinates are whole hundredths of a degree.
    `body` is JSON of domain.weather.Forecast. `claimed_until` keeps a second node from asking the same."""

    __tablename__ = "forecast"
    __table_args__ = (UniqueConstraint("source", "latitude_c", "longitude_c"),)
    source: Mapped[str] = mapped_column(String(20))
    latitude_c: Mapped[int] = mapped_column(Integer)
    longitude_c: Mapped[int] = mapped_column(Integer)
    wanted_until: Mapped[datetime]
    body: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(String(60))
    fetched_at: Mapped[datetime | None]
    """Our clock at the last 200 or 304."""
    expires_at: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    """Not to be asked again before this; set by a failure, cleared by an answer."""
    backoff_s: Mapped[float] = mapped_column(default=0.0)
    """How long the last failure waits, so that a second one waits longer."""
    problem: Mapped[str | None] = mapped_column(String(20))
    """domain.needs.OutsideKind of the last failure, or `deprecated`: it works, but not for long."""
    claimed_until: Mapped[datetime | None]


class Wake(Base):
    """Un-owned: something changed that the jobs process should look at; it looks here every second."""

    __tablename__ = "wake"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
