"""What makes the connections. Our doors reach into it (planner/outside/exchanges.py): it must be the one we know."""

from __future__ import annotations

import re
from importlib.metadata import distributions
from pathlib import Path

import pytest
import urllib3

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements.txt"


def test_it_is_the_one_that_is_pinned() -> None:
    found = re.search(r"^urllib3==(\S+)", REQUIREMENTS.read_text(), re.MULTILINE)
    assert found, "it is pinned"
    others = [one.name for one in distributions() if one.name != "urllib3" and _writes_over_it(one.name)]
    if others and urllib3.__version__ != found[1]:
        pytest.skip(
            f"NOT TESTED: {', '.join(others)} wrote over urllib3 here. Make the virtual environment anew "
            "from requirements-dev.txt; the planner must not run on this one"
        )
    assert urllib3.__version__ == found[1]


def _writes_over_it(name: str) -> bool:
    return name.replace("_", "-").lower() == "urllib3-future"
