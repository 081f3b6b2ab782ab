"""Settings: read once from the environment, typed, frozen. What is unsafe is said here; the launcher refuses."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from planner.domain.tiles import PDOK_URL, is_tile_template
from planner.domain.when import ZONE
from planner.key_settings import MISSING, keys_of
from planner.mail_settings import MailServer, mail_server
from planner.router_settings import PATH_ENGINES, is_hosted

ENVIRONMENTS = ("production", "demo", "test")
OPEN_METEO = "open-meteo"
WEATHER_SOURCES = ("met-norway", OPEN_METEO)
MET_URL = "https://api.met.no/weatherapi"


class UnsafeSettings(Exception):
    """One clear line per problem; nothing starts with these."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    instance: Path
    database_url: str
    secret_key: bytes = field(repr=False)
    data_key: bytes = field(repr=False)
    base_url: str | None = None
    contact: str | None = None
    weather: str = "met-norway"
    met_url: str = MET_URL
    open_meteo_url: str | None = None
    open_meteo_key: str | None = field(default=None, repr=False)
    tile_url: str = PDOK_URL
    """Where map tiles come from; `{z}`, `{x}` and `{y}` stand for the tile."""
    private_calendars: bool = False
    """A coach's calendar may stand on a private network or on this machine."""
    router: str = "valhalla"
    router_url: str | None = None
    """A path engine of one's own. Never one of others: it would learn where walks begin."""
    old_data_key: bytes = field(default=b"", repr=False)
    """The data key of before, while a change of keys is under way."""
    keys_in_files: bool = True
    key_is_gone: bool = False
    """There is a database, and the key that belongs to it is not there: nothing may be written."""
    keys_are_kept: bool = True
    """Keys that were made to look with are in no file yet; `cli_refusal.keep_keys` before anything is written."""
    backup_folder: Path | None = None
    environment: str = "production"
    clock_offset: timedelta = timedelta(0)
    mail: MailServer | None = field(default=None, repr=False)

    @property
    def backups(self) -> Path:
        """Where the copies of the night lie, those from before a change of the database, and what was erased."""
        return self.backup_folder or self.instance / "backups"

    @property
    def mail_base_url(self) -> str:
        """What links in mails begin with; empty while none may stand there (decision 19)."""
        return self.base_url if self.base_url and self.secure else ""

    @property
    def mails_links(self) -> bool:
        """Whether a client can have a link mailed."""
        return self.mail is not None and bool(self.mail_base_url)

    @property
    def secure(self) -> bool:
        """Secure mode (decision 19): decided at start by the base URL alone."""
        return bool(self.base_url and self.base_url.startswith("https://"))

    @property
    def host(self) -> str:
        """The name of the public address."""
        return urlsplit(self.base_url or "").hostname or ""

    @property
    def free_open_meteo(self) -> bool:
        """Whether weather comes from Open-Meteo without a key: for non-commercial use only."""
        return self.weather == OPEN_METEO and not self.open_meteo_key

    def now(self) -> datetime:
        """The planner's clock: an aware moment in UTC."""
        return datetime.now(UTC) + self.clock_offset

    def problems(self) -> list[str]:
        """What makes this unsafe or half; empty when it may serve."""
        found = [MISSING.format(self.instance)] if self.key_is_gone else []
        if self.secure and not is_site(self.base_url or ""):
            found.append(
                "PLANNER_BASE_URL moet een adres zonder pad zijn, zoals https://wandelen.example.org."
            )
        elif self.base_url and not self.secure and not is_loopback(self.base_url):
            found.append(
                "PLANNER_BASE_URL zonder https kan alleen deze computer zijn (http://127.0.0.1:8000)."
            )
        for name, url in (
            ("PLANNER_MET_URL", self.met_url),
            ("PLANNER_OPEN_METEO_URL", self.open_meteo_url),
            ("PLANNER_ROUTER_URL", self.router_url),
            ("PLANNER_TILE_URL", self.tile_url),
        ):
            if url and not url.startswith("https://") and not is_loopback(url):
                found.append(f"{name} moet met https beginnen, of een server op deze computer zijn.")
        if self.router_url and is_hosted(self.router_url):
            found.append(
                "PLANNER_ROUTER_URL wijst naar een dienst van anderen. Die zou leren waar wandelingen beginnen. "
                "Gebruik alleen een eigen Valhalla of BRouter; de README zegt hoe."
            )
        if not is_tile_template(self.tile_url):
            found.append("PLANNER_TILE_URL moet {z}, {x} en {y} bevatten, na de naam van de server.")
        if self.open_meteo_key and not re.fullmatch(r"[!-~]+", self.open_meteo_key):
            found.append("PLANNER_OPEN_METEO_KEY moet één sleutel zijn, zonder spaties, op één regel.")
        if self.contact and not (self.contact.isascii() and self.contact.isprintable()):
            found.append("PLANNER_CONTACT moet één e-mailadres zijn, op één regel.")
        return found


