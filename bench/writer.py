"""Durable writes of a note's size beside who reads, in a process of its own, until it is stopped:

python -m bench.writer FILE 50      so many a second; 0: without a pause
"""

from __future__ import annotations

import sys
import time

import pysqlite3.dbapi2 as sqlite


def main(file: str, per_s: int) -> None:
    """Counts up the version of notes; a row written as it is SQLite would leave alone. Each is in the log of the
    database, on the disk, before the next begins."""
    connection = sqlite.connect(file, isolation_level=None, timeout=30)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    notes = [
        row[0] for row in connection.execute("SELECT id FROM note ORDER BY length(sealed) DESC LIMIT 40")
    ]
    due = time.perf_counter()
    while True:
        for note in notes:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE note SET version = version + 1 WHERE id = ?", (note,))
            connection.execute("COMMIT")
            if per_s:
                due += 1 / per_s
                time.sleep(max(0.0, due - time.perf_counter()))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
