"""How long a client's links live, and what a calendar feed calls its walks. Source: security.md, decision 8;
anchors.md 2, 22."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

AFTER_LAST_WALK = timedelta(days=60)
AT_MOST = timedelta(days=365)
NEUTRAL, INITIALS, FIRST_NAME = "neutral", "initials", "first_name"
FEED_TITLES = (NEUTRAL, INITIALS, FIRST_NAME)
"""Whose name stands in a title: in a client's feed the coach's, in a coach's feed the client's."""


def link_expires(renewed_at: datetime, last_walk_at: datetime | None) -> datetime:
    """60 days after the last walk that was not cancelled (or the renewal, when that is later), and at most a year
    after the renewal."""
    latest = renewed_at if last_walk_at is None else max(last_walk_at, renewed_at)
    return min(latest + AFTER_LAST_WALK, renewed_at + AT_MOST)


def name_in_title(titles: str, first_name: str, last_name: str = "") -> str:
    """As much of a name as a feed with these titles may say; nothing in a neutral one."""
    if titles == FIRST_NAME:
        return first_name.strip()
    return initials(first_name, last_name) if titles == INITIALS else ""


def initials(first_name: str, last_name: str = "") -> str:
    """S.D. for Sanne van Dijk: the prefix of a Dutch last name does not count. S. without a last name."""
    last = last_name.split()
    letters = (_initial(first_name), _initial(last[-1] if last else ""))
    return "".join(f"{letter}." for letter in letters if letter)


def _initial(name: str) -> str:
    """The first letter with its accent; IJ is one letter."""
    text = unicodedata.normalize("NFC", name)
    letters = [char for char in text if char.isalpha()]
    first = "".join(letters[:2]) if text.strip()[:2].lower() == "ij" else "".join(letters[:1])
    return first.upper()
