"""Sealed texts open where they were sealed, with the key they were sealed with, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planner.domain.clients import ClientName
from planner.domain.notes import NoteContent
from planner.models import EVERYONE, Client, Note
from planner.services.clients import clients
from planner.services.vault import CannotOpen, Place, Vault
from tests import makers
from tests.conftest import World
from tests.ground import Ground
from tests.page_client import PageClient

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
VAULT = Vault(KEY)
ANNA, BEN = 11, 12
WRAPPED = {who: VAULT.new_key(who) for who in (ANNA, BEN)}
HERE = Place("note", "sealed", 501, ANNA)
TEXT = "schouders zakten na tien minuten"


@dataclass(frozen=True)
class Sealed:
    """What somebody has who tries to open a text: a vault, a wrapped key, a place and the bytes."""

    vault: Vault = VAULT
    wrapped: bytes = WRAPPED[ANNA]
    place: Place = HERE
    sealed: bytes = VAULT.seal(WRAPPED[ANNA], HERE, TEXT)

    def open(self) -> str:
        return self.vault.open(self.wrapped, self.place, self.sealed, str)


def flipped(data: bytes, index: int, bit: int = 0) -> bytes:
    changed = bytearray(data)
    changed[index] ^= 1 << bit
    return bytes(changed)


GOOD = Sealed()
WRONG = {
    "another row": replace(GOOD, place=replace(HERE, row_id=502)),
    "another column": replace(GOOD, place=replace(HERE, column="other")),
    "another table": replace(GOOD, place=replace(HERE, table="walk")),
    "another client's place": replace(GOOD, place=replace(HERE, subject_id=BEN)),
    "another client's key": replace(GOOD, wrapped=WRAPPED[BEN]),
    "another client's key and place": replace(
        GOOD, wrapped=WRAPPED[BEN], place=replace(HERE, subject_id=BEN)
    ),
    "a fresh key for the same client": replace(GOOD, wrapped=VAULT.new_key(ANNA)),
    "another data key": replace(GOOD, vault=Vault(OTHER_KEY)),
    "no key": replace(GOOD, wrapped=b""),
    "a damaged key": replace(GOOD, wrapped=flipped(WRAPPED[ANNA], -1)),
    "nothing": replace(GOOD, sealed=b""),
    "only the version": replace(GOOD, sealed=GOOD.sealed[:1]),
    "half a nonce": replace(GOOD, sealed=GOOD.sealed[:5]),
    "only the first bytes": replace(GOOD, sealed=GOOD.sealed[:13]),
    "cut off": replace(GOOD, sealed=GOOD.sealed[:-1]),
    "made longer": replace(GOOD, sealed=GOOD.sealed + b"\0"),
    "an unknown version": replace(GOOD, sealed=b"\x02" + GOOD.sealed[1:]),
    "not sealed at all": replace(GOOD, sealed=b'"in clear"'),
    "the key where the text is": replace(GOOD, sealed=WRAPPED[ANNA]),
}


def test_it_opens_where_it_was_sealed() -> None:
    assert GOOD.open() == TEXT


@pytest.mark.parametrize("what", WRONG)
def test_it_opens_nowhere_else(what: str) -> None:
    with pytest.raises(CannotOpen):
        WRONG[what].open()


@given(index=st.integers(0, len(GOOD.sealed) - 1), bit=st.integers(0, 7))
def test_no_bit_may_change(index: int, bit: int) -> None:
    with pytest.raises(CannotOpen):
        replace(GOOD, sealed=flipped(GOOD.sealed, index, bit)).open()


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(
    first=NAMES, last=NAMES, felt=NAMES, energy=st.none() | st.integers(0, 10), row=st.integers(1, 2**63 - 1)
)
@example(first="\0", last="\U0001f332", felt='"\\|', energy=0, row=2**63 - 1)
def test_everything_comes_back(first: str, last: str, felt: str, energy: int | None, row: int) -> None:
    for value in (ClientName(first, last), NoteContent(felt_text=felt, energy_before=energy)):
        place = Place("client", "name_sealed", row, ANNA)
        sealed = VAULT.seal(WRAPPED[ANNA], place, value)
        assert VAULT.open(WRAPPED[ANNA], place, sealed, type(value)) == value
        assert VAULT.seal(WRAPPED[ANNA], place, value) != sealed, "twice the same text never looks the same"


def test_digests_and_link_secrets_need_the_key() -> None:
    other = Vault(OTHER_KEY)
    assert VAULT.lookup_digest("account", "a@example.org") == Vault(KEY).lookup_digest(
        "account", "a@example.org"
    )
    assert VAULT.lookup_digest("account", "a@example.org") != other.lookup_digest("account", "a@example.org")
    assert VAULT.lookup_digest("account", "a") != VAULT.lookup_digest("throttle", "a")
    secrets = {
        vault.link_secret(*which)
        for vault in (VAULT, other)
        for which in ((1, "page", 1), (1, "page", 2), (1, "feed", 1), (2, "page", 1))
    }
    assert len(secrets) == 8
    assert {len(secret) for secret in secrets} == {32}


def test_a_text_moved_in_the_database_does_not_open(ground: Ground) -> None:
    """Somebody with the file, without the key, swaps two clients' names and gives one client's key to the other."""
    world, (own, other) = ground.world, (ground.own.client, makers.make_client(ground.world, "Joris"))
    for columns in (("name_sealed",), ("name_sealed", "wrapped_key")):
        with pytest.raises(_Undone), world.store.db.transaction(EVERYONE, world.now) as session:
            one, two = session.get_one(Client, own), session.get_one(Client, other)
            for column in columns:
                first, second = getattr(one, column), getattr(two, column)
                setattr(one, column, second)
                setattr(two, column, first)
            session.flush()
            for row in (one, two):
                with pytest.raises(CannotOpen):
                    clients.open_client(world.store, session, row.id)
            raise _Undone
    assert clients.of_coach(world.store, world.coach(), own).name.first_name.startswith("Cliënt van anna")


class _Undone(Exception):
    pass


LAST_WRITTEN = 2
"""So many of the files that PostgreSQL writes ahead, of 16 MB each."""
CANARIES = {
    "first_name": "Kanariepietje", "last_name": "Goudvinkstra", "email": "zeldzaam@example.org", "phone": "06 98765432",
    "help_question": "Waarom slaap ik niet meer door", "emergency_contact": "Oma Roodborst",
}  # fmt: skip


def test_nothing_personal_lies_in_the_files(world: World, coach: PageClient) -> None:
    """Through the front door: a client, a walk, a note; then every byte the database wrote is searched."""
    page = coach.get("/clients/new").submit("/clients/new", **CANARIES, consent_health="1")
    client = int(page.path.rsplit("/", 1)[1])
    walk = makers.make_walk(
        world, client, "2026-11-23T10:00", meeting_point="Bij de Merelbank", message="Neem Kwartelkoekjes mee"
    )
    world.set_clock("2026-11-23T11:00")
    address = f"/walks/{walk}/note"
    saved = coach.get(address).submit(
        address, felt_text="Het Leeuwerikgevoel", home_step="Elke dag Nachtegaaltijd"
    )
    assert saved.status == 200
    assert "Leeuwerikgevoel" in coach.get(address).text, "and it is there for the coach"
    words = [*CANARIES.values(), "Merelbank", "Kwartelkoekjes", "Leeuwerikgevoel", "Nachtegaaltijd"]
    written = everything_written(world)
    assert len(written) > 50_000
    small = written.lower()
    for word in words:
        assert word.encode() not in written and word.lower().encode() not in small, word
    for word in ("Anna de Wit", "anna@example.org"):
        assert word.encode() not in written, word


def everything_written(world: World) -> bytes:
    """The bytes of the database with its log; on PostgreSQL what its server wrote last, in its own log too, and every
    value of every column."""
    url = world.settings.database_url
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        assert Path(f"{path}-wal").stat().st_size > 0, "the log is read too"
        return b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))
    with world.store.db.reading(EVERYONE) as session:
        tables = Note.metadata.sorted_tables
        values = [value for table in tables for row in session.execute(table.select()) for value in row]
    server = Path(url.partition("?host=")[2])
    ahead = sorted((server / "data" / "pg_wal").glob("0*"), key=lambda file: file.stat().st_mtime)
    on_disk = b"\n".join(file.read_bytes() for file in (*ahead[-LAST_WRITTEN:], server / "log"))
    assert b"planned" in on_disk, "what is in clear is found"
    columns = [value if isinstance(value, bytes) else str(value).encode() for value in values]
    return b"\n".join([*columns, on_disk])
