"""What is kept of a walk in its note: plain frozen values, sealed as JSON. Every field has a default, so that an older
text still opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from planner.domain.reasons import REASONS

WALKED = "walked"
OUTCOMES = (WALKED, "cancelled_in_time", "cancelled_late", "no_show", "weather", "ill")
WORKED = ("yes", "a_bit", "no")
HOME_STEP_RESULTS = ("done", "partly", "not_done", "changed")
BODY_SIGNALS = (
    "shoulders", "neck", "jaw", "belly", "chest_tight", "trembling", "breath_high", "tired_legs", "head_full", "calm",
)  # fmt: skip
CHEST_TIGHT = "chest_tight"
"""The signal that opens the safety card (B2)."""
ANALYSIS_SHARES = ("little", "half", "much")
"""How much of the walk was analysis (C3); a hint from `much` on."""
PRACTICE_SETTINGS = ("role_play", "real_life")
LIFESTYLE = ("eaten", "moved", "rested")
NOTE_PARTS = (
    "felt", "boundary", "metaphor", "body", "minutes", "head_body", "no_practice", "breakthrough", "lifestyle",
    "analysis", "parked", "own_words", "quote",
)  # fmt: skip
"""What a note can ask beyond the eight taps; the coach chooses."""
DEFAULT_PARTS = ("felt", "boundary", "metaphor")
PART_FIELDS = {
    "felt": ("felt_text",),
    "boundary": ("boundary",),
    "metaphor": ("metaphor_text",),
    "body": ("body_before", "body_after"),
    "minutes": ("minutes_walked", "minutes_still"),
    "head_body": ("head_says", "body_does"),
    "no_practice": ("no_practice",),
    "breakthrough": ("breakthrough_text",),
    "lifestyle": ("lifestyle",),
    "analysis": ("analysis_share",),
    "parked": ("parked_for_therapist",),
    "own_words": ("client_words",),
    "quote": ("client_quote",),
}
"""The fields of NoteContent in each part."""
MOST_MINUTES = 600
REOPEN_WITHIN = timedelta(minutes=15)
"""So long a note that was closed by a slip can be opened again; after that it is closed for good."""


@dataclass(frozen=True, slots=True)
class BoundaryMoment:
    """A limit that was felt (C11): what was asked, tension 0 to 10, where in the body, and where the limit lay."""

    request: str = ""
    tension: int | None = None
    body_place: str = ""
    limit: str = ""

    @property
    def is_half(self) -> bool:
        """A number that nobody knows what it was about."""
        return self.tension is not None and not (self.request or self.body_place or self.limit)


@dataclass(frozen=True, slots=True)
class NoPractice:
    """A line of saying no (C2, C8): the sentence, in role play or real life, and what came of it."""

    sentence: str = ""
    setting: str | None = None
    result: str = ""

    @property
    def is_half(self) -> bool:
        """Where it was practised, or what came of it, without the sentence."""
        return not self.sentence and (self.setting is not None or bool(self.result))


@dataclass(frozen=True, slots=True)
class Practised:
    """An exercise that was done, and whether it worked: yes, a_bit, no, or None when not asked."""

    exercise_id: int
    worked: str | None = None


@dataclass(frozen=True, slots=True)
class NoteContent:
    """The note after a walk. Numbers 0 to 10, marks of the four reasons 0 to 3; None: not asked.

    `insight_text` is kept apart from what was practised (A8). `tool_for_today` is an exercise or a text.
    `body_before`, `body_after`: codes of BODY_SIGNALS. `head_says` and `body_does` are one pair (D1). `client_words`
    are the client's own; `client_quote` may be used elsewhere, under a consent of its own (J11).
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
    minutes_walked: int | None = None
    minutes_still: int | None = None
    body_before: tuple[str, ...] = ()
    body_after: tuple[str, ...] = ()
    head_says: str = ""
    body_does: str = ""
    boundary: BoundaryMoment = BoundaryMoment()
    no_practice: NoPractice = NoPractice()
    breakthrough_text: str = ""
    metaphor_text: str = ""
    parked_for_therapist: str = ""
    analysis_share: str | None = None
    client_words: str = ""
    client_quote: str = ""
    lifestyle: tuple[str, ...] = ()
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

    @property
    def parts(self) -> frozenset[str]:
        """Codes of the parts that hold something."""
        says = frozenset(self.filled)
        return frozenset(part for part, names in PART_FIELDS.items() if says.intersection(names))

    @property
    def has_tight_chest(self) -> bool:
        return CHEST_TIGHT in self.body_before or CHEST_TIGHT in self.body_after

    @property
    def insight_without_step(self) -> bool:
        """Something was understood and nothing follows from it yet (D4)."""
        return bool(self.insight_text.strip()) and not self.home_step.strip()

    @property
    def mostly_analysis(self) -> bool:
        """Above half (C3)."""
        return self.analysis_share == ANALYSIS_SHARES[-1]


@dataclass(frozen=True, slots=True)
class DraftText:
    """What was typed and not saved: names of the form's fields with what stood in them, and which form it was."""

    fields: tuple[tuple[str, str], ...] = ()
    form_id: str = ""


@dataclass(frozen=True, slots=True)
class AddedText:
    """Written under a closed note."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class SnippetText:
    """A sentence a coach often writes."""

    text: str = ""


def status_after(outcome: str) -> str:
    """Walked and not shown up make the walk done, the rest cancelled (decision 29)."""
    if outcome not in OUTCOMES:
        raise ValueError(f"no such outcome: {outcome}")
    return "done" if outcome in (WALKED, "no_show") else "cancelled"


def may_close(outcome: str | None, note: NoteContent) -> bool:
    """A note about a walk that was walked closes only with a tool for today (C7, decision 29)."""
    return outcome is not None and (outcome != WALKED or note.has_tool)


def may_reopen(closed_at: datetime, now: datetime) -> bool:
    """Whether closing can still be undone. A clock that was set back in between does not lock."""
    return now - closed_at <= REOPEN_WITHIN


def read_parts(kept: str | None) -> tuple[str, ...]:
    """The parts a coach chose, in their fixed order, from how they are stored; None: the default."""
    chosen = DEFAULT_PARTS if kept is None else kept.split()
    return tuple(part for part in NOTE_PARTS if part in chosen)


def write_parts(parts: Iterable[str]) -> str:
    chosen = set(parts)
    return " ".join(part for part in NOTE_PARTS if part in chosen)
