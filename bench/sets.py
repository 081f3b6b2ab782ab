"""Where the data sets lie, and who is measured in them. Light: a process that is measured reads it before its start."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""A Monday morning, nine o'clock on the wall."""
SECRET_KEY, DATA_KEY = bytes(range(32)), bytes(range(32, 64))
FOLDER = Path(__file__).parent / ".data"


@dataclass(frozen=True)
class Person:
    """A coach who is measured, and what leads to their pages. `client`: with 40 long notes and a page of their own."""

    token: str
    client: int
    coming_walk: int
    noted_walks: list[int]
    page: str
    client_feed: str
    coach_feed: str


def place_of(walks: int, seals: str = "") -> tuple[Path, Path]:
    """The database of a data set, and the file that says who is in it."""
    name = f"walks-{walks}-{seals}" if seals else f"walks-{walks}"
    return FOLDER / f"{name}.sqlite", FOLDER / f"{name}.json"


def environment(walks: int, seals: str = "") -> dict[str, str]:
    """The settings of a planner on this data set."""
    return {
        "PLANNER_ENV": "demo",
        "PLANNER_NOW": NOW.isoformat(),
        "PLANNER_DATABASE_URL": f"sqlite:///{place_of(walks, seals)[0]}",
        "PLANNER_INSTANCE": str(FOLDER / "instance"),
        "PLANNER_SECRET_KEY": b64encode(SECRET_KEY).decode(),
        "PLANNER_DATA_KEY": b64encode(DATA_KEY).decode(),
    }


def people(walks: int, seals: str = "") -> list[Person]:
    return [Person(**one) for one in json.loads(place_of(walks, seals)[1].read_text())]
