"""A copy of everything but the keys, made while the server runs; and putting one back into an empty instance.

A copy is a zip with a manifest and the database. It is verified before it gets its name, and again before it is put
back: what is not whole, not ours or not under our key leaves nothing behind.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import shutil
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Protocol

import msgspec
from sqlalchemy.engine import make_url

from planner.migrations import run as migrations
from planner.services import backup_postgresql, backup_sqlite, erasure
from planner.services.backup_values import BackupRefused, Facts
from planner.services.vault import CannotOpen, Vault
from planner.settings import Settings

__all__ = ["BackupRefused", "Manifest", "make", "restore"]

PRODUCT, FORMAT = "stap-voor-stap", 1
MANIFEST = "manifest.json"
MOST_MANIFEST_BYTES = 1_000_000
PACKED, ENCRYPTED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED), 0x1
CHUNK = 1 << 20
WORK_PREFIX = ".copy-"
ABANDONED_AFTER_S = 24 * 3600
NOT_OURS = "Dit bestand is geen kopie van Stap voor stap."
DAMAGED = "Deze kopie is beschadigd. Neem een andere kopie. Er is niets veranderd."


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the copy holds. `data_key` is a fingerprint: it tells which key is needed, never the key. `seal` shows that
    whoever made it had that key: a copy lies in other places than the keys, and what somebody put into it (a coach with
    a password of their own, say) would otherwise be put back with the rest."""

    product: str
    format: int
    made_at: str
    database: str
    revision: str
    rows: Mapping[str, int]
    data_key: str
    payload_bytes: int
    payload_sha256: str
    seal: str = ""


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


def make(settings: Settings, path: Path) -> Manifest:
    """Make a copy at `path`, readable by its owner only. Raises BackupRefused, and leaves `path` as it was."""
    kind = make_url(settings.database_url).get_backend_name()
    payload_name, engine = _ENGINES[kind]
    _may_be_written(path)
    with _work_folder(settings) as folder:
        payload = folder / payload_name
        facts = engine(settings.database_url).copy(payload)
        _keys_open(facts, settings)
        size, digest = _measured(payload)
        manifest = Manifest(
            product=PRODUCT,
            format=FORMAT,
            made_at=settings.now().isoformat(timespec="seconds"),
            database=kind,
            revision=facts.revision,
            rows=facts.rows,
            data_key=_fingerprint(settings),
            payload_bytes=size,
            payload_sha256=digest,
        )
        manifest = replace(manifest, seal=_seal(manifest, settings))
        _write(path, manifest, payload)
    return manifest


def restore(settings: Settings, path: Path) -> Manifest:
    """Put a copy back into this instance, which must be empty. Raises BackupRefused; then nothing has changed."""
    kind = make_url(settings.database_url).get_backend_name()
    payload_name, engine_of = _ENGINES[kind]
    engine = engine_of(settings.database_url)
    _must_be_empty(engine)
    with _opened(path) as archive, _work_folder(settings) as folder:
        manifest = _manifest(archive)
        _fits(manifest, settings, kind)
        payload = folder / payload_name
        _extract(archive, payload_name, payload, manifest)
        expected = Facts(manifest.revision, dict(manifest.rows))
        facts = engine.verify(payload)
        if facts is not None:
            if (facts.revision, facts.rows) != (expected.revision, expected.rows):
                raise BackupRefused(DAMAGED)
            _keys_open(facts, settings)
        _must_be_empty(engine)
        engine.put(payload, expected)
    erasure.replay(settings, path)
    return manifest


def _must_be_empty(engine: Engine) -> None:
    if engine.has_coach():
        raise BackupRefused(
            "Hier staat al een praktijk. Een kopie gaat alleen terug in een lege installatie (andere PLANNER_INSTANCE)."
        )


def _fits(manifest: Manifest, settings: Settings, kind: str) -> None:
    """Whether this program, this database and this key are the right ones for the copy."""
    if manifest.database != kind:
        raise BackupRefused(f"Deze kopie is van {manifest.database}; deze installatie gebruikt {kind}.")
    if not migrations.is_known(manifest.revision):
        raise BackupRefused(
            "Deze kopie is van een nieuwere versie van het programma. Werk het programma eerst bij."
        )
    if manifest.data_key != _fingerprint(settings):
        raise BackupRefused(_wrong_key(settings))
    if not hmac.compare_digest(manifest.seal.encode(), _seal(manifest, settings).encode()):
        raise BackupRefused(DAMAGED)


def _seal(manifest: Manifest, settings: Settings) -> str:
    whole = msgspec.json.encode(replace(manifest, seal=""), order="sorted").decode()
    return Vault(settings.data_key).lookup_digest("backup", whole).hex()


