"""Map tiles of a server with addresses by template (PDOK, OpenStreetMap, one's own)."""

from __future__ import annotations

from planner.domain.needs import OutsideFailed, OutsideKind
from planner.domain.tiles import Tile, rules_of
from planner.outside.http import Answer, Door

TILE_BYTES = 256_000
TILE_DEADLINE_S = 3.0
MAGIC = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/webp": b"RIFF",
}
_PAUSES_S: dict[OutsideKind, float] = {
    "unreachable": 30,
    "failing": 60,
    "refused": 3600,
    "throttled": 600,
    "bad_request": 3600,
    "garbage": 120,
    "too_large": 120,
    "redirected": 600,
    "not_configured": 60,
    "not_covered": 86_400,
}
"""How long not to ask again after the first failure; a tile that is not there says nothing of the others."""
_KINDS: dict[int, OutsideKind] = {
    400: "bad_request", 401: "refused", 403: "refused", 404: "not_covered", 410: "not_covered", 429: "throttled",
}  # fmt: skip


class TemplateTiles:
    """A TileSource. The door says who asks and where it may lead; the template says what is asked."""

    def __init__(self, door: Door, template: str) -> None:
        self._door, self._rules = door, rules_of(template)

    def fetch(self, tile: Tile) -> bytes:
        """Raises OutsideFailed."""
        try:
            answer = self._door.get(self._rules.address(tile), {"Accept": ", ".join(MAGIC)})
        except OutsideFailed as failed:
            raise _failed(failed.kind) from None
        if answer.status != 200:
            raise _failed(_kind(answer.status), _asked_to_wait_s(answer))
        if not _is_picture(answer):
            raise _failed("garbage")
        return answer.body


def _kind(status: int) -> OutsideKind:
    return "failing" if status >= 500 else _KINDS.get(status, "garbage")


def _failed(kind: OutsideKind, at_least_s: float = 0.0) -> OutsideFailed:
    return OutsideFailed(kind, max(at_least_s, _PAUSES_S.get(kind, 600)))


def _asked_to_wait_s(answer: Answer) -> float:
    """What the server asks for, an hour at most; only whole seconds are read."""
    text = answer.headers.get("retry-after", "")
    return min(3600.0, float(text)) if text.isascii() and text.isdecimal() else 0.0


def _is_picture(answer: Answer) -> bool:
    """What it says it is, and what its first bytes are, agree."""
    said = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    begins = MAGIC.get(said)
    return begins is not None and answer.body.startswith(begins)
