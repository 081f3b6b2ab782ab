"""Tiles for who looks at a map, and for who draws one: from disk, and when it is not there from the server, with
manners. A server that does not answer never holds up more than a few of us, and those for a few seconds."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from planner.domain.needs import OutsideFailed, TileSource
from planner.domain.tiles import Tile, TileRules, rules_of
from planner.services.maps.seats import seat
from planner.services.maps.tile_files import NOT_THERE, NOT_THERE_S, Kept, TileFiles
from planner.services.store import NotFound

FOLDER = "tiles"
WAIT_S = 1.5
"""For another who fetches the same tile, and for a turn: so long each, and then the map tries again by itself."""
SEAT_WAIT_S = 0.3
GARBAGE_PAUSE_S = 120.0
AGAIN_S = 2
"""Too many at once: the map may try again this soon."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A tile as it came. `stale`: older than we like; the server could not be asked."""

    content: bytes
    stale: bool = False

    @property
    def content_type(self) -> str:
        if self.content.startswith(b"\x89PNG"):
            return "image/png"
        return "image/jpeg" if self.content.startswith(b"\xff\xd8") else "image/webp"


class NoTile(Exception):
    """Not now. `retry_after_s`: when to try again."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__("no tile")
        self.retry_after_s = max(1, round(retry_after_s))


class Tiles:
    """The tiles of one template. Cheap to make: all it remembers is on disk."""

    def __init__(self, instance: Path, template: str, source: TileSource) -> None:
        self.rules: TileRules = rules_of(template)
        self.files = TileFiles(instance / FOLDER, template)
        self._source = source

    def look(self, tile: Tile) -> Picture:
        """For a person who looks now: soon, or not. Raises NotFound outside the map, and NoTile."""
        kept = self._kept(tile)
        if kept is not None and kept.fresh:
            return _shown(kept)
        with seat(SEAT_WAIT_S) as seated:
            if not seated:
                return _or_stale(kept, AGAIN_S)
            return self._fetched(tile, kept, WAIT_S)

    def ahead(self, tile: Tile) -> Picture:
        """For a picture that nobody waits for. Raises NotFound outside the map, and NoTile; from a server that does not
        want to be asked ahead only what is here already."""
        kept = self._kept(tile)
        if kept is not None and kept.content != NOT_THERE and not _is_whole(kept.content):
            self.files.drop(tile)
            kept = None
        if kept is not None and (kept.fresh or not self.rules.ahead):
            return _shown(kept)
        if not self.rules.ahead:
            raise NoTile(NOT_THERE_S)
        return self._fetched(tile, kept, 4 * WAIT_S)

    def _kept(self, tile: Tile) -> Kept | None:
        if not self.rules.has(tile):
            raise NotFound
        return self.files.get(tile)

    def _fetched(self, tile: Tile, kept: Kept | None, patience_s: float) -> Picture:
        if (pause := self.files.pause()) is not None:
            return _or_stale(kept, pause.until - time.time())
        with self.files.alone_with(tile, time.monotonic() + patience_s) as alone:
            now_kept = self.files.get(tile)  # who came before us may just have brought it
            if now_kept is not None and now_kept.fresh:
                return _shown(now_kept)
            if not alone:
                return _or_stale(kept, AGAIN_S)
            with self.files.a_turn(time.monotonic() + patience_s) as ours:
                return self._ask(tile, kept) if ours else _or_stale(kept, AGAIN_S)

    def _ask(self, tile: Tile, kept: Kept | None) -> Picture:
        if (pause := self.files.pause()) is not None:  # it failed while we waited for our turn
            return _or_stale(kept, pause.until - time.time())
        try:
            content = self._whole(tile)
        except OutsideFailed as failure:
            if failure.kind == "not_covered":
                self.files.succeeded()
                self.files.put(tile, kept.content if kept else NOT_THERE)  # an old one is better than none
            else:
                self.files.failed(failure)
            return _or_stale(kept, failure.retry_after_s)
        self.files.succeeded()
        self.files.put(tile, content)
        return Picture(content)

    def _whole(self, tile: Tile) -> bytes:
        """Raises OutsideFailed, also for half a tile: it would be kept for a month."""
        content = self._source.fetch(tile)
        if not _is_whole(content):
            raise OutsideFailed("garbage", GARBAGE_PAUSE_S)
        return content


def _is_whole(content: bytes) -> bool:
    from planner.services.maps.pixels import is_tile  # brings Pillow, for who fetches one

    return is_tile(content)


def _shown(kept: Kept) -> Picture:
    if kept.content == NOT_THERE:
        raise NoTile(NOT_THERE_S)
    return Picture(kept.content, stale=not kept.fresh)


def _or_stale(kept: Kept | None, retry_after_s: float) -> Picture:
    """What we had, or nothing."""
    if kept is None or kept.content == NOT_THERE:
        raise NoTile(retry_after_s)
    return Picture(kept.content, stale=True)
