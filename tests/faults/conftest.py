"""Planners that really run, each on a practice of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.databases import quick_folder
from tests.faults.practice import Practice, found_practice


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


def copied(practice: Practice, folder: Path) -> Practice:
    shutil.copytree(practice.instance, folder / "instance")
    return replace(practice, instance=folder / "instance")
