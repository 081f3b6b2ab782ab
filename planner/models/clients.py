"""Clients, their consents and their screenings. Everything that says something about a person is sealed."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from planner.models.base import Base, BigId, HasId
from planner.models.ownership import CoachOwned


class OfClient(CoachOwned):
    """A row under a client. The composite key keeps it on the same practice and coach, whatever code does;
    handing a client over changes one row and the database carries the rest along."""

    client_key = "client_id"
    client_id: Mapped[int] = mapped_column(BigId)

    @staticmethod
    def to_client() -> ForeignKeyConstraint:
        return ForeignKeyConstraint(
            ["owner_id", "coach_id", "client_id"],
            ["client.owner_id", "client.coach_id", "client.id"],
            onupdate="CASCADE",
            ondelete="CASCADE",
        )


class Client(HasId, CoachOwned, Base):
    """`name_sealed`: domain.clients.ClientName; `details_sealed`: ClientDetails; `health_sealed`: HealthDetails, only
    ever written under an active consent. `wrapped_key` opens all of it and everything below it."""

    __tablename__ = "client"
    for_planning = True
    kept_out = ("health_sealed",)
    client_key = "id"
    __table_args__ = (
        UniqueConstraint("owner_id", "coach_id", "id"),
        ForeignKeyConstraint(["owner_id", "coach_id"], ["coach.owner_id", "coach.id"]),
    )
    wrapped_key: Mapped[bytes]
    name_sealed: Mapped[bytes]
    details_sealed: Mapped[bytes]
    health_sealed: Mapped[bytes | None]
    status: Mapped[str] = mapped_column(String(10), default="active")
    """active, paused, ended"""
    language: Mapped[str] = mapped_column(String(2), default="nl")
    show_first_name: Mapped[bool] = mapped_column(default=False)
    page_asks: Mapped[str] = mapped_column(String(100), default="")
    """What the client's page asks or shows beyond the default: codes of domain.answers.PAGE_ASKS, spaced."""
    reminders: Mapped[bool] = mapped_column(default=True)
    """Reminders go to this client, as far as the practice sends them."""
    mails_by_itself: Mapped[bool] = mapped_column(default=False)
    """What is new or changed is mailed without the coach looking at it first."""
    mail_digest: Mapped[bytes | None] = mapped_column(index=True)
    """A keyed digest of the e-mail address, to mail a lost link again. Empty: there is no address; None: nobody looked
    yet."""
    started_on: Mapped[date | None] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Consent(HasId, OfClient, Base):
    """Who answered what, when, to which text: a row per answer. A yes that is taken back gets a moment and stays."""

    __tablename__ = "consent"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (cls.to_client(), Index(None, "owner_id", "client_id"))

    purpose: Mapped[str] = mapped_column(String(30))
    text_version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class Screening(HasId, OfClient, Base):
    """Safety questions asked on a day. `sealed`: what domain.screening says may be kept."""

    __tablename__ = "screening"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (cls.to_client(), Index(None, "owner_id", "client_id", "asked_at"))

    asked_at: Mapped[datetime]
    sealed: Mapped[bytes]
    version: Mapped[int] = mapped_column(default=1)
