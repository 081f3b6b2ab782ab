"""Words for codes of loops: where one lies, and whose paths a line is made of."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

LOOPS: dict[str, dict[str, LazyString]] = {
    "compass": {
        "n": _l("to the north"),
        "ne": _l("to the north-east"),
        "e": _l("to the east"),
        "se": _l("to the south-east"),
        "s": _l("to the south"),
        "sw": _l("to the south-west"),
        "w": _l("to the west"),
        "nw": _l("to the north-west"),
    },
    "line_from": {"osm": _l("Paths: © OpenStreetMap contributors")},
}
