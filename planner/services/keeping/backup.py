"""A copy of everything but the keys, made while the server runs; and putting one back into an empty instance.

A copy is encrypted, and verified as it lies there before it gets its name; and again before it is put back: what is not
whole, not ours or not under our key leaves nothing behind. One that is made by hand opens with the data key. Those that
the planner makes by itself open with the sheet in the drawer alone, once that was shown to fit (services.keys).
"""

from __future__ import annotations

import base64
import hmac
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import msgspec
from pyrage import IdentityError, x25519
from sqlalchemy.engine import make_url

from planner.domain import key_sheet
from planner.domain.audit_chain import Head
from planner.migrations import run as migrations
from planner.models import Database
from planner.services.keeping import backup_archive, backup_postgresql, backup_sqlite, keys, put_back
from planner.services.keeping.backup_values import (
    DAMAGED,
    FORMAT,
    IN_CLEAR,
    NEWER,
    PRODUCT,
    BackupRefused,
    Facts,
    Manifest,
)
from planner.services.privacy import erasure
from planner.services.store import Store
from planner.services.vault import CannotOpen, vault_of
from planner.settings import Settings

__all__ = ["BackupRefused", "Manifest", "make", "restore"]

PURPOSE = "a copy's own key"
WORK_PREFIX = ".copy-"
ABANDONED_AFTER_S = 24 * 3600


class Engine(Protocol):
    """What one kind of database can do. All raise BackupRefused with one clear line."""

    def copy(self, into: Path) -> Facts:
        """A consistent copy as a file, and what is in it, verified."""

    def has_coach(self) -> bool:
        """Whether somebody lives here already; False for a database that is not there yet."""

    def verify(self, file: Path) -> Facts | None:
        """What is in a copy's file; None when this kind can tell only after putting it back."""

    def put(self, file: Path, expected: Facts) -> None:
        """Put it back, whole or not at all, without the sign-ins of that time."""


_ENGINES: Mapping[str, tuple[str, Callable[[str], Engine]]] = {
    "sqlite": ("planner.sqlite", backup_sqlite.SqliteCopies),
    "postgresql": ("planner.dump", backup_postgresql.PostgresCopies),
}


def make(settings: Settings, path: Path, *, by_itself: bool = False) -> Manifest:
    """Make a copy at `path`, readable by its owner only. `by_itself`: for the drawer alone, when its sheet was shown to
    fit. Raises BackupRefused, and leaves `path` as it was."""
    settings = keys.current(settings)
    kind = make_url(settings.database_url).get_backend_name()
    payload_name, engine_of = _ENGINES[kind]
    engine = engine_of(settings.database_url)
    backup_archive.may_be_written(path)
    with _work_folder(settings) as folder:
        payload = folder / payload_name
        facts = engine.copy(payload)
        _keys_open(facts, settings)
        own, drawer = x25519.Identity.generate(), keys.recipient(settings) if by_itself else None
        manifest = _written(settings, kind, facts, payload, str(own), drawer)
        sealed = backup_archive.encrypted(payload, [str(own.to_public()), *([drawer] if drawer else [])])

        def verified(draft: Path) -> None:
            with backup_archive.opened(draft) as archive:
                backup_archive.extract(archive, manifest, str(own), payload)
            _same(engine.verify(payload), facts)

        backup_archive.write(path, manifest, sealed, verified)
    return manifest


def _written(
    settings: Settings, kind: str, facts: Facts, payload: Path, own: str, drawer: str | None
) -> Manifest:
    size, digest = backup_archive.measured(payload)
    sealed = b"" if drawer else vault_of(settings).seal_secret(PURPOSE, own.encode())
    manifest = Manifest(
        product=PRODUCT,
        format=FORMAT,
        made_at=settings.now().isoformat(timespec="seconds"),
        database=kind,
        revision=facts.revision,
        rows=facts.rows,
        data_key=keys.fingerprint(settings.data_key),
        payload_bytes=size,
        payload_sha256=digest,
        recipient=drawer or "",
        opens_with=base64.b64encode(sealed).decode("ascii"),
        audit_seq=facts.audit_seq,
        audit_head=facts.audit_head,
    )
    return replace(manifest, seal=_seal(manifest, settings))


def restore(settings: Settings, path: Path, sheet: str = "") -> Manifest:
    """Put a copy back into this instance, which must be empty. `sheet`: the text of the sheet from the drawer, for a
    copy that opens with nothing else. Raises BackupRefused; then nothing has changed, but that it may stand here too
    who was erased."""
    kind = make_url(settings.database_url).get_backend_name()
    payload_name, engine_of = _ENGINES[kind]
    engine = engine_of(settings.database_url)
    _must_be_empty(engine)
    with backup_archive.opened(path) as archive, _work_folder(settings) as folder:
        manifest = backup_archive.manifest_in(archive)
        _fits(manifest, settings, kind)
        payload = folder / payload_name
        backup_archive.extract(archive, manifest, _identity(manifest, settings, sheet), payload)
        facts = engine.verify(payload)
        expected = Facts(manifest.revision, dict(manifest.rows))
        _same(facts, expected)
        if facts is not None:
            _keys_open(facts, settings)
        _must_be_empty(engine)
        _take_over(settings, path)
        head = Head(settings.now(), manifest.audit_seq, bytes.fromhex(manifest.audit_head))
        with put_back.noted(settings, head):
            engine.put(payload, expected)
    erasure.replay(settings)
    _settle(settings, manifest)
    return manifest


