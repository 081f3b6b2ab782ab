"""The photo of a meeting point: adding one, another, none."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from planner.services.maps import route_photos
from planner.services.maps.route_photos import KeptPhoto, PhotoRefused
from planner.services.routes import walking_routes
from planner.web import here
from planner.web.choices import GpxFile
from planner.web.forms import PlannerForm, TextLine
from planner.web.tiles.answers import YEAR, picture_answer
from planner.web.wording import word

photo_pages = Blueprint("photos", __name__)
Page = str | BaseResponse | tuple[str, int]
UPLOAD = "photos.change"
PHOTO_BYTES, UPLOAD_BYTES = 10_000_000, 11_000_000
"""The photo, and the form around it with a little more, so that one somewhat too large is told so kindly."""


class PhotoFile(GpxFile):
    accept = "image/jpeg,image/png,image/webp"


class PhotoForm(PlannerForm):
    photo = PhotoFile(
        _l("Photo"),
        hint=_l("JPEG, PNG or WebP, at most 10 MB. It is made smaller. Place and time are taken out of it."),
        most_bytes=PHOTO_BYTES,
    )
    alt = TextLine(
        _l("What is on it, in words"),
        hint=_l("For clients who do not see it. Left empty: “Photo of the meeting point”."),
        max_length=200,
    )


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """`words`: what the coach said of it, which may be nothing. `elsewhere`: it was made where one met before."""

    src: str
    width: int
    height: int
    alt: str
    words: str
    elsewhere: bool


@photo_pages.url_value_preprocessor
def allow_a_photo(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """A larger body, on this one address only. Runs before anything reads the form."""
    if endpoint == UPLOAD:
        request.max_content_length = UPLOAD_BYTES


@photo_pages.get("/routes/<int:route_id>/photo")
def photo(route_id: int) -> Response:
    revision, content = route_photos.content_for(here.store(), here.coach(), route_id)
    return picture_answer(revision, content, "image/webp", YEAR)


@photo_pages.route("/routes/<int:route_id>/photo/edit", methods=["GET", "POST"])
def change(route_id: int) -> Page:
    route = walking_routes.show(here.store(), here.coach(), route_id)
    kept = route_photos.of_coach(here.store(), here.coach(), route_id)
    form = PhotoForm(data={"alt": kept.alt if kept else ""})
    fine = form.validate_on_submit()
    if fine and form.photo.data is None and kept is None:
        form.refuse("photo", _("Choose a photo."))
        fine = False
    if fine and _saved(form, route_id):
        flash(_("The photo is saved."))
        return redirect(url_for("walking_routes.route", route_id=route_id), 303)
    page = render_template("walking_routes/photo_form.html", form=form, route=route, photo=shown_photo(kept))
    return page, 422 if form.is_submitted() else 200


def _saved(form: PhotoForm, route_id: int) -> bool:
    store, coach, alt = here.store(), here.coach(), form.alt.data or ""
    if form.photo.data is None:
        route_photos.describe(store, coach, route_id, alt, here.now())
        return True
    try:
        route_photos.put(store, coach, route_id, form.photo.data.content, alt, here.now())
    except PhotoRefused as refused:
        form.refuse("photo", word("photo_problem", refused.problem))
        return False
    return True


@photo_pages.post("/routes/<int:route_id>/photo/remove")
def remove(route_id: int) -> BaseResponse:
    route_photos.remove(here.store(), here.coach(), route_id, here.now())
    flash(_("The photo is gone."))
    return redirect(url_for("walking_routes.route", route_id=route_id), 303)


def of_route(route_id: int | None) -> ShownPhoto | None:
    """The photo on a page of the coach."""
    kept = route_photos.of_coach(here.store(), here.coach(), route_id) if route_id is not None else None
    return shown_photo(kept)


def shown_photo(kept: KeptPhoto | None, address: str = "") -> ShownPhoto | None:
    if kept is None:
        return None
    address = address or f"/routes/{kept.route_id}/photo"
    alt = kept.alt or _("Photo of the meeting point")
    src = f"{address}?v={kept.revision}"
    return ShownPhoto(src, kept.width, kept.height, alt, kept.alt, kept.elsewhere)
