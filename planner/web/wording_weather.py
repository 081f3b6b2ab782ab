"""Words for codes about weather that changes and what may be done about it."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

WEATHER: dict[str, dict[str, LazyString]] = {
    "weather_line": {
        "worse": _l("the weather has become worse."),
        "recovered": _l("the weather looks better again."),
    },
    "storm_choice": {
        "keep": _l("Leave as it is"),
        "move": _l("To a better hour"),
        "shorten": _l("Shorter"),
        "indoors": _l("Indoors"),
        "online": _l("Online"),
        "phone": _l("By phone"),
        "cancel": _l("Call off"),
    },
    "storm_problem": {
        "changed": _l("This walk was changed in the meantime. Look whether your choice still fits."),
        "taken": _l("This hour is not free any more. Here is another one."),
        "no_hour": _l("There is no other hour for this walk. Choose something else."),
        "no_phone": _l("There is no phone number of this client yet. Fill it in, or choose something else."),
    },
}
STORM_ICONS = {
    "keep": "footprints",
    "move": "clock",
    "shorten": "timer",
    "indoors": "house",
    "online": "monitor",
    "phone": "phone",
    "cancel": "x",
}
