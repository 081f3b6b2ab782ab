"""None of the coach's wishes gets lost: each id names the test that proves it, or what will."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SECTIONS = {"A": 9, "B": 12, "C": 12, "D": 9, "E": 14, "F": 12, "G": 8, "H": 4, "I": 9, "J": 13}
IDS = [f"{letter}{number}" for letter, last in SECTIONS.items() for number in range(1, last + 1)]
IDS += [f"P{number:02d}" for number in range(1, 21)]
NOT_YET = "not yet: "


def entries(text: str) -> dict[str, str]:
    """Id to what proves it. An id twice is a mistake."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, proof = line.partition(" ")
            assert name not in found, f"{name} stands there twice"
            found[name] = proof.strip()
    return found


@cache
def functions(path: str) -> frozenset[str]:
    """The tests in a file; none when there is no such file."""
    file = ROOT / path
    if not file.exists():
        return frozenset()
    tree = ast.parse(file.read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def is_proven(proof: str) -> bool:
    """Whether it names a test that exists, or says what will come."""
    if proof.startswith(NOT_YET):
        return len(proof) > len(NOT_YET) + 5
    path, _, name = proof.partition("::")
    return name.startswith("test_") and name in functions(path)


MISSION = entries((ROOT / "tests" / "mission.txt").read_text())


def test_every_id_has_its_entry() -> None:
    assert sorted(MISSION) == sorted(IDS)


@pytest.mark.parametrize("name", IDS)
def test_the_entry_holds(name: str) -> None:
    assert is_proven(MISSION[name]), f"{name}: there is no {MISSION[name]}"


@pytest.mark.parametrize("name", [one for one in IDS if one.startswith("P")])
def test_what_privacy_asks_has_a_test_of_that_name(name: str) -> None:
    assert f"::test_{name.lower()}_" in MISSION[name]


@pytest.mark.parametrize(
    "proof",
    [
        "",
        "not yet:",
        "not yet: ",
        "tests/test_mission.py::test_that_is_not_there",
        "tests/nowhere.py::test_a",
        "test_a",
    ],
)
def test_the_detector_sees(proof: str) -> None:
    assert not is_proven(proof)


def test_the_detector_lets_pass() -> None:
    assert is_proven("tests/test_mission.py::test_the_detector_lets_pass")
