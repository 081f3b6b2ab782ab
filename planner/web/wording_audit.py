"""Words for the log of a client's file."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

AUDIT: dict[str, dict[str, LazyString]] = {
    "audit_actor": {
        "coach": _l("A coach"),
        "client": _l("The client"),
        "jobs": _l("The planner, by itself"),
        "cli": _l("A command on the computer"),
        "office": _l("The office"),
    },
    "audit_deed": {
        "saw": _l("Looked at"),
        "created": _l("Made"),
        "changed": _l("Changed"),
        "removed": _l("Taken away"),
        "exported": _l("Copied out"),
        "erased": _l("Erased"),
        "handed": _l("Handed over"),
    },
    "audit_thing": {
        "client": _l("The file"),
        "consent": _l("Consent"),
        "screening": _l("Safety questions"),
        "walk": _l("Walk"),
        "plan_item": _l("Part of a plan"),
        "exercise_choice": _l("Choice of an exercise"),
        "series": _l("Series of walks"),
        "note": _l("Note"),
        "note_revision": _l("Earlier text of a note"),
        "note_addendum": _l("Addition to a note"),
        "external_measure": _l("Score of somebody else"),
        "review": _l("Talk about progress"),
        "share_link": _l("The link"),
        "walk_answer": _l("Answer of the client"),
        "message": _l("Message"),
        "weather_watch": _l("Weather of a walk"),
        "client_access": _l("Access of a colleague"),
        "correction": _l("Correction of a note"),
        "privacy_request": _l("What the client asked about their data"),
        "erasure": _l("That everything was erased"),
    },
}
