"""What deploy/ ships fits the planner. That it works for real: tests/hostile/test_proxy.py and test_units.py."""

from __future__ import annotations

import re
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
