"""Who looked at a client's file: in words, in parts, and only for its coach."""

from __future__ import annotations

import re

from sqlalchemy import select

from planner.domain.audit import THINGS
from planner.domain.notes import NoteContent
from planner.models import EVERYONE, AuditEntry, Base, Owned
from planner.models.audit import UNAUDITED
from planner.services.clients import sharing
from planner.services.notes import notes
from planner.services.privacy import audit, audit_log
from tests import makers
from tests.conftest import World
from tests.page_client import Page, PageClient

MARK = "Zoutkorrel"


def deeds(page: Page) -> list[str]:
    """What a log says, without its moments."""
    return [
        re.sub(r"^.*? uur ", "", " ".join(one.get_text(" ").split())) for one in page.select("main ol > li")
    ]


def test_p19_who_saw_changed_exported_and_erased_what_and_no_contents(
    world: World, coach: PageClient
) -> None:
    """Each deed stands there afterwards, with who did it and when; nothing of what it was about does."""
    client = makers.make_client(world, MARK, phone="06 11112222", goal=MARK)
    log = f"/clients/{client}/log"
    assert deeds(coach.get(f"/clients/{client}").follow("Wie keek in dit dossier"))[-1] == (
        "Anna de Wit Gemaakt: het dossier, toestemming Veranderd: het dossier"
    )
    world.set_clock("2026-11-23T11:30")
    walk = makers.make_walk(world, client, "2026-11-20T10:00")
    assert deeds(coach.get(log))[0].startswith("Anna de Wit Gemaakt: wandeling")
    world.set_clock("2026-11-23T12:30")
    notes.save(
        world.store, world.coach(), walk, notes.SaveNote("walked", NoteContent(felt_text=MARK)), world.now
    )
    assert any("Gemaakt: notitie" in line for line in deeds(coach.get(log)))
    path = makers.make_link(world, client)
    world.set_clock("2026-11-23T13:30")
    opened = sharing.by_token(world.store, path.split("/")[2], world.now)
    assert opened is not None
    sharing.given_back(world.store, opened, world.now)
    assert deeds(coach.get(log))[0] == "De cliënt Veranderd: de link"
    for hour, deed, said in ((14, "exported", "Kopie gemaakt"), (15, "erased", "Gewist")):
        world.set_clock(f"2026-11-23T{hour}:30")
        with world.store.db.transaction(world.coach().scope, world.now) as session:
            audit.deed(session, deed, "client", client, client)
        page = coach.get(log)
        assert deeds(page)[0] == f"Anna de Wit {said}: het dossier"
        assert f"Maandag 23 november, {hour}.30 uur" in page.main
    assert sum("Bekeken: het dossier" in line for line in deeds(page)) >= 2
    assert MARK not in str(page.one("main ol")) and "11112222" not in page.text
    assert "127.0.0.1" not in page.main and path.split("/")[2] not in page.text
    with world.store.db.reading(EVERYONE) as session:
        rows = [vars(row) for row in session.scalars(select(AuditEntry))]
    assert MARK not in str(rows) and "127.0.0.1" not in str(rows)


def test_in_parts_and_nothing_twice(world: World, coach: PageClient) -> None:
    client = makers.make_client(world)
    with world.store.db.reading(world.coach().scope) as session:
        made = len(list(audit_log.of_client(session, client)))
    for minute in range(120):
        world.set_clock(f"2026-11-23T{10 + minute // 60:02}:{minute % 60:02}")
        with world.store.db.transaction(world.coach().scope, world.now) as session:
            for _twice in range(2):
                audit.deed(session, "exported", "client", client, client)
    page, seen = coach.get(f"/clients/{client}/log"), []
    while True:
        seen += [(line, str(line)) for line in deeds(page) if "Kopie" in line]
        if not page.select("a[href*='before=']"):
            break
        page = page.follow("Eerder")
    assert len(seen) == 120 and all("(2×)" in line for line, _ in seen), "no go is cut in two"
    assert page.follow("De nieuwste").status == 200 and made


def test_only_its_coach_reads_it(world: World) -> None:
    client = makers.make_client(world)
    for who in ("cor", "bram"):
        assert world.browser(who).get(f"/clients/{client}/log").status == 404
    assert world.browser("anna").get(f"/clients/{client}/log?before=zomaar").status == 200
    assert world.browser("anna").get(f"/clients/{client}/log?before={2**63 - 1}").status == 200


def test_every_table_of_a_file_has_its_word() -> None:
    of_a_file = {
        mapper.local_table.name
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Owned)
        and not issubclass(mapper.class_, UNAUDITED)
        and ("client_id" in mapper.local_table.columns or mapper.local_table.name == "client")
    }
    assert set(THINGS) == of_a_file
