"""Settings: what is unsafe or half is refused, one line each; keys are made once and are ours alone."""

from __future__ import annotations

import base64
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.key_settings import keep
from planner.mail_settings import MailServer
from planner.settings import UnsafeSettings, from_environment, is_loopback


def key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def problems(instance: Path, **env: str) -> list[str]:
    """Everything the launcher would say."""
    try:
        return from_environment({"PLANNER_INSTANCE": str(instance), **env}).problems()
    except UnsafeSettings as unsafe:
        return unsafe.problems


SAME = key()
UNSAFE: list[tuple[str, dict[str, str], str]] = [
    (
        "https with a path behind it",
        {"PLANNER_BASE_URL": "https://example.org/wandelen"},
        "PLANNER_BASE_URL moet",
    ),
    ("https without a name", {"PLANNER_BASE_URL": "https://:8443"}, "PLANNER_BASE_URL moet"),
    ("https with a broken port", {"PLANNER_BASE_URL": "https://example.org:x"}, "PLANNER_BASE_URL moet"),
    (
        "http to the world",
        {"PLANNER_BASE_URL": "http://wandelen.example.org"},
        "PLANNER_BASE_URL zonder https",
    ),
    ("http to a neighbour", {"PLANNER_BASE_URL": "http://192.168.1.4:8000"}, "PLANNER_BASE_URL zonder https"),
    (
        "a name that looks like this machine",
        {"PLANNER_BASE_URL": "http://localhost.example.org"},
        "zonder https",
    ),
    ("no address at all", {"PLANNER_BASE_URL": "wandelen"}, "PLANNER_BASE_URL zonder https"),
    ("a broken address", {"PLANNER_BASE_URL": "http://[::1"}, "PLANNER_BASE_URL zonder https"),
    (
        "weather without https",
        {"PLANNER_MET_URL": "http://api.example.org/weatherapi"},
        "PLANNER_MET_URL moet",
    ),
    (
        "tiles without https",
        {"PLANNER_TILE_URL": "http://t.example.org/{z}/{x}/{y}.png"},
        "PLANNER_TILE_URL moet",
    ),
    (
        "tiles without a place",
        {"PLANNER_TILE_URL": "https://t.example.org/{z}/{x}.png"},
        "PLANNER_TILE_URL moet {z}",
    ),
    ("weather from a file", {"PLANNER_MET_URL": "file:///etc/passwd"}, "PLANNER_MET_URL moet"),
    (
        "the other weather without https",
        {"PLANNER_OPEN_METEO_URL": "http://api.example.org"},
        "PLANNER_OPEN_METEO_URL moet",
    ),
    ("paths without https", {"PLANNER_ROUTER_URL": "http://192.168.1.4:8002"}, "PLANNER_ROUTER_URL moet"),
    (
        "paths of a neighbour",
        {"PLANNER_ROUTER_URL": "http://localhost.example.org"},
        "PLANNER_ROUTER_URL moet",
    ),
    ("another path engine", {"PLANNER_ROUTER": "osrm"}, "PLANNER_ROUTER kan alleen"),
    *(
        (f"paths of others: {host}", {"PLANNER_ROUTER_URL": f"https://{host}/x"}, "dienst van anderen")
        for host in (
            "valhalla1.openstreetmap.de",
            "VALHALLA1.OpenStreetMap.de.",
            "api.openrouteservice.org",
            "graphhopper.com",
            "brouter.de:443",
            "brouter\uff0ede",
        )
    ),
    ("a key on two lines", {"PLANNER_OPEN_METEO_KEY": "abc\r\nX-Evil: 1"}, "PLANNER_OPEN_METEO_KEY moet"),
    ("a key with a space", {"PLANNER_OPEN_METEO_KEY": "abc def"}, "PLANNER_OPEN_METEO_KEY moet"),
    ("a key with an accent", {"PLANNER_OPEN_METEO_KEY": "sleutél"}, "PLANNER_OPEN_METEO_KEY moet"),
    ("a clock in earnest", {"PLANNER_NOW": "2026-12-01T09:00"}, "PLANNER_NOW mag alleen"),
    ("a clock handed over in earnest", {"PLANNER_CLOCK_OFFSET_S": "60"}, "PLANNER_NOW mag alleen"),
    ("no time", {"PLANNER_NOW": "morgen", "PLANNER_ENV": "test"}, "PLANNER_NOW moet een tijd zijn"),
    ("no length", {"PLANNER_CLOCK_OFFSET_S": "inf", "PLANNER_ENV": "test"}, "PLANNER_NOW moet een tijd zijn"),
    (
        "not a length",
        {"PLANNER_CLOCK_OFFSET_S": "nan", "PLANNER_ENV": "test"},
        "PLANNER_NOW moet een tijd zijn",
    ),
    ("an unknown kind", {"PLANNER_ENV": "productie"}, "PLANNER_ENV kan alleen"),
    ("an unknown source", {"PLANNER_WEATHER": "glazen-bol"}, "PLANNER_WEATHER kan alleen"),
    (
        "private calendars, perhaps",
        {"PLANNER_PRIVATE_CALENDARS": "ja"},
        "PLANNER_PRIVATE_CALENDARS kan alleen",
    ),
    ("half the keys", {"PLANNER_DATA_KEY": key()}, "Alleen PLANNER_DATA_KEY"),
    ("the other half", {"PLANNER_SECRET_KEY": key()}, "Alleen PLANNER_SECRET_KEY"),
    ("one key twice", {"PLANNER_SECRET_KEY": SAME, "PLANNER_DATA_KEY": SAME}, "zijn hetzelfde"),
    (
        "a short key",
        {"PLANNER_SECRET_KEY": key(), "PLANNER_DATA_KEY": key()[:20]},
        "PLANNER_DATA_KEY (data.key) moet",
    ),
    (
        "a typed key",
        {"PLANNER_SECRET_KEY": "A" * 43 + "=", "PLANNER_DATA_KEY": key()},
        "PLANNER_SECRET_KEY (secret.key)",
    ),
    (
        "not base64",
        {"PLANNER_SECRET_KEY": key(), "PLANNER_DATA_KEY": "é" * 44},
        "PLANNER_DATA_KEY (data.key) moet",
    ),
    ("another database", {"PLANNER_DATABASE_URL": "mysql://naam@host/planner"}, "PLANNER_DATABASE_URL kan"),
    (
        "another driver",
        {"PLANNER_DATABASE_URL": "postgresql+asyncpg://host/planner"},
        "PLANNER_DATABASE_URL kan",
    ),
    ("a database that is forgotten", {"PLANNER_DATABASE_URL": "sqlite://"}, "PLANNER_DATABASE_URL kan"),
    ("no database", {"PLANNER_DATABASE_URL": "overal en nergens"}, "PLANNER_DATABASE_URL is niet te lezen"),
    ("mail to nowhere", {"PLANNER_SMTP_URL": "smtp://"}, "PLANNER_SMTP_URL is niet te lezen"),
    ("mail by another way", {"PLANNER_SMTP_URL": "https://u:geheim@mail.example.org"}, "PLANNER_SMTP_URL is"),
    (
        "a port that is none",
        {"PLANNER_SMTP_URL": "smtp://u:geheim@mail.example.org:x"},
        "PLANNER_SMTP_URL is",
    ),
    ("a name without a password", {"PLANNER_SMTP_URL": "smtp://u@mail.example.org"}, "PLANNER_SMTP_URL is"),
    (
        "more than a server",
        {"PLANNER_SMTP_URL": "smtp://u:geheim@mail.example.org/x?y"},
        "PLANNER_SMTP_URL is",
    ),
    (
        "a line in the password",
        {"PLANNER_SMTP_URL": "smtp://u:geheim%0Ax@mail.example.org"},
        "PLANNER_SMTP_URL",
    ),
    ("no sender", {"PLANNER_MAIL_FROM": "Anna <anna@example.org>"}, "PLANNER_MAIL_FROM moet"),
    (
        "a header in the sender",
        {"PLANNER_MAIL_FROM": "a@example.org\r\nBcc: b@example.org"},
        "PLANNER_MAIL_FROM",
    ),
    ("a header in the contact", {"PLANNER_CONTACT": "a@example.org\r\nX-Evil: 1"}, "PLANNER_CONTACT moet"),
]


