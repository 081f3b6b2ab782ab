"""What `check` verifies, one line per problem."""

from __future__ import annotations

from sqlalchemy import select, text

from planner.migrations import run as migrations
from planner.models import EVERYONE, Practice
from planner.services.store import Store
from planner.services.vault import CannotOpen
from planner.settings import Settings

SAFE_SQLITE = (3, 51, 3)


def keys_open_the_data(store: Store) -> list[str]:
    """A practice's key must open with the data key, or every text would look lost."""
    with store.db.reading(EVERYONE) as session:
        for practice_id, wrapped in session.execute(select(Practice.id, Practice.wrapped_key)):
            try:
                store.vault.try_key(wrapped, practice_id)
            except CannotOpen:
                return ["The data key does not open this database. Put back the data.key that belongs to it."]
    return []


def everything(store: Store, settings: Settings) -> list[str]:
    """Settings, revision, integrity, keys: the problems found."""
    found = settings.problems()
    at, head = migrations.current(settings.database_url), migrations.head()
    if at != head:
        return [*found, f"The database is at revision {at or 'none'}, not at {head}. Start it with make run."]
    found += _sqlite_problems(store) if store.db.engine.dialect.name == "sqlite" else []
    return found + keys_open_the_data(store)


def _sqlite_problems(store: Store) -> list[str]:
    found = []
    with store.db.unowned() as connection:
        version = connection.execute(text("SELECT sqlite_version()")).scalar_one()
        if tuple(int(part) for part in version.split(".")) < SAFE_SQLITE:
            found.append(f"SQLite {version} can damage a database in use. Install requirements.txt again.")
        result = connection.execute(text("PRAGMA integrity_check")).scalar_one()
        if result != "ok":
            found.append(f"The database file is damaged: {result}. Restore the newest backup.")
        broken = connection.execute(text("PRAGMA foreign_key_check")).first()
        if broken is not None:
            found.append(f"A row in {broken[0]} points at something that is gone.")
    return found
