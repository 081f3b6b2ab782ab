"""Forms of the toolkit: looking for an exercise, and writing one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from planner.domain.exercise_filter import ExerciseFilter
from planner.domain.exercises import CAUTIONS, COLD, HEAT, PHASES, RAIN, WEATHER, ExerciseFacts, ExerciseTexts
from planner.services.toolkit.toolkit import ToolkitExercise, WriteExercise
from planner.web.forms import (
    Chips,
    Choice,
    FormId,
    HiddenText,
    ManyChips,
    PlannerForm,
    QueryForm,
    TextArea,
    TextLine,
    Tick,
    WholeNumber,
    as_version,
)
from planner.web.wording import options

MOST_STEPS = 20
MINUTES = [(number, _l("%(number)s minutes", number=number)) for number in (5, 10, 15, 20, 30)]
WEATHER_CHOICES = ((RAIN, _l("Rain")), (COLD, _l("Cold")), (HEAT, _l("Heat")))
FALLBACK = {"nl": "en", "en": "nl"}


class ToolkitFilterForm(QueryForm):
    search = TextLine(_l("Search"), max_length=80)
    reason = Choice(_l("Reason"), choices=options("reason"), nothing=_l("All reasons"))
    kind = Choice(_l("Kind"), choices=options("kind"), nothing=_l("All kinds"))
    minutes = Choice(_l("Time there is"), choices=MINUTES, nothing=_l("Does not matter"))
    place = Choice(_l("Where"), choices=options("place"), nothing=_l("Does not matter"))
    weather = Choice(_l("Weather"), choices=WEATHER_CHOICES, nothing=_l("Does not matter"))
    energy = Choice(
        _l("Energy it asks"),
        choices=(("low", _l("Little")), ("medium", _l("At most some"))),
        nothing=_l("Does not matter"),
    )

    def asked(self) -> ExerciseFilter:
        """What is asked; a choice that does not exist is no question."""
        self.validate()
        names = ("reason", "kind", "minutes", "place", "weather", "energy")
        return ExerciseFilter(**{name: self[name].data for name in names})


class ExerciseForm(PlannerForm):
    """An exercise in the coach's own language; the fields with `_other` hold the same in the other one."""

    title = TextLine(_l("Title"), needs=_l("Give the exercise a title."), max_length=100)
    steps = TextArea(
        _l("Steps"),
        needs=_l("Write at least one step."),
        hint=_l("One step on each line. Short sentences are easiest to follow outdoors."),
        max_length=4000,
        rows=6,
    )
    kind = Chips(_l("Kind"), choices=options("kind"), needs=_l("Choose a kind."))
    reasons = ManyChips(
        _l("Which reasons does it serve?"),
        choices=options("reason"),
        needs=_l("Choose at least one reason."),
    )
    minutes_min = WholeNumber(
        _l("Minutes, at least"), least=1, most=90, needs=_l("How many minutes does it take at least?")
    )
    minutes_max = WholeNumber(
        _l("Minutes, at most"), least=1, most=90, needs=_l("How many minutes does it take at most?")
    )
    places = ManyChips(
        _l("Where can it be done?"), choices=options("place"), needs=_l("Choose at least one place.")
    )
    not_in = ManyChips(_l("Better not in"), choices=WEATHER_CHOICES, hint=_l("Counts outdoors only."))
    energy_demand = Chips(
        _l("How much energy does it ask?"), choices=options("demand"), needs=_l("Choose how much energy.")
    )
    cognitive_load = Chips(
        _l("How much thinking does it ask?"), choices=options("demand"), needs=_l("Choose how much thinking.")
    )
    phases = ManyChips(
        _l("Fits in these phases"), choices=options("phase"), hint=_l("Nothing chosen means: all of them.")
    )
    home_step = TextLine(
        _l("Step for home"), hint=_l("One sentence. It is proposed after the walk."), max_length=300
    )
    cautions = ManyChips(_l("Take care with"), choices=options("caution"))
    caution = TextArea(
        _l("Caution in words"),
        hint=_l("For you. You talk it over; the client page never shows it."),
        max_length=1000,
        rows=3,
    )
    sensitive_title = Tick(
        _l("The title says something personal"),
        hint=_l("Then the client page shows “Exercise” until you decide otherwise."),
    )
    title_other = TextLine(_l("Title"), max_length=100)
    steps_other = TextArea(_l("Steps"), max_length=4000, rows=6)
    home_step_other = TextLine(_l("Step for home"), max_length=300)
    caution_other = TextArea(_l("Caution in words"), max_length=1000, rows=3)
    version = HiddenText()
    form_id = FormId()

    def validate_steps(self, field: Any) -> None:
        if len(_lines(field.data)) > MOST_STEPS:
            raise ValidationError(_("Use at most %(number)s steps.", number=MOST_STEPS))

    def validate_steps_other(self, field: Any) -> None:
        self.validate_steps(field)

    def validate_minutes_max(self, field: Any) -> None:
        least = self.minutes_min.data
        if least is not None and field.data is not None and field.data < least:
            raise ValidationError(_("Choose %(number)s minutes or more.", number=least))

    @property
    def says_more(self) -> bool:
        """Whether something stands in the fields that fold out."""
        folded = (self.not_in, self.cautions, self.caution, self.sensitive_title, self.phases)
        return any(field.data for field in folded) or any(field.errors for field in folded)

    @property
    def has_other(self) -> bool:
        fields = (self.title_other, self.steps_other, self.home_step_other, self.caution_other)
        return any(field.data or field.errors for field in fields)

    def command(self, lang: str, kept: ToolkitExercise | None = None) -> WriteExercise:
        """What was filled in. `kept`: the exercise as it is; its evidence and key stay with it."""
        old = kept or EMPTY
        facts = replace(
            old.facts,
            kind=self.kind.data,
            reasons=tuple(self.reasons.data),
            minutes_min=self.minutes_min.data,
            minutes_max=self.minutes_max.data,
            places=tuple(self.places.data),
            rain_ok=RAIN not in self.not_in.data,
            cold_ok=COLD not in self.not_in.data,
            heat_ok=HEAT not in self.not_in.data,
            energy_demand=self.energy_demand.data,
            cognitive_load=self.cognitive_load.data,
            phases=_in_order(PHASES, self.phases.data) or PHASES,
            cautions=_in_order(CAUTIONS, self.cautions.data),
            sensitive_title=self.sensitive_title.data,
            homework=bool(self.home_step.data or self.home_step_other.data),
        )
        return WriteExercise(facts, self._texts(lang, old.texts), as_version(self.version.data))

    def _texts(self, lang: str, old: ExerciseTexts) -> ExerciseTexts:
        other = FALLBACK[lang]
        return replace(
            old,
            **{
                f"title_{lang}": self.title.data,
                f"steps_{lang}": _lines(self.steps.data),
                f"homework_{lang}": self.home_step.data,
                f"caution_{lang}": self.caution.data,
                f"title_{other}": self.title_other.data or "",
                f"steps_{other}": _lines(self.steps_other.data),
                f"homework_{other}": self.home_step_other.data or "",
                f"caution_{other}": self.caution_other.data or "",
            },
        )