def _wrong_key(settings: Settings) -> str:
    return (
        "De sleutel past niet op de gegevens. Zet de data.key die erbij hoort in "
        f"{settings.instance / 'data.key'} (of in PLANNER_DATA_KEY) en probeer het opnieuw."
    )


def _fingerprint(settings: Settings) -> str:
    """Tells two keys apart; of 32 random bytes it gives nothing away."""
    return hashlib.sha256(b"stap-voor-stap data key " + settings.data_key).hexdigest()[:32]


def _keys_open(facts: Facts, settings: Settings) -> None:
    vault = Vault(settings.data_key)
    try:
        for practice_id, wrapped in facts.wrapped_keys:
            vault.try_key(wrapped, practice_id)
    except CannotOpen as error:
        raise BackupRefused(_wrong_key(settings)) from error


@contextmanager
def _work_folder(settings: Settings) -> Iterator[Path]:
    """A private folder beside the database; what a killed run left behind goes after a day."""
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in settings.instance.glob(WORK_PREFIX + "*"):
        if old.stat().st_mtime < time.time() - ABANDONED_AFTER_S:
            shutil.rmtree(old, ignore_errors=True)
    try:
        with tempfile.TemporaryDirectory(prefix=WORK_PREFIX, dir=settings.instance) as folder:
            yield Path(folder)
    except OSError as error:
        raise BackupRefused(f"Dit lukt niet op deze schijf: {error.strerror or error}.") from error


def _measured(file: Path) -> tuple[int, str]:
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return file.stat().st_size, digest


def _may_be_written(path: Path) -> None:
    """An older copy may be replaced by a newer one, any other file may not."""
    if not path.parent.is_dir():
        raise BackupRefused(f"De map {path.parent} is er niet.")
    if path.is_dir():
        raise BackupRefused(f"{path} is een map. Noem een bestand, bijvoorbeeld {path / 'kopie.zip'}.")
    if path.exists() and path.stat().st_size > 0:
        try:
            with _opened(path) as archive:
                _manifest(archive)
        except BackupRefused as error:
            raise BackupRefused(f"{path} is er al en is geen kopie. Kies een andere naam.") from error


def _write(path: Path, manifest: Manifest, payload: Path) -> None:
    """Whole or not at all: under another name first, on disk, then renamed."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
                archive.write(payload, payload.name)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        backup_sqlite.sync_folder(path.parent)
    except OSError as error:
        raise BackupRefused(f"De kopie is niet gemaakt: {error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive. Whatever a hostile or half file does on reading becomes one line."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FileNotFoundError as error:
        raise BackupRefused(f"{path} is er niet.") from error
    except (IsADirectoryError, PermissionError) as error:
        raise BackupRefused(f"{path} kan niet gelezen worden.") from error
    except zipfile.BadZipFile as error:
        raise BackupRefused(DAMAGED if zipfile.is_zipfile(path) else NOT_OURS) from error
    except (zlib.error, EOFError) as error:
        raise BackupRefused(DAMAGED) from error


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    names = archive.namelist()
    plain = all(
        info.compress_type in PACKED and not info.flag_bits & ENCRYPTED for info in archive.infolist()
    )
    if len(names) != 2 or MANIFEST not in names or not plain:
        raise BackupRefused(NOT_OURS)
    if archive.getinfo(MANIFEST).file_size > MOST_MANIFEST_BYTES:
        raise BackupRefused(NOT_OURS)
    try:
        with archive.open(MANIFEST) as stream:
            manifest = msgspec.json.decode(stream.read(MOST_MANIFEST_BYTES + 1), type=Manifest)
    except msgspec.MsgspecError as error:
        raise BackupRefused(NOT_OURS) from error
    if manifest.product != PRODUCT:
        raise BackupRefused(NOT_OURS)
    if manifest.format != FORMAT:
        raise BackupRefused(
            "Deze kopie is van een nieuwere versie van het programma. Werk het programma eerst bij."
        )
    return manifest


def _extract(archive: zipfile.ZipFile, name: str, into: Path, manifest: Manifest) -> None:
    if name not in archive.namelist():
        raise BackupRefused(NOT_OURS)
    with archive.open(name) as stream, into.open("wb") as file:
        size, digest = _pour(stream, file, manifest.payload_bytes)
    if (size, digest) != (manifest.payload_bytes, manifest.payload_sha256):
        raise BackupRefused(DAMAGED)


def _pour(stream: IO[bytes], file: IO[bytes], most: int) -> tuple[int, str]:
    """Not a byte more than the manifest promises: a small file may unpack to a huge one."""
    size, digest = 0, hashlib.sha256()
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > most:
            raise BackupRefused(DAMAGED)
        digest.update(chunk)
        file.write(chunk)
    return size, digest.hexdigest()
