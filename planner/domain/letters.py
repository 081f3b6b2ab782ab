"""Letters to a coach about their own account, as codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

RESET, INVITATION, NEW_ADDRESS = "reset", "invitation", "new_address"
WITH_LINK = (RESET, INVITATION, NEW_ADDRESS)
"""Those that bring a link, which works once."""
NOTICES = (
    "new_device", "password", "second_step", "email_asked", "email_changed", "exported", "erased", "keys", "new_keys",
)  # fmt: skip
"""Those that tell what happened, in case it was somebody else."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What one says. `at`: when it happened. `until`: when it leaves no more, nor works its link. `link`: empty for a
    notice."""

    kind: str
    language: str
    at: datetime
    until: datetime
    link: str = ""
