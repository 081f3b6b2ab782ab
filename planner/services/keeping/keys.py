"""The keys of the planner: on paper in a drawer, shown to fit, changed for new ones, put back.

Two keys belong in the drawer. The data key opens the clients' texts, and lies on this computer too. The key of the
backups is made for the sheet; once somebody showed that the sheet fits, it is only there, and copies are made for it:
what is copied at night cannot be read with what lies on this computer.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pyrage import IdentityError, x25519
from sqlalchemy import select, update

from planner import key_settings
from planner.domain import key_sheet
from planner.domain.key_sheet import Sheet
from planner.models import EVERYONE, Account, Client, KeyProof, Practice, Scope
from planner.services.people import letters
from planner.services.privacy import audit
from planner.services.store import SignedIn, Store
from planner.services.vault import CannotOpen, Vault, vault_of
from planner.settings import Settings

PENDING, ACTIVE = "backup.key", "backup.pub"
OLD_KEPT_S = 24 * 3600
"""Who still runs with the key of before has noticed by then."""
KIND = "data_key"
_BEGUN = select(Account.owner_id).where(Account.password_hash.is_not(None)).distinct().limit(2)


class KeysRefused(Exception):
    """One clear line for the person at the keyboard."""


class DoesNotFit(Exception):
    """The sheet is of other keys. `which`: data or backup."""

    def __init__(self, which: str) -> None:
        super().__init__(which)
        self.which = which


@dataclass(frozen=True, slots=True)
class State:
    """`verified_at`: when a sheet was shown to fit these keys. `for_drawer`: copies of the night open with the sheet
    alone. `sheet_made`: there is a key for it that was not shown to fit yet. `changing`: a change of keys is under
    way."""

    verified_at: datetime | None
    for_drawer: bool
    sheet_made: bool
    changing: bool


def fingerprint(data_key: bytes) -> str:
    """Tells two keys apart; of random bytes it gives nothing away."""
    return hashlib.sha256(b"stap-voor-stap data key " + data_key).hexdigest()[:32]


def current(settings: Settings) -> Settings:
    """With the data key as it is now: it may have been changed since this process began."""
    both = key_settings.data_keys_in(settings.instance) if settings.keys_in_files else None
    return replace(settings, data_key=both[0], old_data_key=both[1]) if both else settings


def state_of(store: Store, settings: Settings) -> State:
    settings = current(settings)
    with store.db.reading(EVERYONE) as session:
        proof = session.get(KeyProof, fingerprint(settings.data_key))
    return State(
        proof.at if proof else None,
        recipient(settings) is not None,
        (settings.instance / PENDING).exists(),
        (settings.instance / key_settings.OLD_FILE).exists(),
    )


def recipient(settings: Settings) -> str | None:
    """For whom copies of the night are made: the sheet that was shown to fit; None while there is none."""
    file = settings.instance / ACTIVE
    return file.read_text(encoding="ascii").strip() if file.exists() else None


def is_own(store: Store) -> bool:
    """Whether the keys are of one practice alone: then its coaches may see them. Where coaches of several sign in, they
    are with whoever runs the computer."""
    with store.db.unowned() as connection:
        return len(connection.execute(_BEGUN).all()) == 1


def make_sheet(store: Store, settings: Settings, who: SignedIn | None, now: datetime) -> Sheet:
    """What belongs in the drawer. Makes the backups' key when there is none that waits to be shown to fit."""
    file = settings.instance / PENDING
    if not file.exists():
        key_settings.write_private(file, str(x25519.Identity.generate()) + "\n")
    note(store, who, "exported", KIND, now)
    return sheet_of(settings)


def sheet_of(settings: Settings) -> Sheet:
    """The sheet as it can be made now: without the backups' key when that is in the drawer only."""
    try:
        backup = (settings.instance / PENDING).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        backup = ""
    return Sheet(current(settings).data_key, backup)


def verify(store: Store, settings: Settings, text: str, who: SignedIn | None, now: datetime) -> None:
    """Somebody typed or loaded the sheet: it fits. The day is kept; from now on copies are made for the backups' key
    on it, and that key is taken off this computer. Raises WrongLine, NoKey or DoesNotFit."""
    sheet, settings = key_sheet.read(text), current(settings)
    if not hmac.compare_digest(sheet.data, settings.data_key):
        raise DoesNotFit("data")
    pending, active = settings.instance / PENDING, recipient(settings)
    wanted = sheet_of(settings).backup or None
    expected = str(x25519.Identity.from_str(wanted).to_public()) if wanted else active
    if expected is not None and _public(sheet.backup) != expected:
        raise DoesNotFit("backup")
    with store.db.transaction(EVERYONE, now) as session:
        session.merge(KeyProof(fingerprint=fingerprint(settings.data_key), at=now))
    note(store, who, "used", KIND, now)
    if wanted and expected:
        key_settings.write_private(settings.instance / ACTIVE, expected + "\n")
        pending.unlink(missing_ok=True)  # the same form, sent twice


def _public(identity: str) -> str | None:
    try:
        return str(x25519.Identity.from_str(identity).to_public())
    except IdentityError:
        return None


TOLD = {("exported", KIND): "keys", ("changed", KIND): "new_keys"}
"""What everybody who leads a practice hears of, as a letter of this kind."""


