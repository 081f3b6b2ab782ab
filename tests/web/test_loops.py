"""Loops on their own, through the front door, on real paths: a real Valhalla over the middle of Helsinki."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from socket import socket
from threading import Event, Thread
from typing import Any

import gpxpy
import pytest

from planner.domain.geo import Line, Point, distance_m, position_of
from planner.domain.loops import MOST_OVERLAP, MOST_SHARED, TOLERANCE, looped, shared
from planner.outside.valhalla import Valhalla
from planner.path_engine import path_desk
from tests.address_book import csrf
from tests.conftest import World
from tests.factories import gpx_file
from tests.makers import make_client, make_link, make_route, make_walk
from tests.outside.raw_server import serving
from tests.page_client import Page, PageClient
from tests.valhalla import valhalla
from tests.web.test_drawn_routes import drawing

STATION, SQUARE, STREETS = (60.1699, 24.9384), (60.1720, 24.9450), (60.1688, 24.9450)
UTRECHT = (52.0907, 5.1214)
LINE = [[5.12, 52.09], [5.12, 52.095], [5.13, 52.095]]
CREDIT = "© OpenStreetMap-bijdragers"
BUS_TUNNEL = ((60.168045, 24.940128), (60.167133, 24.937901), (60.166516, 24.939002))
"""Both ends and the middle of a way where nobody may walk."""


@pytest.fixture(scope="module")
def engine() -> Iterator[str]:
    with valhalla() as url:
        yield url


def with_engine(world: World, url: str) -> World:
    """The planner as it is with this setting in its environment; a busy machine gets all the time it needs."""
    settings = replace(world.settings, router_url=url)
    desk = path_desk(settings)
    assert desk is not None and isinstance(desk.finder, Valhalla)
    finder = replace(desk.finder, door=replace(desk.finder.door, deadline_s=60.0))
    patient = replace(desk, finder=finder, clock=lambda: 0.0)
    world.rewire(settings=settings, paths=patient)
    return world


def ask(browser: PageClient, place: tuple[float, float], minutes: int, **more: Any) -> Page:
    latitude, longitude = place
    wish = {"latitude": latitude, "longitude": longitude, "minutes": minutes, "pace_kmh": "4", **more}
    return browser.get("/routes/loops").submit("/routes/loops", **wish)


def keep(page: Page, number: int = 0) -> Page:
    """Press the button of one of the loops."""
    card = page.select("[data-loop]")[number]
    fields = {str(one["name"]): str(one["value"]) for one in card.select("input[type=hidden]")}
    return page.client.post("/routes/loops/keep", fields)


def send(browser: PageClient, path: str, data: dict[str, Any]) -> Page:
    """With the proof that it comes from one of our pages."""
    return browser.post(path, {"csrf_token": csrf(browser), **data})


def line_in(browser: PageClient, route_id: str) -> Line:
    """The line of a route as its GPX file says."""
    track = gpxpy.parse(browser.get(f"/routes/{route_id}.gpx").text)
    return tuple(Point(one.latitude, one.longitude) for one in track.tracks[0].segments[0].points)


def kept_lines(page: Page) -> list[Line]:
    """Every loop of the page, kept as a route."""
    browser, found = page.client, []
    for number in range(len(page.select("[data-loop]"))):
        done = keep(page, number)
        assert done.status == 303
        found.append(line_in(browser, done.response.headers["Location"].split("/")[2]))
    return found


@pytest.mark.parametrize(
    ("place", "minutes", "least"),
    [(SQUARE, 30, 3), (STREETS, 30, 3), (STATION, 45, 2), (SQUARE, 45, 2), (STATION, 20, 2), (SQUARE, 15, 2)],
)
def test_loops_are_as_long_as_asked_and_differ(
    world: World, engine: str, place: tuple[float, float], minutes: int, least: int
) -> None:
    browser = with_engine(world, engine).browser("anna")
    page = ask(browser, place, minutes)
    assert page.status == 200 and CREDIT in page.text
    loops = [loop for line in kept_lines(page) if (loop := looped(line))]
    assert least <= len(loops) <= 3
    wanted_m = minutes / 60 * 4000
    for card, loop in zip(page.select("[data-loop]"), loops, strict=True):
        assert abs(loop.length_m - wanted_m) <= TOLERANCE * wanted_m
        assert int(str(card["data-distance-m"])) == pytest.approx(loop.length_m, abs=1)
        assert str(card["data-loop"]) == loop.direction
        assert loop.overlap <= MOST_OVERLAP
        assert distance_m(loop.line[0], Point(*place)) < 100
        assert loop.line[0] == loop.line[-1]
    for one, other in combinations(loops, 2):
        assert shared(one, other) <= MOST_SHARED


def test_nobody_is_sent_where_one_may_not_walk(world: World, engine: str) -> None:
    """The way between both ends of a bus tunnel goes around it, and no loop from its mouth goes through it."""
    browser = with_engine(world, engine).browser("anna")
    mouth, middle, end = BUS_TUNNEL
    (line,) = paths(browser, mouth, end)
    assert distance_m(line[-1], Point(*end)) < 30
    assert position_of((line,), Point(*middle)).aside_m > 40
    for line in kept_lines(ask(browser, mouth, 30)):
        assert position_of((line,), Point(*middle)).aside_m > 15


def paths(browser: PageClient, one: tuple[float, float], other: tuple[float, float]) -> tuple[Line]:
    answer = send(browser, "/routes/paths", between(one, other))
    assert answer.status == 200
    return (tuple(Point(*place) for place in answer.response.get_json()["line"]),)


def between(one: tuple[float, float], other: tuple[float, float]) -> dict[str, Any]:
    return {
        "from_latitude": one[0], "from_longitude": one[1], "to_latitude": other[0], "to_longitude": other[1],
    }  # fmt: skip


def test_the_one_that_is_chosen_becomes_a_route(world: World, engine: str) -> None:
    browser = with_engine(world, engine).browser("anna")
    page = ask(browser, SQUARE, 30)
    done, again = keep(page), keep(page)
    address = done.response.headers["Location"]
    assert done.status == again.status == 303 and address == again.response.headers["Location"]
    form = browser.get(address)
    assert form.one("[name=name]")["value"] == page.select("[data-loop] h3")[0].get_text()
    saved = form.submit(address, name="Rondje plein", meeting_point="Bij de fontein", follow=False)
    assert saved.status == 303
    route = browser.get(address.removesuffix("/edit"))
    assert route.h1 == "Rondje plein" and CREDIT in route.text
    assert route.one("[data-route]")["data-distance-m"] == page.select("[data-loop]")[0]["data-distance-m"]
    assert "OpenStreetMap contributors" in browser.get(address.replace("/edit", ".gpx")).text
    assert len(browser.get("/routes/").select("[data-route]")) == 1
    assert keep(page, 1).response.headers["Location"] != address


def test_the_credit_stays_with_the_line_and_goes_with_it(world: World, engine: str) -> None:
    browser = with_engine(world, engine).browser("anna")
    address = keep(ask(browser, SQUARE, 30)).response.headers["Location"].removesuffix("/edit")
    route, client = address.split("/")[2], make_client(world)
    walk = make_walk(world, client, route_id=int(route))
    for page in (address, f"/walks/{walk}", f"/walks/{walk}/sheet"):
        assert CREDIT in browser.get(page).text, page
    assert CREDIT in world.browser().get(make_link(world, client)).text
    trimmed = browser.get(address).submit(f"{address}/trim")
    assert trimmed.status == 200 and CREDIT in browser.get(address).text
    other = f"/routes/new?replace={route}"
    assert browser.get(other).submit(other, gpx=gpx_file()).status == 200
    assert CREDIT not in browser.get(address).text
    assert "OpenStreetMap" not in browser.get(f"{address}.gpx").text


@pytest.mark.parametrize(
    ("place", "minutes", "hindrance"),
    [(UTRECHT, 30, "no_path"), (SQUARE, 180, "other_minutes"), ((60.1655, 24.9330), 10, None)],
)
def test_when_there_is_none_it_says_why(
    world: World, engine: str, place: tuple[float, float], minutes: int, hindrance: str | None
) -> None:
    page = ask(with_engine(world, engine).browser("anna"), place, minutes)
    assert page.status == 200
    assert [one["data-hindrance"] for one in page.select("[data-hindrance]")] == [hindrance] * (
        hindrance is not None
    )
    if hindrance == "other_minutes":
        other = int(str(page.one("[data-hindrance]")["data-value"]))
        assert f"{other} minuten kan wel" in page.text
        assert ask(page.client, place, other).select("[data-loop]")


def test_it_begins_where_the_coach_chooses(world: World, engine: str) -> None:
    """At a route's meeting point, or at the home point; and not at another practice's route."""
    with_engine(world, engine)
    browser = world.browser("anna")
    own = make_route(world, "Station", latitude=STATION[0], longitude=STATION[1])
    others = make_route(world, "Van Bram", who="bram", latitude=STATION[0], longitude=STATION[1])
    make_route(world, "In woorden")
    form = browser.get("/routes/loops")
    chosen = {str(one["value"]): one.get_text() for one in form.select("[name=start] option")}
    assert chosen == {"": "Op de plek hieronder", "home": "Bij je thuispunt", str(own): "Station"}
    found = form.submit("/routes/loops", start=str(own), minutes=45)
    assert found.select("[data-loop]")
    assert form.submit("/routes/loops", start=str(others)).status == 422
    assert form.submit("/routes/loops").one("[data-hindrance]")["data-hindrance"] == "no_path"  # De Bilt


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"start": "", "minutes": "30"}, "start"),
        ({"minutes": ""}, "minutes"),
        ({"minutes": "9"}, "minutes"),
        ({"minutes": "181"}, "minutes"),
        ({"minutes": "half uur"}, "minutes"),
        ({"pace_kmh": ""}, "pace_kmh"),
        ({"pace_kmh": "12"}, "pace_kmh"),
        ({"latitude": "95", "longitude": "5"}, "latitude"),
        ({"latitude": "52"}, "longitude"),
        ({"start": "weg"}, "start"),
    ],
)
def test_a_wish_that_cannot_be(world: World, wrong: dict[str, str], field: str) -> None:
    """Nobody is asked: no engine answers at this address."""
    browser = with_engine(world, "http://127.0.0.1:9").browser("anna")
    page = browser.get("/routes/loops").submit("/routes/loops", **wrong)
    assert page.status == 422
    assert {one["data-error"] for one in page.select("[data-error]")} == {field}
    for name, value in wrong.items():
        if name != "start":
            assert page.one(f"[name={name}]")["value"] == value


def test_an_engine_that_says_nothing(world: World) -> None:
    browser = with_engine(world, "http://127.0.0.1:9").browser("anna")
    page = ask(browser, UTRECHT, 35)
    assert page.status == 503 and "geeft geen antwoord" in page.text
    assert page.response.headers["Retry-After"] == "5"
    assert page.one("[name=minutes]")["value"] == "35"
    answer = send(browser, "/routes/paths", between(UTRECHT, (52.095, 5.13)))
    assert (answer.status, answer.response.get_json()) == (503, {"error": "silent"})


def test_while_one_waits_the_next_is_told_so(world: World) -> None:
    """A silent engine holds one request; another is answered at once, and so are all other pages."""
    asked, enough = Event(), Event()

    def silent(_connection: socket, _over: Event) -> None:
        asked.set()
        enough.wait(20)

    with serving(silent) as url:
        first, other = with_engine(world, url).browser("anna"), world.browser("cor")
        form, answers = other.get("/routes/loops"), []
        waiting = Thread(target=lambda: answers.append(ask(first, UTRECHT, 30)))
        waiting.start()
        assert asked.wait(20)
        told = form.submit("/routes/loops")
        assert told.status == 503 and "voor iemand anders" in told.text
        assert other.get("/routes/").status == 200
        enough.set()
        waiting.join()
    assert answers[0].status == 503 and "geeft geen antwoord" in answers[0].text


@pytest.mark.parametrize("tampered", ["", "x", "W10.abc", "same coach only", "cut off"])
def test_a_loop_that_we_did_not_propose_is_not_kept(world: World, engine: str, tampered: str) -> None:
    browser = with_engine(world, engine).browser("anna")
    page = ask(browser, SQUARE, 15)
    signed = str(page.select("[data-loop] [name=loop]")[0]["value"])
    if tampered == "same coach only":
        browser, tampered = world.browser("cor"), signed
    done = send(browser, "/routes/loops/keep", {"loop": signed[:-3] if tampered == "cut off" else tampered})
    assert done.status == 422 and "niet meer te lezen" in done.text
    assert not browser.get("/routes/").select("[data-route]")


def test_the_way_between_two_points(world: World, engine: str) -> None:
    browser = with_engine(world, engine).browser("anna")
    answer = send(browser, "/routes/paths", between(STATION, SQUARE))
    said = answer.response.get_json()
    assert said["credit"].endswith(CREDIT)
    assert len(said["line"]) > 5
    for place, wanted in ((said["line"][0], STATION), (said["line"][-1], SQUARE)):
        assert distance_m(Point(*place), Point(*wanted)) < 60


@pytest.mark.parametrize(
    ("sent", "status", "error"),
    [
        ({}, 422, "bad"),
        (between((95, 24.9), SQUARE), 422, "bad"),
        (between(("x", 24.9), SQUARE), 422, "bad"),  # type: ignore[arg-type]
        (between(("nan", 24.9), SQUARE), 422, "bad"),  # type: ignore[arg-type]
        (between(STATION, UTRECHT), 422, "no_path"),
        (between(UTRECHT, (52.0917, 5.1224)), 422, "no_path"),
    ],
)
def test_no_way_between(world: World, engine: str, sent: dict[str, Any], status: int, error: str) -> None:
    answer = send(with_engine(world, engine).browser("anna"), "/routes/paths", sent)
    assert (answer.status, answer.response.get_json()) == (status, {"error": error})


@pytest.mark.parametrize("router", ["http://127.0.0.1:9", None])
def test_a_drawing_that_followed_paths_has_their_credit(world: World, router: str | None) -> None:
    """Believed where there is an engine, and for nothing else; it stays when the line is drawn on."""
    browser = (with_engine(world, router) if router else world).browser("anna")
    page = browser.get("/routes/draw")
    assert bool(page.select("[data-do=paths]")) is bool(router)
    assert [one.has_attr("hidden") for one in page.select("[data-paths-credit]")] == [True] * bool(router)
    made = page.submit("/routes/draw", name="Getekend", line=drawing(LINE, paths=True))
    address = f"/routes/{made.one('[data-route]')['data-route']}"
    straight = page.client.get("/routes/draw").submit("/routes/draw", name="Recht", line=drawing(LINE))
    assert CREDIT not in straight.main
    for shown in (address, f"{address}/map", f"{address}/draw"):
        credit = CREDIT in " ".join(
            one.get_text() for one in browser.get(shown).select("p.soft") if not one.find_parent(hidden=True)
        )
        assert credit is bool(router), shown
    assert ("OpenStreetMap" in browser.get(f"{address}.gpx").text) is bool(router)
    for line, kept in ((LINE[:3], True), (LINE[1::-1], True), (LINE[:1] + LINE[2:3], False)):
        browser.get(f"{address}/draw").submit(f"{address}/draw", line=drawing(line))
        assert (CREDIT in browser.get(address).main) is (kept and bool(router)), line


@pytest.mark.parametrize("sent", ["{}", '"yes"', "1", "null"])
def test_what_is_no_yes_or_no_is_no_drawing(world: World, sent: str) -> None:
    page = world.browser("anna").get("/routes/draw")
    line = drawing(LINE)[:-1] + f', "paths": {sent}}}'
    assert page.submit("/routes/draw", name="Getekend", line=line).status == 422


@pytest.mark.parametrize("path", ["/routes/loops", "/routes/loops/keep", "/routes/paths"])
def test_without_an_engine_nothing_of_it_is_there(world: World, path: str) -> None:
    browser = world.browser("anna")
    assert browser.get(path).status in (404, 405)
    assert send(browser, path, between(STATION, SQUARE)).status == 404
    make_route(world)
    for page in ("/routes/", "/routes/new", "/"):
        assert "/routes/loops" not in browser.get(page).text


def test_with_an_engine_the_buttons_are_there_for_a_coach_only(world: World) -> None:
    with_engine(world, "http://127.0.0.1:9")
    browser = world.browser("anna")
    for page in ("/routes/", "/routes/new"):
        assert browser.get(page).select("a[href='/routes/loops']")
    make_route(world)
    assert browser.get("/routes/").select("a[href='/routes/loops']")
    assert world.browser().get("/routes/loops").status == 303


def test_the_paths_need_their_proof(world: World) -> None:
    """Without the CSRF field the engine is not asked."""
    with_engine(world, "http://127.0.0.1:9")
    assert world.browser("anna").open("POST", "/routes/paths", data=between(STATION, SQUARE)).status == 400
