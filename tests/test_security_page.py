"""The table of docs/security.md names tests that are there, behind each line of the standard that counts here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_mission import functions

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text()
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
NAMED = TEST.findall(PAGE)
LINE = re.compile(r"(\d+\.\d+\.)(\d+)(?:–\1(\d+))?")
COUNT = """
1.2.1 1.2.2 1.2.4 1.2.5 1.3.2 1.3.5 1.3.6 1.5.1 2.2.1 2.2.3 2.3.3 2.3.4 2.4.1 3.2.1 3.3.1–3.3.4 3.4.1 3.4.3–3.4.6
3.5.1 3.5.3 3.7.2 4.1.1 4.1.3 4.2.1 5.2.1 5.2.2 5.3.2 5.4.2 6.1.1 6.2.1–6.2.9 6.3.2 6.3.3 6.3.8 6.4.1 6.4.3 6.5.1
6.5.2 7.2.3 7.2.4 7.3.1 7.3.2 7.4.1–7.4.3 7.5.1 7.5.2 8.2.1–8.2.3 8.3.2 8.4.1 11.2.1 11.3.2 11.3.3 11.4.2 11.5.1
12.2.1 12.3.1 13.2.4 13.3.1 13.4.2 13.4.5 14.2.1 14.2.3 14.2.7 14.3.1–14.3.3 15.1.1 15.2.1 15.3.1 15.3.3 15.3.4
15.4.2 16.2.5 16.3.1 16.3.2 16.4.1 16.5.1–16.5.4
"""
"""Of OWASP ASVS 5.0: levels 1 and 2 as far as they apply, and some of level 3."""
P18 = {
    "a password is hashed": "11.4.2",
    "a second step": "6.3.3",
    "a session ends": "7.3.1",
    "guessing passwords": "2.4.1",
    "guessing links": "11.5.1",
    "a line that is sealed": "12.2.1",
    "kept sealed": "11.3.2",
    "put back": "backups: made, whole",
}
"""What P18 asks, and the line that has it."""


def lines_in(text: str) -> set[str]:
    """7.4.1–7.4.3 are three."""
    return {
        f"{chapter}{number}"
        for chapter, first, last in LINE.findall(text)
        for number in range(int(first), int(last or first) + 1)
    }


def rows() -> list[tuple[str, list[tuple[str, str]]]]:
    """What each row of the table is about, and its tests."""
    table = [line.split("|") for line in PAGE.splitlines() if line.startswith("| ")][1:]
    return [(f"{cells[1]}{cells[2]}", TEST.findall(cells[3])) for cells in table]


def test_what_the_page_names_is_there() -> None:
    assert len(NAMED) > 20
    gone = [f"{path}::{name}" for path, name in NAMED if name and name not in functions(path)]
    assert not gone
    assert all((ROOT / path).exists() for path, _ in NAMED)


def test_every_line_that_counts_has_its_test() -> None:
    proven = {line for about, tests in rows() if tests for line in lines_in(about.partition(" | ")[0])}
    assert lines_in(COUNT) - proven == set()
    assert len(lines_in(COUNT)) > 80 and lines_in("7.4.1–7.4.3, 7.5.1") == {
        "7.4.1",
        "7.4.2",
        "7.4.3",
        "7.5.1",
    }


@pytest.mark.parametrize("part", P18)
def test_p18_each_part_has_its_test(part: str) -> None:
    assert any(tests and P18[part] in about for about, tests in rows())


def test_every_part_that_is_named_is_pinned() -> None:
    """To one release, so that everybody runs what was tried."""
    files = sorted(ROOT.glob("requirements*.txt"))
    assert len(files) > 3
    loose = [
        f"{file.name}: {line}"
        for file in files
        for line in file.read_text().splitlines()
        if line and not line.startswith(("#", "-")) and not re.match(r"[\w.\[\]-]+==[\w.]+(\s|$)", line)
    ]
    assert loose == []
