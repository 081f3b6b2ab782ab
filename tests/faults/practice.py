"""A practice in a folder of its own, for a planner that really runs: who may write in it, and what is kept there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

from planner import create_app
from planner.models import Scope
from planner.services.keeping import upgrading
from planner.services.notes import note_history, note_pages
from planner.services.people import coaches, set_up, sign_in
from planner.settings import Settings, from_environment
from tests.conftest import PASSWORD, World
from tests.makers import make_client, make_walk

WRITERS = 6
EMAIL = "anna@example.org"


@dataclass(frozen=True)
class Practice:
    """Anna and her clients, each with a walk of yesterday. `cookie`: of her browser, which is signed in. `more`:
    settings beside the folder, such as a database elsewhere."""

    instance: Path
    token: str
    cookie: str
    walks: tuple[int, ...]
    owner_id: int
    coach_id: int
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return self.instance / "planner.sqlite"

    @contextmanager
    def opened(self) -> Iterator[World]:
        """The same practice without a server."""
        made = World(create_app(settings_of(self.instance, **self.more)), {"anna": self.token})
        try:
            yield made
        finally:
            made.store.db.dispose()

    def texts(self) -> set[str]:
        """Every text that a note here says or said, opened with the keys."""
        found = set()
        with self.opened() as world:
            anna = coaches.by_id(world.store, self.owner_id, self.coach_id)  # signed in or not
            for walk in self.walks:
                note = note_pages.page(world.store, anna, walk).note
                earlier = note_history.page(world.store, anna, walk, world.now).earlier
                found |= {one.content.insight_text for one in (*([note] if note else []), *earlier)}
        return found

    def is_whole(self) -> bool:
        """What SQLite itself says of the file."""
        connection = sqlite.connect(str(self.database))
        try:
            whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return whole and not connection.execute("PRAGMA foreign_key_check").fetchall()
        finally:
            connection.close()


def settings_of(instance: Path, **more: str) -> Settings:
    return from_environment({"PLANNER_INSTANCE": str(instance), "PLANNER_ENV": "test"} | more)


def environment(instance: Path, **more: str) -> dict[str, str]:
    """What a program of ours gets; nothing of the outer settings comes along."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("PLANNER_", "FLASK_"))}
    return outer | {"PLANNER_INSTANCE": str(instance), "PLANNER_ENV": "test"} | more


def found_practice(instance: Path, **more: str) -> Practice:
    """A new practice in this folder, on the real clock. `more`: other settings."""
    settings = settings_of(instance, **more)
    upgrading.bring_up_to_date(settings)
    app = create_app(settings)
    world = World(app, {})
    new = set_up.NewCoach("Anna de Wit", EMAIL, PASSWORD, "nl", EMAIL)
    owner_id, coach_id = set_up.add_coach(world.store, new, world.now)
    set_up.set_up(world.store, set_up.key_for(world.store, coach_id, owner_id, world.now), new, world.now)
    world.tokens["anna"] = token = sign_in.begin(
        world.store, Scope(owner_id, coach_id, "coach", coach_id), world.now
    )
    yesterday = (world.now - timedelta(days=1)).replace(tzinfo=None, minute=0, second=0, microsecond=0)
    walks = tuple(
        make_walk(world, make_client(world, f"Cliënt {n}", consent_health=True), yesterday)
        for n in range(WRITERS)
    )
    world.store.db.dispose()
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return Practice(instance, token, str(signer.dumps({"token": token})), walks, owner_id, coach_id, more)
