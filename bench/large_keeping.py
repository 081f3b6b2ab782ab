"""The jobs at scale that keep and let go: retention, a backup, putting it back, and the nightly look at everything."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bench.large_work import Bench, Job, Step, must, one, opened
from bench.sets import NOW
from planner.domain.walks import WalkDetails
from planner.models import EVERYONE, Walk
from planner.services.keeping import backup, checks
from planner.services.privacy import retention
from planner.services.vault import Place

WALKS_OF_ONE = 33
"""So many walks a client has in a data set."""
ENDED = (NOW - timedelta(days=400)).date().isoformat()
OF_THEM = "(SELECT id FROM client WHERE ended_on IS NOT NULL)"


def keep_to_terms(bench: Bench) -> Job:
    """Of clients with about so many walks together the programme ended long ago; the others walk on."""
    connection, store = opened(bench.database), bench.planner.store
    clients = max(1, bench.number // WALKS_OF_ONE)
    connection.execute(
        "UPDATE client SET status = 'ended', ended_on = ? WHERE id IN (SELECT id FROM client ORDER BY id LIMIT ?)",
        (ENDED, clients),
    )
    copied(bench.database, bare := bench.folder / "bare.sqlite")
    walks, notes, drafts, all_notes = (
        one(connection, sql)
        for sql in (
            f"SELECT count(*) FROM walk WHERE client_id IN {OF_THEM}",
            f"SELECT count(*) FROM note WHERE client_id IN {OF_THEM}",
            f"SELECT count(*) FROM note_draft WHERE client_id IN {OF_THEM}",
            "SELECT count(*) FROM note",
        )
    )

    def swept() -> float:
        must(retention.sweep(store, NOW), walks + notes + drafts + clients)
        must(one(connection, "SELECT count(*) FROM note"), all_notes - notes)
        must(one(connection, f"SELECT count(*) FROM note WHERE client_id IN {OF_THEM}"), 0)
        return float(walks + notes + drafts + clients)

    def again() -> float:
        must(retention.sweep(store, NOW), 0)
        _must_be_bare(bench)
        return float(clients)

    return Job(
        {
            "retention": Step("row", swept, lambda: _let_go(bare)),
            "retention, nothing left": Step("client", again),
        }
    )


def _let_go(file: Path) -> None:
    """The same rows by SQL; nothing is opened, sealed anew or written in a log."""
    connection = opened(file)
    for sql in (
        "BEGIN IMMEDIATE",
        f"DELETE FROM note WHERE client_id IN {OF_THEM}",
        f"UPDATE walk SET sealed = zeroblob(length(sealed) - 20) WHERE client_id IN {OF_THEM}",
        f"UPDATE client SET health_sealed = NULL WHERE id IN {OF_THEM}",
        "COMMIT",
        "PRAGMA wal_checkpoint(TRUNCATE)",
    ):
        connection.execute(sql).fetchall()
    connection.close()


def _must_be_bare(bench: Bench) -> None:
    """Of the walks of one whose programme ended the meeting point is left, and nothing else."""
    store, connection = bench.planner.store, opened(bench.database)
    client, key = connection.execute(f"SELECT id, wrapped_key FROM client WHERE id IN {OF_THEM}").fetchone()
    with store.db.reading(EVERYONE) as session:
        for walk in session.query(Walk).filter_by(client_id=client):
            found = store.vault.open(key, Place("walk", "sealed", walk.id, client), walk.sealed, WalkDetails)
            must(found, WalkDetails(meeting_point=found.meeting_point))


def keep_copies(bench: Bench) -> Job:
    """A backup while the planner serves, what was made put back elsewhere, and what `check` looks at."""
    settings, file = bench.planner.settings, bench.folder / "copy.zip"
    connection, gigabytes = opened(bench.database), bench.database.stat().st_size / 1e9
    kept = {name: one(connection, f"SELECT count(*) FROM {name}") for name in ("walk", "note", "message")}
    connection.execute("UPDATE practice SET created_at = ?", (NOW.strftime("%Y-%m-%d %H:%M:%S.%f"),))
    # in a data set the log begins with the first walk, and must not begin later than the practice
    back = bench.folder / "back"
    back.mkdir()
    elsewhere = replace(settings, instance=back, database_url=f"sqlite:///{back / 'planner.sqlite'}")

    def made() -> float:
        found = backup.make(settings, file)
        must({name: found.rows[name] for name in kept}, kept)
        return gigabytes

    def put_back() -> float:
        backup.restore(elsewhere, file)
        with opened(back / "planner.sqlite") as there:
            must({name: one(there, f"SELECT count(*) FROM {name}") for name in kept}, kept)
        return gigabytes

    def looked() -> float:
        must(checks.everything(bench.planner.store, settings), [])
        return gigabytes

    return Job(
        {
            "backup": Step("GB", made, lambda: copied(bench.database, bench.folder / "bare.sqlite")),
            "backup, verified and put back": Step(
                "GB", put_back, lambda: _whole(bench.folder / "bare.sqlite")
            ),
            "check of everything": Step("GB", looked, lambda: _whole(bench.database)),
        }
    )


def copied(source: Path, target: Path) -> None:
    """By SQLite's own backup, and on the disk."""
    here, there = opened(source), opened(target)
    here.backup(there)
    here.close()
    there.close()
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def _whole(file: Path) -> None:
    """SQLite's own look at a file, twice: as it lies there, and as it was put back."""
    connection = opened(file)
    must(one(connection, "PRAGMA integrity_check"), "ok")
    connection.close()
