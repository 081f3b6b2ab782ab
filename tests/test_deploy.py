"""What deploy/ ships fits the planner. That it works for real: tests/hostile/test_proxy.py, test_units.py
and test_copies_elsewhere.py."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from planner import launcher
from planner.web.clients.importing import MOST_BYTES
from planner.web.maps.drawing import LINE_BYTES
from planner.web.walking_routes import photos
from planner.web.walking_routes.taking_in import IMPORT_BYTES
from planner.web.walking_routes.views import UPLOAD_BYTES

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
CADDYFILE = (DEPLOY / "Caddyfile").read_text()
SHUT = (
    "NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes",
    "PrivateDevices=yes", "MemoryDenyWriteExecute=yes", "RestrictNamespaces=yes", "SystemCallFilter=@system-service",
    "UMask=0077", "User=planner", "Restart=always",
)  # fmt: skip
PLAIN = """# what the service reads
; and this it does not

PLANNER_INSTANCE={folder}
PLANNER_SMTP_URL=smtp://a%40b:$(id)`id`$HOME#1=@localhost:587
PLANNER_MAIL_FROM="two words"
PLANNER_CONTACT='  inner  '
  PLANNER_ENV=test{tab}
PLANNER_BACKUPS="""
"""Ends without a line's end."""
READ = {
    "PLANNER_SMTP_URL": "smtp://a%40b:$(id)`id`$HOME#1=@localhost:587",
    "PLANNER_MAIL_FROM": "two words",
    "PLANNER_CONTACT": "  inner  ",
    "PLANNER_ENV": "test",
    "PLANNER_BACKUPS": "",
}
UNSURE = (
    "A = b",
    "A= b",
    'A=b"c',
    "A='",
    "A=b\\",
    'A="b"c"',
    "no setting",
    "export A=b",
    "=b",
    "a=b",
    "9A=b",
)
LIMITS = {
    "2000000": 1_000_000,
    "@line most 7000000": max(LINE_BYTES, UPLOAD_BYTES),
    "@photo most 12000000": photos.UPLOAD_BYTES,
    "@files most 27000000": IMPORT_BYTES,
}
"""What the proxy lets through, and what the planner takes there."""


@pytest.mark.parametrize("line", LIMITS)
def test_the_proxy_lets_through_what_the_planner_takes(line: str) -> None:
    """And not much more: the planner says kindly what is too large."""
    assert line in CADDYFILE
    most = int(line.rsplit(maxsplit=1)[-1])
    assert LIMITS[line] < most <= 2 * LIMITS[line]
    assert MOST_BYTES <= 1_000_000, "contacts of clients come to an ordinary address"


@pytest.mark.parametrize("unit", UNITS, ids=[one.name for one in UNITS])
def test_units_are_shut(unit: Path) -> None:
    lines = unit.read_text().splitlines()
    wanted = set(SHUT) - ({"Restart=always"} if "Type=oneshot" in lines else set())
    assert not wanted - set(lines)


def test_settings_and_places_are_known() -> None:
    """What the examples set is documented, and what the units name is there."""
    said = (DEPLOY / "planner.env.example").read_text()
    documented = (ROOT / "docs" / "contract.md").read_text() + (DEPLOY / "README.md").read_text()
    assert {one for one in re.findall(r"^#?(PLANNER_\w+)=", said, re.M) if one not in documented} == set()
    asked = set(re.findall(r"\{\$(PLANNER_\w+)[:}]", CADDYFILE))
    given = set(re.findall(r"^(PLANNER_\w+)=", (DEPLOY / "proxy.env.example").read_text(), re.M))
    assert given <= asked and "PLANNER_HOST" in given
    texts = "".join(one.read_text() for one in UNITS)
    for place in re.findall(r"/opt/planner/(deploy/\S+)", texts):
        assert (ROOT / place).exists(), place
    assert "unix//run/planner/web.sock" in CADDYFILE
    assert "ListenStream=/run/planner/web.sock" in (DEPLOY / "systemd" / "planner-web.socket").read_text()


def test_preparing_starts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A database is there, and the one-time address is not in a log."""
    monkeypatch.setenv("PLANNER_INSTANCE", str(tmp_path / "new"))
    monkeypatch.setenv("PLANNER_BASE_URL", "https://wandelen.example.org")
    assert launcher.main(["--prepare"]) == 0
    assert (tmp_path / "new" / "planner.sqlite").exists()
    assert "/setup/" not in capsys.readouterr().out
    monkeypatch.setenv("PLANNER_BASE_URL", "http://wandelen.example.org")
    assert launcher.main(["--prepare"]) == 1


class Machine:
    """The command of deploy/ with a planner behind it that tells how it was called."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.settings = folder, folder / "planner.env"
        for name in ("opt/deploy", "opt/.venv/bin", "instance"):
            (folder / name).mkdir(parents=True)
        shutil.copy(DEPLOY / "planner", folder / "opt" / "deploy")
        flask = folder / "opt" / ".venv" / "bin" / "flask"
        flask.write_text('#!/bin/sh\nprintf "%s\\0" "$*" "$PWD" "$(umask)" "$(id -u)"\nexec env -0\n')
        for one in (folder / "opt", *(folder / "opt").rglob("*")):
            one.chmod(0o755)

    def run(self, text: str) -> subprocess.CompletedProcess[str]:
        self.settings.write_text(
            text.replace("{folder}", str(self.folder / "instance")).replace("{tab}", " \t")
        )
        return subprocess.run(
            [
                str(self.folder / "opt" / "deploy" / "planner"),
                "coach",
                "add",
                "a@example.org",
                "--name",
                "A B",
            ],
            env={"PATH": os.environ["PATH"], "SETTINGS_FILE": str(self.settings)},
            capture_output=True,
            text=True,
            check=False,
        )


