"""Signing in and out: browsers that are signed in, in the database, so that a copied cookie dies with the row.

A wrong address, a wrong password, a wrong code sent along and an account that is closed get the same answer after the
same work: one password is hashed, whatever is known.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from planner.models import Account, Scope, SignIn
from planner.services.people import coaches, letters, passwords, second_factor, throttle
from planner.services.privacy import audit
from planner.services.store import NotFound, SignedIn, Store

IDLE = timedelta(hours=8)  # a coach is outdoors all day
ABSOLUTE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)
STRONG_FOR = timedelta(minutes=10)
"""So long after a password, code or passkey the planner does not ask again."""
HALF_LIFE = timedelta(minutes=10)
"""So long the code may come after the password."""
CODES = "throttle codes"


class Wrong(Exception):
    """It does not belong together. `scope` and `code`: whose account was tried, and the code that came along; for
    `note_failure`, not for the answer."""

    def __init__(self, scope: Scope | None = None, code: str = "") -> None:
        super().__init__()
        self.scope, self.code = scope, code


@dataclass(frozen=True, slots=True)
class Half:
    """The password was right, the second step is still to come. `mark` ties it to that password."""

    coach_id: int
    owner_id: int
    at_s: int
    mark: str


class SecondStep(Exception):
    """The password is right; now the code."""

    def __init__(self, half: Half) -> None:
        super().__init__()
        self.half = half


class Found(NamedTuple):
    """Who is behind a cookie. `due`: its last-seen is to be written. `second`: there is a second step."""

    coach: SignedIn
    due: bool
    strong_at: datetime | None
    second: bool

    def is_strong(self, now: datetime) -> bool:
        """Whether a password, code or passkey was given lately."""
        return self.strong_at is not None and now - self.strong_at <= STRONG_FOR


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a try comes from. `known`: the mark of a device that signed in to this account before. `agent`: what
    kind of device, for the list."""

    network: str
    known: str = ""
    agent: str = ""


class _Account(NamedTuple):
    coach_id: int
    owner_id: int
    password_hash: str | None
    disabled_at: datetime | None
    second: bool

    @property
    def scope(self) -> Scope:
        return Scope(self.owner_id, self.coach_id, "coach", self.coach_id)


_WHO = (
    select(
        SignIn.coach_id,
        SignIn.owner_id,
        SignIn.seen_at,
        SignIn.expires_at,
        SignIn.strong_at,
        second_factor.IS_ON,
    )
    .join(Account, Account.coach_id == SignIn.coach_id)
    .where(SignIn.token_digest == bindparam("digest"), Account.disabled_at.is_(None))
)
_columns = (
    Account.coach_id, Account.owner_id, Account.password_hash, Account.disabled_at, second_factor.IS_ON,
)  # fmt: skip


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def clean_email(email: str) -> str:
    return email.strip().lower()


def sign_in(
    store: Store,
    email: str,
    password: str,
    network: str,
    now: datetime,
    *,
    code: str = "",
    known: str = "",
    agent: str = "",
) -> str:
    """A token for the cookie. Raises Wrong, SecondStep when a code is still to come, or throttle.TooManyTries. `known`
    and `agent`: as in Origin."""
    email = clean_email(email)
    keys = throttle.keys(store, email, network, known=known)
    code_keys = throttle.keys(store, email, network, CODES, known)
    throttle.check(store, keys | {"code": code_keys["pair"]} if code else keys, now)
    with store.db.unowned() as connection:
        where = Account.email_digest == store.vault.lookup_digest("account", email)
        row = connection.execute(select(*_columns).where(where)).first()
    account = _Account(*row) if row else None
    right = passwords.matches(account.password_hash if account else None, password)
    if account is None or not right or account.disabled_at is not None:
        throttle.failed(store, keys, now)
        raise Wrong(account.scope if account else None, code)
    throttle.forget(store, keys)
    _keep_hash_new(store, account, password)
    if account.second and not code:
        raise SecondStep(
            Half(account.coach_id, account.owner_id, int(now.timestamp()), _mark(store, account))
        )
    if account.second:
        _spend(store, account.scope, code_keys, code, now)
    return begin(store, account.scope, now, agent, is_new=not known)


def note_failure(store: Store, wrong: Wrong, now: datetime) -> None:
    """For after the answer, so that its time tells nothing: the audit row, and a code that was right counts as used
    although the password was not."""
    if wrong.scope is None:
        return
    if wrong.code:
        second_factor.burn(store, wrong.scope, wrong.code, now)
    audit.failed(store, wrong.scope, "sign_in", now)


