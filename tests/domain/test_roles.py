"""What can be about a colleague, and what cannot."""

from __future__ import annotations

import pytest

from planner.domain.roles import (
    COACH,
    HAS_CLIENTS,
    LAST_LEAD,
    LEAD,
    NOT_POSSIBLE,
    OFFICE,
    ONESELF,
    why_not_closed,
    why_not_role,
)


@pytest.mark.parametrize(
    ("old", "new", "other_leads", "clients", "why"),
    [
        (LEAD, COACH, 0, 3, LAST_LEAD),
        (LEAD, OFFICE, 0, 3, LAST_LEAD),
        (LEAD, LEAD, 0, 3, None),
        (LEAD, COACH, 1, 3, None),
        (LEAD, OFFICE, 1, 3, HAS_CLIENTS),
        (COACH, OFFICE, 1, 1, HAS_CLIENTS),
        (COACH, OFFICE, 1, 0, None),
        (COACH, LEAD, 1, 3, None),
        (OFFICE, COACH, 1, 0, None),
    ],
)
def test_a_role(old: str, new: str, other_leads: int, clients: int, why: str | None) -> None:
    assert why_not_role(new, old=old, other_leads=other_leads, clients=clients) == why


@pytest.mark.parametrize(
    ("role", "other_leads", "clients", "oneself", "why"),
    [
        (LEAD, 0, 0, True, LAST_LEAD),
        (LEAD, 1, 0, True, ONESELF),
        (LEAD, 1, 0, False, None),
        (COACH, 1, 1, False, HAS_CLIENTS),
        (COACH, 1, 0, False, None),
        (OFFICE, 1, 0, False, None),
    ],
)
def test_closing(role: str, other_leads: int, clients: int, oneself: bool, why: str | None) -> None:
    assert why_not_closed(role, other_leads=other_leads, clients=clients, oneself=oneself) == why
    assert why is None or why in NOT_POSSIBLE
