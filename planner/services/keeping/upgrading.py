"""Bringing the database of an instance up to date, with a copy of it first."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from planner import key_settings
from planner.migrations import run as migrations
from planner.models import Database
from planner.services.keeping import backup
from planner.services.keeping.put_back import CHECKED
from planner.services.privacy import audit_chain
from planner.services.store import Store
from planner.services.vault import vault_of
from planner.settings import Settings

CHAINED = "0007"
"""The revision that brought the audit chain."""
TAKING_IN = "audit.taking-in"
"""Beside the keys while that upgrade is under way: one that is broken off is gone on with at the next start."""


class UpgradeRefused(Exception):
    """One clear line; nothing was changed."""


def revision(settings: Settings) -> str | None:
    """The revision of the database; None when it is empty or not there yet. Makes nothing. Raises UpgradeRefused."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return None
    try:
        return migrations.current(settings.database_url)
    except (SQLAlchemyError, sqlite.Error) as error:
        raise UpgradeRefused(unwell(error)) from error


def bring_up_to_date(settings: Settings) -> str | None:
    """Migrate when the database is behind; gives the name of the copy that was made first, if one was. A newer database
    is served when it says that we may (migrations.expanding).

    Raises UpgradeRefused.
    """
    at = revision(settings)
    if at is not None and migrations.serves(at):
        _take_in_the_log(settings)
        return None
    if at is not None and not migrations.is_known(at):
        raise UpgradeRefused(
            "De database is van een nieuwere versie van het programma. Werk het programma bij."
        )
    try:
        copy = _copied(settings) if at is not None else None
        _ours_alone(settings)
        if at is not None and at < CHAINED and not (settings.instance / CHECKED).exists():
            key_settings.write_private(settings.instance / TAKING_IN, "")
        migrations.upgrade(settings.database_url)
        _take_in_the_log(settings)
    except backup.BackupRefused as refused:
        raise UpgradeRefused(
            f"Er is nog niets aangepast, want een kopie maken lukt niet. {refused}"
        ) from refused
    except migrations.OthersServe as others:
        raise UpgradeRefused(
            "De database is niet aangepast: op een andere machine draait nog een programma dat daarna niet verder kan. "
            "Werk het daar eerst bij, of stop het daar."
        ) from others
    except migrations.MigrationRefused as refused:
        raise UpgradeRefused(f"De database is niet aangepast: {refused}.") from refused
    except (SQLAlchemyError, sqlite.Error) as error:
        raise UpgradeRefused(unwell(error)) from error
    return copy.name if copy else None


def _take_in_the_log(settings: Settings) -> None:
    """Once, and never where a chain was looked at before: there, rows without a place are somebody's doing. Our key
    opens what is here: else the copy that was made first would have been refused."""
    asked = settings.instance / TAKING_IN
    if not asked.exists():
        return
    store = Store(Database(settings.database_url), vault_of(settings))
    try:
        audit_chain.take_in(store, settings.now())
    finally:
        store.db.dispose()
    asked.unlink()


def _ours_alone(settings: Settings) -> None:
    """A new SQLite file is readable by its owner only, whoever makes it; SQLite's own files beside it follow it."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        with suppress(OSError):  # a folder that is not there is said by the database itself
            os.close(os.open(url.database or "", os.O_RDWR | os.O_CREAT, 0o600))


def _copied(settings: Settings) -> Path:
    copy = settings.backups / f"before-{migrations.head()}-{settings.now():%Y%m%d%H%M%S}.zip"
    copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    backup.make(settings, copy, by_itself=True)
    return copy


def unwell(error: SQLAlchemyError | sqlite.Error) -> str:
    """What the database itself says, in one line and without our SQL."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    lines = str(cause).strip().splitlines()
    return f"De database antwoordt niet: {lines[0] if lines else type(error).__name__}"