EMPTY = ToolkitExercise(0, None, ExerciseFacts("body", (), 5, 10, ()), ExerciseTexts(), False, False, 1)


def fresh(form_id: str) -> dict[str, Any]:
    """What a new exercise's form begins with."""
    return {"energy_demand": "low", "cognitive_load": "low", "form_id": form_id}


def filled(exercise: ToolkitExercise, lang: str) -> dict[str, Any]:
    """An exercise as its form shows it."""
    facts, texts, other = exercise.facts, exercise.texts, FALLBACK[lang]
    words = {
        f"{name}{suffix}": getattr(texts, f"{part}_{which}")
        for suffix, which in (("", lang), ("_other", other))
        for name, part in (("title", "title"), ("home_step", "homework"), ("caution", "caution"))
    }
    return {
        **words,
        "title": texts.title(lang),
        "steps": "\n".join(texts.steps(lang)),
        "steps_other": "\n".join(getattr(texts, f"steps_{other}")),
        "kind": facts.kind,
        "reasons": facts.reasons,
        "minutes_min": facts.minutes_min,
        "minutes_max": facts.minutes_max,
        "places": facts.places,
        "not_in": [weather for weather in WEATHER if facts.spoiled_by(weather)],
        "energy_demand": facts.energy_demand,
        "cognitive_load": facts.cognitive_load,
        "phases": () if facts.phases == PHASES else facts.phases,
        "cautions": facts.cautions,
        "sensitive_title": facts.sensitive_title,
        "version": exercise.version,
    }


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line for raw in (text or "").splitlines() if (line := " ".join(raw.split())))


def _in_order(codes: tuple[str, ...], chosen: list[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if code in chosen)
