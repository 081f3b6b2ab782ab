"""Mutated route files, steered by which code they reach. The hand-made ones: tests/formats/test_gpx_limits.py."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import ROOT
from tests.counting import count
from tests.formats.test_gpx_limits import SAMPLES

SECONDS = 120


def test_mutated_files_are_read_or_refused(tmp_path: Path) -> None:
    pytest.importorskip(
        "atheris", reason="NO ATHERIS FOUND: route files were not mutated (make prove installs it)"
    )
    for sample in SAMPLES:
        shutil.copy(sample, tmp_path)
    command = [sys.executable, "-m", "tests.hostile.gpx_fuzz", str(SECONDS), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    ran = re.search(r"Done (\d+) runs", done.stderr)
    assert ran is not None, done.stderr[-3000:]
    count("route files mutated", int(ran[1]))
