"""Somebody lost their link and asks for it with an e-mail address.

The asking does the same work for every address: a keyed digest is put down and the jobs are woken. Only they look whose
it is; who asks learns nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Table, delete, func, select
from sqlalchemy.orm import Session

from planner.domain.messages import LINK
from planner.models import EVERYONE, Base, Client, LinkRequest, Message
from planner.services.messages import outbox_orders, outbox_rows
from planner.services.people import throttle
from planner.services.people.throttle import TooManyTries
from planner.services.store import Store
from planner.services.weather import forecasts

AT_ONCE = 50
PURPOSE = "throttle links"
MOST_A_DAY = 3
"""Links mailed to one client in a day because somebody asked: no flood for who did not ask."""
DAY = timedelta(hours=24)
_requests: Table = Base.metadata.tables["link_request"]


def ask(store: Store, email: str, network: str, now: datetime) -> None:
    """Put the question down, unless it was asked too often from here or for this address."""
    digest = outbox_rows.mail_digest(store, email)
    counted = throttle.keys(store, digest.hex(), network, PURPOSE)
    counted["address"] = store.vault.lookup_digest(PURPOSE, digest.hex())
    try:
        throttle.check(store, counted, now)
    except TooManyTries:
        return
    throttle.failed(store, counted, now)
    with store.db.unowned_write() as connection:
        adding = forecasts.insert_into(connection, _requests).values(digest=digest, asked_at=now)
        connection.execute(
            adding.on_conflict_do_update(
                index_elements=["digest"], set_={"asked_at": adding.excluded.asked_at}
            )
        )
        forecasts.wake_in(connection, outbox_rows.MESSAGES)


def answer(store: Store, now: datetime, base_url: str) -> int:
    """Mail the links that were asked for, where that may be; gives how many. `base_url`: empty when no link may be
    mailed at all. Whatever comes of it, the question goes."""
    with store.db.reading(EVERYONE) as session:
        digests = list(session.scalars(select(LinkRequest.digest).limit(AT_ONCE)))
    if not digests:
        return 0
    with store.db.transaction(EVERYONE, now) as session:
        session.execute(delete(LinkRequest).where(LinkRequest.digest.in_(digests)))
        ids = session.scalars(select(Client.id).where(Client.mail_digest.in_(digests))).all()
        return sum(_mail(store, session, client_id, base_url, now) for client_id in ids)


def _mail(store: Store, session: Session, client_id: int, base_url: str, now: datetime) -> bool:
    mailed = session.scalar(
        select(func.count()).where(
            Message.client_id == client_id, Message.kind == LINK, Message.created_at > now - DAY
        )
    )
    if (mailed or 0) >= MOST_A_DAY:
        return False
    return outbox_orders.queue_link(store, session, client_id, base_url, now) == outbox_orders.DONE


def fill_digests(store: Store, now: datetime) -> None:
    """For clients from before there were digests."""
    with store.db.reading(EVERYONE) as session:
        ids = session.scalars(select(Client.id).where(Client.mail_digest.is_(None))).all()
    for start in range(0, len(ids), AT_ONCE):
        with store.db.transaction(EVERYONE, now) as session:
            for client in session.scalars(select(Client).where(Client.id.in_(ids[start : start + AT_ONCE]))):
                email = outbox_rows.recipient(store, session, client.id).email
                client.mail_digest = outbox_rows.mail_digest(store, email)
