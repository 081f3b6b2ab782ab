"""What is done with a route that is there: editing, another line, the ends off, putting away, the places on it."""

from __future__ import annotations

import re

import pytest

from planner.formats.gpx import read_gpx
from tests.conftest import World
from tests.counting import work_inside
from tests.factories import gpx_file, make_route
from tests.page_client import Page, PageClient


def places(page: Page) -> list[str]:
    return [tag.get_text(strip=True) for tag in page.select("#places li strong a")]


def test_an_edit_is_kept(world: World, coach: PageClient) -> None:
    address = f"/routes/{make_route(world)}"
    page = (
        coach.get(address)
        .follow("Wijzig")
        .submit(name="Andere naam", quietness="quiet", meeting_point="Bij de brug")
    )
    assert (page.path, page.h1) == (address, "Andere naam")
    assert "Bij de brug" in page.main
    assert page.one("[data-route]")["data-points"] == "5"


def test_a_second_tab_overwrites_nothing_in_silence(world: World, coach: PageClient) -> None:
    address = f"/routes/{make_route(world)}"
    mine, theirs = (coach.get(f"{address}/edit") for _ in range(2))
    theirs.submit(notes="Van de ander")
    page = mine.submit(notes="Van mij")
    assert page.status == 409
    assert "Van mij" in page.one("[name=notes]").get_text()
    assert "Van de ander" in page.main
    assert "Van de ander" in coach.get(address).main
    assert "Van mij" in page.submit().main


def test_saving_the_same_twice_is_no_conflict(world: World, coach: PageClient) -> None:
    page = coach.get(f"/routes/{make_route(world)}/edit")
    assert [page.submit(notes="Hetzelfde").status for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("surface", "lava"), ("latitude", "x"), ("notes", "x" * 4001)]
)
def test_a_refused_edit_keeps_what_was_typed(world: World, coach: PageClient, field: str, value: str) -> None:
    address = f"/routes/{make_route(world)}"
    page = coach.get(f"{address}/edit").submit(**{"meeting_point": "Bij de molen", field: value})
    assert page.status == 422
    assert list(page.errors) == [field]
    assert "Bij de molen" in page.one("[name=meeting_point]").get_text()
    assert "Bij de molen" not in coach.get(address).main


def test_another_line_leaves_the_words_alone(world: World, coach: PageClient) -> None:
    address = f"/routes/{make_route(world, notes='Blijft staan')}"
    page = coach.get(address).follow("Ander GPX-bestand")
    refused = page.submit(gpx=(gpx_file()[0], "leeg.gpx"), follow=True)
    assert refused.h1 == "Schaapskooi"
    page = coach.get(address).follow("Ander GPX-bestand")
    page = page.submit(
        "/routes/new?replace=" + address.rsplit("/", 1)[-1], gpx=gpx_file(((52.2, 5.3), (52.21, 5.3)))
    )
    found = page.one("[data-route]")
    assert (found["data-distance-m"], found["data-points"]) == ("1112", "2")
    assert "52.20000, 5.30000" in page.main
    assert "Blijft staan" in page.main


def test_a_route_in_words_can_get_a_line(world: World, coach: PageClient) -> None:
    page = coach.get(f"/routes/{make_route(world, line=False, distance_km='9')}").follow(
        "GPX-bestand toevoegen"
    )
    without = page.submit(page.form()["action"])
    assert list(without.errors) == ["gpx"]
    done = page.submit(page.form()["action"], gpx=gpx_file())
    assert done.one("[data-route]")["data-distance-m"] == "2465"


def test_the_ends_come_off_only_when_asked(world: World, coach: PageClient) -> None:
    """The first and last 200 metres, and the places that would still tell where it began."""
    more = "".join(
        f'<wpt lat="{lat}" lon="5.12"><name>{name}</name></wpt>'
        for lat, name in ((52.0901, "Huis"), (52.095, "Bank"))
    )
    address = f"/routes/{make_route(world, gpx=gpx_file(more=more))}"
    page = coach.get(address)
    assert page.one("[data-route]")["data-distance-m"] == "2465"
    assert places(page) == ["Huis", "Bank"]
    with work_inside("measured", "length_m", "put_line") as called:
        trimmed = page.submit(f"{address}/trim")
    assert called["measured"] and called["put_line inside"] and not called["measured inside"]
    assert not called["length_m inside"], "nobody waits while it is measured"
    assert trimmed.one("[data-route]")["data-distance-m"] == "2065"
    assert places(trimmed) == ["Bank"]
    assert "5.12000" not in trimmed.main or "52.09000" not in trimmed.main
    start = read_gpx(coach.get(f"{address}.gpx").response.data).segments[0][0]
    assert start.latitude == pytest.approx(52.0918, abs=0.0001)
    twice = page.submit(f"{address}/trim")  # the same button again, from a page that stood open
    assert twice.one("[data-route]")["data-distance-m"] == "2065"
    assert "intussen" in twice.main


