"""The forms of a storm day: which period, and what is to become of each walk in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.domain.practices import MAX_WALK_MINUTES, MIN_WALK_MINUTES
from planner.domain.storm import KEEP, MOST_DAYS, MOVE, SHORTEN, too_long
from planner.services.walks.storm import StormDay, StormWalk
from planner.services.walks.storm_changes import Change, Decision
from planner.web import language, words
from planner.web.forms import (
    Chips,
    Choice,
    HiddenText,
    LocalDate,
    LocalTime,
    Option,
    PlannerForm,
    QueryForm,
    TextLine,
    WholeNumber,
    as_id,
    as_version,
)
from planner.web.wording import options, verdict_words, word

DAYS_AT_FIRST = 2
MOST_WALKS = 300
VERSION = "version_"
"""With the walk's id behind it, as all fields about one walk."""


class PeriodForm(QueryForm):
    """Days, and if wanted the hour at which the first begins and the last ends."""

    date = LocalDate(_l("From"), needs=_l("Choose a day."))
    time = LocalTime(_l("From what time"))
    until = LocalDate(_l("Until and with"), needs=_l("Choose a day."))
    until_time = LocalTime(_l("Until what time"))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        fine = bool(super().validate(*args, **kwargs))
        if not fine:
            return False
        if self.until.data < self.date.data:
            self.refuse("until", _("The last day comes after the first."))
        elif too_long(self.date.data, self.until.data):
            self.refuse(
                "until", _("Choose at most %(days)s days. The rest can be done after that.", days=MOST_DAYS)
            )
        elif self.bounds[1] <= self.bounds[0]:
            self.refuse("until_time", _("The end comes after the beginning."))
        return not self.errors

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """Of a period that was found complete; without an hour whole days."""
        first_on: date = self.date.data
        last_on: date = self.until.data
        ends = (
            datetime.combine(last_on, self.until_time.data)
            if self.until_time.data is not None
            else datetime.combine(last_on + timedelta(days=1), time())
        )
        return datetime.combine(first_on, self.time.data or time()), ends

    @property
    def address(self) -> str:
        """The same period again, whatever day it is then."""
        shown = [(field.name, field.shown) for field in (self.date, self.time, self.until, self.until_time)]
        return f"/storm?{urlencode([(name, text) for name, text in shown if text])}"


def period_form(today: date) -> PeriodForm:
    """From today, unless the address says otherwise; three days, unless it says until when."""
    form = PeriodForm(data={"date": today})
    first_on = form.date.data
    if form.until.typed is None and isinstance(first_on, date):
        form.until.data = first_on + timedelta(days=DAYS_AT_FIRST)
    return form


