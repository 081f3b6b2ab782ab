"""The units of systemd as systemd judges them, and the socket it hands over."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.browser import serving
from tests.hostile.shipped import DEPLOY, ROOT, command_of, needs
from tests.test_cli import Instance

UNITS = ("planner-web.service", "planner-jobs.service", "planner-copy.service")
MOST_EXPOSED = 1.5
"""Of ten; 9.6 is a unit that says nothing."""
AS_ROOT = {"fchown"}
"""SQLite gives its files to whom the folder belongs to, when it is root; the planner is not."""
CALLS = re.compile(r"^(?:\d+ +)?(\w+)\(", re.M)


def run(*command: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **more}, timeout=120
    )


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_finds_them_shut(unit: str) -> None:
    needs("systemd-analyze", "systemd")
    said = run("systemd-analyze", "security", "--offline=true", str(DEPLOY / "systemd" / unit)).stdout
    found = re.search(r"exposure level for \S+: ([\d.]+)", said)
    assert found and float(found[1]) <= MOST_EXPOSED, said


def allowed_calls() -> set[str]:
    """By the filter of the units, as systemd knows its groups."""

    def group(name: str) -> set[str]:
        said = run("systemd-analyze", "syscall-filter", name).stdout.split("\n")[1:]
        words = {one.strip() for one in said if one.strip() and not one.strip().startswith("#")}
        inner = {one for one in words if one.startswith("@")}
        return (words - inner).union(*(group(one) for one in inner))

    return group("@system-service") - group("@privileged") - group("@resources")


def test_the_web_processes_live_within_their_filter(tmp_path: Path) -> None:
    """On the socket that systemd hands over, with every call of theirs looked at: none is outside the filter, and no
    memory is both written and run."""
    for program, package in {"systemd-socket-activate": "systemd", "strace": "strace"}.items():
        needs(program, package)
    made, door, calls = Instance(tmp_path / "instance"), tmp_path / "web.sock", tmp_path / "calls"
    made.add_coach()
    settings = serving.environment(made.folder, PLANNER_BASE_URL="https://localhost")
    passed = [f"-E{name}" for name in settings if name.startswith(("PLANNER_", "PATH", "HOME", "LANG"))]
    follow = ["strace", "-D", "-f", "-qq", "-o", str(calls)]
    command = [
        "systemd-socket-activate",
        f"--listen={door}",
        *passed,
        *follow,
        *command_of("planner-web.service"),
    ]
    with subprocess.Popen(
        command, cwd=ROOT, env=settings, start_new_session=True, stderr=subprocess.DEVNULL
    ) as web:
        try:
            assert answered(door).startswith(b"HTTP/1.1 200")
        finally:
            os.killpg(web.pid, signal.SIGTERM)
    said = calls.read_text(errors="replace")
    used = set(CALLS.findall(said))
    assert len(used) > 50
    assert used - allowed_calls() - (AS_ROOT if os.geteuid() == 0 else set()) == set()
    assert not re.search(r"(mmap|mprotect)\([^)]*PROT_WRITE\|PROT_EXEC", said)


def answered(door: Path) -> bytes:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(60)
            try:
                line.connect(str(door))
                line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n\r\n")
                return line.recv(100)
            except OSError:
                time.sleep(0.1)
    return b""
