"""Taking away what has served: tables that only grow are a fault. Of a client only what was never more than kept for a
while (drafts of notes, and texts that were changed), and what is past its term."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select

from planner.models import (
    EVERYONE,
    Client,
    Correction,
    Erasure,
    ForecastRow,
    FormOnce,
    SetupKey,
    SignIn,
    Throttle,
)
from planner.services.clients import link_requests
from planner.services.notes import note_draft_rows, note_revisions
from planner.services.people import email_change, letters, new_password, passkeys
from planner.services.people.sign_in import IDLE
from planner.services.people.throttle import FORGET_AFTER
from planner.services.privacy import audit_chain, rectification, retention
from planner.services.store import Store

FORMS_KEPT = timedelta(days=30)
FORECASTS_KEPT = timedelta(days=7)
FORGET_AGAIN = timedelta(hours=3)
"""So long after an erasure or a correction it is tried each time: on PostgreSQL tables are written anew for it."""


def sweep(store: Store, now: datetime, *, clock_holds: bool = True) -> None:
    """What has served goes, when the clock may be believed (services.keeping.steady_clock); and what need not be done
    more often is."""
    if clock_holds:
        _purge(store, now)
    link_requests.fill_digests(store, now)
    _forget_again(store, now)


def _purge(store: Store, now: datetime) -> None:
    """Ended sign-ins, used-up set-up and reset keys, letters that are too late, old throttle rows, old form ids, old
    drafts and earlier texts of notes, places nobody asks for any more."""
    with store.db.unowned_write() as connection:
        connection.execute(delete(SignIn).where(or_(SignIn.expires_at <= now, SignIn.seen_at <= now - IDLE)))
        connection.execute(delete(SetupKey).where(SetupKey.expires_at <= now))
        passkeys.purge_in(connection, now)
        letters.purge_in(connection, now)
        email_change.purge_in(connection, now)
        connection.execute(delete(Throttle).where(Throttle.last_at < now - FORGET_AFTER))
    new_password.purge(store, now)
    with store.db.transaction(EVERYONE, now) as session:
        session.execute(delete(FormOnce).where(FormOnce.at < now - FORMS_KEPT))
        note_draft_rows.purge(session, now)
        note_revisions.purge(session, now)
        old = now - FORECASTS_KEPT
        unused = or_(ForecastRow.fetched_at.is_(None), ForecastRow.fetched_at < old)
        session.execute(delete(ForecastRow).where(ForecastRow.wanted_until < old, unused))
    audit_chain.purge(store, now)
    retention.sweep(store, now)


def _forget_again(store: Store, now: datetime) -> None:
    """Whoever stood in the way when something was thrown away (a copy that was being made, say) is gone by now: what
    the database's files still hold of it goes as well."""
    since = now - FORGET_AGAIN
    with store.db.reading(EVERYONE) as session:
        erased = session.scalar(select(Erasure.id).where(Erasure.erased_at > since).limit(1))
        corrected = session.scalar(select(Correction.id).where(Correction.corrected_at > since).limit(1))
    tables = [Client.__tablename__] if erased is not None else []
    store.db.forget_bytes(*tables, *(rectification.TOUCHED if corrected is not None else ()))