def is_loopback(url: str) -> bool:
    """Whether an address is http on this machine itself."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
        return parts.scheme in ("http", "https") and (host == "localhost" or ip_address(host).is_loopback)
    except ValueError:
        return False


def is_site(url: str) -> bool:
    """Whether an address is a name and nothing behind it: what cookies and passkeys can be bound to."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return False
    extra = parts.path or parts.query or parts.fragment or parts.username or parts.password
    return bool(re.fullmatch(r"[a-z0-9.-]+", parts.hostname or "")) and not extra


def from_environment(environ: Mapping[str, str] | None = None, *, looks: bool = False) -> Settings:
    """Read the settings; keys are made once and kept in the instance folder with mode 0600. `looks`: nothing is made
    there yet, for commands that only look.

    Raises UnsafeSettings for values that cannot be read. Whether the result may serve: `Settings.problems`.
    """
    env = os.environ if environ is None else environ
    instance = Path(env.get("PLANNER_INSTANCE") or "instance").resolve()
    problems: list[str] = []
    kind = _one_of(env, "PLANNER_ENV", ENVIRONMENTS, problems)
    weather = _one_of(env, "PLANNER_WEATHER", WEATHER_SOURCES, problems)
    offset = _clock_offset(env, kind, problems)
    url = _database_url(env, instance, problems)
    keys = keys_of(env, instance, url, problems, looks=looks)
    mail = mail_server(env.get("PLANNER_SMTP_URL") or "", env.get("PLANNER_MAIL_FROM") or "", problems)
    found = Settings(
        instance=instance,
        database_url=url,
        secret_key=keys.secret,
        data_key=keys.data,
        old_data_key=keys.old,
        keys_in_files=keys.in_files,
        key_is_gone=keys.is_gone,
        keys_are_kept=keys.kept,
        backup_folder=Path(env["PLANNER_BACKUPS"]).resolve() if env.get("PLANNER_BACKUPS") else None,
        base_url=(env.get("PLANNER_BASE_URL") or "").rstrip("/") or None,
        contact=env.get("PLANNER_CONTACT") or None,
        weather=weather,
        met_url=(env.get("PLANNER_MET_URL") or MET_URL).rstrip("/"),
        open_meteo_url=(env.get("PLANNER_OPEN_METEO_URL") or "").rstrip("/") or None,
        open_meteo_key=env.get("PLANNER_OPEN_METEO_KEY") or None,
        router=_one_of(env, "PLANNER_ROUTER", PATH_ENGINES, problems),
        router_url=(env.get("PLANNER_ROUTER_URL") or "").rstrip("/") or None,
        tile_url=env.get("PLANNER_TILE_URL") or PDOK_URL,
        private_calendars=_one_of(env, "PLANNER_PRIVATE_CALENDARS", ("0", "1"), problems) == "1",
        environment=kind,
        clock_offset=offset,
        mail=mail,
    )
    if problems:
        raise UnsafeSettings(problems + found.problems())
    return found


def _one_of(env: Mapping[str, str], name: str, allowed: tuple[str, ...], problems: list[str]) -> str:
    value = env.get(name) or allowed[0]
    if value not in allowed:
        problems.append(f"{name} kan alleen dit zijn: {', '.join(allowed)}.")
        return allowed[0]
    return value


def _clock_offset(env: Mapping[str, str], kind: str, problems: list[str]) -> timedelta:
    """How far our clock stands from the machine's. A time without a zone is Dutch wall time, as on every page.

    The launcher turns PLANNER_NOW into PLANNER_CLOCK_OFFSET_S once, so that all its processes share one clock.
    """
    wanted, handed = env.get("PLANNER_NOW"), env.get("PLANNER_CLOCK_OFFSET_S")
    if not wanted and not handed:
        return timedelta(0)
    if kind not in ("demo", "test"):
        problems.append("PLANNER_NOW mag alleen met PLANNER_ENV=demo of PLANNER_ENV=test.")
        return timedelta(0)
    try:
        if handed:
            return timedelta(seconds=float(handed))
        moment = datetime.fromisoformat(wanted or "")
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(ZONE))
        return moment - datetime.now(UTC)
    except (ValueError, OverflowError):
        problems.append("PLANNER_NOW moet een tijd zijn zoals 2026-12-01T09:00:00+01:00.")
        return timedelta(0)


def _database_url(env: Mapping[str, str], instance: Path, problems: list[str]) -> str:
    """Where the database is: a file (made absolute), or PostgreSQL through psycopg."""
    given = env.get("PLANNER_DATABASE_URL")
    own = f"sqlite:///{instance / 'planner.sqlite'}"
    if not given:
        return own
    try:
        url = make_url(given.replace("postgres://", "postgresql://", 1))
    except (ArgumentError, ValueError):
        problems.append(
            "PLANNER_DATABASE_URL is niet te lezen. Voorbeeld: postgresql+psycopg://naam@host/planner"
        )
        return own
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        return f"sqlite:///{Path(url.database or '').resolve()}"
    if url.drivername in ("postgresql", "postgresql+psycopg") and url.database:
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    problems.append(
        "PLANNER_DATABASE_URL kan een bestand zijn (sqlite:////map/naam.sqlite) of postgresql+psycopg://…"
    )
    return own
