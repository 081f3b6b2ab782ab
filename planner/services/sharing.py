"""A client's personal link: made, shown again, renewed, withdrawn; and who it opens for.

The token is made from a key beside the database (decision 8), so the link can be shown again while a stolen database
opens nothing: it holds only the SHA-256. Unknown, expired and withdrawn are one answer: None.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from planner.domain.clients import ClientName
from planner.domain.sharing import link_expires
from planner.domain.walks import CANCELLED
from planner.models import Client, LinkDigest, Scope, ShareLink, Walk, new_id
from planner.services.store import SignedIn, Store, client_gate
from planner.services.vault import Place

PAGE = "page"


@dataclass(frozen=True, slots=True)
class LinkInfo:
    """A link that opens. `path` begins with a slash; the address of the planner comes before it."""

    path: str
    renewed_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LinkState:
    """What the coach sees: the link when there is one that opens, and who ended the last one."""

    first_name: str
    link: LinkInfo | None
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """For whom a token opens, as far as the pages behind it need."""

    scope: Scope
    client_id: int
    link_id: int
    path: str


def token_of(store: Store, link: ShareLink) -> str:
    secret = store.vault.link_secret(link.id, link.kind, link.generation)
    return base64.urlsafe_b64encode(secret).decode().rstrip("=")


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def state(store: Store, session: Session, client: Client, now: datetime) -> LinkState:
    """How it stands with this client's link."""
    name = store.vault.open(
        client.wrapped_key,
        Place("client", "name_sealed", client.id, client.id),
        client.name_sealed,
        ClientName,
    ).first_name
    link = _link_of(session, client.id)
    if link is None or client.status == "ended":
        return LinkState(name, None, ended=client.status == "ended")
    expires_at = _expires(session, link)
    if link.withdrawn_at is not None or expires_at <= now:
        return LinkState(name, None, link.withdrawn_at, link.withdrawn_by)
    return LinkState(name, LinkInfo(f"/s/{token_of(store, link)}/", link.renewed_at, expires_at))


def state_of(store: Store, coach: SignedIn, client_id: int, now: datetime) -> LinkState:
    with store.db.reading(coach.scope) as session:
        return state(store, session, client_gate(session, client_id), now)


def make_or_renew(store: Store, coach: SignedIn, client_id: int, now: datetime) -> None:
    """A new link for this client; an older one stops at once."""
    with store.db.transaction(coach.scope, now) as session:
        client = client_gate(session, client_id)
        link = _link_of(session, client.id)
        if link is None:
            link = ShareLink(
                id=new_id(), owner_id=client.owner_id, coach_id=client.coach_id, client_id=client.id
            )
            link.kind, link.generation, link.created_at = PAGE, 0, now
            session.add(link)
        link.generation, link.renewed_at = link.generation + 1, now
        link.withdrawn_at = link.withdrawn_by = None
        session.flush()
        session.execute(delete(LinkDigest).where(LinkDigest.link_id == link.id))
        digest = _digest(token_of(store, link))
        session.add(LinkDigest(digest=digest, link_id=link.id, owner_id=client.owner_id))


def revoke(store: Store, coach: SignedIn, client_id: int, now: datetime) -> None:
    """Withdraw the link; there may be none."""
    with store.db.transaction(coach.scope, now) as session:
        client = client_gate(session, client_id)
        end_link(session, client.id, now, "coach")


def end_link(session: Session, client_id: int, now: datetime, by: str) -> None:
    """Withdraw a client's link inside a transaction that does more, such as ending the programme."""
    link = _link_of(session, client_id)
    if link is not None and link.withdrawn_at is None:
        link.withdrawn_at, link.withdrawn_by = now, by
        session.execute(delete(LinkDigest).where(LinkDigest.link_id == link.id))


def given_back(store: Store, opened: Opened, now: datetime) -> None:
    """The client does not want the link any more."""
    with store.db.transaction(opened.scope, now) as session:
        end_link(session, opened.client_id, now, "client")


def by_token(store: Store, token: str, now: datetime) -> Opened | None:
    """For whom this token opens; None for unknown, expired, withdrawn and ended alike."""
    with store.db.unowned() as connection:
        row = connection.execute(
            select(LinkDigest.link_id, LinkDigest.owner_id).where(LinkDigest.digest == _digest(token))
        ).first()
    if row is None:
        return None
    with store.db.reading(Scope(row.owner_id, None, "client")) as session:
        link = session.scalar(select(ShareLink).where(ShareLink.id == row.link_id))
        if link is None or link.withdrawn_at is not None or _expires(session, link) <= now:
            return None
        status = session.scalar(select(Client.status).where(Client.id == link.client_id))
        if status in (None, "ended"):
            return None
        scope = Scope(row.owner_id, link.coach_id, "client", link.client_id)
        return Opened(scope, link.client_id, link.id, f"/s/{token}/")


def has_link(session: Session, client_id: int) -> bool:
    """Whether this client has a link that was not withdrawn."""
    link = _link_of(session, client_id)
    return link is not None and link.withdrawn_at is None


def _link_of(session: Session, client_id: int) -> ShareLink | None:
    return session.scalar(select(ShareLink).where(ShareLink.client_id == client_id, ShareLink.kind == PAGE))


def _expires(session: Session, link: ShareLink) -> datetime:
    last = session.scalar(
        select(func.max(Walk.starts_at)).where(Walk.client_id == link.client_id, Walk.status != CANCELLED)
    )
    return link_expires(link.renewed_at, last)
