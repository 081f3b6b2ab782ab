"""When a coach is busy elsewhere: the other calendars, and of each only from when until when. Never a title."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from planner.models.base import Base, BigId, HasId
from planner.models.ownership import CoachOwned


class BusyCalendar(HasId, CoachOwned, Base):
    """A calendar the coach reads along. `kind`: ics or caldav. `sealed`: domain.busy.CalendarAccess (address, user name
    and password, name) under the practice's key. `claimed_until` keeps a second node from asking at once."""

    __tablename__ = "busy_calendar"
    __table_args__ = (
        UniqueConstraint("owner_id", "coach_id", "id"),
        ForeignKeyConstraint(["owner_id", "coach_id"], ["coach.owner_id", "coach.id"]),
        Index(None, "due_at"),
    )
    kind: Mapped[str] = mapped_column(String(10))
    sealed: Mapped[bytes]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    """The last time that it was read, or had not changed."""
    etag: Mapped[str | None] = mapped_column(String(200))
    last_modified: Mapped[str | None] = mapped_column(String(60))
    problem: Mapped[str | None] = mapped_column(String(20))
    """Why it could not be read the last time: a code of domain.busy."""
    failures: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class BusyTime(HasId, CoachOwned, Base):
    """From when until when, in UTC. Gone with its calendar, and replaced at each reading."""

    __tablename__ = "busy_time"
    for_planning = True

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (
            ForeignKeyConstraint(
                ["owner_id", "coach_id", "calendar_id"],
                ["busy_calendar.owner_id", "busy_calendar.coach_id", "busy_calendar.id"],
                onupdate="CASCADE",
                ondelete="CASCADE",
            ),
            Index(None, "owner_id", "coach_id", "ends_at"),
        )

    calendar_id: Mapped[int] = mapped_column(BigId)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
