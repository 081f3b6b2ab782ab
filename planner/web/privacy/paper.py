"""A file as people read it: tables with their names, and in each row the fields that say something, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from planner.domain.when import moment_to_local
from planner.services.privacy.client_export import ClientExport
from planner.web.privacy.wording_export import CODES, FIELDS, NOT_READ, OTHER_CODES, SPOKEN, TABLES
from planner.web.wording_words import WORDS
from planner.web.words import clock_words, date_long, day_year, language, listed, number

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Section:
    """`rows`: label and text of each field that says something."""

    name: str
    title: str
    rows: list[Pairs]


def sections(export: ClientExport) -> list[Section]:
    """In the language of the page. A table without rows is not there."""
    reader = _Reader(export)
    return [
        Section(name, str(TABLES[name]), [list(reader.pairs(name, row)) for row in rows])
        for name, rows in export.tables.items()
        if rows
    ]


class _Reader:
    def __init__(self, export: ClientExport) -> None:
        self._exercises, self._routes = export.exercises, export.routes
        self._colleagues = export.colleagues
        self._walks = {row["id"]: row["starts_local"] for row in export.tables["walk"]}

    def pairs(self, place: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Label and text. What lies inside a value stands in the same list."""
        for name, value in row.items():
            if is_dataclass(value) and not isinstance(value, type):
                yield from self.pairs(place if name.endswith("sealed") else name, _fields(value))
            elif name not in NOT_READ and _says(value):
                yield str(FIELDS[name]), self._text(place, name, value)

    def _text(self, place: str, name: str, value: Any) -> str:
        if isinstance(value, tuple) and value and not isinstance(value[0], str):
            return "; ".join(self._inner(name, one) for one in value)
        if isinstance(value, tuple):
            return listed([self._coded(place, name, one) for one in value], language())
        if name in ("exercise_id", "tool_exercise_id"):
            return self._exercises.get(str(value), str(value))
        if name == "route_id":
            return self._routes.get(str(value), str(value))
        if name == "reader_id":
            return self._colleagues.get(str(value), str(value))
        if name == "walk_id":
            return _moment(self._walks[value]) if value in self._walks else str(value)
        return self._coded(place, name, value)

    def _inner(self, name: str, value: Any) -> str:
        """One of several inside a field: earlier help, an exercise that was done, a question, a typed field."""
        if name == "cautions_talked":
            return self._exercises.get(str(value), str(value))
        if isinstance(value, tuple):
            return ": ".join(value)
        return ", ".join(f"{label}: {text}" for label, text in self.pairs(name, _fields(value)))

    def _coded(self, place: str, name: str, value: Any) -> str:
        if value is True:
            return str(_("Yes"))
        if isinstance(value, datetime | date):
            return _moment(value)
        if isinstance(value, float):
            said: str = number(value, language())
            return said
        group = CODES.get(f"{place}.{name}") or CODES.get(name)
        if place == "audit_entry" and name == "kind":
            return str(TABLES.get(value, value))
        if group is None:
            spoken = name in SPOKEN or f"{place}.{name}" in SPOKEN
            return str(OTHER_CODES.get(value, value)) if spoken else str(value)
        words = WORDS[group]
        codes = value.split() if name == "page_asks" else [str(value)]
        return listed([str(words.get(code, code)) for code in codes], language())


def _says(value: Any) -> bool:
    """Whether there is something; nought is a number as well."""
    return value is not None and value is not False and value not in ("", ())


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def _moment(value: date | datetime) -> str:
    if not isinstance(value, datetime):
        return date_long(value, language())
    local = moment_to_local(value) if value.tzinfo else value
    return f"{day_year(local.date(), language())}, {clock_words(local, language())}"
