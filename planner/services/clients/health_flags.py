"""What clients asked to take into account, for lists: opened only under a consent that stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from planner.domain.clients import HEALTH
from planner.models import Client, Consent
from planner.services.clients import consent_rows
from planner.services.store import Store
from planner.services.vault import Place


@dataclass(frozen=True, slots=True)
class _Flags:
    """The one part of domain.clients.HealthDetails that is needed here."""

    health_flags: tuple[str, ...] = ()


_CONSENTED = (
    select(Client.id, Client.wrapped_key, Client.health_sealed)
    .join(Consent, consent_rows.of_client(HEALTH))
    .where(Client.id.in_(bindparam("ids", expanding=True)), Client.health_sealed.is_not(None))
)


def of_clients(store: Store, session: Session, ids: Collection[int]) -> dict[int, frozenset[str]]:
    """The health flags of each of these clients; nothing without consent."""
    found = {}
    for row in session.execute(_CONSENTED, {"ids": list(ids)}):
        place = Place("client", "health_sealed", row.id, row.id)
        opened = store.vault.open(row.wrapped_key, place, row.health_sealed, _Flags)
        found[row.id] = frozenset(opened.health_flags)
    return found
