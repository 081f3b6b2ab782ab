"""Tiles and map pictures as numbers."""

from __future__ import annotations

from dataclasses import replace
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.geo import Point, distance_m
from planner.domain.map_picture import CARD, CLOSEST_ZOOM, PAGE, SIZES, Size, digest_of, map_picture
from planner.domain.tiles import (
    PDOK_AREA,
    PDOK_URL,
    ZOOMS,
    Area,
    Tile,
    area_of,
    is_tile_template,
    metres_per_px,
    rules_of,
    world_px,
)
from tests.tile_places import tile_at

PDOK, OSM = rules_of(PDOK_URL), rules_of("https://tile.openstreetmap.org/{z}/{x}/{y}.png")
OWN = rules_of("http://127.0.0.1:8080/{z}/{x}/{y}.webp")
ROUND = ((Point(52.084, 5.172), Point(52.0862, 5.1765), Point(52.0845, 5.1811), Point(52.084, 5.172)),)
BENCH = (1, Point(52.0861, 5.1764))
LATITUDES, LONGITUDES = st.floats(-85, 85), st.floats(-179.9, 179.9)


@pytest.mark.parametrize(
    ("place", "zoom", "x", "y"),
    [
        (Point(52.0907, 5.1214), 14, 8425, 5405),  # the Dom tower
        (Point(0.0001, 0.0001), 6, 32, 31),
        (Point(85.06, -180.0), 6, 0, 0),
        (Point(-85.06, 179.9999), 6, 63, 63),
    ],
)
def test_where_a_place_lies(place: Point, zoom: int, x: int, y: int) -> None:
    assert tile_at(place, zoom) == Tile(zoom, x, y)


@given(LATITUDES, LONGITUDES, st.sampled_from(ZOOMS))
def test_a_place_lies_in_its_tile(latitude: float, longitude: float, zoom: int) -> None:
    area = area_of(tile_at(Point(latitude, longitude), zoom))
    assert area.south - 1e-9 <= latitude <= area.north + 1e-9
    assert area.west - 1e-9 <= longitude <= area.east + 1e-9


@pytest.mark.parametrize(
    ("tile", "there"),
    [
        (Tile(14, 8424, 5405), True),
        (Tile(6, 32, 21), True),
        (Tile(19, 269_580, 172_960), True),
        (Tile(5, 16, 10), False),
        (Tile(20, 539_160, 345_920), False),
        (Tile(14, 0, 0), False),
        (Tile(14, 8424, 1 << 14), False),
        (Tile(14, -1, 5405), False),
    ],
)
def test_pdok_has_the_netherlands(tile: Tile, there: bool) -> None:
    assert PDOK.has(tile) is there


@pytest.mark.parametrize("rules", [OSM, OWN])
@pytest.mark.parametrize(("z", "last"), [(6, 63), (14, 16_383), (19, 524_287)])
def test_others_have_the_world(rules: object, z: int, last: int) -> None:
    has = OSM.has if rules is OSM else OWN.has
    assert has(Tile(z, 0, 0)) and has(Tile(z, last, last))
    assert not has(Tile(z, last + 1, 0)) and not has(Tile(z, 0, last + 1)) and not has(Tile(z, -1, 0))


def test_what_is_known_of_a_source() -> None:
    assert (PDOK.area, PDOK.ahead, PDOK.credit) == (PDOK_AREA, True, "Kaartgegevens © Kadaster")
    assert (OSM.area, OSM.ahead, OSM.credit) == (None, False, "© OpenStreetMap contributors")
    assert OWN.ahead and OWN.credit == "Kaartgegevens: 127.0.0.1"
    assert rules_of("https://openstreetmap.org.example.org/{z}/{x}/{y}").ahead
    assert PDOK.address(Tile(14, 8424, 5405)).endswith("/standaard/EPSG:3857/14/8424/5405.png")


@pytest.mark.parametrize(
    ("template", "fine"),
    [
        (PDOK_URL, True),
        ("https://tiles.example.org/t?z={z}&x={x}&y={y}", True),
        ("https://tiles.example.org/{z}/{x}.png", False),
        ("https://tiles.example.org/{z}/{x}/{y}/{y}.png", False),
        ("https://{x}.example.org/{z}/{y}.png", False),
        ("https://{x}.example.org/{z}/{x}/{y}.png", False),
        ("https://a:b@example.org/{z}/{x}/{y}.png", False),
        ("https://example.org/#{z}/{x}/{y}.png", False),
        ("https://example.org/{z}/{x}/{y}.png ", False),
        ("http://[::1/{z}/{x}/{y}.png", False),
    ],
)
def test_an_address_of_tiles(template: str, fine: bool) -> None:
    assert is_tile_template(template) is fine


def test_wider() -> None:
    wide = Area(52.0, 5.0, 52.1, 5.1).wider(1000)
    assert distance_m(Point(52.0, 5.0), Point(wide.south, 5.0)) == pytest.approx(1000, rel=0.01)
    assert distance_m(Point(52.0, 5.0), Point(52.0, wide.west)) == pytest.approx(1000, rel=0.01)


# pictures

SPOTS = st.builds(Point, st.floats(51.8, 52.2), st.floats(4.8, 5.4))


