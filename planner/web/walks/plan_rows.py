"""The rows of the plan form: parts of a plan as they are sent, and back."""

from __future__ import annotations

import re

from planner.domain.plan_parts import Parts
from planner.domain.walks import SEGMENTS, PlannedPart
from planner.web.forms import as_id


def read_part(kind: str, minutes: str) -> PlannedPart | None:
    """One row of the plan; None for a row that says nothing."""
    segment, _colon, exercise = kind.partition(":")
    length = int(minutes) if re.fullmatch("[0-9]{1,3}", minutes) else 1
    number = as_id(exercise)
    if segment not in SEGMENTS or length == 0 or (segment == "exercise") != bool(number):
        return None
    return PlannedPart(segment, length, number)


def write_parts(parts: Parts) -> tuple[list[str], list[str]]:
    """The rows as the page sends them back."""
    kinds = [
        f"exercise:{part.exercise_id}" if part.exercise_id is not None else part.segment for part in parts
    ]
    return kinds, [str(part.minutes) for part in parts]


def written(parts: Parts) -> str:
    """The exercises of a plan, to compare with what was proposed."""
    return ",".join(str(part.exercise_id) for part in parts if part.exercise_id is not None)


def bare(part: PlannedPart) -> tuple[str, int, int | None]:
    return part.segment, part.minutes, part.exercise_id