@pytest.mark.parametrize(("env", "said"), [case[1:] for case in UNSAFE], ids=[case[0] for case in UNSAFE])
def test_unsafe_or_half_is_one_line(tmp_path: Path, env: dict[str, str], said: str) -> None:
    found = problems(tmp_path / "instance", **env)
    assert len(found) == 1 and said in found[0] and "\n" not in found[0], found
    assert "geheim" not in found[0]


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"PLANNER_BASE_URL": "http://127.0.0.1:8000/"},
        {"PLANNER_BASE_URL": "http://localhost:8000"},
        {"PLANNER_BASE_URL": "https://wandelen.example.org/"},
        {"PLANNER_MET_URL": "http://127.0.0.1:9/weatherapi"},
        {"PLANNER_WEATHER": "open-meteo", "PLANNER_OPEN_METEO_KEY": "abc-123"},
        {"PLANNER_OPEN_METEO_URL": "http://127.0.0.1:9/"},
        {"PLANNER_ROUTER_URL": "http://127.0.0.1:8002"},
        {"PLANNER_ROUTER_URL": "https://paden.example.org", "PLANNER_ROUTER": "brouter"},
        {"PLANNER_ROUTER_URL": "https://mijngraphhopper.com.example.org"},
        {"PLANNER_NOW": "2026-12-01T09:00:00+01:00", "PLANNER_ENV": "demo"},
        {"PLANNER_SECRET_KEY": key(), "PLANNER_DATA_KEY": key()},
        {"PLANNER_DATABASE_URL": "postgresql://naam:geheim@host/planner"},
        {"PLANNER_CONTACT": "coach@example.org"},
        {"PLANNER_SMTP_URL": "smtp://anna:geheim@mail.example.org:587"},
        {"PLANNER_SMTP_URL": "smtp://127.0.0.1:1025", "PLANNER_MAIL_FROM": "praktijk@example.org"},
    ],
    ids=lambda env: next(iter(env), "nothing"),
)
def test_what_is_fine(tmp_path: Path, env: dict[str, str]) -> None:
    assert problems(tmp_path / "instance", **env) == []


