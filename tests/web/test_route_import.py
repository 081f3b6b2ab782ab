"""Several files at once: what became of each, and that a bad one costs nobody the others."""

from __future__ import annotations

import base64
import json
import zlib
from io import BytesIO
from typing import Any

import pytest

from planner.services.routes import route_changes, route_rows
from planner.web.walking_routes import taking_in
from tests.conftest import World
from tests.counting import work_inside
from tests.factories import LINE, gpx_file, make_route
from tests.page_client import Page, PageClient

Sent = tuple[BytesIO, str]
NORTH = tuple((lat + 0.1, lon) for lat, lon in LINE)
EAST = tuple((lat, lon + 0.1) for lat, lon in LINE)


def sent(content: bytes, name: str) -> Sent:
    return BytesIO(content), name


def gpx(line: tuple[tuple[float, float], ...] = LINE, name: str = "", file: str = "rondje.gpx") -> Sent:
    return gpx_file(line, name)[0], file


def two_tracks() -> Sent:
    tracks = "".join(
        f"<trk><name>{name}</name><trkseg>"
        + "".join(f'<trkpt lat="{lat}" lon="{lon}"/>' for lat, lon in line)
        + "</trkseg></trk>"
        for name, line in (("Noord", NORTH), ("Oost", EAST))
    )
    places = '<wpt lat="52.195" lon="5.12"><name>05</name></wpt><wpt lat="52.09" lon="5.22"><name>Bankje</name></wpt>'
    return sent(f"<gpx>{places}{tracks}</gpx>".encode(), "samen.gpx")


def bring(coach: PageClient, *files: Sent, page: Page | None = None) -> Page:
    page = page or coach.get("/routes/import")
    fields = {
        str(one["name"]): str(one.get("value", ""))
        for one in page.select("form[action='/routes/import'] input[type=hidden]")
    }
    return coach.post("/routes/import", fields | {"files": list(files)})


def fates(page: Page) -> list[tuple[str, str, list[str]]]:
    return [
        (
            str(item["data-file"]),
            item.select("h3")[0].get_text(strip=True),
            [str(one["data-route-in"]) for one in item.select("[data-route-in]")],
        )
        for item in page.select("#report [data-file]")
    ]


def names(coach: PageClient) -> list[str]:
    return [tag.get_text(strip=True) for tag in coach.get("/routes/").select("[data-route] h2")]


def test_each_file_has_its_own_fate(world: World, coach: PageClient) -> None:
    make_route(world, name="Was er al")
    page = bring(
        coach,
        gpx(tuple(reversed(LINE)), "Andersom", "om.gpx"),
        sent(b"<gpx><trk>", "kapot.gpx"),
        two_tracks(),
        sent(
            json.dumps({"type": "LineString", "coordinates": [[5.5, 52.5], [5.5, 52.51]]}).encode(),
            "lijn.geojson",
        ),
        sent(b" " * 5_000_001, "groot.gpx"),
    )
    assert page.status == 200
    assert fates(page) == [
        ("read", "om.gpx", ["same"]),
        ("refused", "kapot.gpx", []),
        ("read", "samen.gpx", ["added", "added"]),
        ("read", "lijn.geojson", ["added"]),
        ("refused", "groot.gpx", []),
    ]
    assert "dezelfde lijn als" in page.one("[data-route-in=same]").get_text()
    assert page.one("[data-route-in=same] a").get_text() == "Was er al"
    assert names(coach) == ["lijn", "Noord", "Oost", "Was er al"]
    links = [str(link["href"]) for link in page.select("[data-route-in=added] p:first-child a")]
    found = [[tag.get_text() for tag in coach.get(link).select("#places strong a")] for link in links]
    assert found == [["Knooppunt 05"], ["Bankje"], []], "each route has the places that lie on it"


def test_an_offer_to_take_the_ends_off_and_nothing_by_itself(coach: PageClient) -> None:
    page = bring(coach, gpx(), gpx(((52.5, 5.5), (52.501, 5.5)), "Kort", "kort.gpx"))
    (offer,) = page.select("#report a[href$='ends=1#ends']")
    route = coach.get(str(offer["href"]).split("#")[0])
    assert route.one("#ends details").has_attr("open")
    assert route.one("[data-route]")["data-distance-m"] == "2465"


def test_nobody_waits_while_routes_are_compared_and_packed(world: World, coach: PageClient) -> None:
    """A route of the same file, and one that is there already."""
    make_route(world)
    work = "is_same", "_packed", "measured", "can_trim", "position_of"
    with work_inside(*work, "new_route") as called:
        page = bring(coach, gpx(), gpx(NORTH), two_tracks(), gpx(EAST, "Weer"))
    assert [fate for _, _, fate in fates(page)] == [["same"], ["added"], ["same", "added"], ["same"]]
    assert called["is_same"] and called["_packed"] == 3 and called["new_route inside"] == 2
    assert not any(called[f"{name} inside"] for name in work)
    twice = (
        b"<gpx>"
        + 2 * gpx(((52.5, 5.5), (52.52, 5.5)))[0].read().split(b">", 1)[1].replace(b"</gpx>", b"")
        + b"</gpx>"
    )
    with work_inside(*work) as called:
        assert fates(bring(coach, sent(twice, "dubbel.gpx")))[0][2] == ["added", "same"]
    assert called["is_same"] and not called["is_same inside"]


