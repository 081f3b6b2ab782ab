"""Words for what a client's page asks: read by clients, so short and kind (tests/test_client_texts.py)."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

ANSWERS: dict[str, dict[str, LazyString]] = {
    "length": {"short": _l("Rather short"), "normal": _l("As usual"), "long": _l("Rather longer")},
    "way": {
        "as_planned": _l("As planned"),
        "turn_back": _l("Out and back"),
        "shortcut": _l("A part of the round is left out"),
        "further": _l("The same way, turning later"),
        "again": _l("At the end a stretch again"),
        "other_route": _l("A longer route from the same place"),
    },
    "check_in": {
        "energy_week": _l("How much energy did you have over the past week, on average?"),
        "functioning_week": _l(
            "How well did your ordinary day go over the past week? (home, family, contact, work)"
        ),
    },
    "sign": {
        "energised": _l("I left with more energy"),
        "usable": _l("I could use it at once"),
        "body_change": _l("I noticed a change in my body"),
        "look_forward": _l("I look forward to next time"),
    },
    "page_ask": {
        "coming": _l("A button “I am coming”"),
        "lengths": _l("How long the walk may be"),
        "check_in": _l("Energy and functioning over the past week, before a walk"),
        "signs": _l("Four short questions after a walk"),
        "titles": _l("Titles of exercises, also of sensitive ones"),
    },
}