def _take_over(settings: Settings, copy: Path) -> None:
    try:
        erasure.take_over(settings, copy)
    except erasure.Unreadable as error:
        raise BackupRefused(str(error)) from error


def _settle(settings: Settings, manifest: Manifest) -> None:
    """What must be done before anybody opens what was put back."""
    if not migrations.serves(manifest.revision):
        return  # `make run` brings it up to date first
    store = Store(Database(settings.database_url), vault_of(settings))
    try:
        keys.note(store, None, "restored", "backup", settings.now())
    finally:
        store.db.dispose()


def _must_be_empty(engine: Engine) -> None:
    if engine.has_coach():
        raise BackupRefused(
            "Hier staat al een praktijk. Een kopie gaat alleen terug in een lege installatie (andere PLANNER_INSTANCE)."
        )


def _fits(manifest: Manifest, settings: Settings, kind: str) -> None:
    """Whether this program, this database and this key are the right ones for the copy."""
    if manifest.database != kind:
        raise BackupRefused(f"Deze kopie is van {manifest.database}; deze installatie gebruikt {kind}.")
    if not (migrations.is_known(manifest.revision) or migrations.serves(manifest.revision)):
        raise BackupRefused(NEWER)
    if manifest.data_key != keys.fingerprint(settings.data_key):
        raise BackupRefused(_wrong_key(settings))
    if not is_sealed(manifest, settings):
        raise BackupRefused(DAMAGED)


def is_sealed(manifest: Manifest, settings: Settings) -> bool:
    """Whether who made it had our key, and nobody changed it since."""
    return hmac.compare_digest(manifest.seal.encode(), _seal(manifest, settings).encode())


def _seal(manifest: Manifest, settings: Settings) -> str:
    fields = msgspec.to_builtins(replace(manifest, seal=""))
    if manifest.format == IN_CLEAR:  # what it did not have yet was not sealed
        for name in ("recipient", "opens_with", "audit_seq", "audit_head"):
            del fields[name]
    whole = msgspec.json.encode(fields, order="sorted").decode()
    return vault_of(settings).lookup_digest("backup", whole).hex()


def _identity(manifest: Manifest, settings: Settings, sheet: str) -> str:
    """The age identity that opens this copy: its own, or the drawer's."""
    if manifest.format == IN_CLEAR:
        return ""
    if manifest.opens_with:
        try:
            return vault_of(settings).open_secret(PURPOSE, base64.b64decode(manifest.opens_with)).decode()
        except (CannotOpen, ValueError) as error:
            raise BackupRefused(DAMAGED) from error
    given = key_sheet.backup_key_in(sheet) or keys.sheet_of(settings).backup
    try:
        if given and str(x25519.Identity.from_str(given).to_public()) == manifest.recipient:
            return given
    except IdentityError:
        pass
    raise BackupRefused(
        "Deze kopie opent alleen met het blad uit de la. Geef het mee: restore KOPIE --sheet BLAD. "
        "Het blad van de dag waarop de kopie is gemaakt."
    )


def _wrong_key(settings: Settings) -> str:
    return (
        "De sleutel past niet op de gegevens. Zet de data.key die erbij hoort in "
        f"{settings.instance / 'data.key'} (of in PLANNER_DATA_KEY) en probeer het opnieuw."
    )


def _keys_open(facts: Facts, settings: Settings) -> None:
    vault = vault_of(settings)
    try:
        for practice_id, wrapped in facts.wrapped_keys:
            vault.try_key(wrapped, practice_id)
    except CannotOpen as error:
        raise BackupRefused(_wrong_key(settings)) from error


def _same(found: Facts | None, expected: Facts) -> None:
    """None: this kind of database tells only after putting back."""
    if found is not None and (found.revision, found.rows) != (expected.revision, expected.rows):
        raise BackupRefused(DAMAGED)


@contextmanager
def _work_folder(settings: Settings) -> Iterator[Path]:
    """A private folder beside the database; what a killed run left behind goes after a day."""
    try:
        settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in settings.instance.glob(WORK_PREFIX + "*"):
            if old.stat().st_mtime < time.time() - ABANDONED_AFTER_S:
                shutil.rmtree(old, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=WORK_PREFIX, dir=settings.instance) as folder:
            yield Path(folder)
    except OSError as error:
        raise BackupRefused(f"Dit lukt niet op deze schijf: {error.strerror or error}.") from error
