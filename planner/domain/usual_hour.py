"""When another hour is proposed instead of the usual one."""

from __future__ import annotations

from planner.domain.slots import Weighed

_FINE = ("go", "unknown")
"""Nothing to mind about the weather, or no weather yet."""


def is_fine(usual: Weighed, *, shown: bool = False) -> bool:
    """Whether no other hour is looked for. `shown`: the coach saw it and chose its day or its time: then it stays for
    weather that only asks to adapt."""
    return usual.verdict.code in (*_FINE, "adapt") if shown else usual.verdict.code in _FINE


def beats(other: Weighed | None, usual: Weighed | None, *, shown: bool = False) -> bool:
    """Whether `other`, the best there is about then, is proposed instead. As good is not better: who walks at an hour
    keeps it. `usual` None: it cannot be walked."""
    if other is None or usual is None:
        return other is not None
    return not is_fine(usual, shown=shown) and other.weight < usual.weight
