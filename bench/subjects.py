"""What is measured, one process each: the product on a data set, or a baseline. A subject has pages; asking for one
gives its answer, with what it cost.

Each is imported only in its own process, so that its start counts.
"""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Callable, Iterator
from itertools import cycle

from bench.calling import Answer, Browser, session_cookie
from bench.sets import SECRET_KEY, environment, people

Page = Callable[[], Answer]
SEED = 5


class Subject:
    """`pages`: by name. The first is the one that a start is measured with."""

    pages: dict[str, Page]


class Product(Subject):
    """The planner on a data set: `product:100000`, with what is sealed in clear or by Fernet `product:1000:clear`."""

    def __init__(self, walks: str = "100000", seals: str = "") -> None:
        os.environ |= environment(int(walks), seals)
        from wsgi import app

        self.app, self.people = app, people(int(walks), seals)
        if seals:
            self._seal(seals)
        self.browsers = [self._signed_in(one.token) for one in self.people]
        self._turn = cycle(range(len(self.people)))
        self._coming = cycle(range(8))
        self.pages = {
            "agenda": lambda: self._own("/"),
            "dossier": lambda: self._own("/clients/{client}"),
            "plan": lambda: self._own("/walks/new?client={client}"),
            "walk": lambda: self._own("/walks/{coming_walk}"),
            "note": self._note,
            "client page": lambda: self._own("{page}"),
            "client feed": lambda: self._written("{client_feed}"),
            "coach feed": lambda: self._written("{coach_feed}"),
            "client feed again": lambda: self._again("{client_feed}"),
            "coach feed again": lambda: self._again("{coach_feed}"),
            "toolkit": lambda: self._own("/toolkit/"),
            "routes": lambda: self._own("/routes/"),
            "clients": lambda: self._own("/clients/"),
        }
        self._tags: dict[str, str] = {}

    def _seal(self, seals: str) -> None:
        from dataclasses import replace

        from bench.sealing import vault

        planner = self.app.extensions["planner"]
        store = replace(planner.store, vault=vault(seals))
        self.app.extensions["planner"] = replace(planner, store=store)

    def _signed_in(self, token: str) -> Browser:
        made = Browser(self.app)
        made.cookies["session"] = session_cookie(token, SECRET_KEY)
        return made

    def _own(self, path: str, **headers: str) -> Answer:
        turn = next(self._turn)
        return self.browsers[turn].get(path.format(**vars(self.people[turn])), **headers)

    def _written(self, path: str) -> Answer:
        """As after a change: not the one that this process remembers."""
        self.app.extensions["planner"].store.remembered.forget()
        return self._own(path)

    def _again(self, path: str) -> Answer:
        turn = next(self._turn)
        where = path.format(**vars(self.people[turn]))
        if where not in self._tags:
            self._tags[where] = self.browsers[turn].get(where).headers["ETag"]
        return self.browsers[turn].get(where, if_none_match=self._tags[where])

    def _note(self) -> Answer:
        turn = next(self._turn)
        walk, browser = next(self._coming), self.browsers[turn]
        path = f"/walks/{self.people[turn].noted_walks[walk]}/note"
        asked = browser.get(path).fields() | {
            "outcome": "walked",
            "felt_text": secrets.token_hex(4) + " Onder de bomen kwam er ruimte. " * 60,
        }
        return browser.post(path, **asked)


class OfWeek(Subject):
    """A baseline that has a week of forty walks."""

    def __init__(self, module: str, signs_in: bool) -> None:
        from importlib import import_module

        self.app = import_module(f"bench.baselines.{module}").app
        self.pages = {"agenda": self._week}
        self.browsers = [Browser(self.app) for _ in range(4)]
        chance = random.Random(SEED)
        self._turns: Iterator[tuple[int, int]] = cycle([(one % 4, chance.randrange(50)) for one in range(64)])
        self._signs_in = signs_in
        if signs_in:
            for number, browser in enumerate(self.browsers):
                browser.get(f"/login/{number + 1}")

    def _week(self) -> Answer:
        who, week = next(self._turns)
        path = f"/week?week={week}" if self._signs_in else f"/week?coach={who + 1}&week={week}"
        return self.browsers[who].get(path)


class Ordinary(OfWeek):
    def __init__(self) -> None:
        super().__init__("ordinary", signs_in=True)
        self.pages["note"] = self._note

    def _note(self) -> Answer:
        who, week = next(self._turns)
        path = f"/walks/{who * 50 + week + 1}/note"
        asked = self.browsers[who].get(path).fields()
        return self.browsers[who].post(path, **asked, body="Onder de bomen kwam er ruimte. " * 60)


class Peer(Subject):
    def __init__(self) -> None:
        os.environ["BENCH_PEER"] = "1"
        from bench.baselines import peer

        browser = Browser(peer.app)
        browser.get(peer.LINK.read_text())
        self.pages = {"agenda": lambda: browser.get("/walks/")}


class Insert(Subject):
    """One bare durable insert of two kilobytes."""

    def __init__(self) -> None:
        import time

        import pysqlite3.dbapi2 as sqlite

        from bench.baselines.week import FOLDER

        connection = sqlite.connect(FOLDER / "insert.sqlite", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE IF NOT EXISTS note(id INTEGER PRIMARY KEY, body BLOB)")
        text = os.urandom(2000)

        def insert() -> Answer:
            wall, cpu = time.perf_counter(), time.process_time()
            connection.execute("INSERT INTO note(body) VALUES (?)", (text,))
            return Answer(200, {}, b"", time.process_time() - cpu, time.perf_counter() - wall)

        self.pages = {"note": insert}


BASELINES: dict[str, Callable[[], Subject]] = {
    "raw": lambda: OfWeek("raw", signs_in=False),
    "by hand": lambda: OfWeek("by_hand", signs_in=False),
    "orm": lambda: OfWeek("orm", signs_in=False),
    "ordinary": Ordinary,
    "django": lambda: OfWeek("django_like", signs_in=True),
    "peer": Peer,
    "insert": Insert,
}


def opened(name: str) -> Subject:
    """The subject of this name."""
    if name.startswith("product"):
        return Product(*name.split(":")[1:])
    return BASELINES[name]()
