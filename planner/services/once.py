"""What a form leads to is remembered by its deed and its content: the id of one form says nothing about another."""

from __future__ import annotations

from hashlib import blake2b

from planner.services.store import Store


def digest_of(store: Store, *parts: object) -> str:
    """Tells contents apart without keeping any of them; 32 letters."""
    known = blake2b()
    for part in parts:
        said = part if isinstance(part, bytes) else repr(part).encode()
        known.update(len(said).to_bytes(8) + said)
    return store.vault.lookup_digest("form", known.hexdigest()).hex()[:32]


def key_of(store: Store, deed: str, form_id: str | None, *content: object) -> str | None:
    """Under what a deed of this form is remembered (store.remember_form). `content`: what makes it another deed."""
    return f"{deed} {digest_of(store, form_id, *content)}" if form_id else None
