"""Pictures as answers: tiles, maps and photos. A picture that can change is named by what it holds."""

from __future__ import annotations

from base64 import b64decode

from flask import Response, request

from planner.domain.tiles import Tile
from planner.services.maps.tiles import NoTile
from planner.web import here

DAY, WEEK, YEAR = 86_400, 604_800, 31_536_000
STALE_S = 600
"""An old tile, shown because the server could not be asked: so long, and it is asked for again."""
BLANK = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAQAAAAEACAAAAAB5Gfe6AAABOUlEQVR42u3QAQEAAAgCIOv/UV80JJjANL9tBAgQIECAAAECBAgQ"
    "IECAAAECBAgQIECAAAECBAgQIECAAAECBAgQIECAAAECBAgQIECAAAECBAgQIECAAAECBAgQIECAAAECBAgQIECAAAECBAgQIECA"
    "AAECBAgQIECAAAECBAgQIECAAAECBAgQIECAAAECBAgQIECAAAECBAgQIECAAAECBAgQIECAAAECBAgQIECAAAECBAgQIECAAAEC"
    "BAgQIECAAAECBAgQIECAAAECBAgQIECAAAECBAgQIECAAAECBAgQIECAAAECBAgQIECAAAECBAgQIECAAAECBAgQIECAAAECBAgQ"
    "IECAAAECBAgQIECAAAECBAgQIECAAAECBAgQIECAAAECBAgQIECAAAECBAgQIECAgBwF6wLpV3vUQgAAAABJRU5ErkJggg=="
)
"""A grey PNG of 256 by 256, in the place of a tile that did not come."""
NAMED_BY = 12
"""Characters of a digest that stand in an address."""


def tile_answer(tile: Tile, keep_s: int = WEEK) -> Response:
    """The tile; or a grey one with 503, and when to try again. Raises NotFound outside the map."""
    try:
        found = here.tiles().look(tile)
    except NoTile as none:
        return no_tile(503, none.retry_after_s)
    response = Response(found.content, content_type=found.content_type)
    response.headers["Cache-Control"] = f"private, max-age={STALE_S if found.stale else keep_s}"
    return response


def no_tile(status: int, retry_after_s: int) -> Response:
    """A grey one, and when to try again."""
    response = Response(BLANK, status, content_type="image/png")
    response.headers["Retry-After"] = str(retry_after_s)
    return response


def picture_answer(revision: str, content: bytes, content_type: str, keep_s: int = 0) -> Response:
    """Kept for so long under an address that names this very picture; under any other, and without `keep_s`, it is
    asked for again each time: behind a link that may be withdrawn nothing is shown from what a browser kept."""
    response = Response(content, content_type=content_type)
    response.set_etag(revision)
    named = keep_s and request.args.get("v") == revision[:NAMED_BY]
    response.headers["Cache-Control"] = (
        f"private, max-age={keep_s}, immutable" if named else "private, no-cache"
    )
    response.make_conditional(request)
    return response
