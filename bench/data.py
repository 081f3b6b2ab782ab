"""Data sets of any size, always the same for the same size: practices, clients, routes, walks, notes, messages and the
log, through the columns of the models, with every text sealed by the vault.

A coach has 2,000 walks, 40 a week, spread over 60 clients; the week of NOW is one of them. The first coaches are made
by the same services as real ones and are the ones that are measured; the others are there to be in the way.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from bench.data_rows import Coach, Maker
from bench.sealing import vault
from bench.sets import FOLDER, NOW, Person, place_of
from planner.domain.routes import RouteFacts, RouteTexts
from planner.migrations import run as migrations
from planner.models import EVERYONE, Base, Database, Scope, new_id
from planner.models.audit_tail import Tail
from planner.models.ownership import scoped
from planner.services.calendars import coach_feeds
from planner.services.clients import sharing
from planner.services.demo import demo_places
from planner.services.people import coaches, set_up, sign_in
from planner.services.routes import route_changes
from planner.services.store import SignedIn, Store
from planner.services.toolkit.toolkit_data import read_demo
from planner.services.vault import Vault

MEASURED = 4
WALKS_PER_COACH, PER_WEEK, WEEKS_AHEAD, CLIENTS = 2000, 40, 5, 60
BATCH, SEED = 20_000, 7


def make(walks: int, seals: str = "") -> None:
    """Make the data set of this many walks, unless it is there. `seals`: as in bench.sealing."""
    path, told = place_of(walks, seals)
    if told.exists():
        migrations.upgrade(f"sqlite:///{path}")
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob(f"{path.name}*"):
        old.unlink()
    began = time.monotonic()
    people = fill(f"sqlite:///{path}", walks, vault(seals))
    told.write_text(json.dumps([asdict(one) for one in people]))
    size_mb = path.stat().st_size / 1e6
    print(f"made {walks:,} walks in {time.monotonic() - began:.0f} s, {size_mb:.0f} MB", flush=True)


def fill(url: str, walks: int, sealing: Vault, seed: int = SEED) -> tuple[Person, ...]:
    """Fill an empty database, and say who is measured."""
    migrations.upgrade(url)
    store = Store(Database(url), sealing)
    maker = Maker(sealing, random.Random(seed), NOW)
    number = max(1, walks // WALKS_PER_COACH)
    real = [_real_coach(store, one) for one in range(min(number, MEASURED))]
    with scoped(EVERYONE), store.db.engine.connect().execution_options(write=True) as connection:
        known = [maker.coach_of(one, *_of_real(connection, one)) for one in real]
        others = [maker.new_coach() for _ in range(number - len(known))]
        writer = _Writer(connection, Tail(connection, store.vault.audit_key))
        for one in others:
            writer.add(maker.practice_rows(one))
        for one in (*known, *others):
            writer.add(maker.client_rows(one, CLIENTS))
        writer.add(maker.route_rows(others))
        _walks(maker, writer, [*known, *others], walks)
        writer.close()
        connection.commit()
    store.db.forget_bytes()  # puts the write-ahead log away
    people = tuple(_person(store, coach, one) for coach, one in zip(real, known, strict=True))
    store.db.dispose()
    return people


def add(store: Store, coach: SignedIn, walks: int, clients: int, now: datetime) -> Coach:
    """To a practice that has a route: so many walks a day apart, half of them over, all with the first of these new
    clients."""
    maker = Maker(store.vault, random.Random(SEED), now)
    with scoped(EVERYONE), store.db.engine.connect().execution_options(write=True) as connection:
        one = maker.coach_of(coach, *_of_real(connection, coach))
        writer = _Writer(connection, Tail(connection, store.vault.audit_key))
        writer.add(maker.client_rows(one, clients))
        for number in range(walks):
            starts_local = (now + timedelta(days=number - walks // 2, hours=1)).replace(tzinfo=None)
            writer.add(maker.walk_rows(one, starts_local, one.clients[0]))
        writer.close()
        connection.commit()
    return one


def _walks(maker: Maker, writer: _Writer, everybody: list[Coach], walks: int) -> None:
    """In the order of time, all coaches in turns, as they come to be in a real practice."""
    weeks = max(1, walks // (len(everybody) * PER_WEEK))
    ahead = min(WEEKS_AHEAD, weeks // 5 or 1)
    monday = NOW.replace(hour=0) - timedelta(weeks=weeks - ahead)
    for week in range(weeks):
        for slot in range(PER_WEEK):
            starts_local = (monday + timedelta(weeks=week, days=slot // 6, hours=8 + 2 * (slot % 6))).replace(
                tzinfo=None
            )
            for one in everybody:
                often = slot in (0, 20) and weeks - ahead - 20 <= week < weeks - ahead
                writer.add(maker.walk_rows(one, starts_local, one.clients[0] if often else None))


def _real_coach(store: Store, number: int) -> SignedIn:
    """As `coach add` and the library make one."""
    then = NOW - timedelta(days=400)
    new = set_up.NewCoach(f"Coach {number}", f"coach{number}@example.org", None, contact="a@example.org")
    coach = coaches.by_id(store, *set_up.add_coach(store, new, then))
    for data in read_demo()["routes"]:
        texts = RouteTexts(data["name"], data["meeting_point"], data["notes"], data.get("nearest_road", ""))
        facts = RouteFacts(surface=data["surface"], environment_tags=tuple(data["tags"]))
        gpx = demo_places.gpx(data) if "size_m" in data else None
        route_changes.create(store, coach, route_changes.WriteRoute(texts, facts, gpx=gpx), then)
    return coach


def _of_real(connection: Connection, coach: SignedIn) -> tuple[bytes, list[int], list[int]]:
    """The key of the practice, its routes and its exercises."""
    tables = Base.metadata.tables
    practice = tables["practice"]
    wanted = select(practice.c.wrapped_key).where(practice.c.id == coach.owner_id)
    key: bytes = connection.execute(wanted).scalar_one()
    routes, exercises = (
        list(
            connection.scalars(
                select(table.c.id).where(table.c.owner_id == coach.owner_id).order_by(table.c.id)
            )
        )
        for table in (tables["route"], tables["exercise"])
    )
    return key, routes, exercises


def _person(store: Store, coach: SignedIn, one: Coach) -> Person:
    client = one.clients[0].id
    for kind in (sharing.PAGE, sharing.FEED):
        sharing.make_or_renew(store, coach, client, NOW, kind)
    coach_feeds.make_or_renew(store, coach, NOW)
    demo_places.put_weather(store, coach, NOW)
    state, feed = sharing.state_of(store, coach, client, NOW), coach_feeds.state_of(store, coach)
    assert state.link and state.feed and feed
    token = sign_in.begin(store, Scope(coach.owner_id, coach.id, "coach", coach.id), NOW)
    return Person(token, client, one.coming[0], one.noted, state.link.path, state.feed.path, feed.path)


class _Writer:
    """Rows by table, written many at once; parents before children."""

    def __init__(self, connection: Connection, tail: Tail) -> None:
        self._connection, self._tail = connection, tail
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._number = 0

    def add(self, rows: Iterator[tuple[str, dict[str, Any]]]) -> None:
        for table, row in rows:
            self._rows.setdefault(table, []).append(row)
            self._number += 1
        if self._number >= BATCH:
            self.flush()

    def flush(self) -> None:
        for table in Base.metadata.sorted_tables:
            rows = self._rows.pop(table.name, [])
            if table.name == "audit_entry":
                rows = self._chained(rows)
            if rows:
                rows.sort(key=lambda row: row.get("id", 0))
                self._connection.execute(insert(table), rows)
        self._number = 0

    def _chained(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        entries = [_Entry(row) for row in rows]
        self._tail.append(entries)
        return [vars(entry) for entry in entries]

    def close(self) -> None:
        self.flush()
        self._tail.keep()


class _Entry:
    """A row of the log, as the chain takes it."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.__dict__.update(row, id=new_id(), seq=None, digest=None)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make data sets to measure on.")
    parser.add_argument("walks", type=int, nargs="+")
    for walks in parser.parse_args().walks:
        make(walks)


if __name__ == "__main__":
    main()
