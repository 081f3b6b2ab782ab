"""The database that all baselines read: coaches, clients and walks in clear, forty walks a week; made once."""

from __future__ import annotations

import os
import random
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from bench.data_rows import FIRST, LAST

COACHES, WEEKS, PER_WEEK, CLIENTS = 50, 50, 40, 60
MONDAY = datetime(2026, 1, 5)
FOLDER = Path(os.environ.get("BENCH_DATA") or Path(__file__).parent.parent / ".data")
SQL = """SELECT w.id, w.starts_at, w.minutes, w.title, w.place, w.status, w.weather, c.name AS client_name
FROM walk w JOIN client c ON c.id = w.client_id
WHERE w.coach_id = ? AND w.starts_at >= ? AND w.starts_at < ? ORDER BY w.starts_at"""
TABLES = """
CREATE TABLE coach(id INTEGER PRIMARY KEY, name TEXT NOT NULL, locale TEXT NOT NULL);
CREATE TABLE client(id INTEGER PRIMARY KEY, coach_id INTEGER NOT NULL REFERENCES coach(id), name TEXT NOT NULL);
CREATE TABLE walk(id INTEGER PRIMARY KEY, coach_id INTEGER NOT NULL REFERENCES coach(id),
  client_id INTEGER NOT NULL REFERENCES client(id), starts_at DATETIME NOT NULL, minutes INTEGER NOT NULL,
  title TEXT NOT NULL, place TEXT NOT NULL, status TEXT NOT NULL, weather TEXT NOT NULL);
CREATE TABLE note(id INTEGER PRIMARY KEY, walk_id INTEGER NOT NULL REFERENCES walk(id), body TEXT NOT NULL);
CREATE INDEX ix_walk_coach_start ON walk(coach_id, starts_at);
CREATE INDEX ix_note_walk ON note(walk_id);
"""
TITLES = ("Rondje <bos>", "Langs de vecht & terug", "Heideveld", "Het park", "De polder in", "Duinpad")
WEATHER = ("Gaat door", "Pas aan: regen van 2 mm", "Verzet: windstoten tot 70 km/h", "Nog niet bekend")


def path() -> Path:
    """The file, made now when it is not there."""
    found = FOLDER / "baselines.sqlite"
    if not found.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        half = found.with_suffix(".half")
        half.unlink(missing_ok=True)
        _fill(half)
        half.rename(found)
    return found


def bounds(week: int) -> tuple[datetime, datetime]:
    start = MONDAY + timedelta(weeks=week)
    return start, start + timedelta(weeks=1)


def text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.000000")


def _fill(file: Path) -> None:
    chance, connection = random.Random(7), sqlite3.connect(file)
    connection.executescript("PRAGMA journal_mode=WAL;" + TABLES)
    coaches = range(1, COACHES + 1)
    connection.executemany(
        "INSERT INTO coach VALUES (?, ?, 'nl')", ((one, f"Coach {one}") for one in coaches)
    )
    clients = (
        ((one - 1) * CLIENTS + number, one, f"{chance.choice(FIRST)} {chance.choice(LAST)}")
        for one in coaches
        for number in range(1, CLIENTS + 1)
    )
    connection.executemany("INSERT INTO client VALUES (?, ?, ?)", clients)
    walks = (
        (
            one,
            (one - 1) * CLIENTS + chance.randrange(1, CLIENTS + 1),
            text(MONDAY + timedelta(weeks=week, days=slot // 6, hours=8 + 2 * (slot % 6))),
            chance.choice((30, 40, 50)),
            chance.choice(TITLES),
            "Bankje bij de vijver",
            "planned",
            chance.choice(WEATHER),
        )
        for week in range(WEEKS)
        for slot in range(PER_WEEK)
        for one in coaches
    )
    columns = "coach_id, client_id, starts_at, minutes, title, place, status, weather"
    connection.executemany(f"INSERT INTO walk({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", walks)
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
