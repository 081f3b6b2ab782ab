"""What the copies of both kinds of database share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NOT_PUT_BACK = ("sign_in", "setup_key", "reset_key", "reset_request", "used_challenge", "throttle")
"""Who was signed in when the copy was made is not signed in again: a sign-out after it would be undone."""


class BackupRefused(Exception):
    """One clear line for the person at the keyboard."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is in a database. `wrapped_keys`: practice id and its key, to try ours on."""

    revision: str
    rows: Mapping[str, int]
    wrapped_keys: tuple[tuple[int, bytes], ...] = field(default=(), repr=False)
