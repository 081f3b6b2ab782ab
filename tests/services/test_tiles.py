"""Tiles kept on disk: few questions, never two for one tile, never more than two at once, and nobody waits for a server
that is dead. Measured from the server's side, with threads and with processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from planner.domain.geo import Line, Located, Point
from planner.domain.needs import OutsideFailed
from planner.domain.tiles import OSM_DOMAIN, PDOK_URL, Tile
from planner.outside.http import Door
from planner.outside.tiles import TILE_BYTES, TemplateTiles
from planner.services.maps.seats import seat
from planner.services.maps.tile_files import FRESH_S, NOT_THERE_S, TileFiles
from planner.services.maps.tiles import NoTile, Picture, Tiles
from planner.services.routes.loops import Busy, PathDesk
from planner.services.store import NotFound
from tests.mapping import PlainTiles, plain_tile
from tests.outside.raw_server import serving, silence
from tests.tile_server import PATH, TileServer, tile_server

ROOT = Path(__file__).resolve().parents[2]
TILE = Tile(14, 8424, 5405)
PNG = plain_tile()


@pytest.fixture
def server() -> Iterator[TileServer]:
    with tile_server() as made:
        yield made


class Straight:
    """A PathFinder."""

    def path(self, places: Sequence[Located]) -> Line:
        return tuple(Point(place.latitude, place.longitude) for place in places)


def tiles_at(folder: Path, template: str, deadline_s: float = 3.0) -> Tiles:
    door = Door(lambda: "coach@example.org", deadline_s, TILE_BYTES)
    return Tiles(folder, template, TemplateTiles(door, template))


@pytest.fixture
def tiles(server: TileServer, tmp_path: Path) -> Tiles:
    return tiles_at(tmp_path, server.template)


def age(tiles: Tiles, tile: Tile, seconds: float) -> None:
    """Make a kept tile this old."""
    path = tiles.files.own / str(tile.z) / str(tile.x) / str(tile.y)
    then = time.time() - seconds
    os.utime(path, (then, then))


def pause_over(tiles: Tiles) -> None:
    """As if the time not to ask has gone by."""
    found = tiles.files._last_pause()
    assert found is not None
    (tiles.files.own / "pause.json").write_text(f'{{"until": 1.0, "waits_s": {found.waits_s}, "kind": "x"}}')


def no_tile(tiles: Tiles, tile: Tile = TILE) -> float:
    with pytest.raises(NoTile) as raised:
        tiles.look(tile)
    return raised.value.retry_after_s


def test_asked_once_for_thirty_days(server: TileServer, tiles: Tiles) -> None:
    assert tiles.look(TILE) == Picture(PNG) == tiles.look(TILE)
    assert len(server.asked) == 1
    age(tiles, TILE, FRESH_S - 60)
    tiles.look(TILE)
    assert len(server.asked) == 1
    age(tiles, TILE, FRESH_S + 60)
    assert not tiles.look(TILE).stale
    assert len(server.asked) == 2
    assert tiles.look(TILE).content_type == "image/png"


@pytest.mark.parametrize("status", [403, 404, 429, 500])
def test_an_old_tile_is_better_than_none(server: TileServer, tiles: Tiles, status: int) -> None:
    tiles.look(TILE)
    age(tiles, TILE, FRESH_S * 3)
    server.refuses(status)
    assert tiles.look(TILE) == Picture(PNG, stale=True)
    assert tiles.look(TILE).content == PNG
    assert len(server.asked) == 2


@pytest.mark.parametrize(("status", "least_s"), [(403, 3500), (429, 590), (500, 50)])
def test_a_failure_leaves_the_server_alone(
    server: TileServer, tiles: Tiles, status: int, least_s: float
) -> None:
    server.refuses(status)
    assert no_tile(tiles) >= least_s
    assert no_tile(tiles, Tile(14, 8425, 5405)) >= least_s - 2
    assert len(server.asked) == 1, "the other tile was not even asked for"
    again = tiles_at(tiles.files.folder.parent, server.template)
    assert no_tile(again) >= least_s - 2, "another process knows it too"
    server.serves()
    pause_over(tiles)
    assert tiles.look(TILE).content == PNG


def test_each_failure_in_a_row_waits_longer(server: TileServer, tiles: Tiles) -> None:
    server.refuses(500)
    waits = []
    for _ in range(8):
        waits.append(no_tile(tiles))
        pause = tiles.files.pause()
        assert pause is not None
        waits[-1] = pause.waits_s
        pause_over(tiles)
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    server.serves()
    tiles.look(TILE)
    server.refuses(500)
    no_tile(tiles, Tile(14, 8424, 5406))
    pause = tiles.files.pause()
    assert pause and pause.waits_s == 60, "an answer in between: as if it was the first"


def test_two_who_fail_in_the_same_moment_are_one_failure(tiles: Tiles) -> None:
    for _ in range(5):
        tiles.files.failed(OutsideFailed("failing", 60))
    pause = tiles.files.pause()
    assert pause and pause.waits_s == 60


def test_a_tile_that_is_not_there_says_nothing_of_others(server: TileServer, tiles: Tiles) -> None:
    server.refuses(404)
    assert no_tile(tiles) == NOT_THERE_S == no_tile(tiles)
    assert len(server.asked) == 1
    server.serves()
    assert tiles.look(Tile(14, 8425, 5405)).content == PNG
    age(tiles, TILE, NOT_THERE_S + 60)
    assert tiles.look(TILE).content == PNG


@pytest.mark.parametrize(
    "tile",
    [
        Tile(5, 16, 10),
        Tile(20, 1, 1),
        Tile(14, -1, 0),
        Tile(14, 0, -1),
        Tile(14, 1 << 14, 0),
        Tile(14, 0, 10**40),
    ],
)
def test_what_is_no_tile_is_never_asked_for(server: TileServer, tiles: Tiles, tile: Tile) -> None:
    for look in (tiles.look, tiles.ahead):
        with pytest.raises(NotFound):
            look(tile)
    assert server.asked == []


@pytest.mark.parametrize(
    "content",
    [
        PNG[:200],
        PNG[:60],
        PNG[:-30],
        b"\x89PNG\r\n\x1a\n<html>",
        b"RIFF\0\0\0\0WAVEfmt ",
        plain_tile(side=300),
    ],
)
def test_what_is_no_whole_tile_is_never_kept(tmp_path: Path, content: bytes) -> None:
    class Odd:
        def fetch(self, _tile: Tile) -> bytes:
            return content

    tiles = Tiles(tmp_path, PDOK_URL, Odd())
    assert no_tile(tiles) >= 60
    assert tiles.files.get(TILE) is None


def test_many_who_look_at_one_tile_ask_once(server: TileServer, tiles: Tiles) -> None:
    """Those who cannot be seated are told to try again; nobody asks the server a second time."""
    server.takes_s = 0.3
    barrier = Barrier(16)

    def look(_: int) -> bytes | None:
        barrier.wait()
        try:
            return tiles.ahead(TILE).content
        except NoTile:
            return None

    with ThreadPoolExecutor(16) as crowd:
        seen = list(crowd.map(look, range(16)))
    assert seen == [PNG] * 16
    assert len(server.asked) == 1


LOOKER = """
import sys
from pathlib import Path
from concurrent.futures import ThreadPoolExecutor
from planner.domain.tiles import Tile
from tests.services.test_tiles import tiles_at
tiles = tiles_at(Path(sys.argv[1]), sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(8) as crowd:
    seen = list(crowd.map(lambda n: tiles.ahead(Tile(14, 8424 + n % 10, 5405)).content, range(20)))
print(len(seen), len(set(seen)), flush=True)
"""


def test_two_processes_ask_at_most_two_at_a_time(server: TileServer, tmp_path: Path) -> None:
    server.takes_s = 0.05
    command = [sys.executable, "-c", LOOKER, str(tmp_path), server.template]
    lookers = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for one in lookers:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"
    said = []
    for one in lookers:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in lookers:
        said.append(one.communicate(timeout=30)[0])
    assert said == ["20 1\n", "20 1\n"]
    assert server.most_at_once == 2
    assert sorted(server.paths) == sorted({f"/14/{8424 + n}/5405.png" for n in range(10)}), "each once"


def test_a_dead_server_holds_up_a_few_of_us_for_a_moment(tmp_path: Path) -> None:
    """Of eight who look, most are told at once to come back; all are done in a few seconds; afterwards nobody waits."""
    with serving(silence) as base:
        tiles = tiles_at(tmp_path, base + PATH, deadline_s=1.0)
        took: list[float] = []

        def look(number: int) -> None:
            began = time.monotonic()
            assert no_tile(tiles, Tile(14, 8424 + number, 5405)) >= 1
            took.append(time.monotonic() - began)

        with ThreadPoolExecutor(8) as crowd:
            list(crowd.map(look, range(8)))
        took.sort()
        assert took[4] < 0.5, "at most three of eight wait"
        assert took[-1] < 2.5
        took.clear()
        for number in range(8, 16):
            look(number)
        assert max(took) < 0.1, "it is known to be dead"


def test_tiles_and_paths_share_their_seats(server: TileServer, tiles: Tiles) -> None:
    """Two who wait outside are enough, whatever for: the third hears at once that it does not work now."""
    desk = PathDesk(Straight())
    with seat() as one, seat() as two:
        assert (one, two) == (True, True)
        began = time.monotonic()
        assert no_tile(tiles) == 2
        with pytest.raises(Busy):
            desk.path(Point(52.0, 5.0), Point(52.001, 5.0))
        assert time.monotonic() - began < 1
    assert server.asked == []
    assert tiles.look(TILE).content == PNG
    assert desk.path(Point(52.0, 5.0), Point(52.001, 5.0))


def test_nobody_waits_for_ever_behind_another(server: TileServer, tiles: Tiles) -> None:
    """Somebody holds both turns: whoever looks hears soon that it does not work now."""
    with tiles.files.a_turn(0) as one, tiles.files.a_turn(0) as two, tiles.files.a_turn(0) as three:
        assert (one, two, three) == (True, True, False)
        began = time.monotonic()
        assert no_tile(tiles) == 2
        assert time.monotonic() - began < 3
    assert server.asked == []
    assert tiles.look(TILE).content == PNG


def test_the_oldest_go_first(tmp_path: Path) -> None:
    files = TileFiles(tmp_path, "https://tiles.example.org" + PATH)
    for number in range(20):
        files.put(Tile(14, number, 0), b"x" * 1000)
        then = time.time() - 1000 + number
        os.utime(files.own / "14" / str(number) / "0", (then, then))
    draft = files.own / "14" / "1" / ".0.abandoned"
    draft.write_bytes(b"half")
    os.utime(draft, (1, 1))
    fresh = files.own / "14" / "2" / ".0.fresh"
    fresh.write_bytes(b"half")
    assert files.sweep(most_bytes=20_000) == 1
    assert not draft.exists() and fresh.exists()
    assert files.sweep(most_bytes=10_000) == 11
    left = [number for number in range(20) if files.get(Tile(14, number, 0))]
    assert left == list(range(11, 20))
    assert files.sweep(most_bytes=10_000) == 0


def test_a_folder_that_cannot_be_used_shows_no_map_and_breaks_nothing(
    server: TileServer, tmp_path: Path
) -> None:
    (tmp_path / "tiles").write_text("a file stands here")
    other = tmp_path / "other"
    (other / "tiles").mkdir(parents=True)
    (other / "tiles" / "locks").write_text("or here")
    began = time.monotonic()
    for folder in (tmp_path, other):
        assert no_tile(tiles_at(folder, server.template)) == 2
    assert time.monotonic() - began < 1, "nobody waits for what cannot be"
    assert server.asked == [], "without locks nobody knows how many ask"


def test_ahead_only_where_that_is_allowed(tmp_path: Path) -> None:
    osm = Tiles(tmp_path, f"https://tile.{OSM_DOMAIN}/{{z}}/{{x}}/{{y}}.png", PlainTiles())
    with pytest.raises(NoTile):
        osm.ahead(TILE)
    osm.look(TILE)
    assert osm.ahead(TILE).content == PNG, "somebody looked at it"
    pdok = Tiles(tmp_path, PDOK_URL, PlainTiles())
    assert pdok.ahead(TILE).content == PNG
    with pytest.raises(NotFound):
        pdok.look(Tile(14, 0, 0))
