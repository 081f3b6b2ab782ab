"""Odd texts in every field, looked at in a real browser on the smallest screen: none runs, none pushes a page apart."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.address_book import QUERIES, addresses, query, scratch
from tests.browser.acts import unfold
from tests.browser.conftest import Visits
from tests.browser.serving import web_on_copy
from tests.browser.test_axe import NO_PAGES
from tests.browser.test_screens import TOO_WIDE
from tests.browser.whereabouts import OFFICE
from tests.conftest import KEYS
from tests.counting import count
from tests.ground import Ground
from tests.hostile.forms import write_everywhere
from tests.hostile.naughty import NAUGHTY
from tests.makers import hire

pytestmark = pytest.mark.browser
TURNS = 3
NEEDS_MORE = ("account.setup", "resets.choose", "emails.confirm", "sheets.today", "notes.log")
"""A key, a walk of today, a client after the question mark."""


@pytest.mark.parametrize("turn", range(TURNS))
def test_odd_texts_do_nothing_in_a_browser(ground: Ground, visits: Visits, tmp_path: Path, turn: int) -> None:
    if ground.world.store.db.engine.dialect.name != "sqlite":
        pytest.skip("a browser sees no database")
    write_everywhere(ground, turn * len(NAUGHTY) // TURNS)
    hire(ground.world, "olga", "office")
    with web_on_copy(instance_of(ground, tmp_path / "written"), tmp_path, "2026-11-23T09:05+01:00") as served:
        served.states |= {"coach": signed_in(ground, "anna"), OFFICE: signed_in(ground, "olga")}
        pages = {
            "coach": visits(served, width=320),
            "office": visits(served, width=320, email=OFFICE),
            "client": visits(served, width=320, signed_in=False),
        }
        faults = []
        for path, who in paths(ground):
            page = pages[who]
            page.goto(path)
            unfold(page)
            faults += [f"{path}: {line}" for line in page.evaluate(TOO_WIDE)]
            assert page.evaluate("window.__ran") is None, f"something ran on {path}"
            count("odd texts in a browser")
        visits.close()
    assert not faults, "\n".join(faults)


def paths(ground: Ground) -> Iterator[tuple[str, str]]:
    """(address, who opens it) of every page."""
    for address in addresses(scratch()):
        path = address.filled(ground.own)
        if "GET" in address.methods and address.endpoint not in (*NEEDS_MORE, *NO_PAGES):
            office = address.endpoint.startswith("office.")
            yield path, "client" if address.is_personal else "office" if office else "coach"
    for pattern in QUERIES:
        yield query(pattern, ground.own, ground.own), "coach"


def instance_of(ground: Ground, folder: Path) -> Path:
    """The database of a test with its keys, as a folder to serve."""
    folder.mkdir()
    ground.world.store.db.dispose()
    url = ground.world.settings.database_url
    for end in ("", "-wal"):
        file = Path(url.removeprefix("sqlite:///") + end)
        if file.exists():
            shutil.copy(file, folder / f"planner.sqlite{end}")
    for name, key in (("secret.key", KEYS["secret_key"]), ("data.key", KEYS["data_key"])):
        (folder / name).write_text(base64.urlsafe_b64encode(key).decode() + "\n")
        (folder / name).chmod(0o600)
    return folder


def signed_in(ground: Ground, who: str) -> dict[str, list[dict[str, object]]]:
    """What a browser keeps of somebody's sign-in."""
    signer = ground.world.app.session_interface.get_signing_serializer(ground.world.app)  # type: ignore[attr-defined]
    cookie = {"name": "session", "value": signer.dumps({"token": ground.world.tokens[who]}), "path": "/"}
    more = {"domain": "127.0.0.1", "expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    return {"cookies": [cookie | more], "origins": []}
