"""The form of what is not free: days off, blocked hours, holidays, and the time around a walk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, time
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.domain.practices import MAX_AROUND_MINUTES, BlockedHours, DaysOff, PracticeSettings
from planner.domain.routes import DAYS
from planner.services.people.practices import ChangePractice, OpenPractice
from planner.web.forms import (
    Choice,
    HiddenText,
    LocalDate,
    LocalTime,
    PlannerField,
    PlannerForm,
    Tick,
    WholeNumber,
    as_id,
    as_version,
)
from planner.web.wording import options

EMPTY_ROWS, MOST_ROWS = 2, 60
ROWS = {"off": ("first", "last"), "day": ("on", "starts", "ends"), "week": ("weekday", "starts", "ends")}
"""The tables of the page and what a row of each holds: off_first_0 is the first day of the first row."""


class AgendaForm(PlannerForm):
    """Added by `agenda_form`: the rows of the three tables. A row that is empty is no row."""

    version = HiddenText()
    minutes_before = WholeNumber(
        _l("Before a walk"),
        needs=_l("Fill in a number of minutes, such as 15."),
        unit=_l("minutes"),
        least=0,
        most=MAX_AROUND_MINUTES,
    )
    minutes_after = WholeNumber(
        _l("After a walk"),
        needs=_l("Fill in a number of minutes, such as 15."),
        unit=_l("minutes"),
        least=0,
        most=MAX_AROUND_MINUTES,
    )
    holidays_off = Tick(_l("Public holidays are days off"))
    row_counts: dict[str, int] = {}

    def names(self, table: str) -> Iterator[list[str]]:
        """The field names of each row."""
        for number in range(self.row_counts[table]):
            yield [f"{table}_{part}_{number}" for part in ROWS[table]]

    def _rows(self, table: str) -> Iterator[tuple[list[str], list[Any]]]:
        """The rows that say something."""
        for names in self.names(table):
            values = [self[name].data for name in names]
            if any(value is not None for value in values):
                yield names, values

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        fine = bool(super().validate(*args, **kwargs))
        for name, sentence in self._refused():
            if not self[name].errors:
                self.refuse(name, sentence)
                fine = False
        return fine

    def _refused(self) -> Iterator[tuple[str, str]]:
        for (first, last), (first_on, last_on) in self._rows("off"):
            if first_on is None:
                yield first, _("Fill in the first day off.")
            elif last_on is not None and last_on < first_on:
                yield last, _("The last day comes after the first.")
        for table, missing in (("day", _("Fill in the day.")), ("week", _("Choose the day of the week."))):
            for (when, starts, ends), values in self._rows(table):
                if values[0] is None:
                    yield when, missing
                yield from _hours_refused(starts, ends, values[1], values[2])

    def command(self, kept: OpenPractice) -> ChangePractice:
        settings = replace(
            kept.settings,
            days_off=tuple(sorted(self._days_off(), key=lambda days: days.first_on)),
            blocked_hours=tuple(self._blocked()),
            holidays_off=self.holidays_off.data,
            minutes_before=self.minutes_before.data,
            minutes_after=self.minutes_after.data,
        )
        return ChangePractice(settings, kept.contact, as_version(self.version.data) or 0)

    def _days_off(self) -> Iterator[DaysOff]:
        for _names, (first_on, last_on) in self._rows("off"):
            yield DaysOff(first_on, last_on or first_on)

    def _blocked(self) -> Iterator[BlockedHours]:
        for _names, (on, starts, ends) in self._rows("day"):
            yield BlockedHours(f"{starts:%H:%M}", f"{ends:%H:%M}", on=on)
        for _names, (weekday, starts, ends) in self._rows("week"):
            yield BlockedHours(f"{starts:%H:%M}", f"{ends:%H:%M}", weekday=DAYS.index(weekday))


def _hours_refused(
    starts: str, ends: str, starts_at: time | None, ends_at: time | None
) -> Iterator[tuple[str, str]]:
    if starts_at is None:
        yield starts, _("Fill in from when.")
    if ends_at is None:
        yield ends, _("Fill in until when.")
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        yield ends, _("The end comes after the start.")


def agenda_form(kept: OpenPractice, today_on: date, sent: Mapping[str, Any]) -> AgendaForm:
    """With a row for everything that holds from today on, and some empty ones; with all rows that were sent."""
    rows = _kept_rows(kept.settings, today_on)
    counts = {table: max(len(rows[table]) + EMPTY_ROWS, _sent_rows(table, sent)) for table in ROWS}
    data: dict[str, Any] = {
        "version": str(kept.version),
        "minutes_before": kept.settings.minutes_before,
        "minutes_after": kept.settings.minutes_after,
        "holidays_off": kept.settings.holidays_off,
    }
    for table, found in rows.items():
        for number, values in enumerate(found):
            data |= {f"{table}_{part}_{number}": one for part, one in zip(ROWS[table], values, strict=True)}
    return _form_class(*(counts[table] for table in ROWS))(data=data)


def _sent_rows(table: str, sent: Mapping[str, Any]) -> int:
    name = f"{table}_{ROWS[table][0]}_"
    numbers = [as_id(key.removeprefix(name)) for key in sent if key.startswith(name)]
    return min(max((number for number in numbers if number is not None), default=-1) + 1, MOST_ROWS)


def _kept_rows(settings: PracticeSettings, today_on: date) -> dict[str, list[tuple[Any, ...]]]:
    """What is over is not shown, and so goes when the page is saved."""
    blocked = [
        (hours, time.fromisoformat(hours.starts), time.fromisoformat(hours.ends))
        for hours in settings.blocked_hours
    ]
    once = [(hours.on, starts, ends) for hours, starts, ends in blocked if hours.on and hours.on >= today_on]
    weekly = [
        (DAYS[hours.weekday], starts, ends)
        for hours, starts, ends in blocked
        if hours.on is None and hours.weekday is not None
    ]
    off = [(days.first_on, days.last_on) for days in settings.days_off if days.last_on >= today_on]
    return {"off": off, "day": sorted(once), "week": weekly}


@lru_cache(maxsize=64)
def _form_class(off: int, day: int, week: int) -> type[AgendaForm]:
    """The form with so many rows in each table."""
    counts = {"off": off, "day": day, "week": week}
    fields: dict[str, Any] = {"row_counts": counts}
    for table, count in counts.items():
        for number in range(count):
            fields |= {f"{table}_{part}_{number}": _FIELDS[part]() for part in ROWS[table]}
    return type("FilledAgendaForm", (AgendaForm,), fields)


_FIELDS: dict[str, Callable[[], PlannerField]] = {
    "first": lambda: LocalDate(_l("First day")),
    "last": lambda: LocalDate(_l("Last day")),
    "on": lambda: LocalDate(_l("Day")),
    "weekday": lambda: Choice(_l("Day of the week"), choices=options("day"), nothing=_l("Choose a day")),
    "starts": lambda: LocalTime(_l("From")),
    "ends": lambda: LocalTime(_l("Until")),
}
