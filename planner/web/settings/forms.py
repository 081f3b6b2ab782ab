"""The form of the settings page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from planner.domain.clients import INTAKE_QUESTIONS, intake_asked
from planner.domain.practices import (
    MAX_WALK_MINUTES,
    MIN_WALK_MINUTES,
    PracticeSettings,
    PracticeTexts,
    WorkingHours,
)
from planner.services.people.practices import ChangePractice, OpenPractice, text_of
from planner.web.forms import (
    EmailField,
    HiddenText,
    LocalTime,
    ManyChips,
    PlannerField,
    PlannerForm,
    TextArea,
    Tick,
    WholeNumber,
    YesNo,
    as_version,
)
from planner.web.places import MapPlace
from planner.web.settings import limits
from planner.web.wording import options
from planner.web.words import DAYS, language, upper_first

WEEKDAYS = range(7)
TEXT_FIELDS = ("privacy_nl", "privacy_en", "complaints_nl", "complaints_en")
MOST_NOTICE_HOURS = 14 * 24


class SettingsForm(PlannerForm):
    """Added below: a field per limit, by its name in the rules, and hours (`starts_0`, `ends_0` for Monday)."""

    version = HiddenText()
    contact = EmailField(
        _l("E-mail address for the weather service"),
        hint=_l("The weather service wants to know whom to write to. Without it there is no weather."),
        autocomplete="email",
    )
    non_commercial = Tick(
        _l("Nobody earns anything with these walks"),
        hint=_l(
            "Only then Open-Meteo is free. If you are paid, a key is needed: PLANNER_OPEN_METEO_KEY. "
            "Every practice in this planner ticks it for itself."
        ),
    )
    home = MapPlace(
        _l("Place on the map"),
        needs=_l("Paste two numbers, such as 52.10, 5.18, or a link of a map app."),
        hint=_l("Paste the numbers of a place in your map app, or its link."),
    )
    notice_hours = WholeNumber(
        _l("Cancelling is in time until"),
        needs=_l("Fill in a number of hours, such as 24."),
        hint=_l("So many hours before the walk. A later cancellation counts as late."),
        unit=_l("hours"),
        least=0,
        most=MOST_NOTICE_HOURS,
    )
    default_minutes = WholeNumber(
        _l("A new walk takes"),
        needs=_l("Fill in a number of minutes, such as 40."),
        unit=_l("minutes"),
        least=MIN_WALK_MINUTES,
        most=MAX_WALK_MINUTES,
    )
    reminder_early = YesNo(_l("A reminder some days before"))
    reminder_hours = WholeNumber(
        _l("The reminder goes"),
        needs=_l("Fill in a number of hours, such as 48."),
        unit=_l("hours before the walk"),
        least=1,
        most=MOST_NOTICE_HOURS,
    )
    reminder_morning = YesNo(
        _l("A reminder on the morning itself"),
        hint=_l("At 8 o'clock. Not for a walk that starts before 9 o'clock."),
    )
    intake = ManyChips(_l("You ask at the intake"), choices=options("intake"))
    privacy_nl = TextArea(_l("Privacy, in Dutch"), rows=14)
    privacy_en = TextArea(_l("Privacy, in English"), rows=14)
    complaints_nl = TextArea(_l("Complaints, in Dutch"), rows=10)
    complaints_en = TextArea(_l("Complaints, in English"), rows=10)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        fine = super().validate(*args, **kwargs)
        for name, sentence in {**limits.refusals(self.values()), **self._hours_refused()}.items():
            if not self[name].errors:
                self.refuse(name, sentence)
                fine = False
        return bool(fine)

    def validate_contact(self, field: Any) -> None:
        if not str(field.data or "").isascii():  # it travels in a header
            raise ValidationError(_("Write an e-mail address such as name@example.org."))

    def _hours_refused(self) -> dict[str, str]:
        found = {}
        for day in WEEKDAYS:
            starts, ends = self[f"starts_{day}"], self[f"ends_{day}"]
            if starts.data and not ends.data:
                found[ends.name] = _(
                    "%(day)s: fill in until when you work, or leave both empty.", day=_day_name(day)
                )
            elif ends.data and not starts.data:
                found[starts.name] = _(
                    "%(day)s: fill in from when you work, or leave both empty.", day=_day_name(day)
                )
            elif starts.data and ends.data and ends.data <= starts.data:
                found[ends.name] = _("%(day)s: the end comes after the start.", day=_day_name(day))
        return found

    def command(self, kept: OpenPractice) -> ChangePractice:
        """The settings as they are now filled in; what the page does not show stays as it was."""
        values = self.values()
        latitude, longitude = self.home.data
        settings = replace(
            kept.settings,
            home_latitude=latitude,
            home_longitude=longitude,
            non_commercial=kept.settings.non_commercial
            if self.non_commercial is None
            else self.non_commercial.data,
            limits=limits.wishes(values, kept.settings.limits),
            working_hours=tuple(self._hours()),
            notice_hours=self.notice_hours.data,
            default_minutes=self.default_minutes.data,
            reminder_hours=self.reminder_hours.data,
            reminder_early=self.reminder_early.yes,
            reminder_morning=self.reminder_morning.yes,
            intake_asked=_chosen(self.intake.data),
            texts=PracticeTexts(**{name: values[name] for name in TEXT_FIELDS}),
        )
        return ChangePractice(settings, self.contact.data, as_version(self.version.data) or 0)

    def _hours(self) -> Iterator[WorkingHours]:
        for day in WEEKDAYS:
            starts, ends = self[f"starts_{day}"].data, self[f"ends_{day}"].data
            if starts and ends:
                yield WorkingHours(day, f"{starts:%H:%M}", f"{ends:%H:%M}")


for _day in WEEKDAYS:
    setattr(SettingsForm, f"starts_{_day}", LocalTime(_l("From")))
    setattr(SettingsForm, f"ends_{_day}", LocalTime(_l("Until")))
for _name, _field in limits.fields().items():
    setattr(SettingsForm, _name, _field)


def _day_name(number: int) -> str:
    return upper_first(DAYS[language()][number])


def _chosen(codes: list[str]) -> tuple[str, ...] | None:
    """None for our own choice of questions: a later edition of it then reaches the practice."""
    usual = {question.code for question in intake_asked(None)}
    if set(codes) == usual:
        return None
    return tuple(question.code for question in INTAKE_QUESTIONS if question.code in codes)


def filled(kept: OpenPractice) -> dict[str, Any]:
    """What the form shows before anything is typed: everything as it holds now."""
    settings = kept.settings
    return {
        "version": str(kept.version),
        "contact": kept.contact,
        "non_commercial": settings.non_commercial,
        "home": (settings.home_latitude, settings.home_longitude),
        "notice_hours": settings.notice_hours,
        "default_minutes": settings.default_minutes,
        "reminder_hours": settings.reminder_hours,
        "reminder_early": settings.reminder_early,
        "reminder_morning": settings.reminder_morning,
        "intake": [question.code for question in intake_asked(settings.intake_asked)],
        **limits.shown(settings.limits),
        **_times(settings),
        **{name: text_of(settings, *name.split("_")) for name in TEXT_FIELDS},
    }


def _times(settings: PracticeSettings) -> dict[str, time]:
    found = {}
    for hours in settings.working_hours:
        found[f"starts_{hours.weekday}"] = time.fromisoformat(hours.starts)
        found[f"ends_{hours.weekday}"] = time.fromisoformat(hours.ends)
    return found


def differences(form: SettingsForm, kept: OpenPractice) -> list[tuple[str, str]]:
    """For two tabs: the fields that are saved otherwise than typed here, with what is saved."""
    saved = SettingsForm(formdata=None, data=filled(kept))
    found = []
    for field in form:
        if isinstance(field, PlannerField) and field.name != "version":
            there = saved[field.name]
            if said(field) != said(there):
                found.append((title(field), said(there) or _("empty")))
    return found


def said(field: PlannerField) -> str:
    """A field's value as a person reads it."""
    if isinstance(field, YesNo):
        return str(field.chosen.label) if field.chosen else ""
    if isinstance(field, ManyChips):
        return ", ".join(str(option.label) for option in field.choices if field.has(option.value))
    return field.shown


def title(field: PlannerField) -> str:
    """Its words, with the row it stands in."""
    for row in limits.ROWS:
        if field.name in row.names:
            return f"{row.title}: {field.words}"
    if field.name.startswith(("starts_", "ends_")):
        return f"{_day_name(int(field.name[-1]))}: {field.words}"
    return field.words
