"""A client is erased: rows, key and bytes; and stays erased when an older copy is put back."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from planner import launcher
from planner.domain.messages import Text
from planner.models import EVERYONE, AuditEntry, Base, Client, Erasure
from planner.scheduler import jobs_for, one_pass
from planner.services.clients import link_requests
from planner.services.keeping import backup, checks, housekeeping, upgrading
from planner.services.privacy import erasure
from planner.services.store import Store
from planner.settings import Settings, UnsafeSettings
from tests import makers
from tests.address_book import csrf
from tests.conftest import World
from tests.ground import Ground, canary
from tests.makers import make_client
from tests.page_client import Page
from tests.services.test_backup import empty, store_of  # noqa: F401 - a fixture

NUMBERS_STAY = {"audit_entry", "erasure", "form_once"}
"""Where the number of an erased client may stand: who did what, that it was erased, and forms that were sent."""


def asked(ground: Ground, name: str, who: str = "anna", client: int | None = None) -> Page:
    address = f"/clients/{client or ground.own.client}/erase"
    return ground.world.browser(who).get(address).submit(address, confirm=name)


def first_name(ground: Ground) -> str:
    return f"Cliënt van anna {canary('anna')}"


Dump = dict[str, list[tuple[object, ...]]]


def sealed_of(dump: Dump, client: int) -> list[bytes]:
    """Every sealed text of a client, and the key that opens them. The links of the audit's chain are no texts."""
    theirs = {name: rows for name, rows in dump.items() if name not in NUMBERS_STAY}
    return [
        value
        for row in about(theirs, client)
        for value in row
        if isinstance(value, bytes) and len(value) > 20
    ]


def about(dump: Dump, *clients: int) -> list[tuple[object, ...]]:
    """Every row that names one of these clients."""
    return [row for rows in dump.values() for row in rows if not set(clients).isdisjoint(_numbers(row))]


def _numbers(row: tuple[object, ...]) -> set[object]:
    return {value for value in row if isinstance(value, int)}


def _rows(world: World, table: object) -> list[tuple[object, ...]]:
    with world.store.db.reading(EVERYONE) as session:
        return [tuple(row) for row in session.execute(select(table))]  # type: ignore[call-overload]


def written(world: World) -> bytes:
    """All bytes on disk: the database with its log, and the folder of the instance."""
    url = world.settings.database_url
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        files = list(path.parent.glob(path.name + "*"))
    else:
        files = []
        tables = Base.metadata.sorted_tables
        values = [value for table in tables for row in _rows(world, table) for value in row]
    files += [file for file in world.settings.instance.rglob("*") if file.is_file()]
    found = b"".join(file.read_bytes() for file in files)
    if not url.startswith("sqlite"):
        found += b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)
    return found


def test_p12_nothing_of_an_erased_client_is_left(ground: Ground) -> None:
    world, client = ground.world, ground.own.client
    link_requests.ask(world.store, f"{canary('anna')}@example.org", "127.0.0.1", world.now)
    before, others = ground.dump(), (ground.colleague.client, ground.stranger.client)
    sealed = sealed_of(before, client)
    assert len(sealed) > 12 and before["link_request"]
    if world.settings.database_url.startswith("sqlite"):
        disk = written(world)
        assert all(one in disk for one in sealed), "the search sees what is there"
    page = asked(ground, f"  {first_name(ground).upper()} ")
    assert page.path == "/clients/" and "gewist" in page.main
    assert canary("anna") not in page.text
    after, disk = ground.dump(), written(world)
    assert {name for name, rows in after.items() if about({name: rows}, client)} <= NUMBERS_STAY
    assert not [one for one in sealed if one in disk]
    for word in (canary("anna").encode(), b"06 12345678"):
        assert word not in disk
    assert not after["link_request"]
    assert about(after, *others) == about(before, *others)
    assert world.browser("anna").get(f"/clients/{client}").status == 404
    for link in (ground.own.link, ground.own.feed):
        assert world.browser().get(link).status == 404


def test_p12_what_the_files_could_not_let_go_of_goes_within_the_hour(ground: Ground) -> None:
    """Somebody was in the way: the rows were gone, and the log of the database still had them."""
    world, client, walk = ground.world, ground.own.client, ground.own.walk
    world.browser("anna").get(f"/walks/{walk}/note").submit(felt_text="Nog een keer")
    sealed = sealed_of(ground.dump(), client)
    with world.store.db.transaction(EVERYONE, world.now) as session:
        session.add(Erasure(id=1, owner_id=ground.own.owner, client_id=client, erased_at=world.now))
        session.delete(session.get_one(Client, client))
    on_sqlite = world.settings.database_url.startswith("sqlite")
    assert not on_sqlite or [one for one in sealed if one in written(world)], "the search sees what is there"
    housekeeping.sweep(world.store, world.now)
    disk = written(world)
    assert not [one for one in sealed if one in disk]