def test_no_offer_for_a_short_route(world: World, coach: PageClient) -> None:
    page = coach.get(f"/routes/{make_route(world, gpx=gpx_file(((52.0, 5.0), (52.005, 5.0))))}")
    assert page.one("[data-route]")["data-distance-m"] == "556"
    assert page.select('form[action$="/trim"]') == []


def test_putting_away_and_back(world: World, coach: PageClient) -> None:
    address = f"/routes/{make_route(world)}"
    away = coach.get(address).submit(f"{address}/archive")
    assert "opgeborgen" in away.main
    library = coach.get("/routes/")
    assert library.select("[data-route]") == []
    assert len(library.follow("1 opgeborgen route").select("[data-route]")) == 1
    away.submit(f"{address}/archive")
    assert len(coach.get("/routes/").select("[data-route]")) == 1


def test_places_are_added_in_walking_order(world: World, coach: PageClient) -> None:
    address = f"/routes/{make_route(world)}"
    for kind, name, metres in (("bench", "Bank", "1500"), ("tree", "Eik", "300"), ("talk_point", "", "")):
        page = coach.get(address).follow("Plek toevoegen").submit(kind=kind, name=name, along_m=metres)
    assert places(page) == ["Eik", "Bank", "Praatplek"]
    assert "na 4 minuten, 300 m vanaf het begin" in re.sub(r"\s+", " ", page.main)
    assert (
        len(page.select("svg.sketch text")) == 2 + 2
    )  # scale, north, and a number for each place that has one


def test_places_move_and_go(world: World, coach: PageClient) -> None:
    more = "".join(f'<wpt lat="52.09{n}" lon="5.12"><name>{n}</name></wpt>' for n in (1, 2, 3))
    address = f"/routes/{make_route(world, gpx=gpx_file(more=more))}"
    page = coach.get(address)
    one, _, three = (str(tag["href"]) for tag in page.select("#places li strong a"))
    up = page.select(f'form[action="{three}/move"]')[0]
    page = coach.post(f"{three}/move", {f["name"]: f["value"] for f in up.select("input")}, follow=True)
    assert places(page) == ["1", "3", "2"]
    token = page.select("main [name=csrf_token]")[0]["value"]
    page = coach.post(f"{one}/move", {"csrf_token": token, "step": "up"}, follow=True)
    assert places(page) == ["1", "3", "2"]  # the first cannot go higher
    page = coach.post(f"{one}/move", {"csrf_token": token, "step": "down"}, follow=True)
    assert places(page) == ["3", "1", "2"]
    for _ in range(2):  # gone is gone
        page = coach.post(f"{one}/delete", {"csrf_token": token}, follow=True)
        assert places(page) == ["3", "2"]


def test_changing_a_place_keeps_where_it_is(world: World, coach: PageClient) -> None:
    more = '<wpt lat="52.0955555" lon="5.1234567"><name>Bank</name><type>bench</type></wpt>'
    address = f"/routes/{make_route(world, gpx=gpx_file(more=more))}"
    page = coach.get(address).follow("Bank")
    page = page.submit(name="Bank bij de eik", image="Hier mag je even niets")
    assert "Hier mag je even niets" in page.main
    kept = read_gpx(coach.get(f"{address}.gpx").response.data).waypoints[0]
    assert (kept.name, kept.latitude, kept.longitude) == ("Bank bij de eik", 52.0955555, 5.1234567)
    page.follow("Bank bij de eik").submit(along_m="100")
    moved = read_gpx(coach.get(f"{address}.gpx").response.data).waypoints[0]
    assert moved.latitude == pytest.approx(52.0909, abs=0.0001)


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({}, "kind"),
        ({"kind": "castle"}, "kind"),
        ({"kind": "bench", "along_m": "2466"}, "along_m"),
        ({"kind": "bench", "along_m": "-5"}, "along_m"),
        ({"kind": "bench", "latitude": "52"}, "longitude"),
        ({"kind": "bench", "name": "x" * 201}, "name"),
    ],
    ids=str,
)
def test_a_place_that_cannot_be(
    world: World, coach: PageClient, fields: dict[str, str], refused: str
) -> None:
    address = f"/routes/{make_route(world)}"
    page = coach.get(f"{address}/points/new").submit(**fields)
    assert page.status == 422
    assert list(page.errors) == [refused]
    assert places(coach.get(address)) == []


def test_a_place_on_a_route_in_words_needs_no_map(world: World, coach: PageClient) -> None:
    page = coach.get(f"/routes/{make_route(world, line=False)}/points/new").submit(
        kind="bench", name="Na het hek"
    )
    assert places(page) == ["Na het hek"]


def test_the_same_place_form_twice_makes_one(world: World, coach: PageClient) -> None:
    page = coach.get(f"/routes/{make_route(world)}/points/new")
    assert [places(page.submit(kind="bench", name="Bank")) for _ in range(2)] == [["Bank"], ["Bank"]]