def note(store: Store, who: SignedIn | None, action: str, kind: str, now: datetime) -> None:
    """In the log of each practice, as these are things of all. `who`: a coach; else a command did it."""
    with store.db.reading(EVERYONE) as session:
        owners = session.scalars(select(Practice.id)).all()
    for owner_id in owners:
        scope = who.scope if who and who.owner_id == owner_id else Scope(owner_id, actor="cli")
        with store.db.transaction(scope, now) as session:
            audit.deed(session, action, kind, owner_id)
            if (action, kind) in TOLD:
                letters.put_in_for_leads(store, session, owner_id, TOLD[action, kind], now)


# A change of keys


def rotate(store: Store, settings: Settings, now: datetime) -> int:
    """A new data key, and every key under it: gives how many. The key of before stays beside it until nothing is under
    it. Raises KeysRefused.

    Killed at any moment, one of the two files opens every text; `finish` does the rest.
    """
    if not settings.keys_in_files:
        raise KeysRefused(
            "De sleutels komen uit de omgeving. Zet daar zelf een nieuwe neer; docs/keys.md zegt hoe."
        )
    if (settings.instance / key_settings.OLD_FILE).exists():
        raise KeysRefused(
            "De vorige wissel is nog niet klaar. Dat gaat vanzelf, hooguit een dag na de wissel."
        )
    key_settings.replace_data_key(settings.instance, key_settings.renewed(current(settings).data_key))
    count = _wrap_all(store, _vault_now(settings), now)
    note(store, None, "changed", KIND, now)
    return count


def finish(store: Store, settings: Settings, now: datetime) -> None:
    """Go on with a change of keys that was broken off, or let go of the key of before when nothing is under it."""
    instance = settings.instance
    if not settings.keys_in_files:
        if settings.old_data_key:  # whoever set it takes it away
            _wrap_all(store, vault_of(settings), now)
        return
    if not (instance / key_settings.OLD_FILE).exists():
        return
    both = key_settings.data_keys_in(instance)
    if both is None:
        return
    broken_off_before_there_was_a_new_one = both[0] == both[1]
    if broken_off_before_there_was_a_new_one or _is_over(store, settings, now):
        key_settings.forget_old_key(instance)


def _is_over(store: Store, settings: Settings, now: datetime) -> bool:
    """Nothing is under the key of before, and that for a while."""
    age_s = time.time() - (settings.instance / key_settings.DATA_FILE).stat().st_mtime
    return not _wrap_all(store, _vault_now(settings), now) and age_s > OLD_KEPT_S


def _vault_now(settings: Settings) -> Vault:
    return vault_of(current(settings))


def _wrap_all(store: Store, vault: Vault, now: datetime) -> int:
    """Every key under the newest data key, in one transaction. No text changes, so no row of a client's log does."""
    count = 0
    with store.db.transaction(EVERYONE, now) as session:
        for table in (Practice, Client):
            for row_id, wrapped in session.execute(select(table.id, table.wrapped_key)).all():
                try:
                    anew = vault.wrapped_anew(wrapped, row_id)
                except CannotOpen:
                    count += 1  # perhaps there is still a key for it: the one of before stays
                    continue
                if anew is not None:
                    session.execute(update(table).where(table.id == row_id).values(wrapped_key=anew))
                    count += 1
    return count


# A key put back


def put_back(store: Store, settings: Settings, text: str) -> None:
    """Make `data.key`, and the backups' key, from a sheet: on a new computer, or when the file was lost. A key that
    opens what is here is never replaced, nor a backups' key that waits for its sheet. Raises KeysRefused, WrongLine or
    NoKey."""
    sheet = key_sheet.read(text)
    if not settings.keys_in_files:
        raise KeysRefused("De sleutels komen uit de omgeving. Zet die van het blad daar neer.")
    waiting = sheet_of(settings).backup
    if sheet.backup and waiting not in ("", sheet.backup):
        raise KeysRefused(
            f"Hier wacht een andere sleutel van de reservekopieën op zijn blad ({PENDING}). Hij blijft staan. "
            "Neem het blad dat daarbij hoort, of zet dat bestand eerst ergens anders."
        )
    if sheet.data != settings.data_key:
        _may_be_replaced(store, settings, sheet.data)
        try:
            settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
            key_settings.write_private(
                settings.instance / key_settings.DATA_FILE, key_settings.text_of(sheet.data)
            )
        except OSError as error:
            raise KeysRefused(
                f"De map {settings.instance} is niet te gebruiken: {error.strerror or error}."
            ) from error
    if sheet.backup and recipient(settings) is None:
        key_settings.write_private(settings.instance / PENDING, sheet.backup + "\n")


def _may_be_replaced(store: Store, settings: Settings, key: bytes) -> None:
    """Only a key under which there is nothing, by one that opens what there is."""
    wrapped = _wrapped_keys(store)
    ours, theirs = vault_of(settings), Vault(key)
    for row_id, one in wrapped:
        if _opens(ours, one, row_id):
            raise KeysRefused("De sleutel die er staat, past op deze database. Hij blijft staan.")
        if not _opens(theirs, one, row_id):
            raise KeysRefused("Dit blad past niet op deze database. Neem het blad dat erbij hoort.")


def _wrapped_keys(store: Store) -> list[tuple[int, bytes]]:
    """Of the practices; none where there is no database yet."""
    engine = store.db.engine
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        return []
    with store.db.reading(EVERYONE) as session:
        if not engine.dialect.has_table(session.connection(), "practice"):
            return []
        return [(row_id, key) for row_id, key in session.execute(select(Practice.id, Practice.wrapped_key))]


def _opens(vault: Vault, wrapped: bytes, row_id: int) -> bool:
    try:
        vault.try_key(wrapped, row_id)
    except CannotOpen:
        return False
    return True
