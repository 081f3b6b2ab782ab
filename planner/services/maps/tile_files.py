"""Tiles on disk, in the instance folder: shared by all our processes, written whole or not at all.

Beside them lies what must be known by every process: until when not to ask the server, and the locks that make several
questions for one tile one, and all questions together at most two at a time. A process that dies leaves its locks free.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

from planner.domain.needs import OutsideFailed
from planner.domain.tiles import Tile

FRESH_S = 30 * 86_400.0
NOT_THERE_S = 86_400.0
KEPT_BYTES = 500_000_000
"""All tiles together; beyond it the oldest go first."""
SHRINK_TO = 0.9
ABANDONED_S = 3600.0
"""A half-written file of a process that is gone."""
AT_ONCE = 2
"""Questions to the server at one time, of all our processes together."""
STRIPES = 512
"""Tiles share this many locks: there need not be a file for each."""
LONGEST_PAUSE_S = 3600.0
_POLL_S = 0.02
NOT_THERE = b""
"""What is kept of a tile that the server does not have."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A tile on disk. `content` is empty for one that the server does not have."""

    content: bytes
    fresh: bool


class Pause(msgspec.Struct, frozen=True):
    """Do not ask before `until` (seconds since 1970): asking went wrong, and `waits_s` was the answer to that."""

    until: float
    waits_s: float
    kind: str


_pause = msgspec.json.Decoder(Pause)


class TileFiles:
    """`folder`: of all tiles; each template has a folder of its own in it."""

    def __init__(self, folder: Path, template: str) -> None:
        self.folder = folder
        self.own = folder / sha256(template.encode()).hexdigest()[:16]

    # tiles

    def _path(self, tile: Tile) -> Path:
        return self.own / str(tile.z) / str(tile.x) / str(tile.y)

    def get(self, tile: Tile) -> Kept | None:
        path = self._path(tile)
        try:
            content = path.read_bytes()
            age_s = time.time() - path.stat().st_mtime
        except OSError:
            return None
        return Kept(content, 0 <= age_s < (FRESH_S if content else NOT_THERE_S))

    def put(self, tile: Tile, content: bytes) -> None:
        """A full disk or a folder that is not ours is no fault here: the tile is shown, and fetched again next time."""
        with suppress(OSError):
            _write(self._path(tile), content)

    def drop(self, tile: Tile) -> None:
        """One that turns out to be no picture."""
        with suppress(OSError):
            self._path(tile).unlink()

    # not asking

    def pause(self) -> Pause | None:
        """None when the server may be asked."""
        found = self._last_pause()
        ahead_s = found.until - time.time() if found else 0.0
        return found if 0 < ahead_s <= LONGEST_PAUSE_S else None

    def failed(self, failure: OutsideFailed) -> None:
        """Each failure in a row waits twice as long as the one before."""
        before, waits_s = self._last_pause(), failure.retry_after_s
        if self.pause() is None:
            waits_s = max(waits_s, 2 * before.waits_s if before else 0.0)
        elif before is not None:
            waits_s = max(
                waits_s, before.waits_s
            )  # another of us failed in the same moment: that is one failure
        waits_s = min(waits_s, LONGEST_PAUSE_S)
        kept = Pause(time.time() + waits_s, waits_s, failure.kind)
        with suppress(OSError):
            _write(self.own / "pause.json", msgspec.json.encode(kept))

    def succeeded(self) -> None:
        with suppress(OSError):
            (self.own / "pause.json").unlink()

    def _last_pause(self) -> Pause | None:
        try:
            return _pause.decode((self.own / "pause.json").read_bytes())
        except (OSError, msgspec.MsgspecError):
            return None

    # one at a time

    @contextmanager
    def alone_with(self, tile: Tile, until_s: float) -> Iterator[bool]:
        """Whether nobody else fetches this tile now; waits for who does until that moment of the monotonic clock."""
        stripe = zlib.crc32(f"{tile.z}/{tile.x}/{tile.y}".encode()) % STRIPES
        with self._locked([f"tile-{stripe}"], until_s) as got:
            yield got

    @contextmanager
    def a_turn(self, until_s: float) -> Iterator[bool]:
        """Whether one of the few questions that may be open at once is ours."""
        with self._locked([f"turn-{number}" for number in range(AT_ONCE)], until_s) as got:
            yield got

    @contextmanager
    def _locked(self, names: list[str], until_s: float) -> Iterator[bool]:
        """Take one of these locks. They are not per template: two settings side by side share the manners."""
        locks = self.folder / "locks"
        if not _is_usable(locks):
            until_s = 0.0  # nobody holds a lock that cannot be: there is nothing to wait for
        taken = None
        try:
            while taken is None:
                taken = next((handle for name in names if (handle := _take(locks / name)) is not None), None)
                if taken is None and time.monotonic() >= until_s:
                    break
                if taken is None:
                    time.sleep(_POLL_S)
            yield taken is not None
        finally:
            if taken is not None:
                os.close(taken)

    # taking away

    def sweep(self, most_bytes: int = KEPT_BYTES) -> int:
        """Take the oldest tiles away when all together are too large, and what was left half-written; gives how many
        files went."""
        found = sorted(_files(self.folder))
        drafts = [path for at, _, path in found if _is_draft(path) and at < time.time() - ABANDONED_S]
        tiles = [(size, path) for _, size, path in found if not _is_draft(path)]
        total, gone = sum(size for size, _ in tiles), drafts
        if total > most_bytes:
            for size, path in tiles:
                if total <= most_bytes * SHRINK_TO:
                    break
                total -= size
                gone.append(path)
        for path in gone:
            with suppress(OSError):
                path.unlink()
        return len(gone)


def _is_usable(folder: Path) -> bool:
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _is_draft(path: Path) -> bool:
    return path.name.startswith(".")


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """When it was fetched, how large it is, and where; of every tile and every half-written file."""
    for path in folder.glob("*/*/*/*"):
        with suppress(OSError):
            found = path.stat()
            yield found.st_mtime, found.st_size, path


def _take(path: Path) -> int | None:
    """The lock as an open file, or None when somebody has it or the folder cannot be used."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
