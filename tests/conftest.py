"""The test practice: two practices, three coaches who are signed in, a clock that tests set, and no way out."""

from __future__ import annotations

import gc
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from flask import Flask

from planner import create_app, key_settings
from planner.models import Database
from planner.services.people import coaches, new_password, set_up
from planner.services.store import SignedIn, Store
from planner.services.vault import Vault, vault_of
from planner.settings import Settings
from planner.web.here import Planner
from tests.counting import Closing
from tests.databases import (
    Databases,
    PostgresDatabases,
    SqliteDatabases,
    postgres_programs,
    postgres_server,
    quick_folder,
)
from tests.ground import File, Ground, fill
from tests.page_client import PageClient, Standard

ROOT = Path(__file__).resolve().parent.parent
SHARED_SAMPLES = ROOT.parent / "shared" / "samples"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=AMSTERDAM)
PASSWORD = "rustig wandelen door het bos"
KEYS = {"secret_key": bytes(range(32)), "data_key": bytes(range(32, 64))}
NOWHERE = "http://127.0.0.1:9"
"""Nobody answers there."""
COACHES = {  # who, their practice
    "anna": ("Anna de Wit", "a"),
    "cor": ("Cor Jansen", "a"),
    "bram": ("Bram Bakker", "b"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.addoption(
        "--deep", action="store_true", help="the full number of tries where a part is tried each time"
    )


# Speed is measured elsewhere; a busy machine must not fail a property. The same cases come on every run.
hypothesis.settings.register_profile(
    "deep", deadline=None, derandomize=True, print_blob=True, max_examples=100
)
hypothesis.settings.register_profile("ours", hypothesis.settings.get_profile("deep"), max_examples=40)
hypothesis.settings.load_profile("ours")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Closing(), "closing")
    if config.getoption("--deep"):
        hypothesis.settings.load_profile("deep")
    catalogues = list((ROOT / "planner" / "translations").glob("*/LC_MESSAGES/messages.po"))
    stale = [po for po in catalogues if not po.with_suffix(".mo").exists()]
    if stale:
        subprocess.run(["make", "-s", "translations"], cwd=ROOT, check=True)


OF_EVERY_PAGE = ("test_contract.py", "test_manners.py")
"""What pages have, whatever database is behind them: tried once."""


OF_PROOF = ("faults", "hostile", "test_naughty.py")
"""Killed servers, power cuts and odd input everywhere take minutes: `make prove` does them (--deep)."""


def _is_proof(item: pytest.Item) -> bool:
    """Of a folder of proofs, or marked: the same again in another way, such as each page in English. Not what is tried
    each time in one round."""
    if item.get_closest_marker("quick") is not None:
        return False
    return not {*item.path.parts}.isdisjoint(OF_PROOF) or item.get_closest_marker("deep") is not None


def _of_the_sample(item: pytest.Item) -> bool:
    """A fifth of the tests of pages, always the same ones: what they ask of a database they ask in many ways."""
    return crc32(item.nodeid.encode()) % 5 == 0


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The second round, on PostgreSQL, repeats what touches a database; pure rules cannot differ there. Of the pages it
    takes a sample; `make prove` (--deep) does all of them."""
    if not config.getoption("--deep"):
        proofs = [item for item in items if _is_proof(item)]
        config.hook.pytest_deselected(items=proofs)
        items[:] = [item for item in items if item not in set(proofs)]
    if config.getoption("--database") == "postgresql":
        Standard.is_asked = False
        other = [
            item
            for item in items
            if "databases" not in getattr(item, "fixturenames", ())
            or item.path.name in OF_EVERY_PAGE
            or (
                not config.getoption("--deep") and item.path.parent.name == "web" and not _of_the_sample(item)
            )
        ]
        config.hook.pytest_deselected(items=other)
        items[:] = [item for item in items if item not in set(other)]


def pytest_collection_finish() -> None:
    """Thousands of tests and all that they import stay: the collector need not look at them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def no_way_out() -> Iterator[None]:
    """Tests reach this machine only."""
    allowed = ("127.0.0.1", "::1", "localhost")
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in allowed:
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def tokens() -> dict[str, str]:
    """Sign-in token of each coach in the template; filled when it is made."""
    return {}


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tokens: dict[str, str]) -> Iterator[Databases]:
    def fill(url: str) -> None:
        store = Store(Database(url), Vault(KEYS["data_key"]))
        practices: dict[str, int] = {}
        for who, (name, practice) in COACHES.items():
            new = set_up.NewCoach(name, f"{who}@example.org", PASSWORD, "nl", f"{who}@example.org")
            owner_id = practices.get(practice)
            owner_id, coach_id = set_up.add_coach(store, replace(new, password=None), MONDAY, owner_id)
            practices[practice] = owner_id
            key = set_up.key_for(store, coach_id, owner_id, MONDAY)
            tokens[who] = set_up.set_up(store, key, new, MONDAY)
        store.db.dispose()

    if request.config.getoption("--database") == "sqlite":
        with quick_folder() as folder:
            made: Databases = SqliteDatabases(folder)
            made.make_template(fill)
            yield made
        return
    programs = postgres_programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have a PostgreSQL server (Debian: postgresql)")
        pytest.skip(
            "NO POSTGRESQL FOUND: these tests did not run on PostgreSQL (Debian: apt install postgresql)"
        )
    with postgres_server(programs) as server:
        made = PostgresDatabases(server)
        made.make_template(fill)
        yield made


