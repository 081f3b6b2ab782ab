"""Path engines of the practice's own: what they are asked, what comes of their answers, and of everything else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from planner.domain.geo import Line, Point
from planner.domain.needs import OutsideFailed, PathFinder
from planner.outside.brouter import BRouter
from planner.outside.http import Door
from planner.outside.valhalla import Valhalla
from planner.path_engine import path_desk
from planner.settings import Settings
from tests.outside.raw_server import WHOLE, Behaviour, drip, send, serving, silence

A, B, C = Point(52.0912345, 5.1212345), Point(52.1, 5.13), Point(-33.5, -70.25)
LINE = [[5.12, 52.09], [5.125, 52.095], [5.13, 52.1]]
ENGINES = {"valhalla": Valhalla, "brouter": BRouter}
PATHS = {"valhalla": "/route", "brouter": "/brouter"}


def engine(kind: str, url: str, deadline_s: float = 5.0) -> PathFinder:
    made: PathFinder = ENGINES[kind](Door(lambda: "own-server", deadline_s, 100_000), url)
    return made


def geometry(coordinates: Any, kind: str = "LineString") -> dict[str, Any]:
    return {"geometry": {"type": kind, "coordinates": coordinates}}


def answer_of(kind: str, feature: Any) -> Any:
    """An answer as this engine gives it."""
    if kind == "valhalla":
        return {"code": "Ok", "routes": [feature]}
    return {"type": "FeatureCollection", "features": [feature]}


def failure(kind: str, url: str, deadline_s: float = 5.0) -> str:
    with pytest.raises(OutsideFailed) as raised:
        engine(kind, url, deadline_s).path((A, B))
    return raised.value.kind


def test_valhalla_is_asked_exactly_and_on_foot(httpserver: HTTPServer) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response(json.dumps(answer_of("valhalla", geometry(LINE))))

    httpserver.expect_request("/route").respond_with_handler(answer)
    line = engine("valhalla", httpserver.url_for("")).path((A, B, C, A))
    assert line == (Point(52.09, 5.12), Point(52.095, 5.125), Point(52.1, 5.13))
    asked = json.loads(seen[0].args["json"])
    assert [place["type"] for place in asked["locations"]] == ["break", "via", "via", "break"]
    assert asked["locations"][0] | {"type": ""} == {"lat": 52.091234, "lon": 5.121234, "type": ""}
    assert asked["costing"] == "pedestrian"
    assert "@" not in seen[0].headers["User-Agent"]


def test_brouter_is_asked_exactly_and_knows_heights(httpserver: HTTPServer) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        with_heights = [[*LINE[0], 4.5], [*LINE[1], 12], LINE[2]]
        return Response(json.dumps(answer_of("brouter", geometry(with_heights))))

    httpserver.expect_request("/brouter").respond_with_handler(answer)
    line = engine("brouter", httpserver.url_for("")).path((A, B, A))
    assert [point.elevation_m for point in line] == [4.5, 12, None]
    asked = seen[0].args
    assert asked["lonlats"] == "5.121234,52.091234|5.130000,52.100000|5.121234,52.091234"
    assert (asked["profile"], asked["format"], asked["alternativeidx"]) == ("hiking-mountain", "geojson", "0")


REFUSALS: list[tuple[str, int, str, str]] = [
    ("valhalla", 400, '{"code":"NoSegment","message":"could not snap"}', "not_covered"),
    ("valhalla", 400, '{"code":"NoRoute"}', "not_covered"),
    ("valhalla", 400, '{"code":"DistanceExceeded"}', "not_covered"),
    ("valhalla", 500, '{"code":"InvalidUrl"}', "not_covered"),
    ("valhalla", 400, '{"code":"InvalidValue"}', "bad_request"),
    ("valhalla", 400, "<h1>Bad Request</h1>", "bad_request"),
    ("valhalla", 400, "[]", "bad_request"),
    ("valhalla", 502, "", "failing"),
    ("valhalla", 429, "", "throttled"),
    ("valhalla", 204, "", "garbage"),
    ("brouter", 400, "datafile E5_N50.rd5 not found\n", "not_covered"),
    ("brouter", 400, "from-position not mapped in existing datafile\n", "not_covered"),
    ("brouter", 400, "target island detected for section 0\n", "not_covered"),
    ("brouter", 400, "no track found at pass=0\n", "not_covered"),
    ("brouter", 400, "operation killed by thread-priority-watchdog after 0 seconds\n", "bad_request"),
    ("brouter", 403, "Bad agent: no track found", "refused"),
    ("brouter", 500, "", "failing"),
]


@pytest.mark.parametrize(("kind", "status", "body", "expected"), REFUSALS)
def test_what_a_refusal_means(
    httpserver: HTTPServer, kind: str, status: int, body: str, expected: str
) -> None:
    httpserver.expect_request("/route").respond_with_data(body, status=status)
    httpserver.expect_request("/brouter").respond_with_data(body, status=status)
    assert failure(kind, httpserver.url_for("")) == expected


ODD: list[Any] = [
    geometry([]), geometry([[5, 52]]), geometry("x"), geometry(None), geometry([[5, 52], [5]]),
    geometry([[5, 52], []]), geometry([[5, 52], [5, 95]]), geometry([[5, 52], [500, 52]]),
    geometry([[5, 52], ["5", "52"]]), geometry([[5, 52], None]), geometry([[5, 52], [True, False]]),
    geometry([LINE], "MultiLineString"), {"geometry": None}, {"geometry": "x"}, {}, None, "x", 3, [],
]  # fmt: skip


@pytest.mark.parametrize("kind", ENGINES)
def test_an_answer_that_is_no_line_is_garbage(httpserver: HTTPServer, kind: str) -> None:
    bodies = [json.dumps(answer_of(kind, one)) for one in ODD]
    bodies += [
        "",
        "[]",
        "null",
        "3",
        '"x"',
        "{",
        "{}",
        '{"routes": [], "features": []}',
        "<html>log in</html>",
    ]
    bodies += ['{"routes": {}, "features": {}}', "[" * 2000, "\ufffd", '{"routes": [{"geometry": NaN}]}']
    for body in bodies:
        httpserver.expect_ordered_request(PATHS[kind]).respond_with_data(body)
    assert {body: failure(kind, httpserver.url_for("")) for body in bodies} == dict.fromkeys(
        bodies, "garbage"
    )


@pytest.mark.parametrize("kind", ENGINES)
@pytest.mark.parametrize(
    ("behaviour", "deadline_s", "expected"),
    [
        (silence, 0.3, "unreachable"),
        (drip(WHOLE), 0.3, "unreachable"),
        (send(b""), 5.0, "unreachable"),
        (send(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"), 5.0, "unreachable"),
        (send(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_001), 5.0, "too_large"),
        (
            send(b"HTTP/1.1 302 Found\r\nLocation: https://router.example/\r\nContent-Length: 0\r\n\r\n"),
            5.0,
            "redirected",
        ),
    ],
    ids=["silent", "dripping", "hanging up", "half", "too much", "elsewhere"],
)
def test_a_server_that_misbehaves(kind: str, behaviour: Behaviour, deadline_s: float, expected: str) -> None:
    with serving(behaviour) as url:
        assert failure(kind, url, deadline_s) == expected


def test_nobody_there() -> None:
    assert failure("valhalla", "http://127.0.0.1:9") == "unreachable"


def test_the_settings_choose_the_engine(tmp_path: Any) -> None:
    def finder(**more: Any) -> PathFinder | None:
        desk = path_desk(Settings(tmp_path, "sqlite://", b"", b"", **more))
        return desk.finder if desk else None

    assert finder() is None
    assert isinstance(finder(router_url="http://127.0.0.1:8002"), Valhalla)
    assert isinstance(finder(router_url="http://127.0.0.1:17777", router="brouter"), BRouter)
    assert finder(router_url="https://valhalla1.openstreetmap.de") is None


def test_a_line_of_twenty_thousand_points_is_the_most(httpserver: HTTPServer) -> None:
    def ask(points: int) -> Line:
        body = json.dumps(answer_of("brouter", geometry([[5, 52]] * points)))
        httpserver.expect_ordered_request("/brouter").respond_with_data(body)
        return BRouter(Door(lambda: "own-server"), httpserver.url_for("")).path((A, B))

    assert len(ask(20_000)) == 20_000
    with pytest.raises(OutsideFailed):
        ask(20_001)
