"""The intake's form: at most twelve questions, of which the practice chooses (decision 31)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from planner.domain.clients import (
    ACCESSIBILITY,
    ACQUAINTANCES,
    CHANGES,
    DEFAULT_TARGET,
    HELP_KINDS,
    THEMES,
    WEATHER_WISHES,
    ClientDetails,
    HealthDetails,
    IntakeQuestion,
    PriorHelp,
    Recognition,
)
from planner.domain.reasons import REASONS
from planner.domain.timing import DEFAULT_PACE_KMH
from planner.services.clients.clients import NO_HEALTH, OpenClient, SaveClient
from planner.web.clients.forms import (
    avoid_field,
    flags_field,
    likes_field,
    minutes_field,
    pace_field,
    refuse_both,
)
from planner.web.forms import (
    Chips,
    Choice,
    HiddenText,
    LocalDate,
    ManyChips,
    PlannerForm,
    Scale,
    SmallScale,
    TextArea,
    TextLine,
    Tick,
    WholeNumber,
    as_version,
)
from planner.web.wording import options

HELP_ROWS = 3
MARKS = (_l("not"), _l("a little"), _l("clearly"), _l("a lot"))
HELP_PARTS = ("kind", "since", "energy", "functioning")


class IntakeForm(PlannerForm):
    """All questions; a page shows those the practice asks. What is not shown keeps what it had."""

    help_question = TextArea(_l("What would you like help with?"), max_length=2000, rows=3)
    themes = ManyChips(_l("Themes"), choices=options("theme", THEMES))
    themes_own = TextLine(_l("In own words"))
    recognise_movement = SmallScale(_l("I sit still while my body wants to move"), names=MARKS)
    recognise_practice = SmallScale(_l("I talk about it, but little changes in practice"), names=MARKS)
    recognise_feeling = SmallScale(_l("I stay in my head and hardly feel my body"), names=MARKS)
    recognise_environment = SmallScale(_l("I am always in the same surroundings"), names=MARKS)
    help1_kind = Choice(_l("Who helped or helps"), choices=options("help_kind", HELP_KINDS))
    help1_since = LocalDate(_l("Since about"))
    help1_energy = Chips(_l("Did your energy change?"), choices=options("change", CHANGES))
    help1_functioning = Chips(_l("Did your ordinary day change?"), choices=options("change", CHANGES))
    help2_kind = Choice(_l("Who helped or helps"), choices=options("help_kind", HELP_KINDS))
    help2_since = LocalDate(_l("Since about"))
    help2_energy = Chips(_l("Did your energy change?"), choices=options("change", CHANGES))
    help2_functioning = Chips(_l("Did your ordinary day change?"), choices=options("change", CHANGES))
    help3_kind = Choice(_l("Who helped or helps"), choices=options("help_kind", HELP_KINDS))
    help3_since = LocalDate(_l("Since about"))
    help3_energy = Chips(_l("Did your energy change?"), choices=options("change", CHANGES))
    help3_functioning = Chips(_l("Did your ordinary day change?"), choices=options("change", CHANGES))
    co_treatment = ManyChips(_l("Who helps now"), choices=options("help_kind", HELP_KINDS))
    who_else_helps = TextLine(_l("Who else is there for you"))
    goal = TextLine(_l("Goal, as a step you can do"), hint=_l("For example: on Friday I leave work at five."))
    target_functioning = Scale(
        _l("Which number for your ordinary day would be good enough?"),
        low=_l("nothing works"),
        high=_l("as I want it"),
    )
    walks_agreed = WholeNumber(_l("Number of walks"), least=1, most=60)
    planned_end_on = LocalDate(_l("Planned end"))
    health_flags = flags_field()
    accessibility = ManyChips(_l("The path"), choices=options("accessibility", ACCESSIBILITY))
    accessibility_text = TextLine(_l("Anything else to mind"), hint=_l("For example: left knee."))
    environment_likes = likes_field()
    environment_avoid = avoid_field()
    pace_kmh = pace_field()
    max_minutes = minutes_field()
    weather_wishes = ManyChips(_l("Weather"), choices=options("weather_wish", WEATHER_WISHES))
    acquaintances = Chips(_l("If we meet someone you know"), choices=options("acquaintances", ACQUAINTANCES))
    emergency_contact = TextLine(
        _l("Whom to call if something happens on the way"), hint=_l("Name and phone number.")
    )
    consent_health = Tick(_l("The client has read or heard this, and agrees"))
    version = HiddenText(max_length=12)

    def validate_environment_avoid(self, field: Any) -> None:
        refuse_both(self.environment_likes, field)

    def command(self, kept: OpenClient, asked: tuple[IntakeQuestion, ...]) -> SaveClient:
        """What to save, over what was kept. A question that was not asked changes nothing."""
        codes = {question.code for question in asked}
        return SaveClient(
            kept.name,
            self._details(kept.details, codes),
            self._health(kept.health or NO_HEALTH, codes),
            kept.language,
            kept.show_first_name,
            kept.started_on,
            self.consent_health.data,
            as_version(self.version.data),
            page_asks=kept.page_asks,
        )

    def _details(self, kept: ClientDetails, asked: set[str]) -> ClientDetails:
        given: dict[str, Any] = {}
        if "agreed" in asked:
            given |= {"walks_agreed": self.walks_agreed.data, "planned_end_on": self.planned_end_on.data}
        if "surroundings" in asked:
            given["environment_likes"] = tuple(self.environment_likes.data)
            given["environment_avoid"] = tuple(self.environment_avoid.data)
        if "walking" in asked:
            given["pace_kmh"] = self.pace_kmh.data or DEFAULT_PACE_KMH
            given["max_minutes"] = self.max_minutes.data
            given["weather_wishes"] = tuple(self.weather_wishes.data)
        if "acquaintances" in asked:
            given["acquaintances"] = self.acquaintances.data
        if "emergency_contact" in asked:
            given["emergency_contact"] = self.emergency_contact.data
        return replace(kept, **given)

    def _health(self, kept: HealthDetails, asked: set[str]) -> HealthDetails:
        given: dict[str, Any] = {}
        if "help_question" in asked:
            given["help_question"] = self.help_question.data
        if "themes" in asked:
            given |= {"themes": tuple(self.themes.data), "themes_own": self.themes_own.data}
        if "reason_recognition" in asked:
            marks = {reason: self[f"recognise_{reason}"].data for reason in REASONS}
            given["reason_recognition"] = Recognition(**marks)
        if "prior_help" in asked:
            given["prior_help"] = self._prior_help()
        if "who_else_helps" in asked:
            given["co_treatment"] = tuple(self.co_treatment.data)
            given["who_else_helps"] = self.who_else_helps.data
        if "goal" in asked:
            target = self.target_functioning.data
            given["goal"] = self.goal.data
            given["target_functioning"] = DEFAULT_TARGET if target is None else target
        if "health_flags" in asked:
            given["health_flags"] = tuple(self.health_flags.data)
            given["accessibility"] = tuple(self.accessibility.data)
            given["accessibility_text"] = self.accessibility_text.data
        return replace(kept, **given)

    def _prior_help(self) -> tuple[PriorHelp, ...]:
        found = []
        for number in range(1, HELP_ROWS + 1):
            kind, since, energy, functioning = (self[f"help{number}_{part}"].data for part in HELP_PARTS)
            if kind:
                found.append(PriorHelp(kind, since, energy or "unknown", functioning or "unknown"))
        return tuple(found)

    def fields_of(self, question: IntakeQuestion) -> list[str]:
        """Names of the form's fields of a question."""
        many = {
            "reason_recognition": [f"recognise_{reason}" for reason in REASONS],
            "prior_help": [f"help{n}_{part}" for n in range(1, HELP_ROWS + 1) for part in HELP_PARTS],
        }
        return [name for one in question.fields for name in many.get(one, [one])]


def form_field_of(health_field: str) -> str:
    """Beside which field of the form a sentence about a health field stands."""
    first = {"reason_recognition": "recognise_movement", "prior_help": "help1_kind"}
    return first.get(health_field, health_field)


def start_of_intake(client: OpenClient) -> dict[str, Any]:
    """What the form shows of a client."""
    details, health = client.details, client.health or NO_HEALTH
    start: dict[str, Any] = {
        **{name: getattr(details, name) for name in ClientDetails.__slots__},
        **{name: getattr(health, name) for name in HealthDetails.__slots__},
        "version": str(client.version),
    }
    for reason in REASONS:
        start[f"recognise_{reason}"] = getattr(health.reason_recognition, reason)
    for number, one in enumerate(health.prior_help[:HELP_ROWS], start=1):
        values = (one.kind, one.since_on, one.energy_changed, one.functioning_changed)
        start |= {f"help{number}_{part}": value for part, value in zip(HELP_PARTS, values, strict=True)}
    return start