def test_p12_a_tombstone_stays_and_the_audit_says_who_did_it(ground: Ground) -> None:
    asked(ground, first_name(ground))
    with ground.world.store.db.reading(EVERYONE) as session:
        (stone,) = session.scalars(select(Erasure)).all()
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "erased")).one()
    assert (stone.client_id, stone.owner_id, stone.asked_on) == (ground.own.client, ground.own.owner, None)
    assert set(Erasure.__table__.columns.keys()) == {"id", "owner_id", "client_id", "erased_at", "asked_on"}
    assert (entry.actor_id, entry.client_id, entry.kind) == (ground.own.coach, ground.own.client, "client")
    (line,) = erasure.read(erasure.ledger_of(ground.world.settings))
    assert line == (ground.own.owner, ground.own.client)


@pytest.mark.parametrize("typed", ["", "Iemand anders"])
def test_another_name_erases_nobody(ground: Ground, typed: str) -> None:
    before = ground.dump()
    page = asked(ground, typed)
    assert page.status == 422 and "confirm" in page.errors
    assert ground.dump()["client"] == before["client"]


def test_it_is_asked_who_is_there(ground: Ground) -> None:
    ground.world.set_clock("2026-11-23T09:30")
    page = asked(ground, first_name(ground))
    assert page.status == 403 and page.h1 == "Ben jij het?"
    assert ground.dump()["client"]


@pytest.mark.parametrize("lies", ["beside the copy", "in the instance"])
def test_p08_a_copy_that_is_put_back_erases_again(
    world: World,
    empty: Settings,  # noqa: F811
    tmp_path: Path,
    lies: str,
) -> None:
    """The copy is older than the erasure. What somebody else wrote beside it erases nobody."""
    client, other, copy = (
        make_client(world, "Sanne"),
        make_client(world, "Joris"),
        tmp_path / "copies" / "kopie.zip",
    )
    copy.parent.mkdir()
    backup.make(world.settings, copy)
    ledger = erasure.ledger_of(world.settings)
    erasure.erase(world.store, world.coach(), client, ledger, world.now)
    with ledger.open("a") as file:
        forged = lies == "beside the copy"  # else a line of before there were seals: no client of theirs
        owner = world.coach("anna" if forged else "bram").owner_id
        file.write(
            f"{owner} {other} 2026-01-01T00:00:00+00:00\n{owner} {other} 2026-01-01T00:00:00+00:00 00ff\n"
        )
    empty.instance.mkdir()
    ledger.rename(copy.with_name(erasure.LEDGER) if lies == "beside the copy" else erasure.ledger_of(empty))
    backup.restore(empty, copy)
    there = store_of(empty)
    assert _clients(there) == {other}
    with there.db.reading(EVERYONE) as session:
        assert not session.scalars(select(Erasure)).all(), "the copy is from before"
    erasure.agree(there, erasure.ledger_of(empty), world.now)
    with there.db.reading(EVERYONE) as session:
        assert client in session.scalars(select(Erasure.client_id)).all()
    there.db.dispose()


def test_p08_the_copies_of_the_night_alone_bring_nobody_back(world: World, empty: Settings) -> None:  # noqa: F811
    """The computer is gone with its ledger; what is left is the folder with the copies, and the keys."""
    client, other = make_client(world, "Sanne"), make_client(world, "Joris")
    work = jobs_for(world.store, world.settings, lambda facts: Text("", "", ""))
    one_pass(work, sweeping=False)
    (copy,) = world.settings.backups.glob("night-*.zip")
    world.browser("anna").get(f"/clients/{client}/erase").submit(f"/clients/{client}/erase", confirm="Sanne")
    one_pass(work, sweeping=False)
    erasure.ledger_of(world.settings).unlink()
    backup.restore(empty, copy)
    there = store_of(empty)
    assert _clients(there) == {other}
    there.db.dispose()


