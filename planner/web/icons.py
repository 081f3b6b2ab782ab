"""Icons, drawn into the page: Lucide (ISC, some MIT from Feather), from a package, without a request."""

from __future__ import annotations

import re
from functools import cache

from flask import Flask
from lucide import lucide_icon
from markupsafe import Markup

# Every icon the planner uses. One more is one line here; a name that is not here is an error, not a gap.
_LIST = """
    arrow-down arrow-left arrow-right arrow-up ban bell calendar-check calendar-days calendar-plus check
    chevron-down chevron-left chevron-right circle-alert circle-check circle-question-mark circle-user
    clock cloud cloud-fog cloud-lightning cloud-off cloud-rain cloud-snow cloud-sun copy download ear
    eye file-up flag flower-2 footprints hand-heart heart-handshake house info key-round languages leaf
    lightbulb link list lock log-in log-out mail map map-pin message-circle monitor moon mountain
    notebook-pen pause pencil phone play plus printer qr-code refresh-cw repeat rotate-ccw route save
    search settings share-2 shield shirt shuffle snowflake sprout square-pen sun sun-medium sunset
    target thermometer timer trash trees triangle-alert umbrella user-plus users volume-2 wind wrench x
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


def register_icons(app: Flask) -> None:
    """`icon("leaf")` in every template."""
    app.jinja_env.globals["icon"] = icon
