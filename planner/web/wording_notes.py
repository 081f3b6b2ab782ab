"""Words for the codes of a note."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

NOTES: dict[str, dict[str, LazyString]] = {
    "body_signal": {
        "shoulders": _l("Shoulders"),
        "neck": _l("Neck"),
        "jaw": _l("Jaw"),
        "belly": _l("Belly"),
        "chest_tight": _l("Tight chest"),
        "trembling": _l("Trembling"),
        "breath_high": _l("Breathing high in the chest"),
        "tired_legs": _l("Tired legs"),
        "head_full": _l("Busy head"),
        "calm": _l("Calm"),
    },
    "analysis_share": {"little": _l("A little"), "half": _l("About half"), "much": _l("More than half")},
    "practice_setting": {"role_play": _l("Practised together"), "real_life": _l("In real life")},
    "lifestyle": {"eaten": _l("Eaten"), "moved": _l("Moved"), "rested": _l("Rested")},
    "note_part": {
        "felt": _l("What was felt"),
        "boundary": _l("Boundary moment"),
        "metaphor": _l("Metaphor on the way"),
        "body": _l("Body signals"),
        "minutes": _l("Minutes walked and still"),
        "head_body": _l("Head and body"),
        "no_practice": _l("Saying no"),
        "breakthrough": _l("Breakthrough"),
        "lifestyle": _l("Eating, moving, resting"),
        "analysis": _l("How much was analysis"),
        "parked": _l("For the therapist"),
        "own_words": _l("The client's own words"),
        "quote": _l("Client experience"),
    },
}