class StormForm(PlannerForm):
    """Added by `storm_form`, for each walk: choice_, minutes_ (of a shorter walk), place_ (indoors), to_ (the hour that
    the coach saw), version_. For each kind of verdict: all_, the choice for all of that kind."""

    action = HiddenText()
    day: StormDay
    no_phone: frozenset[int] = frozenset()
    """Walks that were to be by phone, and whose client has no number."""

    def of(self, one: StormWalk, name: str) -> Any:
        """The field of this name about this walk."""
        return self[f"{name}_{one.walk.id}"]

    def fill(self) -> None:
        """The choice for all of a kind, where a walk has it."""
        for one in self.day.to_decide:
            name = f"all_{one.verdict_code}"
            wanted = self[name].data if name in self else None
            if wanted in one.choices:
                field = self.of(one, "choice")
                field.data = field.typed = wanted
        for code in self.day.kinds:
            self[f"all_{code}"].data = self[f"all_{code}"].typed = None

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        super().validate(*args, **kwargs)
        for one in self.day.to_decide:
            chosen, minutes = self.of(one, "choice").data, self.of(one, "minutes")
            if chosen != SHORTEN or one.by_route:
                minutes.errors = []
            elif not minutes.errors and not self._is_shorter(one):
                minutes.errors = [
                    _("Choose a number below %(minutes)s: so long is the walk now.", minutes=one.walk.minutes)
                ]
            if chosen == MOVE and self.to_local(one) is None:
                self.refuse(f"choice_{one.walk.id}", word("storm_problem", "no_hour"))
        if not self.errors and not self.decisions():
            self.form_errors.append(_("Nothing is chosen yet: every walk stays as it is."))
        return not self.errors

    def _is_shorter(self, one: StormWalk) -> bool:
        """Of a walk that was changed meanwhile nobody can tell yet."""
        minutes = self.of(one, "minutes").data
        same = as_version(self.of(one, "version").data) == one.version
        return minutes is not None and (not same or minutes < one.walk.minutes)

    def to_local(self, one: StormWalk) -> datetime | None:
        """The hour that the coach saw, else the one that is best now."""
        try:
            return datetime.strptime(self.of(one, "to").data, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - a wall time
        except ValueError:
            return one.hour.start.local if one.hour else None

    def decisions(self) -> list[Decision]:
        return [
            Decision(
                one.walk.id,
                as_version(self.of(one, "version").data),
                self.of(one, "choice").data,
                self.to_local(one) if self.of(one, "choice").data == MOVE else None,
                self.of(one, "minutes").data if self.of(one, "choice").data == SHORTEN else None,
                self.of(one, "place").data,
            )
            for one in self.day.to_decide
            if self.of(one, "choice").data not in (None, KEEP)
        ]

    def refuse_changes(self, changes: tuple[Change, ...]) -> None:
        """A sentence beside each walk that stands in the way. What was typed stays; sent again, it is on purpose."""
        shown = {one.walk.id: one for one in self.day.to_decide}
        self.no_phone = frozenset(one.walk.id for one in changes if one.problem == "no_phone")
        for change in changes:
            one = shown.get(change.walk.id)
            if one is None or change.problem is None:
                continue
            self.refuse(f"choice_{one.walk.id}", word("storm_problem", change.problem))
            if change.problem == "changed":
                version = self.of(one, "version")
                version.data = version.typed = str(one.version)
            elif one.hour is not None:
                to = self.of(one, "to")
                to.data = to.typed = f"{one.hour.start.local:%Y-%m-%dT%H:%M}"
                self.of(one, "choice").choices = _choices(one, one.hour.start.local)


def sent_walks(sent: Mapping[str, Any]) -> list[int]:
    """The walks that a form is about."""
    found = [as_id(name.removeprefix(VERSION)) for name in sent if name.startswith(VERSION)]
    return [number for number in found if number is not None][:MOST_WALKS]


def storm_form(day: StormDay) -> StormForm:
    """With the fields of every walk there is something to choose for."""
    fields: dict[str, Any] = {"day": day}
    data: dict[str, Any] = {}
    for one in day.to_decide:
        number, walk = one.walk.id, one.walk
        said = f"{walk.client_first_name}, {words.moment_short(walk.starts_local, language.current(), words.today())}"
        fields |= {
            f"choice_{number}": Chips(_("What happens with the walk of %(walk)s", walk=said)),
            f"minutes_{number}": WholeNumber(
                _("How long"), unit=_l("minutes"), least=MIN_WALK_MINUTES, most=MAX_WALK_MINUTES
            ),
            f"place_{number}": TextLine(_("Where indoors")),
            f"to_{number}": HiddenText(),
            f"{VERSION}{number}": HiddenText(),
        }
        data |= {
            f"choice_{number}": KEEP,
            f"minutes_{number}": one.shorter.minutes if one.shorter else None,
            f"to_{number}": f"{one.hour.start.local:%Y-%m-%dT%H:%M}" if one.hour else "",
            f"{VERSION}{number}": str(one.version),
        }
    for code, count in day.kinds.items():
        fields[f"all_{code}"] = Choice(
            _("Both walks with “%(advice)s”", advice=word("verdict", code))
            if count == 2
            else _("All %(number)s walks with “%(advice)s”", number=count, advice=word("verdict", code)),
            choices=options("storm_choice"),
            nothing=_l("Choose for each walk"),
        )
    form: StormForm = type("FilledStormForm", (StormForm,), fields)(data=data)
    for one in day.to_decide:
        form.of(one, "choice").choices = _choices(one, form.to_local(one))
    return form


def _choices(one: StormWalk, to_local: datetime | None) -> list[Option]:
    """What may be done with this walk; another hour says which."""
    offered = options("storm_choice", one.choices)
    if one.shorter is not None and one.shorter.length is not None:
        short = one.shorter.length
        how = f"{words.minutes(short.minutes, language.current())}. {word('way', short.way)}"
        offered = [option._replace(hint=how) if option.value == SHORTEN else option for option in offered]
    if to_local is None:
        return offered
    moment = _("To %(moment)s", moment=words.moment_short(to_local, language.current(), words.today()))
    known = one.hour is not None and one.hour.start.local == to_local
    sky = verdict_words(one.hour.verdict) if known and one.hour else ""
    return [option._replace(label=moment, hint=sky) if option.value == MOVE else option for option in offered]
