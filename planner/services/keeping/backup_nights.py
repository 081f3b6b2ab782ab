"""The copies that the planner makes by itself: one a night, let go of after 35 days, and how it stands with them."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, insert, select, update

from planner.domain.audit_chain import Head
from planner.domain.backups import KEPT, is_past_keeping, is_stale, night_of
from planner.models import BackupRun
from planner.services.keeping import backup, backup_archive, keys, steady_clock
from planner.services.keeping.backup_values import BackupRefused, Manifest
from planner.services.people import set_up
from planner.services.store import Store
from planner.settings import Settings

AGAIN_AFTER = timedelta(hours=1)
"""After one that did not succeed, or whose process was killed."""
DRAFT_KEPT_S = 24 * 3600
LONGEST_PROBLEM = 300

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Status:
    """`made_at`: the newest whole copy of a night, verified as it lay there. `problem`: why the last try did not
    succeed. `kept`, `oldest_at`: the copies in the folder. `stale`: there is none, or it is older than two days.
    `for_drawer`: they open with the sheet alone. `clock_ahead`: nothing goes, for the clock jumped."""

    made_at: datetime | None
    rows: int
    bytes: int
    problem: str
    kept: int
    oldest_at: datetime | None
    folder: Path
    stale: bool
    for_drawer: bool
    clock_ahead: bool


def make_due(store: Store, settings: Settings, now: datetime) -> Manifest | None:
    """Make the copy of this night, unless it is there, another node makes it, or nobody lives here yet."""
    night = night_of(now).isoformat()
    if not _is_due(store, night, now) or not set_up.has_coach(store) or not _claimed(store, night, now):
        return None
    file = settings.backups / f"night-{night}.zip"
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = backup.make(settings, file, by_itself=True)
    except (BackupRefused, OSError) as problem:
        log.warning("no backup this night: %s", problem)
        _note(store, night, problem=str(problem)[:LONGEST_PROBLEM])
        return None
    finally:
        purge(store, settings, now)
    _note(store, night, ended_at=now, file=file.name, bytes=file.stat().st_size, rows=sum(made.rows.values()))
    return made


def _is_due(store: Store, night: str, now: datetime) -> bool:
    """Most looks end here, without the writers' lock."""
    with store.db.unowned() as connection:
        row = connection.execute(
            select(BackupRun.began_at, BackupRun.ended_at).filter_by(night=night)
        ).first()
    return row is None or (row.ended_at is None and row.began_at <= now - AGAIN_AFTER)


def _claimed(store: Store, night: str, now: datetime) -> bool:
    table = BackupRun.__table__
    with store.db.unowned_write() as connection:
        row = connection.execute(select(BackupRun.began_at).filter_by(night=night)).first()
        if row is None:
            connection.execute(insert(table).values(night=night, began_at=now))  # type: ignore[arg-type]
            return True
        free = (
            BackupRun.night == night,
            BackupRun.ended_at.is_(None),
            BackupRun.began_at <= now - AGAIN_AFTER,
        )
        taken = connection.execute(update(BackupRun).where(*free).values(began_at=now))
        return bool(taken.rowcount)


def _note(store: Store, night: str, problem: str | None = None, **found: object) -> None:
    with store.db.unowned_write() as connection:
        where = BackupRun.night == night
        connection.execute(update(BackupRun).where(where).values(problem=problem, **found))


def purge(store: Store, settings: Settings, now: datetime) -> None:
    """Copies of ours that are older than 35 days, those from before a change of the database too. Nothing else in that
    folder is touched, and nothing at all while the clock may not be believed."""
    if not steady_clock.holds(store, settings, now):
        return
    for file, manifest in _copies(settings):
        if is_past_keeping(datetime.fromisoformat(manifest.made_at), now):
            file.unlink(missing_ok=True)
    for draft in settings.backups.glob(".*.zip.*"):
        if draft.stat().st_mtime < time.time() - DRAFT_KEPT_S:
            draft.unlink(missing_ok=True)
    with store.db.unowned_write() as connection:
        connection.execute(delete(BackupRun).where(BackupRun.began_at < now - KEPT))


def status(store: Store, settings: Settings, now: datetime) -> Status:
    with store.db.unowned() as connection:
        newest = select(BackupRun.__table__).order_by(BackupRun.night.desc())
        last = connection.execute(newest.limit(1)).first()
        whole = connection.execute(newest.where(BackupRun.ended_at.is_not(None)).limit(1)).first()
    made = [datetime.fromisoformat(manifest.made_at) for _file, manifest in _copies(settings)]
    made_at = whole.ended_at if whole else None
    return Status(
        made_at=made_at,
        rows=whole.rows if whole else 0,
        bytes=whole.bytes if whole else 0,
        problem=(last.problem or "") if last else "",
        kept=len(made),
        oldest_at=min(made, default=None),
        folder=settings.backups,
        stale=is_stale(made_at, now),
        for_drawer=keys.recipient(settings) is not None,
        clock_ahead=steady_clock.is_waited_for(settings),
    )


def heads(settings: Settings) -> list[Head]:
    """What the copies in the folder remember of the audit log; of those only that nobody changed."""
    found = []
    for _file, manifest in _copies(settings):
        if manifest.audit_seq and backup.is_sealed(manifest, settings):
            at, digest = datetime.fromisoformat(manifest.made_at), bytes.fromhex(manifest.audit_head)
            found.append(Head(at, manifest.audit_seq, digest))
    return found


def _copies(settings: Settings) -> Iterator[tuple[Path, Manifest]]:
    """Our copies in the folder, as their manifests tell."""
    for file in sorted(settings.backups.glob("*.zip")):
        try:
            with backup_archive.opened(file) as archive:
                yield file, backup_archive.manifest_in(archive)
        except BackupRefused:
            continue
