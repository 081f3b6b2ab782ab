"""Planners that really run, each on a practice of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests import mail_server
from tests.databases import PostgresDatabases, postgres_programs, postgres_server, quick_folder
from tests.faults.practice import EMAIL, Practice, found_practice


@pytest.fixture(scope="session")
def first_practice(tmp_path_factory: pytest.TempPathFactory) -> Practice:
    return found_practice(tmp_path_factory.mktemp("practice") / "instance")


@pytest.fixture
def practice(first_practice: Practice, tmp_path: Path) -> Practice:
    """A copy of its own, on the disk of this machine."""
    return copied(first_practice, tmp_path)


@pytest.fixture
def quick_practice(first_practice: Practice) -> Iterator[Practice]:
    """A copy in memory, for what does not ask whether a disk keeps it."""
    with quick_folder() as folder:
        yield copied(first_practice, folder)


@pytest.fixture
def mail() -> Iterator[mail_server.Server]:
    server = mail_server.running()
    yield server
    server.stop()


@pytest.fixture
def shared(tmp_path: Path, mail: mail_server.Server) -> Iterator[Practice]:
    """A practice in PostgreSQL, with a mail server."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("NO POSTGRESQL FOUND: two nodes were not tried (Debian: apt install postgresql)")
    with postgres_server(programs) as server:
        databases = PostgresDatabases(server)
        databases.make_template(lambda _url: None)
        more = {
            "PLANNER_DATABASE_URL": databases.fresh(),
            "PLANNER_SMTP_URL": f"smtp://127.0.0.1:{mail.controller.port}",
            "PLANNER_MAIL_FROM": EMAIL,
        }
        yield found_practice(tmp_path / "practice" / "instance", **more)


def copied(practice: Practice, folder: Path) -> Practice:
    shutil.copytree(practice.instance, folder / "instance")
    return replace(practice, instance=folder / "instance")
