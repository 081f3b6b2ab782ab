"""What making and putting back a copy share, on both kinds of database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PRODUCT, FORMAT = "stap-voor-stap", 2
IN_CLEAR = 1
"""The format of before copies were encrypted."""
NOT_PUT_BACK = (
    "sign_in",
    "setup_key",
    "reset_key",
    "reset_request",
    "coach_letter",
    "email_change",
    "used_challenge",
    "throttle",
    "backup_run",
)
"""Who was signed in when the copy was made is not signed in again: a sign-out after it would be undone. And which
copies there were says nothing about the place where it is put back."""
NEWEST_SEGMENT = "SELECT last_seq, head FROM audit_segment ORDER BY first_seq DESC LIMIT 1"
NOT_OURS = "Dit bestand is geen kopie van Stap voor stap."
DAMAGED = "Deze kopie is beschadigd. Neem een andere kopie. Er is niets veranderd."
NEWER = "Deze kopie is van een nieuwere versie van het programma. Werk het programma eerst bij."


class BackupRefused(Exception):
    """One clear line for the person at the keyboard."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is in a database. `wrapped_keys`: practice id and its key, to try ours on. `audit_seq`, `audit_head`: how
    far the log goes, and its last digest."""

    revision: str
    rows: Mapping[str, int]
    wrapped_keys: tuple[tuple[int, bytes], ...] = field(default=(), repr=False)
    audit_seq: int = 0
    audit_head: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the copy holds; the only part of it in clear, so it has nothing of anybody. `data_key` is a fingerprint: it
    tells which key is needed, never the key. `payload_*`: of the database before it was packed and encrypted.
    `recipient`: the age key it was encrypted for, besides one of its own; that one stands sealed in `opens_with` when
    whoever has the data key may open the copy. `seal` shows that whoever made it had that key: a copy lies in other
    places than the keys, and what somebody put into it (a coach with a password of their own, say) would otherwise be
    put back with the rest."""

    product: str
    format: int
    made_at: str
    database: str
    revision: str
    rows: Mapping[str, int]
    data_key: str
    payload_bytes: int
    payload_sha256: str
    recipient: str = ""
    opens_with: str = ""
    audit_seq: int = 0
    audit_head: str = ""
    seal: str = ""
