"""Who saw or changed what: written with the deed, without contents, and looking at most once an hour."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from planner.domain.notes import NoteContent
from planner.models import EVERYONE, AuditEntry, Base, Owned, Walk
from planner.models.audit import UNAUDITED
from planner.services.clients import clients, consents, sharing
from planner.services.clients.clients import SaveClient
from planner.services.notes import notes
from planner.services.walks import walks
from tests import makers
from tests.conftest import World
from tests.ground import Ground
from tests.page_client import PageClient

SERVICES = sorted((Path(__file__).resolve().parents[2] / "planner" / "services").rglob("*.py"))
COLUMNS = {"id", "owner_id", "at", "actor", "actor_id", "action", "kind", "object_id", "client_id"} | {
    "seq",
    "digest",
}


def entries(world: World) -> list[AuditEntry]:
    """All rows, in the order of their moments."""
    with world.store.db.reading(EVERYONE) as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.at, AuditEntry.kind)))


def since(world: World, before: list[AuditEntry]) -> list[tuple[str, str, str]]:
    """(actor, action, kind) of what was written since then."""
    known = {entry.id for entry in before}
    return sorted((one.actor, one.action, one.kind) for one in entries(world) if one.id not in known)


def test_every_change_is_written_with_who_did_it(world: World) -> None:
    before = entries(world)
    client = makers.make_client(world, "Joris", goal="slapen")
    assert set(since(world, before)) == {
        ("coach", "created", "client"),
        ("coach", "created", "consent"),
        ("coach", "changed", "client"),  # what is said of health comes after the consent
    }
    new = {entry.kind: entry for entry in entries(world) if entry.id not in {one.id for one in before}}
    coach = world.coach()
    assert {entry.actor_id for entry in new.values()} == {coach.id}
    assert {entry.client_id for entry in new.values()} == {client}
    assert {entry.owner_id for entry in new.values()} == {coach.owner_id}
    assert new["client"].object_id == client


def test_changes_and_removals(ground: Ground) -> None:
    world, coach = ground.world, ground.world.coach()
    before = entries(world)
    command = walks.PlanWalk(ground.own.client, makers.a_time("2026-11-26T10:00"), 40)
    walks.change(world.store, coach, ground.own.walk, command, world.now)
    assert since(world, before) == [
        ("coach", "changed", "exercise_choice"),
        ("coach", "changed", "walk"),
        ("coach", "removed", "plan_item"),
        ("coach", "removed", "plan_item"),
    ]


def test_a_deed_of_the_client_says_so(ground: Ground) -> None:
    world, path = ground.world, makers.make_link(ground.world, ground.own.client)
    before = entries(world)
    opened = sharing.by_token(world.store, path.split("/")[2], world.now)
    assert opened is not None
    sharing.given_back(world.store, opened, world.now)
    assert since(world, before) == [("client", "changed", "share_link")] * 2, "the page's and the feed's"


def test_nothing_changed_nothing_written(ground: Ground) -> None:
    world, coach = ground.world, ground.world.coach()
    kept = clients.of_coach(world.store, coach, ground.own.client)
    assert kept.health is not None
    before = entries(world)
    same = SaveClient(
        kept.name,
        kept.details,
        kept.health,
        show_first_name=kept.show_first_name,
        version=kept.version,
        page_asks=kept.page_asks,
    )
    clients.update(world.store, coach, ground.own.client, same, world.now)
    clients.set_status(world.store, coach, ground.own.client, "active", world.now, date(2026, 11, 23))
    assert since(world, before) == []


def test_a_row_holds_no_contents(ground: Ground) -> None:
    """Only numbers, a moment and codes: no name, no text, no token, no network address."""
    world = ground.world
    makers.make_client(world, "Zoutkorrel", phone="06 11112222", goal="Zoutkorrel")
    content = NoteContent(felt_text="Zoutkorrel")
    saved = notes.SaveNote("walked", content, 1)
    notes.save(world.store, world.coach(), ground.own.walk, saved, world.now)
    assert set(AuditEntry.__table__.columns.keys()) == COLUMNS, "a new column: may it hold contents?"
    kinds = set(Base.metadata.tables)
    for entry in entries(world):
        assert entry.actor in ("coach", "client", "cli", "jobs", "office")
        assert entry.action in ("saw", "created", "changed", "removed", "handed")
        assert entry.kind in kinds


def test_changes_by_criteria_leave_no_trace_and_are_not_used() -> None:
    """Rows that are changed one by one are written down; a change of many at once is for tables that nobody owns."""
    owned = {
        mapper.class_.__name__
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Owned) and not issubclass(mapper.class_, UNAUDITED)
    }
    pattern = re.compile(r"\b(?:update|delete)\((\w+)\)")
    assert pattern.findall("session.execute(update(Walk).where())") == ["Walk"]
    assert "Walk" in owned
    found = {path.name: set(pattern.findall(path.read_text())) & owned for path in SERVICES}
    verdicts = {
        "busy_jobs.py": {"BusyCalendar", "BusyTime"},  # what another calendar says: no deed of anybody
        "forecast_jobs.py": {"Walk"},  # the weather at the start: no deed of anybody
        "note_revisions.py": {"NoteRevision"},  # 30 days are over: no deed of anybody
        "route_pictures.py": {"RoutePicture"},  # drawn from a route: no deed of anybody
        "sending.py": {"Message"},  # which node is busy with it
    }
    assert {name: kinds for name, kinds in found.items() if kinds} == verdicts


def looks(world: World) -> list[tuple[int | None, int | None]]:
    """(who, whose file) of every look that was written."""
    return [(entry.actor_id, entry.client_id) for entry in entries(world) if entry.action == "saw"]


@pytest.fixture
def files(world: World) -> tuple[int, int]:
    return makers.make_client(world, "Sanne"), makers.make_client(world, "Joris")


def test_a_look_at_a_file_is_written_once_an_hour(
    world: World, coach: PageClient, files: tuple[int, int]
) -> None:
    anna, (sanne, joris) = world.coach().id, files
    for minute in ("09:00", "09:20", "09:59"):
        world.set_clock(f"2026-11-23T{minute}")
        assert coach.get(f"/clients/{sanne}").status == 200
        assert looks(world) == [(anna, sanne)]
    coach.get(f"/clients/{joris}")
    assert sorted(looks(world)) == sorted([(anna, sanne), (anna, joris)])
    world.set_clock("2026-11-23T10:01")
    coach.get(f"/clients/{sanne}")
    assert sorted(looks(world)) == sorted([(anna, sanne), (anna, sanne), (anna, joris)])


def test_who_gets_no_file_leaves_no_look(world: World, files: tuple[int, int]) -> None:
    for who in ("bram", "cor", None):
        assert world.browser(who).get(f"/clients/{files[0]}").status in (303, 404)
    assert looks(world) == []


@pytest.mark.parametrize(
    "page", ["/clients/{client}", "/walks/{walk}", "/walks/{walk}/note", "/clients/{client}/edit"]
)
def test_every_page_of_a_file_counts_as_a_look(ground: Ground, page: str) -> None:
    own = ground.own
    assert ground.world.browser("anna").get(page.format(client=own.client, walk=own.walk)).status == 200
    assert looks(ground.world) == [(own.coach, own.client)]


def test_the_moment_is_that_of_the_deed(ground: Ground) -> None:
    world = ground.world
    world.set_clock("2026-11-23T15:00")
    makers.make_client(world)
    newest = entries(world)[-1]
    assert abs((newest.at - world.now).total_seconds()) < 5
    with world.store.db.reading(EVERYONE) as session:
        assert session.scalar(select(Walk.id)), "and the rest is as it was"


def test_reading_what_may_be_quoted_is_a_look_at_each_of_those_files(
    world: World, coach: PageClient, files: tuple[int, int]
) -> None:
    """Not at those of whom nothing stands there; and the balance over all clients shows nobody's file."""
    anna, (sanne, joris) = world.coach().id, files
    silent = makers.make_client(world, "Els")
    for client in (*files, silent):
        version = consents.text_version("quotes")
        consents.decide(
            world.store, world.coach(), client, "health", "yes", consents.text_version("health"), world.now
        )
        consents.decide(world.store, world.coach(), client, "quotes", "yes", version, world.now)
        quote = "" if client == silent else "Ik adem weer."
        makers.make_note(world, makers.make_walk(world, client, "2026-11-20T10:00"), client_quote=quote)
    for minute in ("09:00", "09:40"):
        world.set_clock(f"2026-11-23T{minute}")
        assert coach.get("/practice").status == 200
        assert coach.get("/quotes").main.count("Ik adem weer.") == 1
        assert sorted(looks(world)) == sorted([(anna, sanne), (anna, joris)])
    world.set_clock("2026-11-23T10:10")
    coach.get("/quotes")
    assert len(looks(world)) == 4
