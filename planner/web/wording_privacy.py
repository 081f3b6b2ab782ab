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
    "check_done": {
        "texts": _l("The privacy and complaints texts are read"),
        "processing": _l("The record of processing is filled in"),
        "processors": _l("Whoever works with data for you has an agreement"),
        "breaches": _l("No breach waits for anything"),
        "requests": _l("No request waits for an answer"),
        "withdrawn": _l("Nobody who withdrew waits for their file"),
        "second_step": _l("You sign in with a second step"),
        "keys": _l("There is a copy of the keys in a drawer"),
    },
    "check_to_do": {
        "texts": _l("Read the privacy and complaints texts"),
        "processing": _l("Fill in the record of processing"),
        "processors": _l("Arrange an agreement, or say where the data are"),
        "breaches": _l("A breach is not settled yet"),
        "requests": _l("A request waits for an answer"),
        "withdrawn": _l("A client withdrew: hand the file over, or erase it"),
        "second_step": _l("Make a second step for signing in"),
        "keys": _l("Make a copy of the keys"),
    },
    "contact_problem": {
        "no_people": _l("Nobody was found in this file."),
        "no_names": _l("No column with names was found. Call one “first name” or “name” in the first row."),
        "not_read": _l("This file cannot be read as CSV or vCard."),
    },
    "kept_part": {
        "notes": _l("Notes and numbers"),
        "screening": _l("Safety questions"),
    },
}
