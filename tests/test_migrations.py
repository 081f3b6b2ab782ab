"""Steps of the database, with data in it: nothing is lost, and a step that fails leaves everything as it was.

Each step runs on a filled database; steps of our own, in a folder of their own, stand in for those to come.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Engine, Integer, MetaData, Table, inspect, select, text
from sqlalchemy.exc import DBAPIError

from planner.migrations import run
from planner.models import EVERYONE, Base, Coach
from planner.models.base import make_engine
from planner.models.ownership import scoped
from tests.conftest import World
from tests.databases import Databases
from tests.ground import Ground

ROOT = Path(__file__).resolve().parent.parent
STEP = '''"""A step of the tests."""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "9999", "{head}"
def upgrade():
{body}
def downgrade():
    pass
'''
REBUILD = """
    for name in ("client", "walk", "route", "coach", "practice"):
        with op.batch_alter_table(name, recreate="always" if op.get_bind().dialect.name == "sqlite" else "never") as it:
            it.add_column(sa.Column("remark", sa.String(20), nullable=True))
    op.execute("UPDATE client SET remark = 'kept'")
"""
FAILS = {
    "a fault of the database": "    op.execute('INSERT INTO nowhere VALUES (1)')\n",
    "a fault in the code": "    raise ZeroDivisionError\n",
    "a note is lost": "    op.execute('DELETE FROM note')\n",
    "one note is lost": "    op.execute('DELETE FROM note WHERE id = (SELECT max(id) FROM note)')\n",
    "a note hangs in the air": "    op.execute('UPDATE note SET walk_id = 5, id = id + 1')\n",
}


@pytest.fixture
def url(ground: Ground) -> str:
    """The address of a full database that nobody has open."""
    ground.world.store.db.dispose()
    return ground.world.settings.database_url


@pytest.fixture
def steps(tmp_path: Path) -> Iterator[Path]:
    """A folder with our steps, to put another one in."""
    folder = tmp_path / "migrations"
    shutil.copytree(run.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    yield folder


def add_step(folder: Path, body: str) -> None:
    step = STEP.format(head=run.head(), body=body.strip("\n"))
    (folder / "versions" / "9999_of_the_tests.py").write_text(step)


def schema(url: str) -> dict[str, object]:
    """Tables with their columns, keys and indexes, as the database tells them."""
    engine = make_engine(url)
    found = inspect(engine)
    told = {
        name: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(name)],
            found.get_pk_constraint(name),
            sorted(map(repr, found.get_foreign_keys(name))),
            sorted(map(repr, found.get_unique_constraints(name))),
            sorted(map(repr, found.get_indexes(name))),
        )
        for name in found.get_table_names()
    }
    engine.dispose()
    return told


def differences(url: str, metadata: MetaData) -> list[object]:
    engine = make_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, metadata)
    engine.dispose()
    return found


def test_the_steps_make_what_the_models_say(databases: Databases) -> None:
    url = databases.fresh()
    assert differences(url, Base.metadata) == []
    other = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.sorted_tables:
        table.to_metadata(other)
    Table("forgotten", other, Column("id", Integer, primary_key=True))
    other.tables["walk"].append_column(Column("forgotten", Integer))
    assert len(differences(url, other)) == 2, "the detector sees a table and a column without a step"
    databases.drop(url)


def test_up_down_and_up_again(databases: Databases) -> None:
    url = databases.fresh()
    first = schema(url)
    run.downgrade(url, "base")
    assert set(schema(url)) == {"alembic_version"}
    assert run.current(url) is None
    run.upgrade(url)
    assert schema(url) == first
    assert run.current(url) == run.head()
    databases.drop(url)


@pytest.mark.parametrize("step", ["0001"])
def test_each_step_keeps_what_was_there(ground: Ground, url: str, step: str) -> None:
    """Back to a step and up again, with full files in it: no row of what that step knows is lost or changed."""
    before = ground.dump()
    run.downgrade(url, step)
    tables = set(schema(url))
    run.upgrade(url)
    after = ground.dump()
    assert {name: len(rows) for name, rows in after.items() if name in tables} == {
        name: len(rows) for name, rows in before.items() if name in tables
    }
    assert after["note"] == before["note"] and after["consent"] == before["consent"]


def test_once_more_changes_nothing(ground: Ground, url: str) -> None:
    before = ground.dump()
    run.upgrade(url)
    assert ground.dump() == before


def test_a_rebuilt_table_keeps_its_children(ground: Ground, url: str, steps: Path) -> None:
    add_step(steps, REBUILD)
    before = ground.dump()
    ground.world.store.db.dispose()  # such a step is refused while an older program is connected
    run.upgrade(url, folder=steps)
    assert run.current(url) == "9999"
    assert ground.dump() == before, "as far as the models know the tables"
    engine = make_engine(url)
    with scoped(EVERYONE), engine.connect() as connection:
        assert connection.execute(text("SELECT DISTINCT remark FROM client")).scalars().all() == ["kept"]
        if engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    engine.dispose()


def test_somebody_leads_each_practice(ground: Ground, url: str) -> None:
    """Whoever was there first, when roles came."""
    run.downgrade(url, "0006")
    run.upgrade(url)
    with ground.world.store.db.reading(EVERYONE) as session:
        found = session.execute(select(Coach.owner_id, Coach.role).where(Coach.role == "lead")).all()
    assert sorted(owner for owner, _role in found) == sorted({file.owner for file in ground.files.values()})


def test_with_foreign_keys_on_the_children_would_be_gone(ground: Ground, url: str) -> None:
    """Why our own engine has them off: the same rebuild through the planner's engine deletes walks and notes."""
    engine = make_engine(url)
    if engine.dialect.name != "sqlite":
        engine.dispose()
        pytest.skip("only SQLite rebuilds tables")
    assert len(ground.dump()["note"]) == 3
    _rebuild_client(engine)
    engine.dispose()
    assert len(ground.dump()["client"]) == 3
    assert ground.dump()["note"] == []


