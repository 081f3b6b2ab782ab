"""Sealing and opening of everything personal.

One key per client (and one per practice), wrapped with the data key; AES-256-GCM with a random nonce; the place (table,
column, row, subject) is bound in, so that a sealed text moved elsewhere does not open. Stored shape: one version byte,
12 bytes of nonce, the sealed bytes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from planner.key_settings import KEY_BYTES, data_keys_in

if TYPE_CHECKING:
    from planner.settings import Settings

VERSION = b"\x01"
NONCE_BYTES = 12
Again = Callable[[], tuple[bytes, bytes] | None]
T = TypeVar("T")


class CannotOpen(Exception):
    """The key or the place is not the one this was sealed with, or the bytes were changed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed text lives. `subject_id`: the client or practice whose key it is under."""

    table: str
    column: str
    row_id: int
    subject_id: int

    def bound(self) -> bytes:
        return f"{self.table}|{self.column}|{self.row_id}|{self.subject_id}".encode()


class Vault:
    """`data_key`: the key that wraps every subject's key, as planner.key_settings keeps it; without one nothing opens.
    `old_key`: the one of before, which still opens. `again`: reads both anew, for when they were changed while we
    run."""

    def __init__(self, data_key: bytes, old_key: bytes = b"", again: Again | None = None) -> None:
        self._keks, self._again = _keks(data_key, old_key), again
        first = data_key[-KEY_BYTES:]
        self._lookup_key = _derived(first, b"look-up digests")
        self._link_key = _derived(first, b"links of clients")
        self._secrets_key = _derived(first, b"secrets of the planner")
        self.audit_key = _derived(first, b"audit chain") if data_key else b""
        self._cipher = lru_cache(maxsize=4096)(self._unwrap)

    def new_key(self, subject_id: int) -> bytes:
        """A fresh key for a subject, wrapped for storage."""
        return self._wrap(secrets.token_bytes(KEY_BYTES), subject_id)

    def _wrap(self, key: bytes, subject_id: int) -> bytes:
        if not self._keks:
            raise CannotOpen
        return _encrypt(self._keks[0], key, b"key:%d" % subject_id)

    def wrapped_anew(self, wrapped: bytes, subject_id: int) -> bytes | None:
        """The same key under the newest data key; None when it is already. Raises CannotOpen."""
        for newest in self._keks[:1]:
            with suppress(CannotOpen):
                _decrypt(newest, wrapped, b"key:%d" % subject_id)
                return None
        return self._wrap(self._opened(wrapped, subject_id), subject_id)

    def _unwrap(self, wrapped: bytes, subject_id: int) -> AESGCM:
        try:
            return AESGCM(self._opened(wrapped, subject_id))
        except CannotOpen:
            keys = self._again() if self._again else None
            if keys is None:
                raise
            self._keks = _keks(*keys)
            return AESGCM(self._opened(wrapped, subject_id))

    def _opened(self, wrapped: bytes, subject_id: int) -> bytes:
        for kek in self._keks:
            with suppress(CannotOpen):
                return _decrypt(kek, wrapped, b"key:%d" % subject_id)
        raise CannotOpen

    def seal_secret(self, purpose: str, secret: bytes) -> bytes:
        """A secret of the planner itself, for who has the data key; bound to what it is for."""
        return _encrypt(AESGCM(self._secrets_key), secret, purpose.encode())

    def open_secret(self, purpose: str, sealed: bytes) -> bytes:
        """What `seal_secret` made. Raises CannotOpen."""
        return _decrypt(AESGCM(self._secrets_key), sealed, purpose.encode())

    def try_key(self, wrapped: bytes, subject_id: int) -> None:
        """Raises CannotOpen when this wrapped key is not ours."""
        self._cipher(wrapped, subject_id)

    def seal(self, wrapped: bytes, place: Place, value: Any) -> bytes:
        """Seal a frozen value (anything msgspec writes as JSON)."""
        return _encrypt(self._cipher(wrapped, place.subject_id), msgspec.json.encode(value), place.bound())

    def open(self, wrapped: bytes, place: Place, sealed: bytes, kind: type[T]) -> T:
        """Open what `seal` made. Raises CannotOpen."""
        data = _decrypt(self._cipher(wrapped, place.subject_id), sealed, place.bound())
        found: T = _reader(kind).decode(data)
        return found

    def lookup_digest(self, purpose: str, text: str) -> bytes:
        """A keyed digest to find something by without storing it in clear, such as an e-mail address."""
        return hmac.digest(self._lookup_key, f"{purpose}:{text}".encode(), hashlib.sha256)

    def link_secret(self, link_id: int, kind: str, generation: int) -> bytes:
        """The secret of a link or a feed (decision 8): made again whenever it must be shown."""
        return hmac.digest(self._link_key, f"{kind}:{link_id}:{generation}".encode(), hashlib.sha256)


_readers: dict[Any, msgspec.json.Decoder[Any]] = {}
_one_at_a_time = Lock()


def _reader(kind: type[T]) -> msgspec.json.Decoder[Any]:
    """What reads this kind of value, made once. One at a time: msgspec lets other threads see what it is still finding
    out about a class, and a thread that reads by that ends the whole process."""
    if (found := _readers.get(kind)) is None:
        with _one_at_a_time:
            found = _readers.setdefault(kind, msgspec.json.Decoder(kind))
    return found


def vault_of(settings: Settings) -> Vault:
    """With the keys of the settings; where they lie in files, it notices when those change."""
    again = partial(data_keys_in, settings.instance) if settings.keys_in_files else None
    return Vault(settings.data_key, settings.old_data_key, again)


def _keks(data_key: bytes, old_key: bytes = b"") -> tuple[AESGCM, ...]:
    return tuple(AESGCM(key[:KEY_BYTES]) for key in (data_key, old_key) if key)


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"stap-voor-stap " + purpose).derive(key)


def _encrypt(cipher: AESGCM, data: bytes, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return VERSION + nonce + cipher.encrypt(nonce, data, bound)


def _decrypt(cipher: AESGCM, blob: bytes, bound: bytes) -> bytes:
    if blob[:1] != VERSION:
        raise CannotOpen
    try:
        return cipher.decrypt(blob[1 : 1 + NONCE_BYTES], blob[1 + NONCE_BYTES :], bound)
    except (InvalidTag, ValueError) as error:  # ValueError: cut off in the nonce
        raise CannotOpen from error
