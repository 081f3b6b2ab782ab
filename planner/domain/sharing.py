"""How long a client's link lives. Source: security.md, decision 8."""

from __future__ import annotations

from datetime import datetime, timedelta

AFTER_LAST_WALK = timedelta(days=60)
AT_MOST = timedelta(days=365)


def link_expires(renewed_at: datetime, last_walk_at: datetime | None) -> datetime:
    """60 days after the last walk that was not cancelled (or the renewal, when that is later), and at most a year
    after the renewal."""
    latest = renewed_at if last_walk_at is None else max(last_walk_at, renewed_at)
    return min(latest + AFTER_LAST_WALK, renewed_at + AT_MOST)
