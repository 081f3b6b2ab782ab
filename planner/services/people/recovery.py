"""Recovery codes: ten on paper, each opens the second step once. Made again, the old ones are gone."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from planner.models import RecoveryCode, Scope
from planner.services.privacy import audit
from planner.services.store import Store

HOW_MANY = 10
FEW = 3
SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Five bits each; none that reads as another."""
LENGTH = 24  # 120 bits: nobody guesses it, so a plain digest keeps it well
GROUP = 4
_ALIKE = str.maketrans("ilo", "110")


def make_in(store: Store, session: Session, coach_id: int) -> tuple[str, ...]:
    """Ten new codes, as they are written down; older ones do not count any more."""
    codes = [_code() for _number in range(HOW_MANY)]
    session.execute(delete(RecoveryCode).where(RecoveryCode.coach_id == coach_id))
    for code in codes:
        session.add(RecoveryCode(digest=_digest(store, coach_id, code), coach_id=coach_id))
    audit.security(session, coach_id, "recovery_code", "created")
    return tuple("-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP)) for code in codes)


def forget_in(session: Session, coach_id: int) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.coach_id == coach_id))


def spend(store: Store, scope: Scope, code: str, now: datetime) -> bool:
    """Whether this is one of the coach's codes; it is gone then."""
    text = re.sub(r"[\s-]", "", code).lower().translate(_ALIKE)
    if scope.coach_id is None or len(text) != LENGTH:
        return False
    found = _digest(store, scope.coach_id, text)
    with store.db.transaction(scope, now) as session:
        used = session.execute(
            delete(RecoveryCode).where(RecoveryCode.digest == found, RecoveryCode.coach_id == scope.coach_id)
        )
        if used.rowcount != 1:  # type: ignore[attr-defined]
            return False
        audit.security(session, scope.coach_id, "recovery_code", "used")
    return True


def _code() -> str:
    return "".join(secrets.choice(SIGNS) for _number in range(LENGTH))


def _digest(store: Store, coach_id: int, code: str) -> bytes:
    return store.vault.lookup_digest("recovery code", f"{coach_id}:{code}")
