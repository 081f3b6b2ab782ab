"""Steps that an older program can go on with, and those it cannot (planner/migrations/expanding.py). With machines that
really serve meanwhile: tests/faults/test_rolling_upgrade.py."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import create_engine, text

from planner.migrations import expanding, run
from planner.models.base import NEWEST_STEP, make_engine
from planner.services.keeping import checks, upgrading
from tests.ground import Ground

RELEASED = "0011"
BEFORE = (
    "CREATE TABLE walk (id INTEGER PRIMARY KEY, minutes INTEGER, status TEXT NOT NULL, place TEXT NOT NULL DEFAULT '')",
    "CREATE TABLE note (id INTEGER PRIMARY KEY)",
)
GOES_ON = {
    "a column that may be empty": "ALTER TABLE walk ADD COLUMN remark TEXT",
    "a column that the database fills": "ALTER TABLE walk ADD COLUMN remark TEXT NOT NULL DEFAULT ''",
    "an index": "CREATE INDEX ix ON walk (minutes)",
    "a rule about what is new": "ALTER TABLE walk ADD COLUMN remark TEXT CHECK (remark <> '')",
    "a table": "CREATE TABLE more (id INTEGER PRIMARY KEY)",
    "a table whose rows go along": (
        "CREATE TABLE more (walk_id INTEGER, CONSTRAINT fk FOREIGN KEY(walk_id) REFERENCES walk (id) ON DELETE CASCADE)"
    ),
    "a column that is emptied along": (
        "DROP TABLE note; CREATE TABLE note (id INTEGER PRIMARY KEY, walk_id INTEGER,"
        " CONSTRAINT fk FOREIGN KEY(walk_id) REFERENCES walk (id) ON DELETE SET NULL)"
    ),
}
STUMBLES = {
    "a table is gone": ("DROP TABLE note", "note is weg"),
    "a column is gone": ("ALTER TABLE walk DROP COLUMN minutes", "walk.minutes is weg"),
    "another name": ("ALTER TABLE walk RENAME COLUMN minutes TO length", "walk.minutes is weg"),
    "a new column must be filled": (
        "DROP TABLE note; CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)",
        "note.text moet gevuld zijn",
    ),
    "an old one must be filled": (
        "DROP TABLE walk; CREATE TABLE walk (id INTEGER PRIMARY KEY, minutes INTEGER NOT NULL, status TEXT NOT NULL,"
        " place TEXT NOT NULL DEFAULT '')",
        "walk.minutes moet gevuld zijn",
    ),
    "the database fills it no more": (
        "DROP TABLE walk; CREATE TABLE walk (id INTEGER PRIMARY KEY, minutes INTEGER, status TEXT NOT NULL,"
        " place TEXT NOT NULL)",
        "walk.place moet gevuld zijn",
    ),
    "another type": (
        "DROP TABLE walk; CREATE TABLE walk (id INTEGER PRIMARY KEY, minutes TEXT, status TEXT NOT NULL,"
        " place TEXT NOT NULL DEFAULT '')",
        "walk.minutes is van een ander type",
    ),
    "twice no more": (
        "CREATE UNIQUE INDEX ux ON walk (status)",
        "walk heeft een nieuwe regel over wat er al was (unique)",
    ),
    "a table that holds on": (
        "CREATE TABLE more (walk_id INTEGER REFERENCES walk (id))",
        "more zou rijen van walk vasthouden",
    ),
    "a column that holds on": (
        "ALTER TABLE note ADD COLUMN walk_id INTEGER REFERENCES walk (id)",
        "note zou rijen van walk vasthouden",
    ),
}
SERVES = {
    ("0011", "0012_from_0011"): True,
    ("0012_from_0011", "0014_from_0011"): True,
    ("0013_from_0011", "0014_from_0013"): True,
    ("0012_from_0011", "0014_from_0013"): False,
    ("0011", "0012_from_0012"): False,
    ("0011", "0012"): False,
    ("0011", "0000"): False,
    ("0012_from_0011", "0012_from_0011x"): False,
    ("0013_from_0011", "0012_from_0011"): False,  # behind: it is brought up to date
}


def changed(step: str) -> list[str]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        for one in BEFORE:
            connection.exec_driver_sql(one)
        before = expanding.shapes(connection)
        for one in step.split("; "):
            connection.exec_driver_sql(one)
        found = expanding.in_the_way(before, expanding.shapes(connection))
    engine.dispose()
    return found


@pytest.mark.parametrize("kind", GOES_ON)
def test_what_an_older_program_does_not_notice(kind: str) -> None:
    assert changed(GOES_ON[kind]) == []


@pytest.mark.parametrize("kind", STUMBLES)
def test_what_an_older_program_stumbles_over(kind: str) -> None:
    step, said = STUMBLES[kind]
    assert changed(step) == [said]


@pytest.mark.parametrize("pair", SERVES, ids=" ".join)
def test_which_program_serves_which_database(pair: tuple[str, str]) -> None:
    assert expanding.may_serve(*pair) is SERVES[pair]


def test_each_step_says_from_when_on_a_program_goes_on() -> None:
    """After 0011, and never an older one again than the step before said."""
    texts = [one.read_text() for one in sorted((run.FOLDER / "versions").glob("[0-9]*.py"))]
    steps = [found[1] for text in texts if (found := re.search(r"^revision = '(\w+)'", text, re.M))]
    assert len(steps) == len(texts) and steps[-1] == run.head()
    later = [one for one in steps if one > RELEASED]
    assert all(expanding.NAME.fullmatch(one) for one in later)
    assert [expanding.number(one) for one in steps] == [f"{n:04}" for n in range(1, len(steps) + 1)]
    said = [expanding.oldest(one) for one in later]
    assert said == sorted(said) and all(
        one <= expanding.number(step) for one, step in zip(said, later, strict=True)
    )
    assert expanding.number(run.head()) == NEWEST_STEP, "planner/models/base.py"


def brought_to(url: str, revision: str) -> None:
    """By a newer program."""
    engine = make_engine(url)
    with engine.connect().execution_options(write=True) as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))
        connection.commit()
    engine.dispose()


@pytest.mark.parametrize(("revision", "goes_on"), [("9999_from_0011", True), ("9999_from_9999", False)])
def test_a_newer_database_is_served_when_it_says_so(ground: Ground, revision: str, goes_on: bool) -> None:
    """At the start, and by `check`."""
    store, settings = ground.world.store, ground.world.settings
    brought_to(settings.database_url, revision)
    if goes_on:
        assert upgrading.bring_up_to_date(settings) is None
    else:
        with pytest.raises(upgrading.UpgradeRefused, match="nieuwere versie"):
            upgrading.bring_up_to_date(settings)
    assert any(revision in line for line in checks.everything(store, settings)) is not goes_on
