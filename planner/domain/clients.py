"""What is kept of a client: plain frozen values, sealed as JSON. Every field has a
default, so that an older text still opens.

Of nobody is kept: birth date, address, BSN, insurer, diagnosis (domain.md P05).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from planner.domain.exercises import CAUTIONS, PHASES, ClientFacts
from planner.domain.timing import DEFAULT_PACE_KMH
from planner.domain.when import whole_months

LANGUAGES = ("nl", "en")
STATUSES = ("active", "paused", "ended")
RECOVERY_PHASES = PHASES
HEALTH_FLAGS = CAUTIONS
"""The same codes as an exercise's cautions, so that they can be matched."""
THEMES = ("work_pressure", "perfectionism", "no_boundaries", "other")
ENVIRONMENT_TAGS = ("forest", "heath", "dunes", "beach", "water", "meadow", "park", "urban_green")
WEATHER_WISHES = ("no_rain", "no_wind", "no_cold", "no_heat")
ACCESSIBILITY = ("flat", "paved", "no_stairs", "no_stiles", "benches", "toilet", "wheelchair")
HELP_KINDS = ("gp", "company_doctor", "psychologist", "therapist", "physiotherapist", "coach", "other")
"""Earlier or current help, and who else helps now."""
CHANGES = ("yes", "a_bit", "no", "unknown")
ACQUAINTANCES = ("say_hello", "walk_on", "coach_greets", "no_agreement")
"""Agreed for when somebody is met on the way."""
HEALTH = "health"
"""The purpose that everything about health hangs on."""
QUOTES = "quotes"
"""The purpose that using a client's words elsewhere hangs on."""
CONSENT_PURPOSES = (
    "health", "quotes", "reminders_sms_whatsapp", "link_in_messages", "contact_therapist", "sponsor_report",
)  # fmt: skip
DEFAULT_TARGET = 7

EARLIER_HELP_MONTHS = 3
EARLIER_HELP_RESULTS = ("discuss_other_approach", "mixed", "helping", "too_early", "unknown")


@dataclass(frozen=True, slots=True)
class ClientName:
    """All that a list of clients needs; it is sealed apart so that searching by name opens nothing else."""

    first_name: str
    last_name: str = ""

    @property
    def full(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class ClientDetails:
    """How to reach a client and how they like to walk. `max_minutes` is a wish, `pace_kmh` on flat ground."""

    email: str = ""
    phone: str = ""
    pace_kmh: float = DEFAULT_PACE_KMH
    max_minutes: int | None = None
    environment_likes: tuple[str, ...] = ()
    environment_avoid: tuple[str, ...] = ()
    weather_wishes: tuple[str, ...] = ()
    acquaintances: str | None = None
    emergency_contact: str = ""
    walks_agreed: int | None = None
    planned_end_on: date | None = None
    coach_notes: str = ""


@dataclass(frozen=True, slots=True)
class PriorHelp:
    """Earlier or current help. `since_on` may be a guess; None when nobody knows."""

    kind: str
    since_on: date | None = None
    energy_changed: str = "unknown"
    functioning_changed: str = "unknown"

    def result(self, today_on: date) -> str:
        months = None if self.since_on is None else whole_months(self.since_on, today_on)
        return earlier_help(months, self.energy_changed, self.functioning_changed)


@dataclass(frozen=True, slots=True)
class Recognition:
    """How much the client recognises each of the four reasons, 0 to 3; None: not asked."""

    movement: int | None = None
    practice: int | None = None
    feeling: int | None = None
    environment: int | None = None


@dataclass(frozen=True, slots=True)
class HealthDetails:
    """Everything that says something about health. Only ever written under an active consent (P01).

    `goal` is an action; `target_functioning` the client's own, 0 to 10; `recovery_phase` is chosen by coach
    and client, never worked out.
    """

    help_question: str = ""
    recovery_phase: str | None = None
    themes: tuple[str, ...] = ()
    themes_own: str = ""
    reason_recognition: Recognition = Recognition()
    prior_help: tuple[PriorHelp, ...] = ()
    co_treatment: tuple[str, ...] = ()
    who_else_helps: str = ""
    goal: str = ""
    target_functioning: int | None = DEFAULT_TARGET
    health_flags: tuple[str, ...] = ()
    accessibility: tuple[str, ...] = ()
    accessibility_text: str = ""


def earlier_help(months: int | None, energy_changed: str, functioning_changed: str) -> str:
    """The three-month rule looking back at other help (domain.md 3.5). Never says to stop with anything.

    "A bit" counts as a change: the rule is about help without improvement.
    """
    if months is None:
        return "unknown"
    if months < EARLIER_HELP_MONTHS:
        return "too_early"
    if "unknown" in (energy_changed, functioning_changed):
        return "unknown"
    improved = [changed in ("yes", "a_bit") for changed in (energy_changed, functioning_changed)]
    if all(improved):
        return "helping"
    return "mixed" if any(improved) else "discuss_other_approach"


def client_facts(details: ClientDetails, health: HealthDetails | None) -> ClientFacts:
    """What planning may know of a client; without health details nothing about health."""
    if health is None:
        return ClientFacts(max_minutes=details.max_minutes)
    return ClientFacts(frozenset(health.health_flags), health.recovery_phase, details.max_minutes)


@dataclass(frozen=True, slots=True)
class IntakeQuestion:
    """One question at the intake and the fields it fills. `by_default`: asked unless the practice chose
    otherwise. `about_health`: only after consent."""

    code: str
    fields: tuple[str, ...]
    by_default: bool = True
    about_health: bool = True


INTAKE_QUESTIONS = (
    IntakeQuestion("help_question", ("help_question",)),
    IntakeQuestion("themes", ("themes", "themes_own"), by_default=False),
    IntakeQuestion("reason_recognition", ("reason_recognition",)),
    IntakeQuestion("prior_help", ("prior_help",)),
    IntakeQuestion("who_else_helps", ("co_treatment", "who_else_helps"), by_default=False),
    IntakeQuestion("goal", ("goal", "target_functioning")),
    IntakeQuestion("agreed", ("walks_agreed", "planned_end_on"), about_health=False),
    IntakeQuestion("health_flags", ("health_flags", "accessibility", "accessibility_text")),
    IntakeQuestion("surroundings", ("environment_likes", "environment_avoid"), about_health=False),
    IntakeQuestion("walking", ("pace_kmh", "max_minutes", "weather_wishes"), about_health=False),
    IntakeQuestion("acquaintances", ("acquaintances",), about_health=False),
    IntakeQuestion("emergency_contact", ("emergency_contact",), by_default=False, about_health=False),
)
"""At most twelve, no life history (decision 31). The recovery phase and the coach's own notes are not
asked."""
MAX_INTAKE_QUESTIONS = 12


def intake_asked(chosen: Sequence[str] | None) -> tuple[IntakeQuestion, ...]:
    """The questions a practice asks, in order. `chosen`: its codes, or None for the default choice."""
    if chosen is None:
        return tuple(question for question in INTAKE_QUESTIONS if question.by_default)
    return tuple(question for question in INTAKE_QUESTIONS if question.code in chosen)
