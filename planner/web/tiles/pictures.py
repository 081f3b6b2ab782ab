"""A route on a map, as a picture; and what a page needs to show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort
from flask_babel import gettext as _

from planner.domain.map_picture import CARD, PAGE, SIZES, Size
from planner.domain.tiles import rules_of
from planner.services.maps import route_pictures
from planner.services.routes.walking_routes import OpenRoute, RouteRow
from planner.web import here, language, words
from planner.web.tiles.answers import NAMED_BY, YEAR, picture_answer

picture_pages = Blueprint("pictures", __name__)
PNG = ".png"
PLACE_LENGTH = 90


@dataclass(frozen=True, slots=True)
class ShownMap:
    """`alt`: the route in words; empty where the words stand beside it. `credit`: whose map it is."""

    webp: str
    png: str
    width: int
    height: int
    alt: str
    credit: str


@picture_pages.get("/routes/<int:route_id>/picture/<size>")
def picture(route_id: int, size: str) -> Response:
    """`page` and `card`; with `.png` behind it for who cannot read WebP."""
    wanted = SIZES.get(size.removesuffix(PNG))
    if wanted is None:
        abort(404)
    png = size.endswith(PNG)
    digest, content = route_pictures.of_coach(
        here.store(), here.coach(), route_id, wanted, template(), png=png
    )
    return picture_answer(digest, content, "image/png" if png else "image/webp", YEAR)


def template() -> str:
    return here.planner().settings.tile_url


def of_route(route: OpenRoute | None) -> ShownMap | None:
    """The map of a route; None while there is none."""
    if route is None or not route.has_line:
        return None
    digests = route_pictures.digests(here.store(), here.coach(), [route.id], PAGE, template())
    return on_page(route, digests.get(route.id))


def on_page(route: OpenRoute, digest: str | None) -> ShownMap | None:
    """The map with this digest."""
    if digest is None or not route.has_line:
        return None
    alt = route_words(route.facts.is_loop, route.distance_m, route.meeting_point)
    return shown_map(f"/routes/{route.id}/picture/{PAGE.name}", digest, PAGE, alt)


def of_cards(routes: Sequence[RouteRow]) -> dict[int, ShownMap]:
    """Small maps beside what a card says already."""
    known = [route.id for route in routes if route.has_line]
    digests = route_pictures.digests(here.store(), here.coach(), known, CARD, template())
    return {
        route_id: shown_map(f"/routes/{route_id}/picture/{CARD.name}", digest, CARD, "")
        for route_id, digest in digests.items()
    }


def shown_map(address: str, digest: str, size: Size, alt: str) -> ShownMap:
    revision = f"?v={digest[:NAMED_BY]}"
    return ShownMap(
        webp=address + revision,
        png=address + PNG + revision,
        width=size.width,
        height=size.height,
        alt=alt,
        credit=rules_of(template()).credit,
    )


def route_words(is_loop: bool, distance_m: int | None, meeting_point: str) -> str:
    """The route in words: what the map is for who does not see it."""
    length = _length(distance_m)
    said = [_("Map.")]
    if length:
        said.append(
            _("A round of %(length)s.", length=length)
            if is_loop
            else _("A walk of %(length)s.", length=length)
        )
    place = _first_sentence(meeting_point)
    if place:
        said.append(
            _("Start and end: %(place)s.", place=place) if is_loop else _("Start: %(place)s.", place=place)
        )
    return " ".join(said)


def _length(distance_m: int | None) -> str:
    if distance_m is None:
        return ""
    metres = round(distance_m / 10) * 10
    if metres < 1000:
        return str(_("%(number)s metres", number=metres))
    number = words.number(distance_m / 1000, language.current())
    return str(_("%(number)s kilometres", number=number))


def _first_sentence(text: str) -> str:
    """What a coach wrote of the place, up to its first full stop, with a small letter."""
    first = " ".join(text.split()).split(". ", 1)[0].rstrip(".!")
    if len(first) > PLACE_LENGTH:
        first = first[:PLACE_LENGTH].rsplit(" ", 1)[0] + " …"
    return first[:1].lower() + first[1:]
