"""After everything: what must be nowhere in clear is looked for in the bytes of the database, its log, the copies, the
temporary files and what was written to the screens. What is looked for is found where it is allowed to be."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.commands import ROOT
from tests.counting import count
from tests.faults.practice import EMAIL, Practice, environment, settings_of
from tests.faults.running import Writer, wait_until, web, writing

WORD = "Kanarie-op-het-dak"
NOTE, PASSWORD, LINK, NAME, CARD = (
    f"{WORD}-{one}-Zk3rTq8vNw2xYb5mPd7s" for one in ("note", "password", "link", "name", "card")
)
UNREADABLE = {
    "/clients/import": (
        "contacts",
        f"BEGIN:VCARD\r\nFN:Sanne\r\nNOTE:moe,\r\n{CARD}\r\nN;{CARD}\r\nEND:VCARD\r\n",
    ),
    "/routes/import": ("files", f"<gpx><trk><name>{CARD}</name><{CARD}"),
}


@pytest.fixture
def lived_in(practice: Practice, tmp_path: Path) -> dict[str, Path]:
    """People write, guess and ask for what is not there; the server is killed and started; copies are made. Gives the
    places to look."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    aside = {"TMPDIR": str(temporary), "PLANNER_MET_URL": "http://127.0.0.1:9/weatherapi"}
    writers = [Writer(practice, number) for number in range(2)]
    with web(practice.instance, **aside) as server, writing(writers, server.base):
        wait_until(lambda: all(len(one.kept) > 2 for one in writers))
        server.kill()
    with web(practice.instance, **aside) as server, writers[0].browser(server.base) as browser:
        browser.look()
        assert browser.send(NOTE).status_code == 303
        look_around(server.base, browser.http, browser.csrf)
        run("jobs", practice, tmp_path / "jobs.log", aside)
        run("backup", practice, tmp_path / "backup.log", aside, str(tmp_path / "by-hand.zip"))
    log = practice.instance.parent / "web.log"
    return {
        "instance": practice.instance, "copy": tmp_path / "by-hand.zip", "temporary": temporary, "web": log,
        "jobs": tmp_path / "jobs.log", "commands": tmp_path / "backup.log",
    }  # fmt: skip


def look_around(base: str, http: requests.Session, csrf: str) -> None:
    """Wrong passwords, links of nobody, requests that cannot be read, a client's name."""
    for path in (
        f"/s/{LINK}/",
        f"/calendar/{LINK}.ics",
        f"/setup/{LINK}",
        f"/reset/{LINK}",
        f"/email/{LINK}",
    ):
        http.get(base + path, timeout=30)
        http.get(f"{base}{path}?q=\x7f{'a' * 5000}", timeout=30)
        http.request("ODD", base + path, timeout=30)
    http.post(
        f"{base}/clients/new",
        {"csrf_token": csrf, "first_name": NAME, "email": f"{NAME}@example.org"},
        timeout=30,
    )
    for path, (field, content) in UNREADABLE.items():
        sent = http.post(
            base + path, {"csrf_token": csrf}, files={field: (f"{CARD}.txt", content)}, timeout=30
        )
        assert sent.status_code in (200, 422), path
    with requests.Session() as stranger:
        page = stranger.get(f"{base}/login", timeout=30).text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        stranger.post(
            f"{base}/login", {"csrf_token": token, "email": EMAIL, "password": PASSWORD}, timeout=30
        )


def run(command: str, practice: Practice, log: Path, more: dict[str, str], *words: str) -> None:
    with log.open("wb") as out:
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", command, *words],
            cwd=ROOT, env=environment(practice.instance, **more), stdout=out, stderr=out, check=False, timeout=300,
        )  # fmt: skip
    assert done.returncode == 0, log.read_text()


def in_bytes(places: dict[str, Path], word: bytes) -> list[str]:
    """Where these bytes stand, the files of the keys aside."""
    files = [
        file
        for place in places.values()
        for file in ([place] if place.is_file() else place.rglob("*"))
        if file.is_file() and file.suffix not in (".key", ".old")
    ]
    assert len(files) >= 5
    return [file.name for file in files if word in file.read_bytes()]


def test_nothing_stands_anywhere_in_clear(practice: Practice, lived_in: dict[str, Path]) -> None:
    settings = settings_of(practice.instance)
    keys = [settings.secret_key, settings.data_key]
    secrets = [NOTE, PASSWORD, LINK, NAME, CARD, WORD, practice.token, practice.cookie]
    hidden = [one.encode() for one in secrets] + keys
    hidden += [base64.b64encode(one) for one in keys] + [base64.urlsafe_b64encode(one) for one in keys]
    hidden += [one.hex().encode() for one in keys]
    found = {word[:40]: where for word in hidden if (where := in_bytes(lived_in, word))}
    assert not found
    count("secrets looked for", len(hidden))
    count(
        "files looked through",
        sum(one.is_file() for place in lived_in.values() for one in (place, *place.rglob("*"))),
    )
    assert NOTE in practice.texts(), "with the keys it is there"
    assert in_bytes(lived_in, b"SQLite format 3"), "this is the database"


def test_what_stands_there_would_be_found(tmp_path: Path) -> None:
    """The control."""
    places = {str(number): tmp_path / f"{number}.log" for number in range(5)}
    for place in places.values():
        place.write_text("nothing")
    (tmp_path / "3.log").write_text(f"GET /s/{LINK}/")
    assert in_bytes(places, LINK.encode()) == ["3.log"]