def enter_code(store: Store, half: Half, code: str, origin: Origin, now: datetime) -> str:
    """The second step. Raises Wrong, NotFound when the first one counts no more, or throttle.TooManyTries."""
    account = _account_of(store, half, now)
    email = coaches.by_id(store, account.owner_id, account.coach_id).email
    keys = throttle.keys(store, email, origin.network, CODES, origin.known)
    throttle.check(store, keys, now)
    _spend(store, account.scope, keys, code, now)
    return begin(store, account.scope, now, origin.agent, is_new=not origin.known)


def _spend(store: Store, scope: Scope, keys: dict[str, bytes], code: str, now: datetime) -> None:
    if not second_factor.spend(store, scope, code, now):
        throttle.failed(store, keys, now)
        raise Wrong(scope)
    throttle.forget(store, keys)


def email_of(store: Store, half: Half, now: datetime) -> str:
    """Whose first step it was. Raises NotFound when it counts no more."""
    account = _account_of(store, half, now)
    return coaches.by_id(store, account.owner_id, account.coach_id).email


def _account_of(store: Store, half: Half, now: datetime) -> _Account:
    with store.db.unowned() as connection:
        row = connection.execute(select(*_columns).where(Account.coach_id == half.coach_id)).first()
    account = _Account(*row) if row else None
    age_s = now.timestamp() - half.at_s
    if account is None or account.disabled_at is not None or not 0 <= age_s + 1 <= HALF_LIFE.total_seconds():
        raise NotFound
    if half.owner_id != account.owner_id or not secrets.compare_digest(half.mark, _mark(store, account)):
        raise NotFound
    return account


def _mark(store: Store, account: _Account) -> str:
    return store.vault.lookup_digest("half", f"{account.coach_id}:{account.password_hash}").hex()[:32]


def _keep_hash_new(store: Store, account: _Account, password: str) -> None:
    """A hash made with older settings is made again, now that the password is here."""
    if passwords.is_old(account.password_hash):
        password_hash = passwords.hashed(password)
        with store.db.unowned_write() as connection:
            same = (Account.coach_id == account.coach_id, Account.password_hash == account.password_hash)
            connection.execute(update(Account).where(*same).values(password_hash=password_hash))


def begin(store: Store, scope: Scope, now: datetime, agent: str = "", *, is_new: bool = False) -> str:
    """A browser of this coach that is signed in from now on; gives its token. `is_new`: on a device that this account
    does not know, and the coach is told by mail."""
    token = secrets.token_urlsafe(32)
    with store.db.transaction(scope, now) as session:
        session.add(
            SignIn(
                token_digest=digest(token),
                coach_id=scope.coach_id,
                owner_id=scope.owner_id,
                created_at=now,
                seen_at=now,
                expires_at=now + ABSOLUTE,
                strong_at=now,
                agent=agent or None,
            )
        )
        if is_new and scope.owner_id and scope.coach_id:
            letters.put_in(store, session, (scope.owner_id, scope.coach_id), "new_device", now)
        audit.security(session, scope.coach_id or 0, "sign_in", "created")
    return token


def who(store: Store, token: str, now: datetime) -> Found | None:
    """The coach behind a cookie's token; None when it no longer counts."""
    with store.db.unowned() as connection:
        row = connection.execute(_WHO, {"digest": digest(token)}).first()
    if row is None or row.expires_at <= now or row.seen_at + IDLE <= now:
        return None
    coach = coaches.by_id(store, row.owner_id, row.coach_id, now)
    return Found(coach, now - row.seen_at >= SEEN_EVERY, row.strong_at, bool(row[5]))


def seen(store: Store, token: str, now: datetime) -> None:
    """Note that the browser was here. An update only: a row that was ended is never made again."""
    with store.db.unowned_write() as connection:
        connection.execute(update(SignIn).where(SignIn.token_digest == digest(token)).values(seen_at=now))


def sign_out(store: Store, token: str) -> None:
    with store.db.unowned_write() as connection:
        connection.execute(delete(SignIn).where(SignIn.token_digest == digest(token)))


def renew_in(session: Session, token: str, now: datetime) -> str:
    """Another token for the same browser, which has just proven itself; its week goes on. Raises NotFound when it was
    ended meanwhile."""
    new = secrets.token_urlsafe(32)
    row = session.get(SignIn, digest(token))
    if row is None:
        raise NotFound
    values = {"token_digest": digest(new), "strong_at": now}
    session.execute(update(SignIn).where(SignIn.token_digest == row.token_digest).values(**values))
    return new


def renew_alone_in(session: Session, coach: SignedIn, token: str, now: datetime) -> str:
    """The same, and every other browser of this coach is signed out."""
    new = renew_in(session, token, now)
    session.execute(delete(SignIn).where(SignIn.coach_id == coach.id, SignIn.token_digest != digest(new)))
    return new
