"""Where or when an exercise is done: in order, at a minute after the start, or at a point of the route. Two values for
each row of the plan, beside its minutes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from planner.domain.plan_parts import NO_PIN, Parts, Pin
from planner.domain.practices import MAX_WALK_MINUTES
from planner.web.forms import as_id

ORDER, MINUTE, POINT = "order", "minute", "point"
Shown = tuple[str, str]
"""The choice, and the minute as it stands in its field."""


def read(kinds: Sequence[str], places: Sequence[str], minutes: Sequence[str]) -> dict[int, Shown] | None:
    """What was sent for each exercise; None when the rows make no sense together, as from a script that sends none."""
    if not len(kinds) == len(places) == len(minutes):
        return None
    exercises = [as_id(kind.partition(":")[2]) for kind in kinds]
    sent = zip(exercises, places, minutes, strict=True)
    return {number: (place, minute) for number, place, minute in sent if number is not None}


def is_minute(text: str) -> bool:
    return re.fullmatch("[0-9]{1,3}", text) is not None and int(text) <= MAX_WALK_MINUTES


def pin_of(shown: Shown) -> Pin:
    """A choice that makes no sense pins nothing."""
    what, _colon, number = shown[0].partition(":")
    if what == MINUTE and is_minute(shown[1]):
        return int(shown[1]), None
    return (None, as_id(number)) if what == POINT else NO_PIN


def shown_of(parts: Parts) -> dict[int, Shown]:
    """As the fields show it."""
    return {
        part.exercise_id: _shown((part.at_minute, part.waypoint_id))
        for part in parts
        if part.exercise_id is not None
    }


def write(parts: Parts) -> tuple[list[str], list[str]]:
    """The rows as the page sends them back."""
    found = [_shown((part.at_minute, part.waypoint_id)) for part in parts]
    return [place for place, _minute in found], [minute for _place, minute in found]


def _shown(pin: Pin) -> Shown:
    at_minute, waypoint_id = pin
    if at_minute is not None:
        return MINUTE, str(at_minute)
    return (f"{POINT}:{waypoint_id}", "") if waypoint_id is not None else (ORDER, "")


def pins_of(sent: Mapping[int, Shown]) -> dict[int, Pin]:
    return {number: pin_of(shown) for number, shown in sent.items()}
