"""The vault, and two others to compare it with: one that seals nothing, and one by Fernet. Only for measuring."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planner.services.vault import Vault


class _Clear:
    """In the place of a cipher; leaves everything readable."""

    def encrypt(self, _nonce: bytes, data: bytes, _bound: bytes) -> bytes:
        return data

    def decrypt(self, _nonce: bytes, data: bytes, _bound: bytes) -> bytes:
        return data


class _Fernet:
    def __init__(self, key: bytes) -> None:
        from cryptography.fernet import Fernet

        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def encrypt(self, _nonce: bytes, data: bytes, _bound: bytes) -> bytes:
        return self._fernet.encrypt(data)

    def decrypt(self, _nonce: bytes, data: bytes, _bound: bytes) -> bytes:
        return self._fernet.decrypt(data)


def vault(seals: str = "") -> Vault:
    """The real one; `clear` and `fernet` seal in their own way under the same keys."""
    from bench.sets import DATA_KEY
    from planner.services.vault import Vault

    class Other(Vault):
        def _unwrap(self, wrapped: bytes, subject_id: int) -> Any:
            return _Clear() if seals == "clear" else _Fernet(self._opened(wrapped, subject_id))

    return Other(DATA_KEY) if seals else Vault(DATA_KEY)
