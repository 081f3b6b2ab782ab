"""Whether the log of who saw and changed what is still as it was written: a chain of keyed digests in monthly segments.

Each row's digest is over the row and the digest before it, so a row that was changed, taken out or put in between shows
at its place. A cut end shows no such place: how far the log goes, and its last digest (the head), stand with each
segment, under a digest of their own, and in every backup.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

GENESIS = b""
OPEN, CLOSED, PURGED = "open", "closed", "purged"
KEPT_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Link:
    """A row as the chain sees it."""

    seq: int
    id: int
    owner_id: int
    at: datetime
    actor: str
    actor_id: int | None
    action: str
    kind: str
    object_id: int
    client_id: int | None


@dataclass(frozen=True, slots=True)
class Segment:
    """The rows of about a month. `begins`, `head`: the digest before its first row, and that of its last."""

    first_seq: int
    last_seq: int
    month: str
    state: str
    begins: bytes
    head: bytes


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold. `code`: changed, missing, added, segment (the segment's own row), other_head (a
    backup or an earlier night knows this row otherwise), unchained (rows without a place), unguarded (its refusal is
    gone), begun (it begins later than a practice did)."""

    code: str
    seq: int


@dataclass(frozen=True, slots=True)
class Head:
    """How far the log went at some moment, as a backup remembers it."""

    at: datetime
    seq: int
    digest: bytes


def digest_of(key: bytes, before: bytes, link: Link) -> bytes:
    """The digest of a row, given that of the row before it."""
    at = link.at.astimezone(UTC).isoformat()
    fields = (*astuple(link)[:3], at, *astuple(link)[4:])
    return hmac.digest(key, before + "|".join(map(str, fields)).encode(), hashlib.sha256)


def seal_of(key: bytes, segment: Segment) -> bytes:
    """The digest of a segment itself."""
    numbers = f"segment|{segment.first_seq}|{segment.last_seq}|{segment.month}|{segment.state}|"
    return hmac.digest(key, numbers.encode() + segment.begins + b"|" + segment.head, hashlib.sha256)


def mark_of(key: bytes, word: str, head: Head) -> bytes:
    """What shows that we wrote down ourselves how far the log went. `word`: of what moment, so that a note of one kind
    is none of another."""
    at = head.at.astimezone(UTC).isoformat()
    return hmac.digest(key, f"{word}|{at}|{head.seq}|".encode() + head.digest, hashlib.sha256)


def month_of(at: datetime) -> str:
    """2026-11, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m")


def purge_before(now: datetime) -> str:
    """Segments of months before this one are past keeping: their newest row is over twelve months old."""
    this = now.astimezone(UTC)
    return f"{this.year - KEPT_MONTHS // 12:04}-{this.month:02}"


def breaks(
    key: bytes,
    segments: Iterable[tuple[Segment, bytes]],
    rows: Iterable[tuple[Link, bytes]],
    heads: Iterable[Head] = (),
) -> Iterator[Break]:
    """Where the log is not what it was. Segments with their seals and rows with their digests, in order. `heads`: what
    backups remember of it; each must be found again, unless its rows were purged."""
    reader = _Reader(iter(rows))
    before, next_seq, known = GENESIS, 1, {head.seq: head for head in heads}
    purged_until = 0
    for segment, seal in segments:
        fits = (segment.begins, segment.first_seq) == (before, next_seq)
        if not fits or not hmac.compare_digest(seal, seal_of(key, segment)):
            yield Break("segment", segment.first_seq)
        if segment.state == PURGED:
            purged_until = segment.last_seq
        else:
            yield from reader.hold(key, segment, known)
        before, next_seq = segment.head, segment.last_seq + 1
    yield from reader.rest()
    unseen = [head.seq for head in known.values() if head.seq > purged_until and head.seq not in reader.seen]
    yield from (Break("other_head", seq) for seq in sorted(unseen))


class _Reader:
    """Goes through the rows once, segment by segment."""

    def __init__(self, rows: Iterator[tuple[Link, bytes]]) -> None:
        self._rows, self._ahead = rows, next(rows, None)
        self.seen: set[int] = set()

    def hold(self, key: bytes, segment: Segment, known: Mapping[int, Head]) -> Iterator[Break]:
        before: bytes | None = segment.begins
        for seq in range(segment.first_seq, segment.last_seq + 1):
            while self._ahead is not None and self._ahead[0].seq < seq:
                yield Break("added", self._ahead[0].seq)
                self._ahead = next(self._rows, None)
            if self._ahead is None or self._ahead[0].seq > segment.last_seq:
                yield Break("missing", seq)
                return
            if self._ahead[0].seq > seq:
                if before is not None:
                    yield Break("missing", seq)
                before = None  # what came before the next row is not known
                continue
            link, kept = self._ahead
            if before is not None and not hmac.compare_digest(kept, digest_of(key, before, link)):
                yield Break("changed", seq)
            before, self._ahead = kept, next(self._rows, None)
            if seq in known and known[seq].digest == kept:
                self.seen.add(seq)
        if before is not None and before != segment.head:
            yield Break("changed", segment.last_seq)

    def rest(self) -> Iterator[Break]:
        while self._ahead is not None:
            yield Break("added", self._ahead[0].seq)
            self._ahead = next(self._rows, None)


def is_lapsed(segment_month: str, now: datetime) -> bool:
    """Whether its month is over, so that it can be closed."""
    return segment_month < month_of(now)