def test_the_key_of_the_weather_stays_out_of_sight(tmp_path: Path) -> None:
    env = {"PLANNER_INSTANCE": str(tmp_path), "PLANNER_WEATHER": "open-meteo"}
    found = from_environment({**env, "PLANNER_OPEN_METEO_KEY": "geheim-123"})
    assert found.open_meteo_key == "geheim-123" and "geheim" not in repr(found)
    assert not found.free_open_meteo and from_environment(env).free_open_meteo
    refused = problems(tmp_path, PLANNER_OPEN_METEO_KEY="geheim 123")
    assert not [line for line in refused if "geheim" in line]


def test_several_problems_are_all_told(tmp_path: Path) -> None:
    found = problems(tmp_path, PLANNER_ENV="x", PLANNER_WEATHER="y", PLANNER_BASE_URL="http://example.org")
    assert len(found) == 3


def test_keys_are_made_once_and_ours_alone(tmp_path: Path) -> None:
    env = {"PLANNER_INSTANCE": str(tmp_path / "instance")}
    first, second = from_environment(env), from_environment(env)
    assert (first.secret_key, first.data_key) == (second.secret_key, second.data_key)
    assert first.secret_key != first.data_key
    assert (tmp_path / "instance").stat().st_mode & 0o777 == 0o700
    files = sorted((tmp_path / "instance").iterdir())
    assert [file.name for file in files] == ["data.key", "secret.key"], "no draft is left"
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert repr(first.data_key) not in repr(first)


def test_who_only_looks_makes_no_keys(tmp_path: Path) -> None:
    """Until something is to be written; and never beside those that somebody else made since."""
    env = {"PLANNER_INSTANCE": str(tmp_path / "instance")}
    one, other = from_environment(env, looks=True), from_environment(env, looks=True)
    assert not one.keys_are_kept and not (tmp_path / "instance").exists()
    for _again in range(2):
        keep(one.instance, one.secret_key, one.data_key)
    found = from_environment(env, looks=True)
    assert found.keys_are_kept
    assert (found.secret_key, found.data_key) == (one.secret_key, one.data_key)
    with pytest.raises(FileExistsError):
        keep(other.instance, other.secret_key, other.data_key)
    assert from_environment(env).data_key == one.data_key


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    from_environment({"PLANNER_INSTANCE": str(tmp_path)})
    (tmp_path / "data.key").chmod(0o644)
    (found,) = problems(tmp_path)
    assert "chmod 600" in found and "data.key" in found


