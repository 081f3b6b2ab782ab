"""What a practice can show of its care for data: erasures, requests, corrections, and its registers."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from planner.models.base import Base, BigId, HasId
from planner.models.clients import OfClient
from planner.models.ownership import Owned


class Erasure(HasId, Owned, Base):
    """What is left of a client who was erased: a number that nothing carries any more, and when. `asked_on`: when the
    client asked for it, if they did. No coach and no name: it is nobody's file."""

    __tablename__ = "erasure"
    __table_args__ = (
        UniqueConstraint("owner_id", "client_id"),
        ForeignKeyConstraint(["owner_id"], ["practice.id"]),
    )
    client_id: Mapped[int] = mapped_column(BigId)
    erased_at: Mapped[datetime]
    asked_on: Mapped[date | None] = mapped_column(Date)


class PrivacyRequest(HasId, OfClient, Base):
    """A client asks for a right of theirs. `kind`: a code of domain.privacy.REQUEST_KINDS. `sealed`:
    domain.privacy.RequestText. Due a month after `asked_on`."""

    __tablename__ = "privacy_request"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (cls.to_client(), Index(None, "owner_id", "client_id"))

    kind: Mapped[str] = mapped_column(String(20))
    asked_on: Mapped[date] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    sealed: Mapped[bytes]
    created_at: Mapped[datetime]


class Correction(HasId, OfClient, Base):
    """A text of a client was corrected: which, and when. Never what stood there before. `kind`: note or
    note_addendum."""

    __tablename__ = "correction"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (cls.to_client(), Index(None, "owner_id", "client_id"), Index(None, "owner_id", "object_id"))

    kind: Mapped[str] = mapped_column(String(20))
    object_id: Mapped[int] = mapped_column(BigId)
    corrected_at: Mapped[datetime]


class RegisterEntry(HasId, Owned, Base):
    """A line of a register of the practice. `kind`: a code of domain.privacy.REGISTERS. `key`: which line of ours it
    takes the place of; None for one of their own. `sealed`: the value of domain.privacy that belongs to the kind, under
    the practice's key."""

    __tablename__ = "register_entry"
    __table_args__ = (
        UniqueConstraint("owner_id", "kind", "key"),
        ForeignKeyConstraint(["owner_id"], ["practice.id"]),
        Index(None, "owner_id", "kind"),
    )
    kind: Mapped[str] = mapped_column(String(12))
    key: Mapped[str | None] = mapped_column(String(40))
    sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
