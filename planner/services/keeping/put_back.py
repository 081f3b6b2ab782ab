"""How far the audit log went, at moments that count: when a backup was put back here, and at the end of last night.

It stands beside the keys and not in the database, under the key of the audit log: whoever has the database only cannot
say with it that the backups remember wrongly, nor begin the log anew without its being missed.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

from planner import key_settings
from planner.domain.audit_chain import Head, mark_of
from planner.services.vault import vault_of
from planner.settings import Settings

FILE, NIGHT = "restored.head", "night.head"
CHECKED = "audit.checked"
"""What the last night found in the log (services.keeping.audit_check): of the database that was here before."""


@contextmanager
def noted(settings: Settings, head: Head) -> Iterator[None]:
    """Around putting one back: on disk before it is there, so that nothing which may fail comes after; gone when it did
    not come. What was found in the database before it is over."""
    (settings.instance / CHECKED).unlink(missing_ok=True)
    _write(settings, FILE, head)
    with ExitStack() as undo:
        undo.callback((settings.instance / FILE).unlink, missing_ok=True)
        yield
        undo.pop_all()


def last(settings: Settings) -> Head | None:
    """Of the newest one; None when none was put back, or when somebody else says so."""
    return _read(settings, FILE)


def note_night(settings: Settings, head: Head) -> None:
    """The log was whole, and went so far."""
    _write(settings, NIGHT, head)


def of_the_night(settings: Settings) -> Head | None:
    """Of the last night that found it whole."""
    return _read(settings, NIGHT)


def forget_night(settings: Settings) -> None:
    (settings.instance / NIGHT).unlink(missing_ok=True)


def that_count(settings: Settings, heads: Iterable[Head]) -> list[Head]:
    """What backups and nights remember from before one was put back need not be found any more; what that one held must
    be."""
    back = last(settings)
    if back is None:
        return list(heads)
    return [*([back] if back.seq else []), *(head for head in heads if head.at > back.at)]


def _write(settings: Settings, name: str, head: Head) -> None:
    mark = mark_of(vault_of(settings).audit_key, name.partition(".")[0], head)
    said = f"{head.at.isoformat()} {head.seq} {head.digest.hex() or '-'} {mark.hex()}\n"
    key_settings.write_private(settings.instance / name, said)


def _read(settings: Settings, name: str) -> Head | None:
    try:
        at, seq, digest, mark = (settings.instance / name).read_text("ascii").split()
        head = Head(datetime.fromisoformat(at), int(seq), bytes.fromhex(digest.strip("-")))
        wanted = mark_of(vault_of(settings).audit_key, name.partition(".")[0], head)
        ours = hmac.compare_digest(bytes.fromhex(mark), wanted)
    except (FileNotFoundError, ValueError):
        return None
    return head if ours else None