def test_a_command_has_the_settings_of_the_services(tmp_path: Path) -> None:
    """Read as systemd.exec(5) says of EnvironmentFile=, and nothing in them is run."""
    machine = Machine(tmp_path)
    done = machine.run(PLAIN)
    assert (done.returncode, done.stderr) == (0, "")
    words, where, mask, _who, *settings = done.stdout.rstrip("\0").split("\0")
    assert words == "--app wsgi coach add a@example.org --name A B"
    assert (where, mask) == (str(tmp_path / "opt"), "0077")
    found = dict(line.split("=", 1) for line in settings)
    assert {name: found.get(name) for name in READ} == READ
    example = (DEPLOY / "planner.env.example").read_text()
    every = re.sub(r"^#(?=PLANNER_)", "", example, flags=re.M).replace("/var/lib/planner", "{folder}")
    assert machine.run(every).returncode == 0, "what the example proposes can be read"


def test_a_command_runs_as_whoever_owns_the_folder() -> None:
    if os.geteuid():
        pytest.skip("only root can become somebody else")
    with tempfile.TemporaryDirectory() as folder:  # the folders of a test are closed to others
        Path(folder).chmod(0o755)
        machine = Machine(Path(folder))
        shutil.chown(machine.folder / "instance", 65534, 65534)
        assert machine.run(PLAIN).stdout.split("\0")[3] == "65534"


@pytest.mark.parametrize("line", UNSURE)
def test_what_could_be_read_in_two_ways_is_refused(tmp_path: Path, line: str) -> None:
    """By its number: the line may hold a secret."""
    done = Machine(tmp_path).run(f"PLANNER_INSTANCE={{folder}}\n{line}\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert "line 2: write NAME=value" in done.stderr and line not in done.stderr


def test_a_command_without_settings_is_refused(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    assert "PLANNER_INSTANCE" in machine.run("PLANNER_ENV=test\n").stderr
    assert "is not there" in machine.run("PLANNER_INSTANCE=/nowhere/at/all\n").stderr


BARE = (
    """mkdir -p .venv/bin && cp /bin/true .venv/bin/python && echo "ensurepip is not available" && exit 1"""
)
"""What `python3 -m venv` does on a Debian without python3-venv."""
WHOLE = "mkdir -p .venv/bin && cp /bin/true .venv/bin/python && cp /bin/true .venv/bin/pip"


@pytest.mark.parametrize("left", ["nothing", "half of it"])
def test_a_first_run_that_fails_can_be_done_again(tmp_path: Path, left: str) -> None:
    """Once what it lacked is there; also where an earlier one left half of it."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements.txt").touch()
    if left != "nothing":
        subprocess.run(["sh", "-c", BARE], cwd=tmp_path, capture_output=True, check=False)

    def run(python: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "python").write_text(f"#!/bin/sh\n{python}\n")
        (tmp_path / "python").chmod(0o755)
        make = ["make", "PYTHON=./python", ".venv/runs"]
        return subprocess.run(make, cwd=tmp_path, capture_output=True, text=True, check=False)

    failed = run(BARE)
    assert failed.returncode and "apt install python3 python3-venv" in failed.stderr
    assert not (tmp_path / ".venv").exists()
    assert run(WHOLE).returncode == 0 and (tmp_path / ".venv" / "runs").exists()


def test_the_machine_has_room_for_what_the_units_may_take() -> None:
    """They are slowed down above MemoryHigh."""
    texts = [one.read_text() for one in (*UNITS, *DEPLOY.glob("systemd/*/*.conf"))]
    high = [int(one) for text in texts for one in re.findall(r"^MemoryHigh=(\d+)M$", text, re.M)]
    found = re.search(r"with (\d+) GB of memory", (DEPLOY / "README.md").read_text())
    assert found and len(high) == 3 and sum(high) <= 1000 * int(found[1])


def test_commands_are_printed_as_they_work() -> None:
    """From the planner's folder, and on a shipped machine never without its settings."""
    texts = {one: one.read_text() for one in (ROOT / "planner").rglob("*") if one.suffix in (".py", ".html")}
    texts |= {one: one.read_text() for one in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))}
    assert sum(".venv/bin/flask --app wsgi " in text for text in texts.values()) > 5
    bare = re.compile(r"(?<!\.venv/bin/)flask --app")
    assert [str(one) for one, text in texts.items() if bare.search(text)] == []
    readme = (DEPLOY / "README.md").read_text()
    typed = "".join(re.findall(r"^```\n(.*?)^```", readme, re.M | re.S))
    assert "/opt/planner/deploy/planner check" in typed
    assert not re.search(r"flask|\bgrep\b|xargs", typed)
