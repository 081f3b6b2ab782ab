"""A server of map tiles on this machine, with manners good and bad. It remembers what it was asked, and how many at
once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock

from tests.local_server import Quiet, in_a_thread
from tests.mapping import plain_tile

PATH = "/{z}/{x}/{y}.png"


@dataclass
class TileServer:
    """`answer` gives status, headers and body for a path. `go_on`: cleared, it makes everybody wait in the middle."""

    base: str = ""
    answer: Callable[[str], tuple[int, dict[str, str], bytes]] = field(default=lambda _path: a_tile())
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    takes_s: float = 0.0
    go_on: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    @property
    def template(self) -> str:
        return self.base + PATH

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def refuses(self, status: int, **headers: str) -> None:
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answer = lambda _path: (status, said, b"no")

    def serves(self) -> None:
        self.answer = lambda _path: a_tile()


def a_tile(kind: str = "png") -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": f"image/{kind}"}, plain_tile(kind=kind.upper())


@contextmanager
def tile_server() -> Iterator[TileServer]:
    served = TileServer()
    served.go_on.set()

    class Handler(Quiet):
        def do_GET(self) -> None:
            with served.lock:
                served.asked.append(
                    (self.path, {name.lower(): value for name, value in self.headers.items()})
                )
                served.at_once += 1
                served.most_at_once = max(served.most_at_once, served.at_once)
            assert served.go_on.wait(20), "nobody let the tile server go on"
            if served.takes_s:
                Event().wait(served.takes_s)
            status, headers, body = served.answer(self.path)
            with served.lock:
                served.at_once -= 1
            self.answer(status, headers, body)

    with in_a_thread(Handler, served.go_on) as served.base:
        yield served
