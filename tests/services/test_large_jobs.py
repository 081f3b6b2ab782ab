"""What `make bench` calls a right answer of a job at scale."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bench.data import add
from bench.large_keeping import keep_to_terms
from bench.large_work import Bench, opened
from bench.rounds import WrongAnswer
from tests import makers
from tests.conftest import World


def bench_on(world: World, folder: Path) -> Bench:
    if world.store.db.engine.dialect.name != "sqlite":
        pytest.skip("data sets are files")
    makers.make_route(world, line=True)
    add(world.store, world.coach(), 8, 1, world.now)
    file = Path(make_url(world.settings.database_url).database or "")
    return Bench(world.app.extensions["planner"], 33, file, folder, lambda facts: facts)


def test_everything_that_is_past_its_term_goes(world: World, tmp_path: Path) -> None:
    bench = bench_on(world, tmp_path)
    job = keep_to_terms(bench)
    assert job.steps["retention"].work() == 8 + 4 + 1, "walks, notes and the file"
    assert job.steps["retention, nothing left"].work() == 1
    with pytest.raises(WrongAnswer):
        job.steps["retention"].work()


def test_a_row_too_many_is_a_wrong_answer(world: World, tmp_path: Path) -> None:
    bench = bench_on(world, tmp_path)
    job = keep_to_terms(bench)
    opened(bench.database).execute("DELETE FROM note WHERE id = (SELECT min(id) FROM note)")
    with pytest.raises(WrongAnswer, match="12 instead of 13"):
        job.steps["retention"].work()
