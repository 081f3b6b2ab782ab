"""Keys: on a sheet that is shown to fit, changed for new ones without losing a text, and put back from paper."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from planner import key_settings
from planner.cli_keys import text_of
from planner.domain.key_sheet import Sheet, WrongLine
from planner.models import EVERYONE, Client, Database
from planner.services.clients import clients, sharing
from planner.services.keeping import checks, keys
from planner.services.keeping.keys import DoesNotFit, KeysRefused
from planner.services.people import sign_in
from planner.services.privacy import audit_chain
from planner.services.store import Store
from planner.services.vault import CannotOpen, Vault, vault_of
from planner.settings import Settings
from tests import makers
from tests.conftest import PASSWORD, World

NAMES = ("Sanne", "Joris", "Els")


def printed(sheet: Sheet) -> str:
    return text_of(sheet, "23-11-2026")


@contextmanager
def started_anew(here: World) -> Iterator[tuple[Store, Settings]]:
    """As another process would begin now."""
    settings = keys.current(here.settings)
    store = Store(Database(settings.database_url), vault_of(settings))
    yield store, settings
    store.db.dispose()


def names(store: Store, here: World) -> set[str]:
    coach = here.coach()
    return {clients.of_coach(store, coach, one).name.first_name for one in client_ids(here)}


def client_ids(here: World) -> list[int]:
    with here.store.db.reading(here.coach().scope) as session:
        return list(session.scalars(select(Client.id).order_by(Client.id)))


@pytest.fixture
def lived_in(keyed: World) -> World:
    """With clients whose names are sealed."""
    for name in NAMES:
        makers.make_client(keyed, name)
    return keyed


def test_the_sheet_is_shown_to_fit_and_its_backup_key_leaves_the_computer(keyed: World) -> None:
    here, store, settings = keyed, keyed.store, keyed.settings
    assert keys.state_of(store, settings) == keys.State(None, False, False, False)
    sheet = keys.make_sheet(store, settings, here.coach(), here.now)
    assert keys.make_sheet(store, settings, here.coach(), here.now) == sheet, (
        "the same until it was shown to fit"
    )
    assert (settings.instance / "backup.key").stat().st_mode & 0o777 == 0o600
    keys.verify(store, settings, printed(sheet), here.coach(), here.now)
    assert not (settings.instance / "backup.key").exists()
    assert sheet.backup not in "".join(file.read_text("latin1") for file in settings.instance.glob("*"))
    state = keys.state_of(store, settings)
    assert state.verified_at is not None
    assert state.for_drawer and not state.sheet_made
    keys.verify(store, settings, printed(sheet), here.coach(), here.now)  # another year
    with pytest.raises(DoesNotFit):
        keys.verify(store, settings, printed(keys.sheet_of(settings)), None, here.now)


def spoiled(text: str) -> str:
    line = next(line for line in text.splitlines() if line.startswith("  2  "))
    return text.replace(line, line[:5] + ("A" if line[5] != "A" else "B") + line[6:])


def test_a_sheet_that_does_not_fit_changes_nothing(keyed: World) -> None:
    here, store, settings = keyed, keyed.store, keyed.settings
    sheet = keys.make_sheet(store, settings, None, here.now)
    other_end = "P" if sheet.backup.endswith("Q") else "Q"
    wrong: dict[str, tuple[str, type[Exception]]] = {
        "a line": (spoiled(printed(sheet)), WrongLine),
        "other data": (printed(replace(sheet, data=bytes(range(1, 33)))), DoesNotFit),
        "other backups": (printed(replace(sheet, backup=sheet.backup[:-1] + other_end)), DoesNotFit),
        "no backups": (printed(replace(sheet, backup="")), DoesNotFit),
    }
    for what, (text, refusal) in wrong.items():
        with pytest.raises(refusal):
            keys.verify(store, settings, text, None, here.now)
        assert keys.state_of(store, settings) == keys.State(None, False, True, False), what


def test_new_keys_and_nothing_is_lost(lived_in: World) -> None:
    """Names, links, the way in and the log; also for a process that began with the key of before."""
    here, settings = lived_in, lived_in.settings
    running = Store(Database(settings.database_url), vault_of(settings))
    path = makers.make_link(here, client_ids(here)[0])
    assert names(running, here) == set(NAMES)
    assert keys.rotate(here.store, settings, here.now) == 2 + len(NAMES), "two practices and the clients"
    assert names(running, here) == set(NAMES), "it reads the file again"
    with started_anew(here) as (store, now_settings):
        assert now_settings.data_key[:32] != settings.data_key[:32]
        assert names(store, here) == set(NAMES)
        assert sharing.by_token(store, path.split("/")[2], here.now) is not None
        assert sign_in.sign_in(store, "anna@example.org", PASSWORD, "127.0.0.1", here.now)
        assert checks.keys_open_the_data(store) == [] and list(audit_chain.problems(store)) == []
        assert keys.state_of(store, settings).changing
    with running.db.reading(here.coach().scope) as session:
        wrapped = session.scalars(select(Client.wrapped_key).limit(1)).one()
    with pytest.raises(CannotOpen):
        Vault(settings.data_key).try_key(wrapped, client_ids(here)[0])
    running.db.dispose()


def test_the_key_of_before_goes_after_a_day_when_nothing_is_under_it(lived_in: World) -> None:
    here, settings = lived_in, lived_in.settings
    late = Store(Database(settings.database_url), Vault(settings.data_key))
    keys.rotate(here.store, settings, here.now)
    with pytest.raises(KeysRefused, match="nog niet klaar"):
        keys.rotate(here.store, settings, here.now)
    _make_late(late, here)
    old = settings.instance / "data.key.old"
    keys.finish(here.store, settings, here.now)
    assert old.exists(), "not at once"
    os.utime(settings.instance / "data.key", (1, 1))
    keys.finish(here.store, settings, here.now)
    assert not old.exists()
    with started_anew(here) as (store, _settings):
        assert names(store, here) == {*NAMES, "Laat"}, "also what was made under the key of before"
    keys.rotate(here.store, settings, here.now)
    with started_anew(here) as (store, _settings):
        assert names(store, here) == {*NAMES, "Laat"}, "and once more"
    late.db.dispose()


def _make_late(store: Store, here: World) -> None:
    """By a process that has not noticed yet."""
    new = clients.SaveClient(clients.ClientName("Laat"))
    clients.create(store, here.coach(), new, here.now, reads_texts=True)


BROKEN_OFF: dict[str, Callable[[Path, bytes], None]] = {
    "before there was a new one": lambda folder, _: os.link(folder / "data.key", folder / "data.key.old"),
    "before anything was under it": key_settings.replace_data_key,
}


@pytest.mark.parametrize("when", BROKEN_OFF)
def test_a_change_that_was_broken_off_is_gone_on_with(lived_in: World, when: str) -> None:
    here, settings = lived_in, lived_in.settings
    BROKEN_OFF[when](settings.instance, key_settings.renewed(settings.data_key))
    with started_anew(here) as (store, now_settings):
        assert names(store, here) == set(NAMES)
        keys.finish(store, now_settings, here.now)
        assert checks.keys_open_the_data(store) == []
        with store.db.reading(EVERYONE) as session:
            for row_id, wrapped in session.execute(select(Client.id, Client.wrapped_key)):
                Vault(now_settings.data_key).try_key(wrapped, row_id)  # everything is under the newest


def test_put_back_from_paper(lived_in: World) -> None:
    """The file is gone, or another stands there by mistake. A key that fits is never replaced."""
    here, settings = lived_in, lived_in.settings
    text = printed(keys.make_sheet(here.store, settings, None, here.now))
    with pytest.raises(KeysRefused, match="past op deze database"):
        keys.put_back(here.store, settings, printed(Sheet(bytes(range(1, 33)))))
    for wrong in (b"", bytes(range(7, 39))):
        there = replace(settings, data_key=wrong, key_is_gone=not wrong)
        (settings.instance / "data.key").unlink()
        if wrong:
            key_settings.write_private(settings.instance / "data.key", key_settings.text_of(wrong))
        shut = Store(Database(settings.database_url), vault_of(there))
        with pytest.raises(KeysRefused, match="past niet"):
            keys.put_back(shut, there, printed(Sheet(bytes(range(1, 33)))))
        keys.put_back(shut, there, text)
        shut.db.dispose()
        with started_anew(here) as (store, _settings):
            assert names(store, here) == set(NAMES)
