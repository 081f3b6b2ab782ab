"""Icons, drawn into the page: Lucide (ISC, some MIT from Feather), from a package, without a request."""

from __future__ import annotations

import re
from functools import cache

from lucide import lucide_icon
from markupsafe import Markup

# Every icon the planner uses. One more is one line here; a name that is not here is an error, not a gap.
_LIST = """
    arrow-down arrow-left arrow-right arrow-up ban calendar-days calendar-plus check chevron-left
    chevron-right circle-alert circle-check circle-question-mark circle-user clock cloud cloud-fog
    cloud-lightning cloud-off cloud-rain cloud-snow cloud-sun copy download ear eye file-up flag
    footprints hand-heart heart-handshake house info key-round leaf lightbulb link lock log-in locate log-out
    mail map map-pin message-circle monitor mountain notebook-pen pause pencil phone play plus printer redo-2 refresh-cw
    repeat rotate-ccw route save scissors search send settings share-2 shield snowflake sprout square-pen sun
    sun-medium sunset target thermometer timer trash trees triangle-alert umbrella undo-2 user-plus users wind
    wrench x
"""
NAMES = frozenset(_LIST.split())
_INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@cache
def icon(name: str) -> Markup:
    """The icon as inline SVG, hidden from screen readers: the word beside it tells."""
    if name not in NAMES:
        raise LookupError(f"unknown icon: {name}")
    found = _INNER.search(str(lucide_icon(name)))
    if found is None:  # pragma: no cover - the package is broken
        raise LookupError(f"the icon package has no drawing for: {name}")
    drawing = re.sub(r"\s*\n\s*", "", found[1]).replace(" />", "/>").strip()
    start = '<svg class="i" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
    return Markup(f"{start}{drawing}</svg>")  # noqa: S704 - only drawings from the package, by a listed name
