"""The commands as a person runs them: real processes, one line per problem, exit 1."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest

from planner import create_app
from planner.models import Database
from planner.services.keeping import backup
from planner.services.people import set_up
from planner.services.store import Store
from planner.services.vault import Vault
from planner.settings import Settings, from_environment
from tests import commands
from tests.conftest import PASSWORD
from tests.page_client import PageClient

COACH = "anna@example.org"
SECRET_WORDS = "Zij vertelde over de reiger bij het water."


class Instance:
    """A folder with a planner in it, and its commands."""

    def __init__(self, folder: Path, **more: str) -> None:
        self.folder = folder
        self.more = {"PLANNER_INSTANCE": str(folder), "PLANNER_ENV": "test", **more}

    def run(self, *command: str, stdin: str = "") -> commands.Done:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        return commands.run((*commands.FLASK, *command), self.more, self.folder.parent, stdin)

    def fine(self, *command: str, stdin: str = "") -> str:
        done = self.run(*command, stdin=stdin)
        assert (done.code, done.stderr) == (0, ""), done.stderr or done.stdout
        return done.stdout

    def refused(self, *command: str, stdin: str = "") -> str:
        """The one line of a command that did nothing."""
        done = self.run(*command, stdin=stdin)
        assert (done.code, done.stdout) == (1, ""), done.stdout
        assert done.stderr.count("\n") == 1, done.stderr
        return done.stderr.strip()

    def add_coach(self, email: str = COACH, *more: str, password: str = PASSWORD) -> str:
        return self.fine(
            "coach", "add", email, "--name", "Anna de Wit", "--password-stdin", *more, stdin=password
        )

    @property
    def settings(self) -> Settings:
        return from_environment(self.more)

    def browser(self) -> PageClient:
        """A browser that has signed in here."""
        browser = PageClient(create_app(self.settings))
        page = browser.get("/login").submit(email=COACH, password=PASSWORD)
        assert page.path != "/login", page.errors
        return browser

    @property
    def files(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()} if self.folder.exists() else set()


@pytest.fixture
def here(tmp_path: Path) -> Instance:
    return Instance(tmp_path / "here")


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """A planner with a coach, and a copy of it beside; for commands that change nothing."""
    folder = tmp_path_factory.mktemp("lived_in")
    made = Instance(folder / "instance")
    made.add_coach()
    made.fine("backup", str(folder / "kopie.zip"))
    return made


@pytest.fixture
def peopled(lived_in: Instance, here: Instance) -> Instance:
    """A planner with a coach, to do anything to."""
    shutil.copytree(lived_in.folder, here.folder)
    return here


def with_keys_of(here: Instance, folder: Path) -> Instance:
    """An empty instance with the keys of another."""
    there = Instance(folder)
    folder.mkdir()
    for name in ("data.key", "secret.key"):
        (folder / name).touch(0o600)
        (folder / name).write_text((here.folder / name).read_text())
    return there


def with_a_note(here: Instance) -> str:
    """The address of a note of a client of this planner's coach, after a walk."""
    browser = here.browser()
    page = browser.get("/clients/new").submit(first_name="Sanne", consent_health="1", texts_seen="1")
    client = page.path.rstrip("/").rsplit("/", 1)[-1]
    plan = browser.get(f"/walks/new?client={client}")
    page = plan.submit(
        str(plan.one("form.plan")["action"]), press="action=save", date="2026-11-02", time="10:00"
    )
    note = f"/walks/{page.path.rstrip('/').rsplit('/', 1)[-1]}/note"
    page = browser.get(note).submit(note, outcome="walked", felt_text=SECRET_WORDS)
    assert page.status == 200, page.errors
    return note


# check


def test_check_before_there_is_anything(here: Instance) -> None:
    assert here.refused("check") == "Er is nog geen database. Start met make run."
    assert "--help" in here.fine("--help") and "rotate" in here.fine("keys", "--help")
    assert not here.folder.exists(), "looking makes nothing"


def test_check_when_all_is_well(lived_in: Instance) -> None:
    assert lived_in.fine("check") == "Alles klopt.\n"
    done = commands.run_cold((*commands.FLASK, "check"), lived_in.more)
    assert done == (0, "Alles klopt.\n", ""), "and as a shell starts it"


def test_check_tells_every_problem(peopled: Instance) -> None:
    data_key = peopled.folder / "data.key"
    data_key.write_text((peopled.folder / "secret.key").read_text()[::-1].strip() + "\n")
    peopled.more |= {"PLANNER_BASE_URL": "http://example.org", "PLANNER_MET_URL": "http://example.org"}
    peopled.more |= {"PLANNER_DATA_KEY": "A" * 20 + "bcdefghijklmnopqrstuvw0=", "PLANNER_SECRET_KEY": _key()}
    done = peopled.run("check")
    lines = done.stderr.splitlines()
    assert done.code == 1 and len(lines) == 3, done.stderr
    assert lines[0].startswith("PLANNER_BASE_URL") and lines[1].startswith("PLANNER_MET_URL")
    assert "sleutel past niet" in lines[2]


