"""Sealing and opening of everything personal.

One key per client (and one per practice), wrapped with the data key; AES-256-GCM with a random nonce; the place (table,
column, row, subject) is bound in, so that a sealed text moved elsewhere does not open. Stored shape: one version byte,
12 bytes of nonce, the sealed bytes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"\x01"
NONCE_BYTES = 12
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
    """`data_key`: the 32 bytes that wrap every subject's key."""

    def __init__(self, data_key: bytes) -> None:
        self._kek = AESGCM(data_key)
        self._lookup_key = _derived(data_key, b"look-up digests")
        self._link_key = _derived(data_key, b"links of clients")
        self.audit_key = _derived(data_key, b"audit chain")
        self._cipher = lru_cache(maxsize=4096)(self._unwrap)

    def new_key(self, subject_id: int) -> bytes:
        """A fresh key for a subject, wrapped for storage."""
        return _encrypt(self._kek, secrets.token_bytes(32), b"key:%d" % subject_id)

    def _unwrap(self, wrapped: bytes, subject_id: int) -> AESGCM:
        return AESGCM(_decrypt(self._kek, wrapped, b"key:%d" % subject_id))

    def try_key(self, wrapped: bytes, subject_id: int) -> None:
        """Raises CannotOpen when this wrapped key is not ours."""
        self._cipher(wrapped, subject_id)

    def seal(self, wrapped: bytes, place: Place, value: Any) -> bytes:
        """Seal a frozen value (anything msgspec writes as JSON)."""
        return _encrypt(self._cipher(wrapped, place.subject_id), msgspec.json.encode(value), place.bound())

    def open(self, wrapped: bytes, place: Place, sealed: bytes, kind: type[T]) -> T:
        """Open what `seal` made. Raises CannotOpen."""
        data = _decrypt(self._cipher(wrapped, place.subject_id), sealed, place.bound())
        return msgspec.json.decode(data, type=kind)

    def lookup_digest(self, purpose: str, text: str) -> bytes:
        """A keyed digest to find something by without storing it in clear, such as an e-mail address."""
        return hmac.digest(self._lookup_key, f"{purpose}:{text}".encode(), hashlib.sha256)

    def link_secret(self, link_id: int, kind: str, generation: int) -> bytes:
        """The secret of a link or a feed (decision 8): made again whenever it must be shown."""
        return hmac.digest(self._link_key, f"{kind}:{link_id}:{generation}".encode(), hashlib.sha256)


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
