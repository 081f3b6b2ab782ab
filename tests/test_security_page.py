"""The table of docs/security.md names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.test_mission import functions

ROOT = Path(__file__).resolve().parent.parent
NAMED = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (ROOT / "docs" / "security.md").read_text())


def test_what_the_page_names_is_there() -> None:
    assert len(NAMED) > 20
    gone = [f"{path}::{name}" for path, name in NAMED if name and name not in functions(path)]
    assert not gone
    assert all((ROOT / path).exists() for path, _ in NAMED)
