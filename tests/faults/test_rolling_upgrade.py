"""A newer program brings the database up to date while an older one serves: two machines, upgraded one after the
other. Steps of our own stand in for those to come; the older program is the one of today."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from planner.migrations import run
from planner.models import Scope
from planner.models.base import NEWEST_STEP
from planner.services.people import sign_in
from tests.commands import ROOT
from tests.counting import count
from tests.faults.nodes import Node
from tests.faults.practice import Practice, environment
from tests.faults.running import Browser, Writer, field, looking, session_with, wait_until, writing

STEP = """
import time
import sqlalchemy as sa
from alembic import op
revision, down_revision = "{name}", "{before}"
def upgrade():
{body}
def downgrade():
    pass
"""
NEXT, AFTER = f"{int(NEWEST_STEP) + 1:04}", f"{int(NEWEST_STEP) + 2:04}"
WAITS = """
    open({here!r}, "w").close()
    time.sleep(2)  # whoever writes waits, and what they do then is not taken for a loss
"""
EXPANDS = """
    op.add_column("walk", sa.Column("remark", sa.String(20), nullable=True))
    op.add_column("note", sa.Column("remark", sa.String(20), nullable=True))
    op.create_index("ix_walk_owner_id_remark", "walk", ["owner_id", "remark"])
    op.create_table(
        "remark",
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("owner_id", sa.BigInteger, nullable=False),
        sa.Column("walk_id", sa.BigInteger, sa.ForeignKey("walk.id", ondelete="CASCADE"), index=True),
    )
    from planner.migrations.row_security import hold
    hold(op.get_bind())
"""
CONTRACTS = """
    op.drop_column("walk", "remark")
    op.drop_column("client", "started_on")
"""


def steps_with(folder: Path, **bodies: str) -> Path:
    """The steps there are, and these after them."""
    if not folder.exists():
        shutil.copytree(run.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    before = run.head()
    for name, body in bodies.items():
        step = STEP.format(name=name.removeprefix("s"), before=before, body=body.strip("\n"))
        (folder / "versions" / f"{name}.py").write_text(step)
        before = name.removeprefix("s")
    return folder


def prepared(practice: Practice) -> subprocess.CompletedProcess[str]:
    """What a unit does before it starts the program of today."""
    return subprocess.run(
        [sys.executable, "-m", "planner.launcher", "--prepare"],
        cwd=ROOT,
        env=environment(practice.instance, **practice.more),
        capture_output=True,
        text=True,
        check=False,
    )


def leaves(practice: Practice, base: str) -> int:
    """Somebody signs out: a row less."""
    with session_with(practice.cookie) as browser:
        sent = {"csrf_token": field(browser.get(base + "/account", timeout=30).text, "csrf_token")}
        return browser.post(base + "/logout", sent, allow_redirects=False, timeout=30).status_code


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    return tmp_path / "steps"


def test_a_step_that_adds_is_noticed_by_nobody(shared: Practice, tmp_path: Path, steps: Path) -> None:
    """People read and write at the older one all the time; afterwards it starts again as well, and does its work."""
    url = shared.more["PLANNER_DATABASE_URL"]
    here = tmp_path / "here"
    steps_with(steps, **{f"s{NEXT}_from_{NEWEST_STEP}": WAITS.format(here=str(here)) + EXPANDS})
    other = signed_in_elsewhere(shared)
    writers = [Writer(shared, number) for number in range(len(shared.walks))]
    older = Node(tmp_path / "older", shared)
    try:
        pages = [older.base + path for path in ("/", "/clients/", f"/walks/{shared.walks[0]}")]
        with (
            ThreadPoolExecutor() as beside,
            writing(writers, older.base),
            looking(session_with(shared.cookie), pages) as one,
            looking(session_with(shared.cookie), pages) as another,
        ):
            wait_until(lambda: all(writer.kept for writer in writers))
            newer = beside.submit(run.upgrade, url, folder=steps)
            wait_until(here.exists)
            left = beside.submit(leaves, other, older.base)
            newer.result()
            so_far = [len(writer.kept) for writer in writers]
            wait_until(
                lambda: all(len(writer.kept) > was + 2 for writer, was in zip(writers, so_far, strict=True))
            )
    finally:
        older.stop()
    assert run.current(url) == f"{NEXT}_from_{NEWEST_STEP}"
    assert one.seen == another.seen == {200} and left.result() == 303
    assert not [text for writer in writers for text in writer.refused]
    kept = {text for writer in writers for text in writer.kept}
    assert not kept - shared.texts()
    count("notes while the database grew", len(kept))
    done = prepared(shared)
    assert (done.returncode, done.stderr) == (0, "")
    again = Node(tmp_path / "again", shared)
    try:
        with Browser(again.base, shared.cookie, shared.walks[0]) as browser:
            browser.look()
            assert browser.send("after it").status_code == 303
        assert again.jobs.poll() is None
    finally:
        again.stop()


def test_a_step_that_takes_away_is_done_with_nobody_older_there(
    shared: Practice, tmp_path: Path, steps: Path
) -> None:
    """Not as one that adds, and not while who would stumble is connected; then who is older does not start."""
    url = shared.more["PLANNER_DATABASE_URL"]
    steps_with(
        steps, **{f"s{NEXT}_from_{NEWEST_STEP}": CONTRACTS.replace('"walk", "remark"', '"walk", "minutes"')}
    )
    older = Node(tmp_path / "older", shared)
    try:
        with pytest.raises(run.MigrationRefused, match=r"walk\.minutes is weg"):
            run.upgrade(url, folder=steps)
        shutil.rmtree(steps)
        steps_with(steps, **{f"s{NEXT}_from_{NEWEST_STEP}": EXPANDS, f"s{AFTER}_from_{NEXT}": CONTRACTS})
        with pytest.raises(run.OthersServe):
            run.upgrade(url, folder=steps)
        assert run.current(url) == run.head(), "nothing was changed"
        with Browser(older.base, shared.cookie, shared.walks[0]) as browser:
            browser.look()
    finally:
        older.stop()
    upgraded(url, steps)
    done = prepared(shared)
    assert done.returncode == 1 and "nieuwere versie" in done.stderr


def upgraded(url: str, steps: Path) -> None:
    """PostgreSQL takes a moment to see that somebody was killed."""
    until = time.monotonic() + 20
    while run.current(url) == run.head():
        assert time.monotonic() < until
        with suppress(run.OthersServe):
            run.upgrade(url, folder=steps)


def signed_in_elsewhere(practice: Practice) -> Practice:
    """The same coach in another browser."""
    with practice.opened() as world:
        scope = Scope(practice.owner_id, practice.coach_id, "coach", practice.coach_id)
        token = sign_in.begin(world.store, scope, world.now)
        signer = world.app.session_interface.get_signing_serializer(world.app)  # type: ignore[attr-defined]
        return replace(practice, token=token, cookie=str(signer.dumps({"token": token})))
