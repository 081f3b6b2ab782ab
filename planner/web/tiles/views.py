"""Map tiles for a signed-in coach: through us, so that nobody else learns where we look."""

from __future__ import annotations

from flask import Blueprint, Response

from planner.domain.tiles import Tile
from planner.web.tiles.answers import tile_answer

tile_pages = Blueprint("tiles", __name__)


@tile_pages.get("/tiles/<int:z>/<int:x>/<int:y>")
def tile(z: int, x: int, y: int) -> Response:
    return tile_answer(Tile(z, x, y))
