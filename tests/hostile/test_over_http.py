"""schemathesis at the planner as it really runs, signed in, with an OpenAPI file made from the map of addresses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from importlib.util import find_spec
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.address_book import addresses, csrf
from tests.commands import ROOT
from tests.counting import count
from tests.faults.practice import found_practice
from tests.faults.running import web
from tests.ground import Ground, fill
from tests.hostile.openapi import ENDS_THE_WAY, document
from tests.local_server import Quiet, in_a_thread
from tests.page_client import PageClient

EXAMPLES = 3
"""For each address, beside the forty or so that the program makes from the bounds of its fields."""
AT_LEAST = 5_000


def schemathesis(folder: Path, spec: dict[str, Any], base: str, *more: str) -> dict[str, Any]:
    """Its report."""
    file, report = folder / "openapi.json", folder / "report.json"
    file.write_text(json.dumps(spec))
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", str(file), "--url", base]
    command += ["--checks", "no_fault", "--phases", "coverage,fuzzing", "--max-examples", str(EXAMPLES)]
    command += ["--suppress-health-check", "all", "--continue-on-failure", "--no-color", "--workers", "2"]
    command += ["--report", "json", "--report-json-path", str(report), *more]
    own = {"SCHEMATHESIS_HOOKS": "tests.hostile.over_http", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=900, check=False, cwd=folder, env=os.environ | own
    )
    assert report.exists(), (done.stdout + done.stderr)[-3000:]
    found: dict[str, Any] = json.loads(report.read_text())
    return found | {"said": done.stdout}


@pytest.fixture(autouse=True)
def program() -> None:
    if find_spec("schemathesis") is None:
        pytest.skip("tried by make prove")


def test_no_fault_over_http(tmp_path: Path) -> None:
    practice = found_practice(tmp_path / "instance")
    with practice.opened() as world:
        known = {one.endpoint for one in addresses(world.app)}
        ground = Ground(world, {"anna": fill(world, "anna")})
        spec = document(ground, csrf(PageClient(world.app, practice.token)))
    assert known >= ENDS_THE_WAY
    with web(practice.instance) as served:
        report = schemathesis(tmp_path, spec, served.base, "--header", f"Cookie: session={practice.cookie}")
    assert not report["failures"] and not report["errors"], report["said"][-6000:]
    operations, tried = report["operations"]["tested"], report["test_cases"]["generated"]
    assert operations == sum(len(methods) for methods in spec["paths"].values())
    assert tried >= AT_LEAST
    assert not report["warnings"]["missing_auth"], "the sign-in ended"
    closed = report["warnings"]["missing_test_data"]  # only ever met by 404
    assert len(closed) < operations / 5, closed
    count("requests over HTTP", tried)
    count("addresses over HTTP", operations)


class _Broken(Quiet):
    """Has no manners, and fails when somebody is called nobody."""

    def do_GET(self: BaseHTTPRequestHandler) -> None:
        self.answer(500 if "who=nobody" in self.path else 200, {}, b"hello")  # type: ignore[attr-defined]


def test_a_fault_would_be_found(tmp_path: Path) -> None:
    """The control."""
    asked = {"name": "who", "in": "query", "required": True, "schema": {"type": "string", "enum": ["nobody"]}}
    answers = {"default": {"description": "an answer"}}
    paths = {"/": {"get": {"parameters": [asked], "responses": answers}}}
    spec = {"openapi": "3.0.3", "info": {"title": "broken", "version": "1"}, "paths": paths}
    with in_a_thread(_Broken, Event()) as base:
        report = schemathesis(tmp_path, spec, base)
    assert report["failures"]
    assert "is a fault" in report["said"] and "lacks" in report["said"]
