"""A path engine on this machine that speaks as Valhalla does, with manners good and bad."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from urllib.parse import parse_qs, urlsplit

from tests.local_server import Quiet, in_a_thread

Place = tuple[float, float]
"""Latitude, longitude."""


@dataclass
class FakePaths:
    """Every path makes one bend: first north or south, then east or west. `no_path`, `status`: what it says instead.
    `go_on`: cleared, it makes everybody wait. `asked`: pairs of places."""

    base: str = ""
    no_path: bool = False
    status: int = 200
    asked: list[tuple[Place, Place]] = field(default_factory=list)
    go_on: Event = field(default_factory=Event)

    def answer(self, one: Place, other: Place) -> tuple[int, dict[str, object]]:
        self.asked.append((one, other))
        assert self.go_on.wait(20), "nobody let the engine go on"
        if self.no_path:
            return 400, {"code": "NoRoute"}
        if self.status != 200:
            return self.status, {}
        places = (one, bend(one, other), other)
        line = [[longitude, latitude] for latitude, longitude in places]
        return 200, {"code": "Ok", "routes": [{"geometry": {"type": "LineString", "coordinates": line}}]}


def bend(one: Place, other: Place) -> Place:
    return (other[0], one[1])


@contextmanager
def fake_paths() -> Iterator[FakePaths]:
    engine = FakePaths()
    engine.go_on.set()

    class Handler(Quiet):
        def do_GET(self) -> None:
            (question,) = parse_qs(urlsplit(self.path).query)["json"]
            one, other = ((place["lat"], place["lon"]) for place in json.loads(question)["locations"])
            status, said = engine.answer(one, other)
            self.answer(status, {"Content-Type": "application/json"}, json.dumps(said).encode())

    with in_a_thread(Handler, engine.go_on) as engine.base:
        yield engine
