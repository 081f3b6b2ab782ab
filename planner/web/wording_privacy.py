"""Words for rights of clients and duties of a practice."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

PRIVACY: dict[str, dict[str, LazyString]] = {
    "request_kind": {
        "access": _l("To see what is kept"),
        "rectification": _l("To have something corrected"),
        "erasure": _l("To have it erased"),
        "objection": _l("To object to a use"),
        "portability": _l("To take it along"),
    },
    "register": {
        "processing": _l("Record of processing"),
        "processors": _l("Who works with data for you"),
        "breaches": _l("Breach register"),
    },
    "risk": {
        "low": _l("Low: nobody is likely to suffer from it"),
        "some": _l("Some: tell the authority"),
        "high": _l("High: tell the authority and the clients"),
    },
    "kept_part": {
        "notes": _l("Notes and numbers"),
        "screening": _l("Safety questions"),
    },
}
