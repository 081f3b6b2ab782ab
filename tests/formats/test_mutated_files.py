"""Damaged files by the thousand: a route or a refusal. `make prove` does 300,000, other runs a part."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from planner.formats.gpx_values import REFUSALS
from tests.counting import count
from tests.formats.test_recorded_gpx import SHARED

FILES, DEEP = 3_000, 300_000
SEED = 20261126
SLOWEST_S, MORE_MEMORY_KB = 3.0, 200_000
ROOT = Path(__file__).resolve().parents[2]


def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """In a process of its own, whose memory is limited, so that a crash of the parser is seen too."""
    files = DEEP if request.config.getoption("--deep") else FILES
    ran = subprocess.run(
        [sys.executable, "-m", "tests.formats.mutating", str(files), str(SEED), str(SHARED / "gpx")],
        cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, f"{ran.stderr[-2000:]}; the file: {list(tmp_path.iterdir())}"
    told = json.loads(ran.stdout)
    count("damaged route files read", told["files"])
    came = told["came"]
    assert set(came) <= {"read", *REFUSALS}
    assert sum(came.values()) == files
    assert came["read"] > files / 10, "most of the damage is small"
    assert len(came) > 8, "and it is of many sorts"
    assert told["slowest_s"] < SLOWEST_S
    assert told["more_memory_kb"] < MORE_MEMORY_KB
    if files == DEEP:
        print(told)
