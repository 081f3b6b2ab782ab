"""A client's personal links, to the page and to the calendar feed: made, shown again, renewed, withdrawn; and who they
open for. Neither opens what the other does (decision 9).

The token is made from a key beside the database (decision 8), so the link can be shown again while a stolen database
opens nothing: it holds only the SHA-256. Unknown, expired and withdrawn are one answer: None.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from planner.domain.clients import ClientName
from planner.domain.sharing import NEUTRAL, link_expires
from planner.domain.walks import CANCELLED
from planner.models import Client, LinkDigest, Scope, ShareLink, Walk, new_id
from planner.services.store import NotFound, SignedIn, Store, client_gate
from planner.services.vault import Place

PAGE, FEED = "page", "feed"
PATHS = {PAGE: "/s/{}/", FEED: "/s/{}/calendar.ics"}


@dataclass(frozen=True, slots=True)
class LinkInfo:
    """A link that opens. `path` begins with a slash; the address of the planner comes before it. `titles`: of a
    feed."""

    path: str
    renewed_at: datetime
    expires_at: datetime
    titles: str


@dataclass(frozen=True, slots=True)
class LinkState:
    """What the coach sees: the link and the feed when there is one that opens, and who ended the last link."""

    first_name: str
    link: LinkInfo | None = None
    feed: LinkInfo | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """For whom a token opens, as far as what lies behind it needs. `language`: the client's."""

    scope: Scope
    client_id: int
    link_id: int
    generation: int
    titles: str
    language: str
    path: str


_DIGEST = select(LinkDigest.link_id, LinkDigest.owner_id).where(LinkDigest.digest == bindparam("digest"))
_LAST_AT = (
    select(func.max(Walk.starts_at))
    .where(Walk.client_id == ShareLink.client_id, Walk.status != CANCELLED)
    .scalar_subquery()
)
_LINK = (
    select(ShareLink, Client.status, Client.language, _LAST_AT.label("last_at"))
    .join(Client, Client.id == ShareLink.client_id)
    .where(ShareLink.id == bindparam("link_id"))
)
_LINKS = select(ShareLink).where(ShareLink.client_id == bindparam("client_id"))
_LAST_STARTS = (
    select(Walk.client_id, func.max(Walk.starts_at).label("last_at"))
    .where(Walk.client_id.in_(bindparam("client_ids", expanding=True)), Walk.status != CANCELLED)
    .group_by(Walk.client_id)
)


def token_of(store: Store, row_id: int, kind: str, generation: int) -> str:
    """The token of a link or of a coach's feed, made again whenever it must be shown."""
    secret = store.vault.link_secret(row_id, kind, generation)
    return base64.urlsafe_b64encode(secret).decode().rstrip("=")


def digest_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def state(store: Store, session: Session, client: Client, now: datetime) -> LinkState:
    """How it stands with this client's links."""
    name = store.vault.open(
        client.wrapped_key,
        Place("client", "name_sealed", client.id, client.id),
        client.name_sealed,
        ClientName,
    ).first_name
    if client.status == "ended":
        return LinkState(name, ended=True)
    links, last = _links_of(session, client.id), _last_starts(session, [client.id]).get(client.id)
    open_now = {kind: _info(store, link, last, now) for kind, link in links.items()}
    page, feed = open_now.get(PAGE), open_now.get(FEED)
    if page is not None or PAGE not in links:
        return LinkState(name, page, feed)
    return LinkState(name, None, feed, links[PAGE].withdrawn_at, links[PAGE].withdrawn_by)


def pages(store: Store, session: Session, client_ids: Collection[int], now: datetime) -> dict[int, LinkInfo]:
    """The links to the page that open now, by client, of those of these clients who have one."""
    links = session.scalars(
        select(ShareLink)
        .join(Client, Client.id == ShareLink.client_id)
        .where(ShareLink.client_id.in_(client_ids), ShareLink.kind == PAGE, Client.status != "ended")
    )
    last = _last_starts(session, client_ids)
    found = {link.client_id: _info(store, link, last.get(link.client_id), now) for link in links}
    return {client_id: info for client_id, info in found.items() if info is not None}


def _info(store: Store, link: ShareLink, last_at: datetime | None, now: datetime) -> LinkInfo | None:
    """`last_at`: when the client's last walk starts."""
    expires_at = link_expires(link.renewed_at, last_at)
    if link.withdrawn_at is not None or expires_at <= now:
        return None
    path = PATHS[link.kind].format(token_of(store, link.id, link.kind, link.generation))
    return LinkInfo(path, link.renewed_at, expires_at, link.titles)


