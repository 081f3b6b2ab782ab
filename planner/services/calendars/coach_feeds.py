"""A coach's own calendar feed: turned on, renewed, turned off; and whose walks a token opens.

The token is made as a client's is (clients/sharing.py): the database holds only its SHA-256. It does not end by
itself, nor when the password changes: the coach sees since when it works.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from planner.domain.sharing import INITIALS
from planner.models import Account, Coach, CoachFeed, FeedDigest, Scope, new_id
from planner.services.clients.sharing import digest_of, token_of
from planner.services.store import NotFound, SignedIn, Store

KIND = "coach"
"""Bound into the token, so that no client's token is ever one of a coach."""


@dataclass(frozen=True, slots=True)
class FeedInfo:
    """A feed that is on. `path` begins with a slash."""

    path: str
    renewed_at: datetime
    titles: str


@dataclass(frozen=True, slots=True)
class OpenFeed:
    """Whose walks a token opens. `language`: the coach's."""

    scope: Scope
    feed_id: int
    generation: int
    titles: str
    language: str


_DIGEST = select(FeedDigest.feed_id, FeedDigest.owner_id).where(FeedDigest.digest == bindparam("digest"))
_FEED = (
    select(CoachFeed, Coach.language)
    .join(Coach, Coach.id == CoachFeed.coach_id)
    .join(Account, Account.coach_id == CoachFeed.coach_id)
    .where(CoachFeed.id == bindparam("feed_id"), Account.disabled_at.is_(None))
)


def state_of(store: Store, coach: SignedIn) -> FeedInfo | None:
    """The feed, when it is on."""
    with store.db.reading(coach.scope) as session:
        feed = _feed_of(session, coach)
        if feed is None or feed.withdrawn_at is not None:
            return None
        path = f"/calendar/{token_of(store, feed.id, KIND, feed.generation)}.ics"
        return FeedInfo(path, feed.renewed_at, feed.titles)


def make_or_renew(store: Store, coach: SignedIn, now: datetime) -> None:
    """A new address for this coach's feed; an older one stops at once."""
    with store.db.transaction(coach.scope, now) as session:
        feed = _feed_of(session, coach)
        if feed is None:
            feed = CoachFeed(id=new_id(), owner_id=coach.owner_id, coach_id=coach.id)
            feed.titles, feed.generation, feed.created_at = INITIALS, 0, now
            session.add(feed)
        feed.generation, feed.renewed_at, feed.withdrawn_at = feed.generation + 1, now, None
        session.flush()
        session.execute(delete(FeedDigest).where(FeedDigest.feed_id == feed.id))
        digest = digest_of(token_of(store, feed.id, KIND, feed.generation))
        session.add(FeedDigest(digest=digest, feed_id=feed.id, owner_id=feed.owner_id))


def choose_titles(store: Store, coach: SignedIn, titles: str, now: datetime) -> None:
    """What the feed calls its walks; its address stays. Raises NotFound when it is off."""
    with store.db.transaction(coach.scope, now) as session:
        feed = _feed_of(session, coach)
        if feed is None or feed.withdrawn_at is not None:
            raise NotFound
        feed.titles = titles


def turn_off(store: Store, coach: SignedIn, now: datetime) -> None:
    """It stops at once; it may be off already."""
    with store.db.transaction(coach.scope, now) as session:
        feed = _feed_of(session, coach)
        if feed is not None and feed.withdrawn_at is None:
            feed.withdrawn_at = now
            session.execute(delete(FeedDigest).where(FeedDigest.feed_id == feed.id))
    store.remembered.forget()


def by_token(store: Store, token: str) -> OpenFeed | None:
    """Whose walks this token opens; None for unknown, renewed and turned off alike."""
    with store.db.unowned() as connection:
        row = connection.execute(_DIGEST, {"digest": digest_of(token)}).first()
    if row is None:
        return None
    with store.db.reading(Scope(row.owner_id, None, "coach")) as session:
        found = session.execute(_FEED, {"feed_id": row.feed_id}).first()
        if found is None or found.CoachFeed.withdrawn_at is not None:
            return None
        feed: CoachFeed = found.CoachFeed
        scope = Scope(feed.owner_id, feed.coach_id, "coach", feed.coach_id)
        return OpenFeed(scope, feed.id, feed.generation, feed.titles, found.language)


def _feed_of(session: Session, coach: SignedIn) -> CoachFeed | None:
    return session.scalar(select(CoachFeed).where(CoachFeed.coach_id == coach.id))