def test_what_came_while_routes_were_compared_is_seen(world: World) -> None:
    """Two people bring the same file at the same moment."""
    file = route_rows.measured_file(gpx()[0].read())
    known = route_rows.alike(world.store, world.coach(), file.line)
    assert known.same_id is None
    route = make_route(world)
    with world.store.db.reading(world.coach().scope) as session:
        same = route_rows.same_route(world.store, session, file.line, known)
        assert same is not None and same.id == route
        assert route_rows.same_route(world.store, session, file.line, known, [route]) is None
    known = route_rows.alike(world.store, world.coach(), file.line)
    route_changes.replace_line(world.store, world.coach(), route, gpx(NORTH)[0].read(), world.now)
    with world.store.db.reading(world.coach().scope) as session:
        assert route_rows.same_route(world.store, session, file.line, known) is None, (
            "it has another line now"
        )


def test_the_same_form_twice_adds_once(coach: PageClient) -> None:
    form = coach.get("/routes/import")
    first, again = (fates(bring(coach, gpx(), two_tracks(), page=form)) for _ in range(2))
    assert first == again == [("read", "rondje.gpx", ["added"]), ("read", "samen.gpx", ["added", "added"])]
    assert len(names(coach)) == 3


def test_a_route_can_be_added_after_all(coach: PageClient) -> None:
    bring(coach, two_tracks())
    page = bring(coach, two_tracks())
    assert [fate for _, _, fate in fates(page)] == [["same", "same"]]
    forms = page.select("#report form")
    fields = {str(one["name"]): str(one["value"]) for one in forms[0].select("input")}
    for _ in range(2):
        route = coach.post("/routes/import/anyway", fields, follow=True)
        assert (route.h1, len(route.select("#places li"))) == ("Noord", 1)
    assert names(coach) == ["Noord", "Noord", "Oost"]


@pytest.mark.parametrize(
    "again",
    ["", "x", "####", base64.b64encode(b"nothing").decode(), base64.b64encode(zlib.compress(b"<gpx/>")).decode(),
     base64.b64encode(zlib.compress(b" " * 30_000_000)).decode(), "A" * 400_001],
    ids=["nothing", "a letter", "signs", "not packed", "no route", "too much", "too long"],
)  # fmt: skip
def test_what_was_not_carried_along_is_asked_again(coach: PageClient, again: str) -> None:
    token = coach.get("/routes/import").one("main [name=csrf_token]")["value"]
    page = coach.post("/routes/import/anyway", {"csrf_token": token, "again": again}, follow=True)
    assert (page.path, "kwam niet mee" in page.text) == ("/routes/new", True)
    assert names(coach) == []


def test_what_cannot_be_read_at_all_is_no_success(coach: PageClient) -> None:
    page = bring(coach, sent(b"", "leeg.gpx"), sent(b"PK\x03\x04", "map.zip"))
    assert (page.status, [fate for fate, _, _ in fates(page)]) == (422, ["refused", "refused"])
    empty = bring(coach)
    assert (empty.status, list(empty.errors)) == (422, ["files"])


def test_more_files_than_fit_are_told_and_not_lost_in_silence(coach: PageClient) -> None:
    many = [gpx(((52 + n / 50, 5.0), (52 + n / 50, 5.01)), f"Lijn {n}", f"{n}.gpx") for n in range(22)]
    page = bring(coach, *many)
    assert [fate for fate, _, _ in fates(page)] == ["read"] * taking_in.MOST_FILES + ["left"] * 2


def test_only_this_address_takes_as_much(coach: PageClient) -> None:
    big = b"<gpx>" + b" " * 4_000_000
    page = bring(coach, *[sent(big, f"{n}.gpx") for n in range(3)])
    assert [fate for fate, _, _ in fates(page)] == ["refused"] * 3
    token = page.one("main [name=csrf_token]")["value"]
    fields: dict[str, Any] = {"csrf_token": token, "again": "x" * 3_000_000}
    assert coach.post("/routes/import/anyway", fields).status == 413
    assert bring(coach, *[sent(big, f"{n}.gpx") for n in range(7)]).status == 413


def test_a_single_file_that_is_there_already_is_told(world: World, coach: PageClient) -> None:
    make_route(world, name="Was er al")
    page = coach.get("/routes/new").submit("/routes/new", name="Nieuw", gpx=gpx_file())
    assert "dezelfde lijn als “Was er al”" in page.text
    assert names(coach) == ["Nieuw", "Was er al"]


def test_routes_of_another_practice_are_nobodys_business(world: World) -> None:
    make_route(world, who="bram")
    page = bring(world.browser("anna"), gpx())
    assert fates(page) == [("read", "rondje.gpx", ["added"])]


def test_names_from_a_file_are_plain_text(coach: PageClient) -> None:
    page = bring(coach, gpx(LINE, "&lt;script&gt;alert(1)&lt;/script&gt;", "<img src=x onerror=1>.gpx"))
    assert "<script>alert" not in page.text
    assert "<img" not in page.text


def test_another_file_in_the_same_form_is_added_too(coach: PageClient) -> None:
    """What is told as added is there."""
    page = coach.get("/routes/import")
    for name, latitude in (("Een", 52.4), ("Twee", 52.5), ("Twee", 52.5)):
        file = gpx_file(((latitude, 5.4), (latitude + 0.01, 5.4)), name)[0]
        done = page.submit("/routes/import", files=[(file, f"{name}.gpx")])
        link = done.select("#report [data-route-in=added] a")[0]
        assert coach.get(str(link["href"])).h1 == name
    assert len(coach.get("/routes/").select("[data-route]")) == 2
