"""The card with a client's link, to print and hand over: what may stand on paper that others may find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from planner.services import fixed_texts
from planner.services.clients import clients, sharing
from planner.services.fixed_texts import EmergencyCard
from planner.services.store import SignedIn, Store, client_gate


@dataclass(frozen=True, slots=True)
class LinkCard:
    """`path`: of the link; None without one that opens. `language` and `emergency` are the client's."""

    first_name: str
    show_first_name: bool
    language: str
    path: str | None
    reached_at: str
    emergency: EmergencyCard


def card(store: Store, coach: SignedIn, client_id: int, now: datetime) -> LinkCard:
    """Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        client = clients.open_client(store, session, client_id)
        link = sharing.state(store, session, client_gate(session, client_id), now).link
    return LinkCard(
        client.name.first_name,
        client.show_first_name,
        client.language,
        link.path if link else None,
        coach.reached_at,
        fixed_texts.emergency_card(client.language),
    )
