"""Slowing down guesses, in the database so that all processes count together.

Five tries are free; then each failure doubles a wait, up to a quarter of an hour, for that address from that network.
Somebody elsewhere who keeps guessing cannot lock the coach out, and neither can somebody on the coach's own network: a
device that signed in to an account before carries a signed mark, and is counted by itself.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import delete, insert, select, update

from planner.models import Throttle
from planner.services.store import Store

FREE_TRIES = {"pair": 5, "network": 30, "address": 10}
MAX_WAIT_S = 15 * 60
FORGET_AFTER = timedelta(hours=24)
MOST_MARKS = 4
"""Coaches who share a device."""


class TooManyTries(Exception):
    """Wait this many seconds."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


def keys(
    store: Store, email: str, network: str, purpose: str = "throttle", known: str = ""
) -> dict[str, bytes]:
    """What is counted: the pair of address and network, and the network alone (/24 or /56). Each purpose counts for
    itself. `known`: the mark of a device that signed in to this account before; then that pair alone."""
    net = _prefix(network)
    digest = store.vault.lookup_digest
    if known:
        return {"pair": digest(purpose, f"{email}|known {known}")}
    return {"pair": digest(purpose, f"{email}|{net}"), "network": digest(purpose, net)}


def network_key(store: Store, network: str, purpose: str) -> dict[str, bytes]:
    """For what is tried without an address: the network alone."""
    return {"network": store.vault.lookup_digest(purpose, _prefix(network))}


def _prefix(address: str) -> str:
    try:
        bits = 24 if ip_address(address).version == 4 else 56
        return str(ip_network(f"{address}/{bits}", strict=False))
    except ValueError:
        return address


def check(store: Store, counted: dict[str, bytes], now: datetime) -> None:
    """Raises TooManyTries while a wait runs."""
    with store.db.unowned() as connection:
        rows = connection.execute(
            select(Throttle.blocked_until).where(
                Throttle.key.in_(counted.values()), Throttle.blocked_until.is_not(None)
            )
        )
        waits = [(until - now).total_seconds() for (until,) in rows if until is not None]
    # a clock that ran ahead: nobody has to wait that long
    longest = max((wait for wait in waits if wait <= MAX_WAIT_S), default=0)
    if longest > 0:
        raise TooManyTries(int(longest) + 1)


def failed(store: Store, counted: dict[str, bytes], now: datetime) -> None:
    with store.db.unowned_write() as connection:
        connection.execute(delete(Throttle).where(Throttle.last_at < now - FORGET_AFTER))
        for kind, key in counted.items():
            count = connection.execute(select(Throttle.failures).where(Throttle.key == key)).scalar()
            failures = (count or 0) + 1
            over = failures - FREE_TRIES[kind]
            until = now + timedelta(seconds=min(2 ** min(over, 12), MAX_WAIT_S)) if over >= 0 else None
            values = {"failures": failures, "last_at": now, "blocked_until": until}
            if count is None:
                connection.execute(insert(Throttle).values(key=key, **values))
            else:
                connection.execute(update(Throttle).where(Throttle.key == key).values(**values))


def forget(store: Store, counted: dict[str, bytes]) -> None:
    """After a right password: the pair starts anew."""
    with store.db.unowned_write() as connection:
        connection.execute(delete(Throttle).where(Throttle.key == counted["pair"]))


def new_mark(store: Store, coach_id: int) -> str:
    """A mark for a device that has just signed in to the account of this coach. Their address may change."""
    name = secrets.token_urlsafe(12)
    return f"{name}.{_signature(store, coach_id, name)}"


def known_mark(store: Store, coach_id: int, marks: str) -> str:
    """The one of these marks, spaced, that was made for this coach; "" when there is none."""
    for mark in marks.split(" ")[:MOST_MARKS]:
        name, _, signature = mark.partition(".")
        if secrets.compare_digest(signature.encode(), _signature(store, coach_id, name).encode()):
            return name
    return ""


def _signature(store: Store, coach_id: int, name: str) -> str:
    return store.vault.lookup_digest("known device", f"{coach_id}|{name}").hex()[:32]
