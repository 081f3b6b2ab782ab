"""Valhalla's `/route` on a server of the practice's own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from planner.domain.geo import Line, Located
from planner.outside.geojson import line_of
from planner.outside.http import Answer, Door, failed
from planner.outside.json_parts import NotJson, a_list, an_object, decoded
from planner.outside.manners import kind_of

ON_FOOT = {"walkway_factor": 0.8, "step_penalty": 60, "use_ferry": 0}
"""Rather a path than the side of a street, stairs only where the way round is long, no ferry."""
_NO_WAY = ("NoSegment", "NoRoute", "DistanceExceeded", "InvalidUrl")
"""The last one with status 500: it says that of places that all lie on one spot of its map."""


@dataclass(frozen=True, slots=True)
class Valhalla:
    """A PathFinder. `base_url`: up to the path. Coordinates go out exact: the server is the practice's own; what is
    rounded (decision 21) is for services of others."""

    door: Door
    base_url: str

    def path(self, places: Sequence[Located]) -> Line:
        """Ask once. Raises OutsideFailed."""
        question = quote(json.dumps(_question(places), separators=(",", ":")))
        answer = self.door.get(f"{self.base_url}/route?json={question}")
        said = _said(answer)
        if answer.status != 200:
            raise failed("not_covered" if said.get("code") in _NO_WAY else kind_of(answer.status))
        return line_of(an_object(next(iter(a_list(said.get("routes"))), None)))


def _question(places: Sequence[Located]) -> dict[str, object]:
    """`via`: one may turn round there, so that a dead end is a spike that we take off ourselves."""
    between = range(1, len(places) - 1)
    return {
        "locations": [
            {
                "lat": round(place.latitude, 6),
                "lon": round(place.longitude, 6),
                "type": "via" if number in between else "break",
            }
            for number, place in enumerate(places)
        ],
        "costing": "pedestrian",
        "costing_options": {"pedestrian": ON_FOOT},
        "directions_type": "none",
        "format": "osrm",
        "shape_format": "geojson",
    }


def _said(answer: Answer) -> dict[str, object]:
    """The JSON of the answer. A refusal may be no JSON; an answer may not."""
    try:
        return an_object(decoded(answer.body))
    except NotJson:
        if answer.status == 200:
            raise failed("garbage") from None
        return {}
