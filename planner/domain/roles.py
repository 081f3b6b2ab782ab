"""Who is who in a practice.

A coach has clients; the lead is a coach who also looks after the practice and its people; the office plans for the
coaches, and sees nothing of what is written about a client.
"""

from __future__ import annotations

COACH, LEAD, OFFICE = "coach", "lead", "office"
ROLES = (COACH, LEAD, OFFICE)
LAST_LEAD, HAS_CLIENTS, ONESELF = "last_lead", "has_clients", "oneself"
"""Why something about a colleague cannot be."""
NOT_POSSIBLE = (LAST_LEAD, HAS_CLIENTS, ONESELF)


def why_not_role(new: str, *, old: str, other_leads: int, clients: int) -> str | None:
    """Why a colleague cannot have this role now; None when they can."""
    if old == LEAD and new != LEAD and not other_leads:
        return LAST_LEAD
    return HAS_CLIENTS if new == OFFICE and clients else None


def why_not_closed(role: str, *, other_leads: int, clients: int, oneself: bool) -> str | None:
    """Why an account cannot be closed now; None when it can."""
    if role == LEAD and not other_leads:
        return LAST_LEAD
    if oneself:
        return ONESELF
    return HAS_CLIENTS if clients else None
