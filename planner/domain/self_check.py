"""What a coach may look back on after a walk, for themselves (domain.md G1 to G8): derived, never asked or added up.

The green flags come from one walk and its note, the red ones from how the programme is set up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from planner.domain.clients import MAX_INTAKE_QUESTIONS
from planner.domain.exercises import OUTDOORS
from planner.domain.notes import NoteContent

OF_WALK = ("outdoors", "tool", "next_step", "felt")
OF_PROGRAMME = ("intake_short", "evaluation", "interval", "no_why")
SENTENCES = (
    "outdoors_seen", "outdoors_not_now",
    "tool_seen", "tool_not_now", "tool_unknown",
    "next_step_seen", "next_step_not_now", "next_step_unknown",
    "felt_seen", "felt_not_now", "felt_unknown",
    "intake_short_seen", "intake_short_not_now",
    "evaluation_seen", "evaluation_not_now",
    "interval_seen", "interval_not_now",
    "no_why_seen", "no_why_not_now", "no_why_unknown",
)  # fmt: skip
"""All that can be said."""
_SEEN = {True: "seen", False: "not_now", None: "unknown"}
_WHY = re.compile(r"\b(waarom|why)\b[^.!?]*\?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Look:
    """One thing to look back on. `seen`: whether it was there; None when nobody can tell."""

    code: str
    seen: bool | None

    @property
    def sentence(self) -> str:
        """The code of what is said about it."""
        return f"{self.code}_{_SEEN[self.seen]}"


@dataclass(frozen=True, slots=True)
class Programme:
    """How a client's programme is set up. `evaluation_on`: the next day to look back together, or the planned end;
    `every_week`: coming walks were made as a weekly series."""

    questions_asked: int
    evaluation_on: date | None
    every_week: bool


def of_walk(setting: str, note: NoteContent | None) -> tuple[Look, ...]:
    """The four green flags. `note`: None when there is none, or when it may not be opened."""
    outdoors = Look("outdoors", setting == OUTDOORS)
    if note is None:
        return outdoors, *(Look(code, None) for code in OF_WALK[1:])
    step = bool((note.home_step or note.next_focus).strip())
    return (
        outdoors,
        Look("tool", note.has_tool),
        Look("next_step", step),
        Look("felt", bool(note.felt_text.strip())),
    )


def of_programme(programme: Programme, note: NoteContent | None) -> tuple[Look, ...]:
    """The four red flags, turned round: seen is well."""
    return (
        Look("intake_short", programme.questions_asked <= MAX_INTAKE_QUESTIONS),
        Look("evaluation", programme.evaluation_on is not None),
        Look("interval", not programme.every_week),
        Look("no_why", None if note is None else not _asks_why(note)),
    )


def _asks_why(note: NoteContent) -> bool:
    """Whether what goes on to the client asks for a reason instead of a step."""
    return any(_WHY.search(text) for text in (note.next_focus, note.home_step, note.tool_text))
