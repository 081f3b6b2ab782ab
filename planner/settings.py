"""Settings: read once from the environment, typed, frozen. What is unsafe is said here; the launcher refuses."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

ENVIRONMENTS = ("production", "demo", "test")
WEATHER_SOURCES = ("met-norway",)
KEY_BYTES = 32
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
    environment: str = "production"
    clock_offset: timedelta = timedelta(0)

    @property
    def secure(self) -> bool:
        """Secure mode (decision 19): decided at start by the base URL alone."""
        return bool(self.base_url and self.base_url.startswith("https://"))

    def now(self) -> datetime:
        """The planner's clock: an aware moment in UTC."""
        return datetime.now(UTC) + self.clock_offset

    def problems(self) -> list[str]:
        """What makes this unsafe or half; empty when it may serve."""
        found = []
        if self.secure:
            found.append(
                "PLANNER_BASE_URL is https, but the second factor does not exist yet: "
                "the planner only serves this machine for now. Leave PLANNER_BASE_URL out."
            )
        elif self.base_url and not is_loopback(self.base_url):
            found.append("PLANNER_BASE_URL without https may only name this machine (http://127.0.0.1…).")
        if not self.met_url.startswith("https://") and not is_loopback(self.met_url):
            found.append("PLANNER_MET_URL must be https, or a server on this machine.")
        return found


def is_loopback(url: str) -> bool:
    """Whether an address names this machine itself."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; keys are made once and kept in the instance folder with mode 0600.

    Raises UnsafeSettings for values that cannot be read. Whether the result may serve: `Settings.problems`.
    """
    env = os.environ if environ is None else environ
    instance = Path(env.get("PLANNER_INSTANCE") or "instance").resolve()
    problems: list[str] = []
    kind = _one_of(env, "PLANNER_ENV", ENVIRONMENTS, problems)
    weather = _one_of(env, "PLANNER_WEATHER", WEATHER_SOURCES, problems, default="met-norway")
    offset = _clock_offset(env, kind, problems)
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = _key(env, "PLANNER_SECRET_KEY", instance / "secret.key", problems)
    data = _key(env, "PLANNER_DATA_KEY", instance / "data.key", problems)
    if secret == data:
        problems.append("PLANNER_SECRET_KEY and PLANNER_DATA_KEY must differ.")
    if problems:
        raise UnsafeSettings(problems)
    return Settings(
        instance=instance,
        database_url=env.get("PLANNER_DATABASE_URL") or f"sqlite:///{instance / 'planner.sqlite'}",
        secret_key=secret,
        data_key=data,
        base_url=(env.get("PLANNER_BASE_URL") or "").rstrip("/") or None,
        contact=env.get("PLANNER_CONTACT") or None,
        weather=weather,
        met_url=(env.get("PLANNER_MET_URL") or MET_URL).rstrip("/"),
        environment=kind,
        clock_offset=offset,
    )


def _one_of(
    env: Mapping[str, str], name: str, allowed: tuple[str, ...], problems: list[str], default: str = ""
) -> str:
    value = env.get(name) or default or allowed[0]
    if value not in allowed:
        problems.append(f"{name} must be one of {', '.join(allowed)}.")
    return value


def _clock_offset(env: Mapping[str, str], kind: str, problems: list[str]) -> timedelta:
    """How far our clock stands from the machine's.

    The launcher turns PLANNER_NOW into PLANNER_CLOCK_OFFSET_S once, so that all its processes share one clock.
    """
    wanted, handed = env.get("PLANNER_NOW"), env.get("PLANNER_CLOCK_OFFSET_S")
    if not wanted and not handed:
        return timedelta(0)
    if kind not in ("demo", "test"):
        problems.append("PLANNER_NOW is only allowed with PLANNER_ENV=demo or PLANNER_ENV=test.")
        return timedelta(0)
    try:
        if handed:
            return timedelta(seconds=float(handed))
        moment = datetime.fromisoformat(wanted or "")
    except ValueError:
        problems.append("PLANNER_NOW must be an ISO time, for example 2026-12-01T09:00:00+01:00.")
        return timedelta(0)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment - datetime.now(UTC)


def _key(env: Mapping[str, str], name: str, kept_in: Path, problems: list[str]) -> bytes:
    """A key of 32 bytes, base64: from the environment, else made once beside the database."""
    text = env.get(name)
    if not text:
        text = _made_once(kept_in)
    try:
        key = base64.urlsafe_b64decode(text.strip().encode("ascii"))
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != KEY_BYTES or len(set(key)) < 8:
        problems.append(f"{name} must be {KEY_BYTES} random bytes in base64 (it is kept in {kept_in.name}).")
    return key


def _made_once(path: Path) -> str:
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
    return path.read_text(encoding="ascii")
