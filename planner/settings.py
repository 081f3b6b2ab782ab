"""Settings: read once from the environment, typed, frozen. What is unsafe is said here; the launcher refuses."""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
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
from planner.mail_settings import MailServer, mail_server
from planner.router_settings import PATH_ENGINES, is_hosted

ENVIRONMENTS = ("production", "demo", "test")
OPEN_METEO = "open-meteo"
WEATHER_SOURCES = ("met-norway", OPEN_METEO)
KEY_BYTES = 32
FEWEST_DIFFERENT_BYTES = 8
"""A key with fewer was typed by hand."""
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
    environment: str = "production"
    clock_offset: timedelta = timedelta(0)
    mail: MailServer | None = field(default=None, repr=False)

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
        found = []
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


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; keys are made once and kept in the instance folder with mode 0600.

    Raises UnsafeSettings for values that cannot be read. Whether the result may serve: `Settings.problems`.
    """
    env = os.environ if environ is None else environ
    instance = Path(env.get("PLANNER_INSTANCE") or "instance").resolve()
    problems: list[str] = []
    kind = _one_of(env, "PLANNER_ENV", ENVIRONMENTS, problems)
    weather = _one_of(env, "PLANNER_WEATHER", WEATHER_SOURCES, problems)
    offset = _clock_offset(env, kind, problems)
    url = _database_url(env, instance, problems)
    secret, data = _keys(env, instance, url, problems)
    mail = mail_server(env.get("PLANNER_SMTP_URL") or "", env.get("PLANNER_MAIL_FROM") or "", problems)
    found = Settings(
        instance=instance,
        database_url=url,
        secret_key=secret,
        data_key=data,
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


def _keys(env: Mapping[str, str], instance: Path, url: str, problems: list[str]) -> tuple[bytes, bytes]:
    """The signing key and the data key: both from the environment, or both from the instance folder."""
    names = ("PLANNER_SECRET_KEY", "PLANNER_DATA_KEY")
    given = [name for name in names if env.get(name)]
    if len(given) == 1:
        problems.append(
            f"Alleen {given[0]} is gezet. Zet {names[0]} en {names[1]} allebei, of geen van beide."
        )
    files = (instance / "secret.key", instance / "data.key")
    database = Path(url.removeprefix("sqlite:///"))
    if not given and url.startswith("sqlite:") and database.exists() and not files[1].exists():
        # a new key would open nothing that is there
        problems.append(f"Bij deze database hoort een sleutel. Zet data.key terug in {instance}.")
    if problems:
        return b"", b""
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret, data = (
            _key(name, env.get(name) or _kept(file, problems), file, problems)
            for name, file in zip(names, files, strict=True)
        )
    except OSError as error:
        problems.append(f"De map {instance} is niet te gebruiken: {error.strerror or error}.")
        return b"", b""
    if secret == data and not problems:
        problems.append(f"{names[0]} en {names[1]} zijn hetzelfde. Neem twee verschillende sleutels.")
    return secret, data


def _key(name: str, text: str, file: Path, problems: list[str]) -> bytes:
    """32 bytes from base64, either alphabet."""
    try:
        key = base64.b64decode(
            text.strip().replace("+", "-").replace("/", "_"), altchars=b"-_", validate=True
        )
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != KEY_BYTES or len(set(key)) < FEWEST_DIFFERENT_BYTES:
        problems.append(f"{name} ({file.name}) moet bestaan uit {KEY_BYTES} willekeurige bytes in base64.")
    return key


def _kept(path: Path, problems: list[str]) -> str:
    """The key kept in a file; made on the first start. Two starting processes agree on one."""
    if not path.exists():
        text = base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # never replaces a key that another process just made
            os.link(draft, path)
        draft.unlink()
    if path.stat().st_mode & 0o077:
        problems.append(f"Anderen op deze computer kunnen {path.name} lezen. Doe eerst: chmod 600 {path}")
    return path.read_text(encoding="ascii", errors="replace")
