"""Three coaches with a full file each: Anna and Cor in one practice, Bram in another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.models import EVERYONE, Base, Scope
from tests import makers

if TYPE_CHECKING:
    from tests.conftest import World


@dataclass(frozen=True)
class File:
    """What one coach has: a row in every table about clients, and a route."""

    client: int
    walk: int
    route: int
    exercise: int
    coach: int
    owner: int


@dataclass
class Ground:
    """The three files, and Anna's view of them."""

    world: World
    files: dict[str, File]

    @property
    def own(self) -> File:
        return self.files["anna"]

    @property
    def colleague(self) -> File:
        return self.files["cor"]

    @property
    def stranger(self) -> File:
        return self.files["bram"]

    @property
    def scope(self) -> Scope:
        return self.world.coach("anna").scope

    @property
    def clients(self) -> list[int]:
        return [file.client for file in self.files.values()]

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table, as a session that may see everything reads it."""
        with self.world.store.db.reading(EVERYONE) as session:
            return {
                table.name: [
                    tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))
                ]
                for table in Base.metadata.sorted_tables
            }


def fill(world: World, who: str) -> File:
    """A client with consent, a walk with an exercise, a note and a link; a route and a place on it."""
    coach = world.coach(who)
    client = makers.make_client(world, f"Cliënt van {who}", who=who, goal="om tien uur naar buiten")
    route = makers.make_route(world, f"Route van {who}", who=who)
    makers.make_point(world, route, who=who)
    exercise = makers.an_exercise(world, who=who)
    walk = makers.make_walk(world, client, who=who, route_id=route, exercises=(exercise,))
    makers.make_note(world, walk, who=who, felt_text="rustig")
    makers.make_link(world, client, who=who)
    return File(client, walk, route, exercise, coach.id, coach.owner_id)
