"""Words for codes about maps, lines that are drawn on one, and photos."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

MAPS: dict[str, dict[str, LazyString]] = {
    "photo_problem": {
        "not_a_photo": _l("This is no photo that we can show. Choose a JPEG, PNG or WebP."),
        "heic": _l("This is a HEIC photo, which not every browser shows. Save it as JPEG first."),
        "damaged": _l("This photo is damaged. Choose another one, or send it to yourself again."),
        "too_many_pixels": _l(
            "This photo has too many pixels. Make it smaller first, or choose another one."
        ),
    },
    "line_change": {
        "reverse": _l("Walk it the other way round"),
        "close": _l("Go on to where it began"),
        "shorten": _l("Take metres off the ends"),
        "split": _l("Cut it in two parts"),
    },
    "drawing_refused": {
        "unreadable": _l("What was drawn did not come through whole. Send it again."),
        "not_on_earth": _l("A point lies nowhere on earth. Take it back and draw it again."),
        "too_few_points": _l("Draw at least two points that are not the same."),
        "too_many_points": _l("A line can have at most 50,000 points, in 500 parts."),
        "place": _l("A place on the route is not complete. Choose what it is."),
    },
}

EDITOR: dict[str, LazyString] = {
    "tap": _l(
        "Tap on the map to go on with the line. Tap on the line for a point in between, on a point to choose it."
    ),
    "point": _l("Point {n} of {count} is chosen. Tap where it goes, or move it with the arrow keys."),
    "place": _l("A place is chosen. Tap where it goes, or move it with the arrow keys."),
    "tap-place": _l("Tap on the map where the place is."),
    "inserted": _l("A point is put in between. Tap where it goes, or choose Done."),
    "moved": _l("Moved."),
    "removed": _l("The point is gone. Undo brings it back."),
    "undone": _l("Undone."),
    "redone": _l("Done again."),
    "reversed": _l("The walk goes the other way round now."),
    "closed": _l("The line goes on to where it began."),
    "cut": _l("The line is cut in two. What lies between is not walked."),
    "length": _l("{far}, about {time} of walking. {count} points."),
    "one": _l("1 point. Tap where the line goes."),
    "nothing": _l("Nothing is drawn yet."),
    "minutes": _l("{n} minutes"),
    "hours": _l("{h} hours and {n} minutes"),
    "too-few": _l("Draw at least two points that are not the same."),
    "nameless": _l("Give the route a name."),
    "no-path": _l("No path is known there. This piece goes straight."),
    "no-paths": _l("The paths do not come now. What you draw goes straight."),
    "sending": _l("Sending."),
    "unsent": _l(
        "Not sent: there is no network, or the planner does not answer. Nothing is lost. Save again later."
    ),
    "out": _l("You are signed out. Sign in on a new page, come back to this one and save again."),
    "gone": _l("This route is not here any more."),
    "conflict": _l(
        "This route was saved in the meantime, perhaps in another tab. What you drew is still here."
    ),
    "kept": _l("What you draw is kept on this device until you save it."),
    "full": _l("Not kept on this device. Save before you close the page."),
    "keeps-nothing": _l("This device keeps nothing, as you chose. Save before you close the page."),
    "offer": _l("Here is a drawing of {when} that was not saved yet. Do you go on with it?"),
}
"""What the script of the page says (static/js/editor.js): it fills the holes itself."""