def _key() -> str:
    import base64
    import secrets

    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def test_check_sees_a_damaged_database(peopled: Instance) -> None:
    database = peopled.folder / "planner.sqlite"
    whole = bytearray(database.read_bytes())
    for place in range(len(whole) // 3, len(whole), 4096):
        whole[place : place + 600] = bytes(600)
    database.write_bytes(bytes(whole))
    done = peopled.run("check")
    assert done.code == 1 and "Traceback" not in done.stderr
    assert done.stderr.startswith("De database"), done.stderr


def test_settings_that_cannot_be_read_are_lines_too(here: Instance) -> None:
    here.more |= {"PLANNER_ENV": "prod", "PLANNER_DATABASE_URL": "mysql://x/y"}
    done = here.run("check")
    assert done.code == 1
    assert len(done.stderr.splitlines()) == 2 and "Traceback" not in done.stderr


# coach add


def test_coach_add_with_a_password(here: Instance) -> None:
    said = here.add_coach()
    assert re.fullmatch(r"Coach toegevoegd\. Praktijk: \d+\n", said)
    assert here.browser().get("/settings").status == 200


def test_coach_add_with_an_address_to_begin(here: Instance) -> None:
    said = here.fine("coach", "add", "cor@example.org", "--name", "Cor Jansen")
    setup = re.search(r"http://127\.0\.0\.1:8000(/setup/\S+)", said)
    assert setup is not None, said
    browser = PageClient(create_app(here.settings))
    page = browser.get(setup[1]).submit(password=PASSWORD)
    assert page.status == 200 and page.path == "/", page.errors
    assert browser.get(setup[1]).status == 404, "once"


def test_a_second_coach_has_a_practice_of_their_own_or_joins(here: Instance) -> None:
    first = int(here.add_coach().split()[-1])
    second = int(here.add_coach("bram@example.org").split()[-1])
    third = int(here.add_coach("cor@example.org", "--practice", str(first)).split()[-1])
    assert first == third != second


@pytest.mark.parametrize(
    ("arguments", "password", "said"),
    [
        ((COACH, "--name", "Nog iemand", "--password-stdin"), PASSWORD, "Er is al een coach"),
        (("cor@example.org", "--name", "Cor", "--password-stdin"), "kort", "te kort"),
        (("cor@example.org", "--name", "Cor", "--practice", "12"), "", "geen praktijk met nummer 12"),
        (("geen adres", "--name", "Cor"), "", "e-mailadres"),
        (("cor@example.org", "--name", "  "), "", "een naam"),
    ],
)
def test_coach_add_refuses(lived_in: Instance, arguments: tuple[str, ...], password: str, said: str) -> None:
    assert said in lived_in.refused("coach", "add", *arguments, stdin=password)


# demo and jobs


def test_demo_only_in_an_empty_database(lived_in: Instance) -> None:
    assert "Er is al een coach" in lived_in.refused("demo")


def test_jobs_once(here: Instance) -> None:
    assert "Start met make run" in here.refused("jobs")
    here.add_coach()
    here.more["PLANNER_MET_URL"] = "http://127.0.0.1:9/weatherapi"  # nobody there
    assert here.fine("jobs") == ""


# backup and restore


def test_restore_drill(peopled: Instance, tmp_path: Path) -> None:
    """A copy made while somebody writes, put back elsewhere with its keys: sign in and read the note."""
    note = with_a_note(peopled)
    copy = tmp_path / "kopie.zip"
    with writing(peopled):
        assert str(copy) in peopled.fine("backup", str(copy))
    assert copy.stat().st_mode & 0o777 == 0o600
    assert not [path for path in peopled.folder.iterdir() if path.name.startswith(".copy-")]

    there = with_keys_of(peopled, tmp_path / "there")
    assert "Teruggezet en nagekeken" in there.fine("restore", str(copy))
    assert there.fine("check") == "Alles klopt.\n"
    assert SECRET_WORDS in there.browser().get(note).main + str(there.browser().get(note).soup)
    assert "al een praktijk" in there.refused("restore", str(copy))


class writing:
    """Somebody who writes all the time."""

    def __init__(self, here: Instance) -> None:
        self.here, self.stop, self.wrote = here, Event(), Event()
        self.thread = Thread(target=self._write)

    def _write(self) -> None:
        settings = self.here.settings
        store = Store(Database(settings.database_url), Vault(settings.data_key))
        number = 0
        while not self.stop.is_set():
            number += 1
            new = set_up.NewCoach(f"Coach {number}", f"coach{number}@example.org", None)
            set_up.add_coach(store, new, settings.now())
            self.wrote.set()
        store.db.dispose()

    def __enter__(self) -> None:
        self.thread.start()
        assert self.wrote.wait(30)

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(60)


def test_a_copy_has_no_key_and_nothing_to_read(peopled: Instance, tmp_path: Path) -> None:
    with_a_note(peopled)
    copy = tmp_path / "kopie.zip"
    peopled.fine("backup", str(copy))
    with zipfile.ZipFile(copy) as archive:
        assert sorted(archive.namelist()) == ["manifest.json", "planner.sqlite.gz.age"]
        everything = b"".join(archive.read(name) for name in archive.namelist())
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["rows"]["note"] == 1 and manifest["revision"]
    for secret in (
        SECRET_WORDS,
        "Sanne",
        COACH,
        *((peopled.folder / k).read_text() for k in ("data.key", "secret.key")),
    ):
        assert secret.strip().encode() not in everything


def test_restore_without_the_key_says_where_it_goes(lived_in: Instance, tmp_path: Path) -> None:
    there = Instance(tmp_path / "there")
    said = there.refused("restore", str(lived_in.folder.parent / "kopie.zip"))
    assert str(there.folder / "data.key") in said
    assert there.files == set(), "nothing is left behind"


def spoil_middle(copy: Path) -> None:
    whole = bytearray(copy.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    copy.write_bytes(bytes(whole))


def cut(copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[:-200])


def foreign(copy: Path) -> None:
    with zipfile.ZipFile(copy, "w") as archive:
        archive.writestr("manifest.json", '{"name": "iets anders"}')
        archive.writestr("planner.sqlite", b"")


def no_zip(copy: Path) -> None:
    copy.write_text("geen zip")


def rewritten(
    change: Callable[[dict[str, object], bytes], tuple[dict[str, object], bytes]],
) -> Callable[[Path], None]:
    def spoil(copy: Path) -> None:
        with zipfile.ZipFile(copy) as archive:
            manifest, payload = (
                json.loads(archive.read("manifest.json")),
                archive.read("planner.sqlite.gz.age"),
            )
        manifest, payload = change(manifest, payload)
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("manifest.json", json.dumps(manifest))
            archive.writestr("planner.sqlite.gz.age", payload)

    return spoil


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (spoil_middle, "beschadigd"),
        (cut, "geen kopie"),
        (foreign, "geen kopie"),
        (no_zip, "geen kopie"),
        (lambda copy: copy.unlink(), "is er niet"),
        (rewritten(lambda m, p: (m, p + bytes(5_000_000))), "beschadigd"),
        (rewritten(lambda m, p: (m | {"rows": {**m["rows"], "coach": 99}}, p)), "beschadigd"),  # type: ignore[dict-item]
        (rewritten(lambda m, p: (m | {"revision": "9999"}, p)), "nieuwere versie"),
        (rewritten(lambda m, p: (m | {"format": 3}, p)), "nieuwere versie"),
        (rewritten(lambda m, p: (m | {"database": "postgresql"}, p)), "van postgresql"),
    ],
    ids=[
        "a byte",
        "cut off",
        "foreign zip",
        "no zip",
        "absent",
        "longer",
        "rows",
        "revision",
        "format",
        "database",
    ],
)
def test_restore_refuses_in_one_line(
    lived_in: Instance, tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    copy = tmp_path / "kopie.zip"
    shutil.copy(lived_in.folder.parent / "kopie.zip", copy)
    spoil(copy)
    there = with_keys_of(lived_in, tmp_path / "there")
    with pytest.raises(backup.BackupRefused) as refused:
        backup.restore(there.settings, copy)
    assert said in str(refused.value) and "\n" not in str(refused.value)
    assert there.files == {"data.key", "secret.key"}, "nothing is left behind"


def test_backup_replaces_only_a_copy(peopled: Instance, tmp_path: Path) -> None:
    copy, other = tmp_path / "kopie.zip", tmp_path / "brief.txt"
    peopled.fine("backup", str(copy))
    peopled.fine("backup", str(copy))
    other.write_text("Beste allemaal")
    assert "is geen kopie" in peopled.refused("backup", str(other))
    assert other.read_text() == "Beste allemaal"
    assert "is geen kopie" in peopled.refused("backup", str(peopled.folder / "planner.sqlite"))
    assert "is er niet" in peopled.refused("backup", str(tmp_path / "weg" / "kopie.zip"))
    assert peopled.fine("check") == "Alles klopt.\n"
