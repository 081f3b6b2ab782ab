"""The form of the note after a walk. Eight taps: outcome, two energies, four reasons, save."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from planner.domain.notes import WALKED, WORKED, NoteContent, Practised
from planner.domain.walks import CANCELLED
from planner.services.notes.notes import SaveNote
from planner.web.fields import PlannerField
from planner.web.forms import (
    Chips,
    Choice,
    FormId,
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
    as_version,
)
from planner.web.notes.parts import IN_PARTS, NONE_MUCH, PartsForm, asked_as, parts_shown
from planner.web.wording import options

EMPTY_FULL = {"low": _l("empty"), "high": _l("full")}
BADLY_WELL = {"low": _l("not at all"), "high": _l("entirely")}
CARRIED = tuple(option.label for option in options("mark"))
TOLD_APART = ("tool_exercise_id", "tool_text", "practised")
"""Fields of the content that the form asks under another name."""
NOTHING = NoteContent()
PLAIN = tuple(one.name for one in fields(NoteContent) if one.name not in IN_PARTS.union(TOLD_APART))


Form = TypeVar("Form", bound="NoteForm")


def put_after(field: PlannerField, text: str) -> None:
    """After what stands there already; what is too long then is refused, as when it was typed."""
    held = field.shown
    if text not in held:
        between = "\n" if field.part == "area" else " "
        field.process(MultiDict({field.name: f"{held}{between}{text}" if held else text}))


class NoteForm(PartsForm):
    outcome = Chips(_l("How did it go?"), choices=options("outcome"))
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
    functioning_week = Scale(_l("Daily functioning: how well did the past week go?"), **BADLY_WELL)
    tension_before = Scale(_l("Tension before the walk"), **NONE_MUCH)
    tension_after = Scale(_l("Tension after the walk"), **NONE_MUCH)
    insight_text = TextArea(_l("Insight"), rows=2)
    home_step = TextArea(_l("Step for home"), rows=2, max_length=1000)
    planned_step = HiddenText(max_length=1000)
    show_home_step = Tick(_l("Show this step on the client's page"))
    home_step_result = Chips(_l("How did the step for home go?"), choices=options("home_step_result"))
    next_focus = TextLine(_l("Focus for next time"))
    close = HiddenText()
    version = HiddenText()
    seen_status = HiddenText()
    shut = HiddenText()
    """For want of which consents this form does not show what lies there."""
    consent_health = Tick(_l("The client has read or heard this, and agrees"))
    undo_cancel = Tick(_l("It did go on: the cancellation is undone"))
    form_id = FormId()
    draft_at = HiddenText()
    proposed: Mapping[str, Any] = MappingProxyType({})
    """What a first note opens with because it was planned."""
    suggested_step = ""
    """The step for home that goes with the plan: one tap away, and nobody's until it is tapped."""

    def content(self, exercise_ids: Iterable[int], kept: NoteContent = NOTHING) -> NoteContent:
        """What was filled in, over what is kept: what the form did not ask stays. A tool that is a number of an
        exercise of the toolkit names that exercise."""
        self._forget_proposals()
        tool = self.tool_for_today.data
        known = {str(one): one for one in exercise_ids}
        return replace(
            kept,
            **{name: self[name].data for name in PLAIN},
            **self.parts_content(),
            tool_exercise_id=known.get(tool),
            tool_text="" if tool in known else tool,
            practised=(*self._practised(), *(one for one in kept.practised if _asks(one) not in self)),
        )

    def take_planned_step(self) -> None:
        """The step that was tapped goes where a typed one stands."""
        if self.planned_step.data:
            put_after(self.home_step, self.planned_step.data)
        self.planned_step.data = self.planned_step.typed = ""

    def proposes(self, name: str) -> bool:
        """Whether a first note opens with what was planned there: to be seen, for it is kept as a fact."""
        return not self.version.data and name in self.proposed

    def _forget_proposals(self) -> None:
        """What was planned and nobody touched is not said of a walk that did not take place."""
        if self.version.data or self.outcome.data in (None, WALKED):
            return
        for name, value in self.proposed.items():
            if name in self and self[name].data == value:
                self[name].data = self[name].empty

    def _practised(self) -> Iterable[Practised]:
        for name, field in self._fields.items():
            if name.startswith("worked_") and field.data:
                yield Practised(int(name.removeprefix("worked_")), field.data)

    def command(self, exercise_ids: Iterable[int], kept: NoteContent = NOTHING) -> SaveNote:
        return SaveNote(
            self.outcome.data,
            self.content(exercise_ids, kept),
            as_version(self.version.data),
            close=self.close.data == "1",
            seen_status=self.seen_status.data,
            undo_cancel=self.undo_cancel.data,
            agrees=self.consent_health.data,
            shut=frozenset(self.shut.data.split()),
        )

    def hear_of_cancelling(self, outcome: str | None) -> None:
        """The walk was cancelled meanwhile: the form starts from there, and what is sent next is a decision."""
        self.seen_status.data = self.seen_status.typed = CANCELLED
        self.outcome.data, self.outcome.typed = outcome, outcome or ""


class LogForm(NoteForm):
    """A walk that was not planned, with its note."""

    date = LocalDate(_l("Day"), needs=_l("Choose a day."))
    time = LocalTime(_l("Time"), needs=_l("Choose a time."))
    minutes = WholeNumber(_l("How many minutes?"), needs=_l("Write how many minutes."), least=5, most=240)
    setting = Chips(_l("Where?"), choices=options("setting"), needs=_l("Choose where."))
    route_id = Choice(_l("Route"), nothing=_l("No route"))


class AddendumForm(PlannerForm):
    """What is written under a closed note."""

    text = TextArea(_l("What do you want to add?"), needs=_l("Write what you want to add."), rows=3)
    form_id = FormId()


def note_form(
    done: Iterable[tuple[int, str]],
    parts: Iterable[str],
    sent: Collection[str],
    base: type[Form] = NoteForm,
    **start: Any,
) -> Form:
    """The form with these parts and one question for each exercise of the plan (id, title). `sent`: the names of the
    fields that came with the request."""
    asked = {
        f"worked_{exercise_id}": Chips(title, choices=options("worked", WORKED))
        for exercise_id, title in done
    }
    made: Form = type("NoteForm", (base,), asked)(**start)
    made.narrow(parts, sent)
    if sent and "home_step" not in sent and "show_home_step" not in sent:
        made.show_home_step.process_data(made.show_home_step.object_data)
    return made


def shown(content: NoteContent, version: int) -> dict[str, Any]:
    """A saved note as the form's values."""
    values = {name: getattr(content, name) for name in PLAIN}
    values["tool_for_today"] = str(content.tool_exercise_id or content.tool_text)
    values |= {_asks(done): done.worked for done in content.practised}
    return {**values, **parts_shown(content), "version": str(version)}


def field_of(name: str) -> str:
    """The field of the form behind a field of the content."""
    told_apart = {"tool_exercise_id": "tool_for_today", "tool_text": "tool_for_today", "practised": "outcome"}
    return told_apart.get(name) or asked_as(name)


def _asks(done: Practised) -> str:
    return f"worked_{done.exercise_id}"