def _rebuild_client(engine: Engine) -> None:
    with engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("client", recreate="always") as batch:
            batch.add_column(Column("remark", Integer, nullable=True))


@pytest.mark.parametrize("fault", FAILS)
@pytest.mark.parametrize("after", ["", REBUILD], ids=["at once", "after tables were rebuilt"])
def test_a_step_that_fails_leaves_everything_as_it_was(
    ground: Ground, url: str, steps: Path, fault: str, after: str
) -> None:
    add_step(steps, after + FAILS[fault])
    before, tables = ground.dump(), schema(url)
    with pytest.raises((run.MigrationRefused, DBAPIError, ZeroDivisionError)):
        run.upgrade(url, folder=steps)
    assert schema(url) == tables
    assert ground.dump() == before
    assert run.current(url) == run.head()


def test_it_says_where_rows_would_be_lost(ground: Ground, url: str, steps: Path) -> None:
    add_step(steps, FAILS["one note is lost"])
    with pytest.raises(run.MigrationRefused, match="er zouden rijen verdwijnen uit note"):
        run.upgrade(url, folder=steps)


BLOCKS = '    import time; print("here", flush=True); time.sleep(60)\n'


@pytest.mark.parametrize(
    "body", [BLOCKS + REBUILD, REBUILD + BLOCKS], ids=["before the first change", "after the last change"]
)
def test_a_step_that_is_killed_leaves_the_old_database(
    ground: Ground, url: str, steps: Path, body: str
) -> None:
    add_step(steps, body)
    before, tables = ground.dump(), schema(url)
    ground.world.store.db.dispose()
    code = (
        "import pathlib, sys; from planner.migrations import run; "
        "run.upgrade(sys.argv[1], folder=pathlib.Path(sys.argv[2]))"
    )
    command = [sys.executable, "-c", code, url, steps]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"here\n"
        process.send_signal(signal.SIGKILL)
    assert schema(url) == tables
    assert ground.dump() == before
    ground.world.store.db.dispose()
    add_step(steps, REBUILD)
    run.upgrade(url, folder=steps)
    assert ground.dump() == before, "and the step can be done after all"


def checked(world: World) -> tuple[int, str]:
    result = world.app.test_cli_runner().invoke(args=["check"])
    return result.exit_code, result.output


def test_check_tells_of_a_database_that_is_behind_or_ahead(ground: Ground, url: str, steps: Path) -> None:
    world = ground.world
    assert checked(world) == (0, "Alles klopt.\n")
    world.store.db.dispose()
    add_step(steps, REBUILD)
    run.upgrade(url, folder=steps)
    code, said = checked(world)
    assert (code, said.count("\n")) == (1, 1)
    assert f"De database is op stand 9999, dit programma op {run.head()}." in said
    engine = make_engine(url)
    with engine.connect().execution_options(write=True) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        connection.commit()
    engine.dispose()
    assert "De database is op stand 0000" in checked(world)[1]


def test_check_tells_of_an_empty_database(databases: Databases, world: World) -> None:
    run.downgrade(world.settings.database_url, "base")
    code, said = checked(world)
    assert code == 1
    assert "Er is nog geen database." in said


def test_looking_at_the_revision_does_not_wait_for_a_writer(ground: Ground, url: str) -> None:
    engine = make_engine(url)
    with engine.connect().execution_options(write=True) as connection:
        connection.execute(text("UPDATE practice SET version = version + 1"))
        assert run.current(url) == run.head()
        connection.rollback()
    engine.dispose()


def test_every_step_can_be_undone() -> None:
    """A step without a way back cannot be proven up and down."""
    for path in (run.FOLDER / "versions").glob("*.py"):
        body = path.read_text().partition("def downgrade()")[2]
        assert "op." in body, path.name
