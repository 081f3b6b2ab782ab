"""Maps of routes as the jobs make them: once for a route as it is, whole or not at all, and never an old one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from planner.domain.geo import Point
from planner.domain.map_picture import CARD, CLIENT, PAGE, SIZES, Size
from planner.domain.needs import OutsideFailed, TileSource
from planner.domain.routes import RouteFacts, RouteTexts
from planner.domain.tiles import PDOK_URL, Tile
from planner.models import EVERYONE, AuditEntry, RoutePicture
from planner.outside.http import Door
from planner.outside.tiles import TemplateTiles
from planner.scheduler import Jobs, one_pass
from planner.services.maps import route_pictures
from planner.services.maps.map_drawing import LINE
from planner.services.maps.tiles import Tiles
from planner.services.routes import route_changes, route_points, walking_routes
from planner.services.store import NotFound
from tests import makers
from tests.conftest import World
from tests.counting import questions, work_inside
from tests.mapping import PlainTiles, make_pictures, plain_tile
from tests.services.met_service import MetService
from tests.tile_places import tile_at
from tests.tile_server import tile_server


class Says:
    """A TileSource that does what it is told, and remembers what it was asked."""

    def __init__(self, says: Callable[[Tile], bytes] = lambda _tile: plain_tile()) -> None:
        self.says = says
        self.asked: list[Tile] = []

    def fetch(self, tile: Tile) -> bytes:
        self.asked.append(tile)
        return self.says(tile)


def no(_tile: Tile) -> bytes:
    raise OutsideFailed("unreachable", 30)


def tiles_of(world: World, source: TileSource, template: str | None = None) -> Tiles:
    return Tiles(world.settings.instance, template or world.settings.tile_url, source)


def shown(world: World, route: int, who: str = "anna", template: str | None = None) -> str | None:
    used = template or world.settings.tile_url
    return route_pictures.digests(world.store, world.coach(who), [route], PAGE, used).get(route)


def rows(world: World) -> list[RoutePicture]:
    with world.store.db.reading(EVERYONE) as session:
        return list(session.scalars(select(RoutePicture).order_by(RoutePicture.size)))


def picture(world: World, route: int, *, png: bool = False) -> bytes:
    template = world.settings.tile_url
    return route_pictures.of_coach(world.store, world.coach(), route, PAGE, template, png=png)[1]


def test_a_route_with_a_line_gets_its_pictures(world: World) -> None:
    route, in_words = makers.make_route(world, line=True), makers.make_route(world, "Zonder lijn")
    assert shown(world, route) is None
    assert make_pictures(world) == 3
    assert shown(world, route) and shown(world, in_words) is None
    for png, kind in ((False, "WEBP"), (True, "PNG")):
        with Image.open(BytesIO(picture(world, route, png=png))) as found:
            assert (found.format, found.size) == (kind, (PAGE.width, PAGE.height))
            assert len(picture(world, route, png=png)) < 60_000
    small = route_pictures.of_coach(
        world.store, world.coach(), route, CARD, world.settings.tile_url, png=False
    )
    with Image.open(BytesIO(small[1])) as found:
        assert found.size == (CARD.width, CARD.height)
    assert make_pictures(world) == 0, "once is enough"
    with world.store.db.reading(EVERYONE) as session:
        assert not session.scalar(select(AuditEntry.id).where(AuditEntry.kind == "route_picture").limit(1))


def test_the_line_is_on_it_in_its_colour(world: World) -> None:
    route = makers.make_route(world, line=True)
    make_pictures(world)
    with Image.open(BytesIO(picture(world, route, png=True))) as found:
        colours = {colour: count for count, colour in found.convert("RGB").getcolors(5000) or ()}
    wanted = tuple(int(LINE[at : at + 2], 16) for at in (1, 3, 5))
    line = sum(n for c, n in colours.items() if all(abs(a - b) < 12 for a, b in zip(c, wanted, strict=True)))
    assert line > 4000
    assert sum(n for c, n in colours.items() if min(c) > 250) > 4000, "the casing and the plates"


def test_the_same_route_on_the_same_map_is_the_same_picture(world: World) -> None:
    first, second = (makers.make_route(world, name, line=True) for name in ("Een", "Twee"))
    make_pictures(world)
    assert picture(world, first) == picture(world, second)
    assert shown(world, first) == shown(world, second)


def test_a_picture_of_how_it_was_is_never_shown(world: World) -> None:
    """From the moment of the change on; and the new one comes by itself."""
    route = makers.make_route(world, line=True)
    make_pictures(world)
    before = shown(world, route)
    makers.make_point(world, route, latitude=52.0862, longitude=5.1765)
    assert shown(world, route) is None
    with pytest.raises(NotFound):
        picture(world, route)
    assert make_pictures(world) == 1, "no places stand on the card and on the client's"
    assert shown(world, route) not in (None, before)
    content = makers.gpx().replace(b"52.0862", b"52.0899")
    route_changes.replace_line(world.store, world.coach(), route, content, world.now)
    assert shown(world, route) is None
    assert make_pictures(world) == 3


def test_places_have_the_numbers_of_the_list(world: World) -> None:
    """The same two places the other way round are another picture: only their numbers change."""
    route = makers.make_route(world, line=True)
    for metres in (100, 400):
        makers.make_point(world, route, along_m=metres)
    make_pictures(world)
    before = picture(world, route, png=True)
    first = walking_routes.show(world.store, world.coach(), route).waypoints[0].id
    route_points.move(world.store, world.coach(), (route, first), 1, world.now)
    make_pictures(world)
    assert picture(world, route, png=True) != before


def test_what_a_client_gets_shows_no_place_of_the_coach(world: World) -> None:
    """Nor moves its frame: where others stop, and how often, is not for them."""
    route, bare = (makers.make_route(world, name, line=True) for name in ("Een", "Twee"))
    makers.make_point(world, route, latitude=52.0862, longitude=5.1765)
    make_pictures(world)
    template = world.settings.tile_url

    def pair(size: Size) -> list[tuple[str, bytes]]:
        return [
            route_pictures.of_coach(world.store, world.coach(), one, size, template, png=True)
            for one in (route, bare)
        ]

    with_place, without = pair(CLIENT)
    assert with_place == without
    with_place, without = pair(PAGE)
    assert with_place[1] != without[1], "the coach has it"


def test_a_line_that_was_looked_at_is_not_read_again(world: World) -> None:
    """Most passes nothing changed; else only what did is looked at."""
    changed, other = (makers.make_route(world, name, line=True) for name in ("Een", "Twee"))
    tiles, noticed = tiles_of(world, PlainTiles()), dict[int, int]()

    def reads() -> int:
        with questions(world) as asked, work_inside("digest_of") as called:
            route_pictures.notice_changes(world.store, tiles.rules.template, world.now, noticed)
        lines = [sql for sql in asked if "outline" in sql.split("FROM")[0] or "waypoint" in sql]
        assert bool(lines) is bool(called["digest_of"])
        return called["digest_of"] // len(SIZES)

    assert [reads(), reads()] == [2, 0]
    makers.make_point(world, changed, latitude=52.0862, longitude=5.1765)
    assert [reads(), reads()] == [1, 0]
    with world.store.db.transaction(world.coach().scope, world.now) as session:
        session.delete(session.scalars(select(RoutePicture).where(RoutePicture.route_id == other)).first())
    assert [reads(), reads()] == [1, 0], "one that is not there is wanted"
    route_pictures.draw_due(world.store, tiles, world.now, noticed=noticed)
    assert shown(world, changed) and shown(world, other)


def test_another_map_is_another_picture(world: World) -> None:
    route = makers.make_route(world, line=True)
    make_pictures(world)
    other = "http://127.0.0.1:9/other/{z}/{x}/{y}.png"
    assert shown(world, route, template=other) is None
    assert route_pictures.draw_due(world.store, tiles_of(world, PlainTiles(), other), world.now) == 3
    assert shown(world, route, template=other)
    assert shown(world, route) is None


def test_half_a_map_is_no_map(world: World) -> None:
    """One tile is missing: nothing is shown, and it is tried again, later each time."""
    route = makers.make_route(world, line=True)
    first: dict[int, Tile] = {}

    def all_but_one(tile: Tile) -> bytes:
        if first.setdefault(tile.z, tile) == tile:
            raise OutsideFailed("not_covered", 86_400)
        return plain_tile()

    source = Says(all_but_one)
    assert route_pictures.draw_due(world.store, tiles_of(world, source), world.now) == 0
    assert shown(world, route) is None
    assert all(row.due_at and row.due_at > world.now and row.tries == 1 for row in rows(world))


@pytest.mark.parametrize("tile", [b"\x89PNG\r\n\x1a\n" + b"x" * 90, plain_tile()[:-30], plain_tile()[:60]])
def test_a_tile_that_is_no_picture(world: World, tile: bytes) -> None:
    route = makers.make_route(world, line=True)
    route_pictures.draw_due(world.store, tiles_of(world, Says(lambda _: tile)), world.now)
    assert shown(world, route) is None
    assert max(row.tries for row in rows(world)) == 1


def test_a_kept_tile_that_is_none_is_fetched_again(world: World) -> None:
    """Half of one, left by whatever: the picture does not wait until it is a month old."""
    route = makers.make_route(world, line=True)
    source = Says(lambda _: plain_tile())
    tiles = tiles_of(world, source)
    assert route_pictures.draw_due(world.store, tiles, world.now) > 0
    for tile in source.asked:
        tiles.files.put(tile, plain_tile()[:60])
    before = len(source.asked)
    makers.make_point(world, route, latitude=52.0862, longitude=5.1765)
    assert route_pictures.draw_due(world.store, tiles, world.now + timedelta(hours=8)) > 0
    assert len(source.asked) > before
    assert shown(world, route) is not None


def test_a_dead_server_is_left_alone(world: World) -> None:
    for name in ("Een", "Twee", "Drie"):
        makers.make_route(world, name, line=True)
    source = Says(no)
    tiles = tiles_of(world, source)
    assert route_pictures.draw_due(world.store, tiles, world.now) == 0
    assert route_pictures.draw_due(world.store, tiles, world.now) == 0
    assert len(source.asked) == 1


def test_it_comes_when_the_server_is_back(world: World) -> None:
    route = makers.make_route(world, line=True)
    route_pictures.draw_due(world.store, tiles_of(world, Says(no)), world.now)
    assert shown(world, route) is None
    tiles = tiles_of(world, Says())
    tiles.files.succeeded()
    later = world.now + timedelta(minutes=3)
    assert route_pictures.draw_due(world.store, tiles, later) == 3
    assert shown(world, route)


def test_a_picture_that_somebody_else_makes_is_left_to_them(world: World) -> None:
    makers.make_route(world, line=True)
    seen: list[int] = []

    def meanwhile(_tile: Tile) -> bytes:
        if not seen:
            seen.append(0)
            seen[0] = route_pictures.draw_due(world.store, tiles_of(world, PlainTiles()), world.now)
        return plain_tile()

    assert route_pictures.draw_due(world.store, tiles_of(world, Says(meanwhile)), world.now) == 1
    assert 0 < seen[0] < len(SIZES), "and nobody asks for a tile that somebody else asks for"


def test_a_route_that_changes_while_it_is_drawn(world: World) -> None:
    route = makers.make_route(world, line=True)
    done: list[bool] = []

    def changes(_tile: Tile) -> bytes:
        if not done:
            done.append(True)
            content = makers.gpx().replace(b"52.0862", b"52.0899")
            route_changes.replace_line(world.store, world.coach(), route, content, world.now)
        return plain_tile()

    route_pictures.draw_due(world.store, tiles_of(world, Says(changes)), world.now)
    assert shown(world, route) is None, "what was drawn is of a line that is no more"
    make_pictures(world)
    assert shown(world, route)


def test_a_route_that_goes_while_it_is_drawn(world: World) -> None:
    route = makers.make_route(world, line=True)

    def puts_away(_tile: Tile) -> bytes:
        route_changes.archive(world.store, world.coach(), route, True, world.now)
        return plain_tile()

    route_pictures.draw_due(world.store, tiles_of(world, Says(puts_away)), world.now)
    assert make_pictures(world) == 0


def test_where_the_map_does_not_go_there_is_the_sketch(world: World) -> None:
    content = makers.gpx().replace(b'lat="52.0', b'lat="48.0')
    command = route_changes.WriteRoute(RouteTexts("Parijs"), RouteFacts(), gpx=content)
    route = route_changes.create(world.store, world.coach(), command, world.now).id
    source = Says()
    route_pictures.draw_due(world.store, tiles_of(world, source, PDOK_URL), world.now)
    assert source.asked == []
    assert shown(world, route, template=PDOK_URL) is None
    assert all(row.due_at is None for row in rows(world)), "and it is not tried again"


def test_openstreetmap_is_not_asked_ahead(world: World) -> None:
    route, template = makers.make_route(world, line=True), "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
    source = Says()
    tiles = tiles_of(world, source, template)
    assert route_pictures.draw_due(world.store, tiles, world.now) == 0
    assert source.asked == []
    wanted = [laid for row in (16, 15, 14, 13) for laid in _around(row)]
    for tile in wanted:
        tiles.look(tile)  # somebody looks at the map
    assert route_pictures.draw_due(world.store, tiles, world.now + timedelta(days=2)) == 3
    assert shown(world, route, template=template)


def _around(zoom: int) -> Iterator[Tile]:
    first, last = tile_at(Point(52.089, 5.165), zoom), tile_at(Point(52.079, 5.19), zoom)
    for x in range(first.x - 1, last.x + 2):
        for y in range(first.y - 1, last.y + 2):
            yield Tile(zoom, x, y)


def test_a_picture_is_one_practices(world: World) -> None:
    route = makers.make_route(world, line=True)
    make_pictures(world)
    assert shown(world, route, "cor"), "a colleague walks there too"
    assert shown(world, route, "bram") is None


def test_the_jobs_make_them(world: World, met: MetService) -> None:
    """Over real HTTP, with everything else that is due."""
    route = makers.make_route(world, line=True)
    with tile_server() as server:
        tiles = tiles_of(
            world, TemplateTiles(Door(lambda: "a@example.org"), server.template), server.template
        )
        assert one_pass(Jobs(world.store, met.source, lambda: world.now, tiles=tiles))
        assert server.asked and all("52." not in path and "coach" not in path for path in server.paths)
        assert len(set(server.paths)) == len(server.paths)
    assert shown(world, route, template=server.template)
