"""The file a copy is: a zip with a manifest in clear and the database, packed and encrypted with age."""

from __future__ import annotations

import gzip
import hashlib
import os
import secrets
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec
import pyrage
from pyrage import x25519

from planner.services.keeping.backup_sqlite import sync_folder
from planner.services.keeping.backup_values import (
    DAMAGED,
    FORMAT,
    IN_CLEAR,
    NEWER,
    NOT_OURS,
    PRODUCT,
    BackupRefused,
    Manifest,
)

MANIFEST = "manifest.json"
MOST_MANIFEST_BYTES = 1_000_000
PACKED, ENCRYPTED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED), 0x1
CHUNK = 1 << 20
QUICK = 3
"""How hard gzip tries: most of a database is sealed and does not get smaller."""


def measured(file: Path) -> tuple[int, str]:
    """Size and digest."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return file.stat().st_size, digest


def encrypted(payload: Path, recipients: list[str]) -> Path:
    """The payload packed, and then encrypted for these age keys, beside it; the payload goes."""
    packed, sealed = payload.with_name(payload.name + ".gz"), payload.with_name(payload.name + ".gz.age")
    with payload.open("rb") as source, gzip.open(packed, "wb", QUICK) as target:
        shutil.copyfileobj(source, target, CHUNK)
    payload.unlink()
    to = [x25519.Recipient.from_str(one) for one in recipients]
    pyrage.encrypt_file(str(packed), str(sealed), to)
    packed.unlink()
    return sealed


def write(path: Path, manifest: Manifest, sealed: Path, verified: Callable[[Path], None]) -> None:
    """Whole or not at all: under another name first, on disk, verified as it lies there, then renamed."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
                archive.write(sealed, sealed.name)
            file.flush()
            os.fsync(file.fileno())
        sealed.unlink()
        verified(draft)
        draft.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise BackupRefused(f"De kopie is niet gemaakt: {error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)


def may_be_written(path: Path) -> None:
    """An older copy may be replaced by a newer one, any other file may not."""
    if not path.parent.is_dir():
        raise BackupRefused(f"De map {path.parent} is er niet.")
    if path.is_dir():
        raise BackupRefused(f"{path} is een map. Noem een bestand, bijvoorbeeld {path / 'kopie.zip'}.")
    if path.exists() and path.stat().st_size > 0:
        try:
            with opened(path) as archive:
                manifest_in(archive)
        except BackupRefused as error:
            raise BackupRefused(f"{path} is er al en is geen kopie. Kies een andere naam.") from error


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
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
    except (zlib.error, EOFError, pyrage.DecryptError) as error:
        raise BackupRefused(DAMAGED) from error


def manifest_in(archive: zipfile.ZipFile) -> Manifest:
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
    if not IN_CLEAR <= manifest.format <= FORMAT:
        raise BackupRefused(NEWER)
    return manifest


def extract(archive: zipfile.ZipFile, manifest: Manifest, identity: str, into: Path) -> None:
    """The database of the copy, as it was: opened with this age identity."""
    if manifest.format == IN_CLEAR:
        with _member(archive, into.name) as stream:
            _pour(stream, into, manifest)
        return
    sealed, packed = into.with_name(into.name + ".gz.age"), into.with_name(into.name + ".gz")
    with _member(archive, sealed.name) as stream, sealed.open("wb") as file:
        shutil.copyfileobj(stream, file, CHUNK)  # not packed: as large as the copy itself
    try:
        pyrage.decrypt_file(str(sealed), str(packed), [x25519.Identity.from_str(identity)])
    except OSError as error:
        if error.errno is not None:
            raise
        raise BackupRefused(DAMAGED) from error  # bytes that were changed, as pyrage says it
    sealed.unlink()
    try:
        with gzip.open(packed) as unpacked:
            _pour(unpacked, into, manifest)
    except gzip.BadGzipFile as error:
        raise BackupRefused(DAMAGED) from error
    packed.unlink()


@contextmanager
def _member(archive: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    if name not in archive.namelist():
        raise BackupRefused(NOT_OURS)
    with archive.open(name) as stream:
        yield stream


def _pour(stream: IO[bytes] | gzip.GzipFile, into: Path, manifest: Manifest) -> None:
    """Not a byte more than the manifest promises: a small file may unpack to a huge one."""
    size, digest = 0, hashlib.sha256()
    with into.open("wb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > manifest.payload_bytes:
                raise BackupRefused(DAMAGED)
            digest.update(chunk)
            file.write(chunk)
    if (size, digest.hexdigest()) != (manifest.payload_bytes, manifest.payload_sha256):
        raise BackupRefused(DAMAGED)
