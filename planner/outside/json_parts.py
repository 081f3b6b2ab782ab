"""Reading JSON that others wrote: whatever stands there, it becomes a value we can use or nothing."""

from __future__ import annotations

from typing import Any, cast

import msgspec

Json = dict[str, Any]
YEARS = range(2000, 2200)
"""A time outside them is a mistake; at the very end of time it could not even be shown as local time."""


class NotJson(Exception):
    """The bytes are no JSON."""


def decoded(body: bytes) -> Any:
    """Raises NotJson."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise NotJson from None


def an_object(value: object, name: str | None = None) -> Json:
    """A JSON object, or the one under a name in it; {} when it is something else."""
    if name is not None:
        value = cast(Json, value).get(name)
    return value if isinstance(value, dict) else {}


def a_list(value: object) -> list[Any]:
    """[] when it is something else."""
    return value if isinstance(value, list) else []


def a_number(value: object, lowest: float, highest: float) -> float | None:
    """None for what is no number, or cannot be true."""
    if isinstance(value, int | float) and not isinstance(value, bool) and lowest <= value <= highest:
        return float(value)
    return None
