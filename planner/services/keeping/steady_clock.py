"""Whether what throws away for good may believe the clock.

One pass with a clock that runs ahead would take the backups and what they are backups of together. So where the clock
stood lies beside the keys; after a jump ahead nothing is thrown away until it has run on from there for a day. A
computer that was shut for weeks waits that day too.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import select

from planner import key_settings
from planner.models import EVERYONE, AuditEntry
from planner.services.store import Store
from planner.settings import Settings

FILE = "clock.seen"
JUMP = timedelta(days=8)
"""Whoever starts the planner once a week makes none."""
HELD, HELD_WITHIN = timedelta(days=1), timedelta(days=62)
"""A second look that much later finds the clock steady, also of a planner that is started once a month."""

log = logging.getLogger(__name__)
_one_at_a_time = Lock()


def holds(store: Store, settings: Settings, now: datetime) -> bool:
    """To be asked right before something is thrown away. Back in time less is, and that may go on."""
    with _one_at_a_time:
        believed, since = _read(settings) or (_last_written(store) or now, None)
        if abs(now - believed) > JUMP:
            since = since if since and timedelta(0) <= now - since <= HELD_WITHIN else now
            if now - since < HELD:
                _write(settings, believed, since)
                if now > believed:
                    log.warning("the clock is %s days ahead: nothing is thrown away", (now - believed).days)
                return now < believed
        _write(settings, now)
        return True


def is_waited_for(settings: Settings) -> bool:
    """Whether the clock jumped ahead, and has not run on for a day since."""
    believed, since = _read(settings) or (None, None)
    return believed is not None and since is not None and since > believed


def _last_written(store: Store) -> datetime | None:
    """For the first time: whoever does something in the planner writes in the log."""
    with store.db.reading(EVERYONE) as session:
        last = select(AuditEntry.at).where(AuditEntry.seq.is_not(None)).order_by(AuditEntry.seq.desc())
        return session.scalar(last.limit(1))


def _read(settings: Settings) -> tuple[datetime, datetime | None] | None:
    try:
        believed, *since = (settings.instance / FILE).read_text("ascii").split()
        return datetime.fromisoformat(believed), datetime.fromisoformat(since[0]) if since else None
    except (OSError, ValueError):
        return None


def _write(settings: Settings, believed: datetime, since: datetime | None = None) -> None:
    said = " ".join(one.isoformat() for one in (believed, since) if one)
    try:
        key_settings.write_private(settings.instance / FILE, said + "\n")
    except OSError as problem:
        log.warning("where the clock stands is not written down: %s", problem)
