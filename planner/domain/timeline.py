"""Steps and feelings over time: "step by step, feeling by feeling" (J4), with the breakthroughs (D9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from planner.domain.notes import NoteContent


@dataclass(frozen=True, slots=True)
class Told:
    """A walk with its note, as the timeline reads it."""

    walk_id: int
    starts_local: datetime
    setting: str
    content: NoteContent


@dataclass(frozen=True, slots=True)
class Moment:
    """One walk on the timeline. `went`: how the step for home went, as the next note told; None: not asked."""

    walk_id: int
    starts_local: datetime
    setting: str
    felt: str
    own_words: str
    breakthrough: str
    step: str
    went: str | None


def journey(walks: Sequence[Told]) -> tuple[Moment, ...]:
    """What stands on the timeline, newest first; a walk with nothing to tell is left out. `walks`: oldest first."""
    nexts = [*walks[1:], None]
    moments = [_moment(one, after) for one, after in zip(walks, nexts, strict=False)]
    return tuple(
        reversed([one for one in moments if one.felt or one.own_words or one.breakthrough or one.step])
    )


def mix(settings: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """How often each setting came, most often first (J10)."""
    counted: dict[str, int] = {}
    for one in settings:
        counted[one] = counted.get(one, 0) + 1
    return tuple(sorted(counted.items(), key=lambda line: -line[1]))


def _moment(one: Told, after: Told | None) -> Moment:
    content = one.content
    step = content.home_step.strip()
    return Moment(
        one.walk_id,
        one.starts_local,
        one.setting,
        content.felt_text.strip(),
        content.client_words.strip(),
        content.breakthrough_text.strip(),
        step,
        after.content.home_step_result if step and after is not None else None,
    )
