"""What is kept of a client and of a walk's note: plain frozen values, sealed as JSON. Every field has a
default, so that an older text still opens.

Of nobody is kept: birth date, address, BSN, insurer, diagnosis (domain.md P05).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from planner.domain.exercises import CAUTIONS, PHASES, ClientFacts
from planner.domain.reasons import REASONS
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
WORKED = ("yes", "a_bit", "no")
ACQUAINTANCES = ("say_hello", "walk_on", "coach_greets", "no_agreement")
"""Agreed for when somebody is met on the way."""
HEALTH = "health"
"""The purpose that everything about health hangs on."""
CONSENT_PURPOSES = (
    "health", "quotes", "reminders_sms_whatsapp", "link_in_messages", "contact_therapist", "sponsor_report",
)  # fmt: skip
OUTCOMES = ("walked", "cancelled_in_time", "cancelled_late", "no_show", "weather", "ill")
HOME_STEP_RESULTS = ("done", "partly", "not_done", "changed")
MIN_NUMBER, MAX_NUMBER = 0, 10
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


@dataclass(frozen=True, slots=True)
class Practised:
    """An exercise that was done, and whether it worked: yes, a_bit, no, or None when not asked."""

    exercise_id: int
    worked: str | None = None


@dataclass(frozen=True, slots=True)
class NoteContent:
    """The note after a walk. Numbers 0 to 10, marks of the four reasons 0 to 3; None: not asked.

    `insight_text` is kept apart from what was practised (A8). `tool_for_today` is an exercise or a text.
    """

    energy_week: int | None = None
    functioning_week: int | None = None
    energy_before: int | None = None
    energy_after: int | None = None
    tension_before: int | None = None
    tension_after: int | None = None
    movement: int | None = None
    practice: int | None = None
    feeling: int | None = None
    environment: int | None = None
    felt_text: str = ""
    movement_text: str = ""
    practice_text: str = ""
    feeling_text: str = ""
    environment_text: str = ""
    insight_text: str = ""
    practised: tuple[Practised, ...] = ()
    tool_exercise_id: int | None = None
    tool_text: str = ""
    home_step: str = ""
    home_step_result: str | None = None
    show_home_step: bool = False
    next_focus: str = ""

    @property
    def marks(self) -> dict[str, int | None]:
        """The four reasons with their marks, for the ledger."""
        return {reason: getattr(self, reason) for reason in REASONS}

    @property
    def has_tool(self) -> bool:
        return self.tool_exercise_id is not None or bool(self.tool_text.strip())

    @property
    def filled(self) -> tuple[str, ...]:
        """Names of the fields that say something. Without consent for health all of these are refused."""
        return tuple(one.name for one in fields(self) if getattr(self, one.name) != one.default)


def status_after(outcome: str) -> str:
    """Walked and not shown up make the walk done, the rest cancelled (decision 29)."""
    if outcome not in OUTCOMES:
        raise ValueError(f"no such outcome: {outcome}")
    return "done" if outcome in ("walked", "no_show") else "cancelled"


def may_close(outcome: str | None, note: NoteContent) -> bool:
    """A note about a walk that was walked closes only with a tool for today (C7, decision 29)."""
    return outcome is not None and (outcome != "walked" or note.has_tool)


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