@given(st.lists(SPOTS, min_size=2, max_size=12), st.sampled_from(list(SIZES.values())))
def test_a_picture_holds_the_whole_route(line: list[Point], size: Size) -> None:
    made = map_picture((tuple(line),), (), size, PDOK)
    if made is None:
        assert len(set(line)) == 1 or distance_m(line[0], line[1]) < 1
        return
    for x, y in made.lines[0]:
        assert size.margin - 1 <= x <= size.width - size.margin + 1
        assert size.margin - 1 <= y <= size.height - size.margin + 1
    assert len(made.tiles) <= 20
    left, top = min(one.left for one in made.tiles), min(one.top for one in made.tiles)
    right = max(one.left + one.side for one in made.tiles)
    bottom = max(one.top + one.side for one in made.tiles)
    assert left <= 0 and top <= 0 and right >= size.width and bottom >= size.height, "no bare ground"
    assert all(256 <= one.side < 512.001 for one in made.tiles)


def test_a_tile_lies_where_its_places_are_drawn() -> None:
    """The line stands on the map as it should: the same place by tile and by line."""
    made = map_picture(ROUND, (), PAGE, PDOK)
    assert made is not None
    laid = next(one for one in made.tiles if one.tile == tile_at(ROUND[0][0], one.tile.z))
    x, y = world_px(ROUND[0][0], laid.tile.z)
    on_tile = (laid.left + (x % 256) * laid.side / 256, laid.top + (y % 256) * laid.side / 256)
    assert hypot(on_tile[0] - made.start[0], on_tile[1] - made.start[1]) < 0.1


def test_the_scale_is_true() -> None:
    made = map_picture(ROUND, (), PAGE, PDOK)
    assert made is not None
    [(one, other, *_)] = made.lines
    px_per_m = hypot(one[0] - other[0], one[1] - other[1]) / distance_m(ROUND[0][0], ROUND[0][1])
    assert made.scale.length_px / made.scale.length_m == pytest.approx(px_per_m, rel=0.01)
    assert metres_per_px(52.0, 14) == pytest.approx(5.88, rel=0.01)


def test_a_few_steps_do_not_fill_it() -> None:
    short = ((Point(52.084, 5.172), Point(52.08401, 5.17201)),)
    made = map_picture(short, (), PAGE, PDOK)
    assert made is not None and made.tiles[0].tile.z == CLOSEST_ZOOM


def test_places_by_the_route_have_their_number() -> None:
    far = (2, Point(52.3, 5.9))
    made = map_picture(ROUND, [BENCH, far, (3, Point(52.084, 5.172))], PAGE, PDOK)
    assert made is not None
    assert [number for number, _, _ in made.marks] == [1, 3]
    small = map_picture(ROUND, [BENCH], CARD, PDOK)
    assert small is not None and small.marks == (), "too small to be read"


@pytest.mark.parametrize(
    ("line", "covered"),
    [
        (ROUND, True),
        (((Point(48.85, 2.35), Point(48.86, 2.36)),), False),
        (((Point(-33.9, 18.4), Point(-33.91, 18.41)),), False),
    ],
)
def test_outside_the_netherlands_there_is_no_map_of_pdok(
    line: tuple[tuple[Point, ...]], covered: bool
) -> None:
    made, anywhere = map_picture(line, (), PAGE, PDOK), map_picture(line, (), PAGE, OWN)
    assert made is not None and made.covered is covered
    assert anywhere is not None and anywhere.covered


@pytest.mark.parametrize("line", [(), ((),), ((Point(52, 5),),), ((Point(52, 5), Point(52, 5)),)])
def test_nothing_to_draw(line: tuple[tuple[Point, ...], ...]) -> None:
    assert map_picture(line, [BENCH], PAGE, PDOK) is None


def test_a_digest_names_what_is_drawn() -> None:
    first = digest_of("[[1]]", [BENCH], PAGE, PDOK_URL)
    assert first == digest_of("[[1]]", [BENCH], PAGE, PDOK_URL)
    others = {
        digest_of("[[2]]", [BENCH], PAGE, PDOK_URL),
        digest_of("[[1]]", [], PAGE, PDOK_URL),
        digest_of("[[1]]", [(2, BENCH[1])], PAGE, PDOK_URL),
        digest_of("[[1]]", [(1, Point(52.0, 5.0))], PAGE, PDOK_URL),
        digest_of("[[1]]", [BENCH], CARD, PDOK_URL),
        digest_of("[[1]]", [BENCH], replace(PAGE, width=700), PDOK_URL),
        digest_of("[[1]]", [BENCH], PAGE, OSM.template),
    }
    assert len(others) == 7 and first not in others
    assert digest_of("[[1]]", [BENCH], CARD, PDOK_URL) == digest_of("[[1]]", [], CARD, PDOK_URL)


@pytest.mark.parametrize(
    ("place", "mapped"),
    [
        ((52.09, 5.12), True),
        ((50.75, 6.02), True),
        ((50.6, 5.9), True),
        ((48.9, 2.3), False),
        ((52.5, 13.4), False),
    ],
)
def test_where_a_map_reaches(place: tuple[float, float], mapped: bool) -> None:
    assert PDOK.reaches(Point(*place)) is mapped
    assert rules_of("https://tegels.example.org/{z}/{x}/{y}.png").reaches(Point(*place))
