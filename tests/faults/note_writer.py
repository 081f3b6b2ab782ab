"""A program that saves one note again and again, and says each time which version is kept.

`python -m tests.faults.note_writer WALK TOKEN [TIMES] [SYNCHRONOUS]`. With SYNCHRONOUS the database is told how
carefully to write, instead of as always: the control of the power cut.
"""

from __future__ import annotations

import itertools
import os
import sys
from typing import Any

from sqlalchemy import event

from planner import create_app
from planner.domain.notes import NoteContent
from planner.services.notes import note_pages, notes
from planner.settings import from_environment
from tests.conftest import World

CHECKPOINT_PAGES = 64
"""Sooner than usual, so that many moments fall into one."""


def write(world: World, walk: int, times: int | None) -> None:
    kept = note_pages.page(world.store, world.coach(), walk).note
    first = kept.version if kept else 0
    for version in itertools.count(first) if times is None else range(first, first + times):
        content = NoteContent(insight_text=f"versie {version + 1}")
        command = notes.SaveNote("walked", content, version or None)
        saved = notes.save(world.store, world.coach(), walk, command, world.now)
        os.write(1, f"{saved.version}\n".encode())


def main(walk: str, token: str, times: str = "", synchronous: str = "") -> None:
    world = World(create_app(from_environment()), {"anna": token})

    @event.listens_for(world.store.db.engine, "connect")
    def _connect(dbapi: Any, _record: Any) -> None:
        dbapi.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
        if synchronous:
            dbapi.execute(f"PRAGMA synchronous={synchronous}")

    write(world, int(walk), int(times) if times else None)
    os._exit(0)  # as it stands, without tidying up


if __name__ == "__main__":
    main(*sys.argv[1:])