@dataclass
class World:
    """One test's planner, and the people in it."""

    app: Flask
    tokens: dict[str, str]

    @property
    def _planner(self) -> Planner:
        found: Planner = self.app.extensions["planner"]
        return found

    @property
    def store(self) -> Store:
        return self._planner.store

    @property
    def settings(self) -> Settings:
        return self._planner.settings

    @property
    def now(self) -> datetime:
        return self.settings.now()

    def rewire(self, **changes: Any) -> None:
        """The same planner with other parts: `store`, `settings`, `tiles_of`, `paths`."""
        self.app.extensions["planner"] = replace(self._planner, **changes)

    def set_clock(self, moment: datetime | str) -> None:
        """Put the planner's clock on a moment; a text is Dutch wall time."""
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment).replace(tzinfo=AMSTERDAM)
        offset = moment - datetime.now(UTC)
        settings = replace(self.settings, clock_offset=offset)
        self.rewire(settings=settings)

    def on_its_own(self) -> World:
        """The same planner in an application of its own, for a test that adds an address to it."""
        made = World(create_app(self.settings), self.tokens)
        made.app.extensions["planner"] = self._planner
        return made

    def browser(self, who: str | None = None, language: str = "nl") -> PageClient:
        """A browser signed in as anna, cor (same practice) or bram (another), or as nobody."""
        return PageClient(self.app, self.tokens[who] if who else None, language)

    def coach(self, who: str = "anna") -> SignedIn:
        """One of the people, as a page knows them: with what is shared with them now."""
        found = new_password.coach_with(self.store, f"{who}@example.org")
        return coaches.by_id(self.store, found.owner_id, found.id, self.now)


@cache
def application() -> Flask:
    """One application for all tests of a process: its pages are compiled once. What it keeps of a test is its planner,
    and what it counts, and both are new for each."""
    return create_app(Settings(Path("/nowhere"), "sqlite://", environment="test", **KEYS))


@cache
def database_at(url: str) -> Database:
    """One engine for all tests that get a database under this name: a statement is compiled once."""
    return Database(url)


@contextmanager
def planner_on(url: str, instance: Path, tokens: dict[str, str]) -> Iterator[World]:
    """A planner on a database, with its clock on a Monday morning."""
    offset: timedelta = MONDAY - datetime.now(UTC)
    settings = Settings(
        instance,
        url,
        environment="test",
        clock_offset=offset,
        tile_url=f"{NOWHERE}/{{z}}/{{x}}/{{y}}.png",
        **KEYS,
    )
    made, before = World(application(), tokens), dict(application().extensions)
    made.rewire(store=Store(database_at(url), Vault(KEYS["data_key"])), settings=settings)
    yield made
    made.store.db.dispose()
    made.app.extensions.clear()
    made.app.extensions.update(before)


@pytest.fixture
def world(databases: Databases, tmp_path: Path, tokens: dict[str, str]) -> Iterator[World]:
    url = databases.fresh()
    with planner_on(url, tmp_path, tokens) as made:
        yield made
    databases.drop(url)


@pytest.fixture
def keyed(world: World) -> World:
    """With its keys in files, as `make run` keeps them."""
    for name, key in (("secret.key", world.settings.secret_key), ("data.key", world.settings.data_key)):
        key_settings.write_private(world.settings.instance / name, key_settings.text_of(key))
    world.rewire(store=Store(world.store.db, vault_of(world.settings)))
    return world


@pytest.fixture(scope="session")
def full(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, tokens: dict[str, str]
) -> tuple[str, dict[str, File]]:
    """A database in which every coach has a full file, to be copied; and what is in it."""
    url = databases.fresh()
    with planner_on(url, tmp_path_factory.mktemp("full"), tokens) as made:
        made.set_clock(MONDAY - timedelta(hours=1))
        files = {who: fill(made, who) for who in COACHES}
    return url, files


@pytest.fixture
def ground(
    databases: Databases, full: tuple[str, dict[str, File]], tmp_path: Path, tokens: dict[str, str]
) -> Iterator[Ground]:
    """Three coaches with a full file each: Anna and Cor in one practice, Bram in another."""
    url = databases.fresh(like=full[0])
    with planner_on(url, tmp_path, tokens) as made:
        yield Ground(made, full[1])
    databases.drop(url)


@pytest.fixture
def coach(world: World) -> PageClient:
    """Anna's browser, signed in."""
    return world.browser("anna")


@pytest.fixture
def visitor(world: World) -> PageClient:
    """A browser of nobody."""
    return world.browser()