def state_of(store: Store, coach: SignedIn, client_id: int, now: datetime) -> LinkState:
    with store.db.reading(coach.scope) as session:
        return state(store, session, client_gate(session, client_id), now)


def make_or_renew(store: Store, coach: SignedIn, client_id: int, now: datetime, kind: str = PAGE) -> bool:
    """A new link of this kind for this client; an older one of the kind stops at once. Whether there was one."""
    with store.db.transaction(coach.scope, now) as session:
        client = client_gate(session, client_id)
        link = _links_of(session, client.id).get(kind)
        if link is None:
            link = ShareLink(
                id=new_id(), owner_id=client.owner_id, coach_id=client.coach_id, client_id=client.id
            )
            link.kind, link.titles, link.generation, link.created_at = kind, NEUTRAL, 0, now
            session.add(link)
        link.generation, link.renewed_at = link.generation + 1, now
        link.withdrawn_at = link.withdrawn_by = None
        session.flush()
        session.execute(delete(LinkDigest).where(LinkDigest.link_id == link.id))
        digest = digest_of(token_of(store, link.id, kind, link.generation))
        session.add(LinkDigest(digest=digest, link_id=link.id, owner_id=client.owner_id))
        return link.generation > 1


def choose_titles(store: Store, coach: SignedIn, client_id: int, titles: str, now: datetime) -> None:
    """What the client's feed calls its walks; its address stays. Raises NotFound, also without a feed."""
    with store.db.transaction(coach.scope, now) as session:
        feed = _links_of(session, client_gate(session, client_id).id).get(FEED)
        if feed is None or feed.withdrawn_at is not None:
            raise NotFound
        feed.titles = titles


def revoke(store: Store, coach: SignedIn, client_id: int, now: datetime) -> None:
    """Withdraw the link, and the feed with it; there may be none."""
    with store.db.transaction(coach.scope, now) as session:
        client = client_gate(session, client_id)
        end_links(session, client.id, now, "coach")
    store.remembered.forget()


def revoke_feed(store: Store, coach: SignedIn, client_id: int, now: datetime) -> None:
    """Turn the feed off; the page stays."""
    with store.db.transaction(coach.scope, now) as session:
        client = client_gate(session, client_id)
        end_links(session, client.id, now, "coach", kinds=(FEED,))
    store.remembered.forget()


def end_links(
    session: Session, client_id: int, now: datetime, by: str, kinds: Sequence[str] = (PAGE, FEED)
) -> None:
    """Withdraw a client's links inside a transaction that does more, such as ending the programme."""
    for kind, link in _links_of(session, client_id).items():
        if kind in kinds and link.withdrawn_at is None:
            link.withdrawn_at, link.withdrawn_by = now, by
            session.execute(delete(LinkDigest).where(LinkDigest.link_id == link.id))


def given_back(store: Store, opened: Opened, now: datetime) -> None:
    """The client does not want the link any more, nor the feed."""
    with store.db.transaction(opened.scope, now) as session:
        end_links(session, opened.client_id, now, "client")
    store.remembered.forget()


def by_token(store: Store, token: str, now: datetime, kind: str = PAGE) -> Opened | None:
    """For whom this token opens; None for unknown, expired, withdrawn, ended and of another kind alike."""
    with store.db.unowned() as connection:
        row = connection.execute(_DIGEST, {"digest": digest_of(token)}).first()
    if row is None:
        return None
    with store.db.reading(Scope(row.owner_id, None, "client")) as session:
        found = session.execute(_LINK, {"link_id": row.link_id}).first()
        if found is None or found.status == "ended":
            return None
        link: ShareLink = found.ShareLink
        over = link.withdrawn_at is not None or link_expires(link.renewed_at, found.last_at) <= now
        if link.kind != kind or over:
            return None
        scope = Scope(row.owner_id, link.coach_id, "client", link.client_id)
        path = PATHS[kind].format(token)
        return Opened(scope, link.client_id, link.id, link.generation, link.titles, found.language, path)


def has_link(session: Session, client_id: int) -> bool:
    """Whether this client has a link to the page that was not withdrawn."""
    link = _links_of(session, client_id).get(PAGE)
    return link is not None and link.withdrawn_at is None


def _links_of(session: Session, client_id: int) -> dict[str, ShareLink]:
    """By kind."""
    return {link.kind: link for link in session.scalars(_LINKS, {"client_id": client_id})}


def _last_starts(session: Session, client_ids: Collection[int]) -> dict[int, datetime]:
    """When the last walk of each of these clients starts, of those who have one."""
    rows = session.execute(_LAST_STARTS, {"client_ids": list(client_ids)})
    return {row.client_id: row.last_at for row in rows}