@pytest.mark.parametrize("time", range(1, 6))
def test_p08_a_restore_that_is_killed_brings_nobody_back(world: World, empty: Settings, time: int) -> None:  # noqa: F811
    """Killed when it opens a ledger for the first time, the second, and so on; the last of these comes to its end."""
    client, copy = make_client(world, "Sanne"), world.settings.instance / "copies" / "kopie.zip"
    copy.parent.mkdir()
    backup.make(world.settings, copy)
    ledger = copy.with_name(erasure.LEDGER)
    erasure.erase(world.store, world.coach(), client, ledger, world.now)
    if (child := os.fork()) == 0:
        try:
            _dies_at_a_ledger(time)
            backup.restore(empty, copy)
            os._exit(0)
        finally:
            os._exit(1)
    killed = os.waitpid(child, 0)[1] != 0
    assert killed == (time < 5)
    if upgrading.revision(empty) is None:
        return
    there = store_of(empty)
    if _clients(there):
        assert "Wie gewist is" in "".join(checks.everything(there, empty))
    launcher.prepared(empty)
    assert not _clients(there) and checks.everything(there, empty) == []
    there.db.dispose()


def _dies_at_a_ledger(time: int) -> None:
    opened = 0

    def look(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal opened
        opened += event == "open" and str(arguments[0]).endswith(erasure.LEDGER)
        if opened == time:
            os._exit(9)

    sys.addaudithook(look)


@pytest.mark.parametrize("whose", ["beside the copy", "in the instance"])
def test_p08_a_ledger_that_cannot_be_read_stops_a_restore_in_plain_words(
    world: World,
    empty: Settings,  # noqa: F811
    whose: str,
) -> None:
    copy = world.settings.instance / "copies" / "kopie.zip"
    copy.parent.mkdir()
    backup.make(world.settings, copy)
    ledger = copy.with_name(erasure.LEDGER) if whose == "beside the copy" else erasure.ledger_of(empty)
    ledger.mkdir(parents=True)
    with pytest.raises(backup.BackupRefused, match="Daarin staat wie gewist is"):
        backup.restore(empty, copy)
    assert upgrading.revision(empty) is None, "nothing was put back"


def test_p08_nobody_is_served_while_it_is_not_known_who_was_erased(keyed: World) -> None:
    erasure.ledger_of(keyed.settings).mkdir()
    with pytest.raises(UnsafeSettings, match="Daarin staat wie gewist is"):
        launcher.prepared(keyed.settings)
    assert "Daarin staat wie gewist is" in "".join(checks.everything(keyed.store, keyed.settings))


def _clients(store: Store) -> set[int]:
    with store.db.reading(EVERYONE) as session:
        return set(session.scalars(select(Client.id)))


def test_table_and_ledger_come_to_agree(world: World, tmp_path: Path) -> None:
    """A power cut between the two, half a line, a line of another installation, and once more changes nothing."""
    client, other, ledger = make_client(world, "Sanne"), make_client(world, "Joris"), tmp_path / "ledger"
    coach = world.coach()
    erasure.erase(world.store, coach, client, ledger, world.now)
    ledger.unlink()
    erasure.agree(world.store, ledger, world.now)
    assert set(erasure.read(ledger)) == {(coach.owner_id, client)}
    with ledger.open("a") as file:
        file.write(f"\n5 6 2026-01-01T00:00:00+00:00\n{coach.owner_id} {other} 2026-01-01T00:00:00+00:00\n77")
    before = sealed_of({"client": _rows(world, Client.__table__)}, other)
    erasure.agree(world.store, ledger, world.now)
    assert _clients(world.store) == set()
    assert before and not [one for one in before if one in written(world)], "nor as bytes"
    erasure.agree(world.store, ledger, world.now)  # what had no seal gets one
    text = ledger.read_text()
    erasure.agree(world.store, ledger, world.now)
    assert ledger.read_text() == text
    settings = replace(world.settings, instance=tmp_path / "none")
    assert erasure.read(erasure.ledger_of(settings)) == {}


def test_whoever_a_client_is_shared_with_does_not_erase(ground: Ground) -> None:
    """The file stays with its own coach, and the page says whom to ask."""
    makers.make_access(ground.world, ground.own.client)
    cor, address = ground.world.browser("cor"), f"/clients/{ground.own.client}/erase"
    page, before = cor.get(address), ground.dump()
    assert "Anna de Wit" in page.one("[data-whose]").get_text()
    assert not page.select(f'form[action="{address}"]')
    assert cor.post(address, {"csrf_token": csrf(cor), "confirm": first_name(ground)}).status == 404
    after = ground.dump()
    assert {name for name in before if before[name] != after[name]} <= {"audit_entry", "audit_segment"}