def test_a_database_without_its_key_gets_no_new_one(tmp_path: Path) -> None:
    from_environment({"PLANNER_INSTANCE": str(tmp_path)})
    (tmp_path / "planner.sqlite").touch()
    (tmp_path / "data.key").unlink()
    (found,) = problems(tmp_path)
    assert "data.key" in found
    assert not (tmp_path / "data.key").exists()


def test_a_key_of_nothing_is_refused(tmp_path: Path) -> None:
    from_environment({"PLANNER_INSTANCE": str(tmp_path)})
    (tmp_path / "data.key").write_text("")
    (found,) = problems(tmp_path)
    assert "data.key" in found


def test_a_folder_that_cannot_be_is_a_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (found,) = problems(tmp_path / "file" / "instance")
    assert "niet te gebruiken" in found


def test_the_clock_starts_where_it_is_told(tmp_path: Path) -> None:
    env = {"PLANNER_INSTANCE": str(tmp_path), "PLANNER_ENV": "test"}
    winter = from_environment({**env, "PLANNER_NOW": "2026-12-01T09:00"})
    assert abs(winter.now() - datetime(2026, 12, 1, 8, tzinfo=UTC)) < timedelta(seconds=30), "Dutch wall time"
    handed = from_environment({**env, "PLANNER_CLOCK_OFFSET_S": str(winter.clock_offset.total_seconds())})
    assert abs(handed.now() - winter.now()) < timedelta(seconds=30)


def test_database_addresses_are_made_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    env = {"PLANNER_INSTANCE": str(tmp_path / "instance")}
    assert from_environment(env).database_url == f"sqlite:///{tmp_path}/instance/planner.sqlite"
    relative = from_environment({**env, "PLANNER_DATABASE_URL": "sqlite:///mijn.sqlite"})
    assert relative.database_url == f"sqlite:///{tmp_path}/mijn.sqlite"
    short = from_environment({**env, "PLANNER_DATABASE_URL": "postgres://naam:geheim@host/planner"})
    assert short.database_url == "postgresql+psycopg://naam:geheim@host/planner"


def test_the_mail_server_is_read(tmp_path: Path) -> None:
    def mail(url: str, **more: str) -> MailServer | None:
        env = {"PLANNER_INSTANCE": str(tmp_path), "PLANNER_SMTP_URL": url, **more}
        found = from_environment(env)
        assert "geheim" not in repr(found)
        return found.mail

    assert mail("") is None
    assert mail("smtp://u:geheim@mail.example.org") == MailServer(
        "mail.example.org", 587, False, "u", "geheim"
    )
    assert mail("smtps://anna%40example.org:g%40h@mail.example.org") == MailServer(
        "mail.example.org", 465, True, "anna@example.org", "g@h", "anna@example.org"
    )
    here = mail("smtp://127.0.0.1:1025", PLANNER_MAIL_FROM="praktijk@example.org")
    assert here == MailServer("127.0.0.1", 1025, sender="praktijk@example.org")
    assert here is not None and here.here
    assert mail("smtp://[::1]:25") == MailServer("::1", 25)


def test_links_in_mails_need_a_safe_address(tmp_path: Path) -> None:
    env = {"PLANNER_INSTANCE": str(tmp_path), "PLANNER_SMTP_URL": "smtp://127.0.0.1:1025"}
    here = from_environment({**env, "PLANNER_BASE_URL": "http://127.0.0.1:8000"})
    assert (here.mail_base_url, here.mails_links) == ("", False)
    world = replace(here, base_url="https://wandelen.example.org")
    assert (world.mail_base_url, world.mails_links) == ("https://wandelen.example.org", True)
    assert not replace(world, mail=None).mails_links


@given(st.text())
def test_any_text_is_an_address_or_not(text: str) -> None:
    assert is_loopback(text) in (True, False)
    assert not is_loopback(f"ftp://{text}")
