"""What the coach reads when the place where one meets on a route lies elsewhere than before."""

from __future__ import annotations

from flask import flash
from flask_babel import gettext as _
from flask_babel import ngettext

from planner.services.maps import route_photos
from planner.services.planning import route_walks
from planner.services.routes.walking_routes import OpenRoute
from planner.web import here


def tell_moved(before: OpenRoute) -> None:
    """After saving. Words that were not changed may be about the old place: nobody but the coach can tell."""
    walks = route_walks.begin_elsewhere(here.store(), here.coach(), before, here.now())
    if walks:
        said = ngettext(
            "%(num)s walk begins here. Is the meeting point in words still right?",
            "%(num)s walks begin here. Is the meeting point in words still right?",
            walks,
        )
        flash(said, "note")
    photo = route_photos.of_coach(here.store(), here.coach(), before.id)
    if photo is not None and photo.elsewhere:
        flash(_("Clients do not see the photo now: it was made at an earlier meeting place."), "note")
