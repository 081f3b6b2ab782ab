"""Passwords: argon2id, two at a time, and never a common one."""

from __future__ import annotations

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH, MAX_LENGTH = 12, 128
# 46 MiB, one pass, one lane: from OWASP's list; about 60 ms here. Two at once stay under 100 MiB.
_hasher = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)
_two_at_once = BoundedSemaphore(2)


@cache
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])


def weakness(password: str, *own_words: str) -> str | None:
    """Why a password is refused: `too_short`, `too_long`, `common`, or None. `own_words`: name, e-mail."""
    if len(password) < MIN_LENGTH:
        return "too_short"
    if len(password) > MAX_LENGTH:
        return "too_long"
    lower = password.lower()
    stem = lower.strip("0123456789!?.@#$ ")
    own = {word.lower() for word in own_words if word}
    if lower in _common() or stem in _common() or lower in own or len(set(lower)) < 5:
        return "common"
    return None


def is_old(stored: str | None) -> bool:
    """Whether a hash was made with other settings than today's."""
    return stored is not None and _hasher.check_needs_rehash(stored)


def hashed(password: str) -> str:
    with _two_at_once:
        return _hasher.hash(password)


@cache
def _dummy() -> str:
    return _hasher.hash("nobody has this password")


def matches(stored: str | None, password: str) -> bool:
    """Whether this is the password. An unknown account costs the same time as a known one."""
    with _two_at_once:
        try:
            return _hasher.verify(stored or _dummy(), password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False
