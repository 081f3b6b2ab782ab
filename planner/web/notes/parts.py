"""The parts of a note beyond the eight taps: which the coach chose, and their fields."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from planner.domain.notes import (
    MOST_MINUTES,
    NOTE_PARTS,
    PART_FIELDS,
    BoundaryMoment,
    NoPractice,
    NoteContent,
)
from planner.web.forms import Chips, ManyChips, PlannerForm, Scale, TextArea, TextLine, WholeNumber
from planner.web.wording import options

NONE_MUCH = {"low": _l("none"), "high": _l("a lot")}
LONG = 1000
NESTED: dict[str, dict[str, str]] = {
    "boundary": {
        "request": "boundary_request",
        "tension": "boundary_tension",
        "body_place": "boundary_place",
        "limit": "boundary_limit",
    },
    "no_practice": {"sentence": "no_sentence", "setting": "no_setting", "result": "no_result"},
}
"""What has fields of its own, each with the name the form asks it under."""
MANY = ("body_before", "body_after", "lifestyle")


def asked_in(part: str) -> tuple[str, ...]:
    """The fields of the form in a part."""
    return tuple(
        asked
        for name in PART_FIELDS[part]
        for asked in (NESTED[name].values() if name in NESTED else (name,))
    )


def asked_as(name: str) -> str:
    """The first field of the form behind a field of the content."""
    return next(iter(NESTED[name].values())) if name in NESTED else name


class PartsForm(PlannerForm):
    """All parts. `narrow` leaves those that are asked; a part whose fields were sent is one of them.

    `parts` names what the sender showed: only there a list of chips that is not sent is an empty one.
    """

    asked: Sequence[str] = ()
    put_in = ""
    """The field that a button just put a text in."""
    parts = ManyChips("", choices=options("note_part"))
    felt_text = TextArea(_l("What was felt?"), rows=2)
    boundary_tension = Scale(_l("Tension at that moment"), **NONE_MUCH)
    boundary_request = TextLine(_l("What was asked?"), max_length=LONG)
    boundary_place = TextLine(_l("Where in the body?"))
    boundary_limit = TextLine(_l("Where was the limit?"), max_length=LONG)
    metaphor_text = TextArea(
        _l("Which image came up on the way?"), rows=2, hint=_l("For example: a detour, a bridge, a tree.")
    )
    body_before = ManyChips(_l("Body signals before the walk"), choices=options("body_signal"))
    body_after = ManyChips(_l("Body signals after the walk"), choices=options("body_signal"))
    minutes_walked = WholeNumber(_l("Minutes walked"), unit=_l("minutes"), most=MOST_MINUTES)
    minutes_still = WholeNumber(
        _l("Minutes standing or sitting still"), unit=_l("minutes"), most=MOST_MINUTES
    )
    head_says = TextLine(
        _l("My head says…"), max_length=LONG, hint=_l("For example: “stop, rest”. Or: “no”.")
    )
    body_does = TextLine(
        _l("My body does…"), max_length=LONG, hint=_l("For example: it cannot rest. Or: it says yes.")
    )
    no_setting = Chips(_l("How was it practised?"), choices=options("practice_setting"))
    no_sentence = TextLine(_l("Which sentence was practised?"), max_length=LONG)
    no_result = TextLine(_l("What came of it?"), max_length=LONG)
    breakthrough_text = TextArea(_l("What felt different for the first time?"), rows=2)
    lifestyle = ManyChips(_l("What did you manage these days?"), choices=options("lifestyle"))
    analysis_share = Chips(_l("How much of the walk was analysis?"), choices=options("analysis_share"))
    parked_for_therapist = TextArea(_l("What do we save for the therapist?"), rows=2)
    client_words = TextArea(_l("What did the client say, in their own words?"), rows=2)
    client_quote = TextArea(_l("What may be used elsewhere, without a name?"), rows=2, max_length=LONG)

    def validate_boundary_request(self, _field: Any) -> None:
        if self._nested(BoundaryMoment, "boundary").is_half:
            raise ValidationError(_("Write what the tension was about, or leave the number out."))

    def validate_no_sentence(self, _field: Any) -> None:
        if self._nested(NoPractice, "no_practice").is_half:
            raise ValidationError(_("Write the sentence too, or leave this whole part empty."))

    def narrow(self, wanted: Iterable[str], sent: Collection[str]) -> None:
        """Leave the wanted parts, and those with a field among the names that were sent."""
        shown = set(wanted).union(self.parts.data)
        self.asked = [
            part for part in NOTE_PARTS if part in shown or not set(asked_in(part)).isdisjoint(sent)
        ]
        for part in NOTE_PARTS:
            for name in asked_in(part):
                if part not in self.asked:
                    del self[name]
                elif sent and name in MANY and name not in sent and part not in self.parts.data:
                    self[name].process_data(self[name].object_data)

    def fields_of(self, part: str) -> tuple[str, ...]:
        """Names of the fields that are asked in a part, in the order they are shown."""
        return asked_in(part)

    def opens(self, names: Iterable[str]) -> bool:
        """Whether something happened in one of these fields: a fold around it is open then."""
        return any(name == self.put_in or self[name].errors for name in names)

    def parts_content(self) -> dict[str, Any]:
        """By field of the content; only what was asked."""
        found: dict[str, Any] = {}
        kinds = {"boundary": BoundaryMoment, "no_practice": NoPractice}
        for name in (name for part in self.asked for name in PART_FIELDS[part]):
            if name in NESTED:
                found[name] = self._nested(kinds[name], name)
            else:
                found[name] = tuple(self[name].data) if name in MANY else self[name].data
        return found

    def _nested(self, kind: type[Any], name: str) -> Any:
        return kind(**{inner: self[asked].data for inner, asked in NESTED[name].items()})


def parts_shown(content: NoteContent) -> dict[str, Any]:
    """The parts of a saved note as the form's values."""
    found: dict[str, Any] = {}
    for name in (name for names in PART_FIELDS.values() for name in names):
        value = getattr(content, name)
        if name in NESTED:
            found |= {asked: getattr(value, inner) for inner, asked in NESTED[name].items()}
        else:
            found[name] = value
    return found


IN_PARTS = frozenset(name for names in PART_FIELDS.values() for name in names)
"""Fields of the content that a part asks."""
