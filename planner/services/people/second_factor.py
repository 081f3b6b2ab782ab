"""The second step at sign-in: codes of an app (TOTP), and what a coach has of it all.

A code counts once, also when two browsers send it at the same moment: its step of time is written down in one UPDATE
that only goes forward.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

import pyotp
from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from planner.models import Account, Passkey, Practice, RecoveryCode, Scope, SignIn
from planner.services.people import letters, recovery
from planner.services.privacy import audit
from planner.services.store import NotFound, SignedIn, Store
from planner.services.vault import CannotOpen, Place

STEP_S = 30
ISSUER = "Stap voor stap"
IS_ON = or_(
    Account.totp_sealed.is_not(None), exists(select(Passkey.id).where(Passkey.coach_id == Account.coach_id))
)
"""Whether an account has a second step."""
_SIX_DIGITS = re.compile("[0-9]{6}")


class OfferGone(Exception):
    """The key that was offered is not one of ours."""


@dataclass(frozen=True, slots=True)
class State:
    """What a coach has."""

    totp: bool
    passkeys: int
    codes_left: int

    @property
    def on(self) -> bool:
        return self.totp or self.passkeys > 0


@dataclass(frozen=True, slots=True)
class Offer:
    """A key for an app, not kept anywhere before a code proves that the app has it. `sealed`: the same, to travel
    along in the form."""

    key: str
    sealed: str

    @property
    def groups(self) -> list[str]:
        """The key as one types it over."""
        return [self.key[start : start + 4] for start in range(0, len(self.key), 4)]

    def address(self, email: str) -> str:
        """What the QR code says."""
        return pyotp.TOTP(self.key).provisioning_uri(name=email, issuer_name=ISSUER)


def state_of(store: Store, coach: SignedIn) -> State:
    with store.db.unowned() as connection:
        return State(
            connection.execute(
                select(Account.coach_id).where(Account.coach_id == coach.id, Account.totp_sealed.is_not(None))
            ).first()
            is not None,
            connection.execute(
                select(func.count()).select_from(Passkey).where(Passkey.coach_id == coach.id)
            ).scalar_one(),
            connection.execute(
                select(func.count()).select_from(RecoveryCode).where(RecoveryCode.coach_id == coach.id)
            ).scalar_one(),
        )


def offer(store: Store, coach: SignedIn) -> Offer:
    """A fresh key of 160 bits."""
    key = pyotp.random_base32()
    with store.db.reading(coach.scope) as session:
        return Offer(key, store.vault.seal(_key_of(session, coach.scope), _offered(coach), key).hex())


def offered(store: Store, coach: SignedIn, sealed: str) -> Offer:
    """The key that was offered before. Raises OfferGone."""
    try:
        blob = bytes.fromhex(sealed)
        with store.db.reading(coach.scope) as session:
            return Offer(store.vault.open(_key_of(session, coach.scope), _offered(coach), blob, str), sealed)
    except (ValueError, CannotOpen) as error:
        raise OfferGone from error


def _offered(coach: SignedIn) -> Place:
    return Place("account", "totp offered", coach.id, coach.owner_id)


def _kept(scope: Scope) -> Place:
    assert scope.coach_id is not None and scope.owner_id is not None
    return Place("account", "totp_sealed", scope.coach_id, scope.owner_id)


def _key_of(session: Session, scope: Scope) -> bytes:
    found = session.scalar(select(Practice.wrapped_key).where(Practice.id == scope.owner_id))
    if found is None:
        raise NotFound
    return found


def turn_on_in(
    store: Store, session: Session, coach: SignedIn, taken: Offer, code: str, now: datetime
) -> bool:
    """Keep the key, if this code proves that the app has it; the code is used then. Gives whether it did."""
    step = next(iter(_steps(taken.key, _tidy(code), now)), None)
    if step is None:
        return False
    sealed = store.vault.seal(_key_of(session, coach.scope), _kept(coach.scope), taken.key)
    session.execute(
        update(Account).where(Account.coach_id == coach.id).values(totp_sealed=sealed, totp_step=step)
    )
    audit.security(session, coach.id, "totp", "created")
    return True


def turn_off_in(session: Session, coach_id: int) -> None:
    """Codes of the app do not count any more."""
    session.execute(
        update(Account).where(Account.coach_id == coach_id).values(totp_sealed=None, totp_step=None)
    )
    audit.security(session, coach_id, "totp", "removed")


def drop_everything(store: Store, coach: SignedIn, now: datetime) -> None:
    """For who lost it all: no second step any more, and nobody stays signed in. Only from the command line."""
    scope = Scope(coach.owner_id, coach.id, "cli")
    with store.db.transaction(scope, now) as session:
        turn_off_in(session, coach.id)
        for table in (Passkey, RecoveryCode, SignIn):
            session.execute(delete(table).where(table.coach_id == coach.id))
        letters.put_in(store, session, (coach.owner_id, coach.id), "second_step", now)
        audit.security(session, coach.id, "passkey", "removed")


def spend(store: Store, scope: Scope, code: str, now: datetime) -> bool:
    """Whether this is a code of the app or a recovery code that still counts; it does not any more then."""
    return burn(store, scope, code, now) or recovery.spend(store, scope, code, now)


def burn(store: Store, scope: Scope, code: str, now: datetime) -> bool:
    """The same for codes of the app only."""
    text = _tidy(code)
    if not _SIX_DIGITS.fullmatch(text):
        return False
    key = _secret(store, scope)
    return key is not None and any(_burn_step(store, scope, step) for step in _steps(key, text, now))


def _tidy(code: str) -> str:
    return re.sub(r"\s", "", code)


def _secret(store: Store, scope: Scope) -> str | None:
    with store.db.reading(scope) as session:
        sealed = session.scalar(select(Account.totp_sealed).where(Account.coach_id == scope.coach_id))
        return store.vault.open(_key_of(session, scope), _kept(scope), sealed, str) if sealed else None


def _steps(key: str, code: str, now: datetime) -> list[int]:
    """The steps around now of which this is the code: a clock may be half a minute off."""
    app, at = pyotp.TOTP(key), int(now.timestamp()) // STEP_S
    return [
        one for one in (at - 1, at, at + 1) if compare_digest(app.generate_otp(one).encode(), code.encode())
    ]


def _burn_step(store: Store, scope: Scope, step: int) -> bool:
    with store.db.unowned_write() as connection:
        done: CursorResult[tuple[()]] = connection.execute(
            update(Account)
            .where(
                Account.coach_id == scope.coach_id,
                Account.totp_sealed.is_not(None),
                or_(Account.totp_step.is_(None), Account.totp_step < step),
            )
            .values(totp_step=step)
        )
        return done.rowcount == 1
