"""BRouter on a server of the practice's own; its answers know heights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.domain.geo import Line, Located
from planner.outside.geojson import line_of
from planner.outside.http import Answer, Door, failed
from planner.outside.json_parts import NotJson, a_list, an_object, decoded
from planner.outside.manners import kind_of

PROFILE = "hiking-mountain"
_NO_WAY = ("not mapped in existing datafile", "no track found", "island detected", "datafile")
"""What it says, in plain text with status 400, where there is no way or no map."""


@dataclass(frozen=True, slots=True)
class BRouter:
    """A PathFinder. `base_url`: up to the host. Coordinates go out exact: the server is the practice's own; what is
    rounded (decision 21) is for services of others.

    It is asked for a way past places, not for a round trip (`engineMode=4`): so both engines are asked the same, and
    versions before 1.7.8 will do.
    """

    door: Door
    base_url: str

    def path(self, places: Sequence[Located]) -> Line:
        """Ask once. Raises OutsideFailed."""
        past = "|".join(f"{place.longitude:.6f},{place.latitude:.6f}" for place in places)
        query = f"lonlats={past}&profile={PROFILE}&alternativeidx=0&format=geojson"
        answer = self.door.get(f"{self.base_url}/brouter?{query}")
        if answer.status != 200:
            raise failed("not_covered" if _no_way(answer) else kind_of(answer.status))
        try:
            found = an_object(decoded(answer.body))
        except NotJson:
            raise failed("garbage") from None
        return line_of(an_object(next(iter(a_list(found.get("features"))), None)))


def _no_way(answer: Answer) -> bool:
    said = answer.body[:500].decode("utf-8", "replace")
    return answer.status == 400 and any(words in said for words in _NO_WAY)
