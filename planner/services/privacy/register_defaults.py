"""The registers as we fill them in beforehand: read once from the package."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from planner.domain.privacy import KINDS_OF_LINE, Line
from planner.services.toolkit.toolkit_data import read_yaml


@lru_cache(maxsize=1)
def _data() -> Any:
    return read_yaml("registers.yaml")


def edition() -> tuple[str, date]:
    """Version and date of what we fill in."""
    return str(_data()["version"]), _data()["date"]


@lru_cache(maxsize=8)
def lines(kind: str, language: str) -> dict[str, Line]:
    """Our lines of a register, by key, in the order of the file."""
    known = "en" if language == "en" else "nl"
    return {
        entry["key"]: KINDS_OF_LINE[kind](
            **entry[known], **({"has_data": entry["has_data"]} if "has_data" in entry else {})
        )
        for entry in _data()[kind]
    }
