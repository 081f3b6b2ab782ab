"""The form of the note after a walk. Eight taps: outcome, two energies, four reasons, save."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from flask_babel import lazy_gettext as _l

from planner.domain.notes import WORKED, NoteContent, Practised
from planner.services.notes import OpenNote, SaveNote
from planner.web.forms import (
    Chips,
    Choice,
    HiddenText,
    LocalDate,
    LocalTime,
    PlannerForm,
    Scale,
    SmallScale,
    TextArea,
    TextLine,
    Tick,
    WholeNumber,
    as_id,
)
from planner.web.wording import options

EMPTY_FULL = {"low": _l("empty"), "high": _l("full")}
NONE_MUCH = {"low": _l("none"), "high": _l("a lot")}
BADLY_WELL = {"low": _l("not at all"), "high": _l("entirely")}
CARRIED = tuple(option.label for option in options("mark"))
TOLD_APART = ("tool_exercise_id", "tool_text", "practised")
"""Fields of the content that the form asks under another name."""


class NoteForm(PlannerForm):
    outcome = Chips(_l("How did it go?"), choices=options("outcome"))
    felt_text = TextArea(_l("What was felt?"), rows=2)
    energy_before = Scale(_l("Energy before the walk"), **EMPTY_FULL)
    energy_after = Scale(_l("Energy after the walk"), **EMPTY_FULL)
    movement = SmallScale(_l("Movement"), names=CARRIED)
    practice = SmallScale(_l("Practice"), names=CARRIED)
    feeling = SmallScale(_l("Feeling"), names=CARRIED)
    environment = SmallScale(_l("Surroundings"), names=CARRIED)
    tool_for_today = TextLine(_l("Or in your own words"))
    movement_text = TextLine(_l("Movement: what did you see?"), max_length=1000)
    practice_text = TextLine(_l("Practice: what did you see?"), max_length=1000)
    feeling_text = TextLine(_l("Feeling: what did you see?"), max_length=1000)
    environment_text = TextLine(_l("Surroundings: what did you see?"), max_length=1000)
    energy_week = Scale(_l("Energy over the past week, on average"), **EMPTY_FULL)
    functioning_week = Scale(_l("How well did the ordinary day go this past week?"), **BADLY_WELL)
    tension_before = Scale(_l("Tension before the walk"), **NONE_MUCH)
    tension_after = Scale(_l("Tension after the walk"), **NONE_MUCH)
    insight_text = TextArea(_l("Insight"), rows=2)
    home_step = TextArea(_l("Step for home"), rows=2, max_length=1000)
    show_home_step = Tick(_l("Show this step on the client's page"))
    home_step_result = Chips(_l("How did the step for home go?"), choices=options("home_step_result"))
    next_focus = TextLine(_l("Focus for next time"))
    close = HiddenText()
    version = HiddenText()
    form_id = HiddenText()
    draft_at = HiddenText()

    def content(self, exercise_ids: Iterable[int]) -> NoteContent:
        """What was filled in. A tool that is a number of an exercise of the toolkit names that exercise."""
        plain = {
            one.name: self[one.name].data
            for one in fields(NoteContent)
            if one.name not in TOLD_APART and one.name in self
        }
        tool = self.tool_for_today.data
        known = {str(one): one for one in exercise_ids}
        return NoteContent(
            **plain,
            tool_exercise_id=known.get(tool),
            tool_text="" if tool in known else tool,
            practised=tuple(self._practised()),
        )

    def _practised(self) -> Iterable[Practised]:
        for name, field in self._fields.items():
            if name.startswith("worked_") and field.data:
                yield Practised(int(name.removeprefix("worked_")), field.data)

    def command(self, exercise_ids: Iterable[int]) -> SaveNote:
        return SaveNote(
            self.outcome.data,
            self.content(exercise_ids),
            as_id(self.version.data),
            close=self.close.data == "1",
        )


class LogForm(NoteForm):
    """A walk that was not planned, with its note."""

    date = LocalDate(_l("Day"), needs=_l("Choose a day."))
    time = LocalTime(_l("Time"), needs=_l("Choose a time."))
    minutes = WholeNumber(_l("How many minutes?"), needs=_l("Write how many minutes."), least=5, most=240)
    setting = Chips(_l("Where?"), choices=options("setting"), needs=_l("Choose where."))
    route_id = Choice(_l("Route"), nothing=_l("No route"))


def note_form(done: Iterable[tuple[int, str]], base: type[NoteForm] = NoteForm, **start: Any) -> NoteForm:
    """The form with one question for each exercise of the plan (id, title)."""
    asked = {
        f"worked_{exercise_id}": Chips(title, choices=options("worked", WORKED))
        for exercise_id, title in done
    }
    made: NoteForm = type("NoteForm", (base,), asked)(**start)
    return made


def shown(note: OpenNote) -> dict[str, Any]:
    """A saved note as the form's values."""
    content = note.content
    values = {
        one.name: getattr(content, one.name) for one in fields(NoteContent) if one.name not in TOLD_APART
    }
    values["tool_for_today"] = str(content.tool_exercise_id or content.tool_text)
    values |= {f"worked_{done.exercise_id}": done.worked for done in content.practised}
    return {**values, "version": str(note.version)}
