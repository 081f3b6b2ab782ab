"""The door for addresses that a coach typed in: which places it refuses by any road, and what it never carries."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from planner.domain.needs import OutsideFailed
from planner.outside.open_door import (
    Address,
    Login,
    OpenDoor,
    is_home,
    is_public,
    public,
    public_or_home,
)
from tests.outside.raw_server import drip, send, serving

STAND_IN = ip_address("::1")
"""In these tests this counts as a place on the public internet; 127.0.0.1 is what it is."""
PUBLIC = (
    "93.184.216.34",
    "8.8.8.8",
    "2606:2800:220:1:248:1893:25c8:1946",
    "::ffff:93.184.216.34",
    "64:ff9b::808:808",
)
PRIVATE = (
    "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "127.0.0.1", "127.8.8.8", "169.254.169.254", "0.0.0.0",
    "0.1.2.3", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::7f00:1", "fe80::1", "fec0::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::", "2002:a9fe:a9fe::",
    "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254", "fd20:ce::254", "fe80::a9fe:a9fe",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2001:0:4136:e378:8000:63bf:f5ff:fffe",
)  # fmt: skip
AT_HOME = {"10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "127.0.0.1", "127.8.8.8", "100.64.0.1", "::1",
           "fc00::1", "fd12::1"}  # fmt: skip


def with_stand_in(address: Address, plain: bool) -> bool:
    return address == STAND_IN or public(address, plain)


def door(**given: object) -> OpenDoor:
    return OpenDoor(**{"allowed": with_stand_in, **given})  # type: ignore[arg-type]


def refusal(through: OpenDoor, url: str) -> str:
    with pytest.raises(OutsideFailed) as raised:
        through.ask(url)
    return raised.value.kind


@pytest.fixture
def outside() -> Iterator[HTTPServer]:
    """A server that counts as public."""
    server = HTTPServer(host="::1")
    server.start()
    yield server
    server.clear()
    server.stop()


def at(server: HTTPServer, path: str) -> str:
    host = f"[{server.host}]" if ":" in server.host else server.host
    return f"http://{host}:{server.port}{path}"


@pytest.mark.parametrize("text", [*PUBLIC, *PRIVATE])
def test_which_addresses_are_public(text: str) -> None:
    address = ip_address(text)
    assert is_public(address) is (text in PUBLIC)
    assert public(address, False) is (text in PUBLIC) and not public(address, True)
    assert is_home(address) is (text in AT_HOME)
    assert public_or_home(address, False) is (text in PUBLIC or text in AT_HOME)
    assert public_or_home(address, True) is (text in AT_HOME), "without TLS only at home"


@pytest.mark.parametrize("text", PRIVATE)
def test_a_name_that_leads_there_is_refused(text: str) -> None:
    """Also when it gives a good address beside it."""
    through = OpenDoor(resolver=lambda host, port: ["93.184.216.34", text])
    assert refusal(through, "https://calendar.example.org/x.ics") == "not_allowed"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "localhost.", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "0",
     "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "169.254.169.254", "[fe80::1]"],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_this_machine_under_any_name(httpserver: HTTPServer, scheme: str, host: str) -> None:
    """By the machine's own look-up."""
    assert refusal(OpenDoor(), f"{scheme}://{host}:{httpserver.port}/x") == "not_allowed"
    assert httpserver.log == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/x",
        "file:///etc/passwd",
        "https:///x",
        "https://me:pw@example.org/x",
        "https://a:x/",
    ],
)
def test_only_plain_web_addresses(url: str) -> None:
    assert refusal(OpenDoor(resolver=lambda host, port: ["93.184.216.34"]), url) == "not_allowed"


LEADS = ("http://127.0.0.1:{port}/x", "http://2130706433:{port}/x", "http://0x7f000001:{port}/x", "http://localhost:{port}/x",
         "//127.0.0.1:{port}/x", "http://169.254.169.254/latest", "http://[::ffff:127.0.0.1]:{port}/x", "file:///etc/passwd",
         "gopher://127.0.0.1/x", "http://me:pw@[::1]:{port}/x")  # fmt: skip


@pytest.mark.parametrize("location", LEADS)
def test_a_redirect_passes_the_same_gate(outside: HTTPServer, httpserver: HTTPServer, location: str) -> None:
    to = location.format(port=httpserver.port)
    outside.expect_request("/a").respond_with_data("", 302, {"Location": "/b"})
    outside.expect_request("/b").respond_with_data("", 307, {"Location": to})
    assert refusal(door(), at(outside, "/a")) in ("not_allowed", "redirected")
    assert [request.path for request, _ in outside.log] == ["/a", "/b"], "the first step was an honest one"
    assert httpserver.log == []


def test_a_name_is_looked_up_once_and_that_address_is_used(httpserver: HTTPServer) -> None:
    """A second look could give another answer: DNS rebinding."""
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    httpserver.expect_request("/x").respond_with_data("here")
    through = OpenDoor(public_or_home, resolver)
    url = f"http://calendar.example.org:{httpserver.port}/x"
    assert through.ask(url).body == b"here"
    assert asked == ["calendar.example.org"]
    assert httpserver.log[0][0].headers["Host"] == f"calendar.example.org:{httpserver.port}"
    assert refusal(through, url) == "not_allowed"


def test_the_next_address_of_a_name_is_tried(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/x").respond_with_data("here")
    through = OpenDoor(public_or_home, lambda host, port: ["::1", "127.0.0.1"])
    assert through.ask(f"http://calendar.example.org:{httpserver.port}/x").body == b"here"


@pytest.mark.parametrize("host", ["a" * 64 + ".example.org", "a..b", "é" * 300])
def test_a_name_that_cannot_be_one_is_unreachable(host: str) -> None:
    """And nothing is said of it: an unhandled error would put the address in the log."""
    assert refusal(OpenDoor(public_or_home), f"http://{host}/x") in ("unreachable", "not_allowed")


def test_each_step_is_looked_up_by_itself(httpserver: HTTPServer) -> None:
    places = {"one.example.org": "127.0.0.1", "two.example.org": "169.254.169.254"}
    httpserver.expect_request("/x").respond_with_data("", 301, {"Location": "http://two.example.org/y"})
    through = OpenDoor(public_or_home, lambda host, port: [places[host]])
    assert refusal(through, f"http://one.example.org:{httpserver.port}/x") == "not_allowed"


def test_no_cookie_and_no_password_on_another_host(outside: HTTPServer, httpserver: HTTPServer) -> None:
    seen: dict[str, Request] = {}

    def remembering(answer: Response) -> object:
        def handle(request: Request) -> Response:
            seen[request.path] = request
            return answer

        return handle

    home = Response("", 302, {"Location": "/b", "Set-Cookie": "a=b"})
    away = Response("", 302, {"Location": httpserver.url_for("/c")})
    outside.expect_request("/a").respond_with_handler(remembering(home))  # type: ignore[arg-type]
    outside.expect_request("/b").respond_with_handler(remembering(away))  # type: ignore[arg-type]
    httpserver.expect_request("/c").respond_with_handler(remembering(Response("there")))  # type: ignore[arg-type]
    through = OpenDoor(public_or_home)
    start = at(outside, "/a")
    answer = through.ask(start, login=Login(start, "coach", "geheim"))
    assert (answer.body, answer.url) == (b"there", httpserver.url_for("/c"))
    assert seen["/a"].authorization is not None and seen["/b"].authorization is not None
    assert seen["/a"].authorization.password == "geheim"
    assert "Authorization" not in seen["/c"].headers
    assert not any("Cookie" in request.headers for request in seen.values())
    assert seen["/a"].headers["User-Agent"] == "StapVoorStap/1.0"
    assert "geheim" not in repr(Login(start, "coach", "geheim")), "not in a log either"


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("https://caldav.icloud.com/", "https://p42-caldav.icloud.com/1/calendars/", True),
        ("https://caldav.icloud.com/", "https://icloud.com.example.org/", False),
        ("https://caldav.icloud.com/", "http://p42-caldav.icloud.com/", False),
        ("https://dav.example.org/", "https://dav.example.org:443/x", True),
        ("https://dav.example.org/", "https://dav.example.org:8443/x", False),
        ("https://dav.example.org/", "http://dav.example.org/x", False),
        ("https://dav.example.org/", "https://example.org/x", False),
    ],
)
def test_who_hears_the_password(first: str, second: str, told: bool) -> None:
    assert bool(Login(first, "coach", "geheim").headers_for(second)) is told


def test_a_question_keeps_its_method_or_is_not_asked(outside: HTTPServer) -> None:
    outside.expect_request("/a", method="REPORT").respond_with_data("", 308, {"Location": "/b"})
    outside.expect_request("/b", method="REPORT", data="<q/>").respond_with_data("ok", 207)
    assert door().ask(at(outside, "/a"), method="REPORT", body=b"<q/>").status == 207
    outside.expect_request("/c", method="REPORT").respond_with_data("", 303, {"Location": "/b"})
    with pytest.raises(OutsideFailed) as raised:
        door().ask(at(outside, "/c"), method="REPORT", body=b"<q/>")
    assert raised.value.kind == "redirected"


def test_it_does_not_run_in_circles(outside: HTTPServer) -> None:
    outside.expect_request("/a").respond_with_data("", 302, {"Location": "/a"})
    assert refusal(door(), at(outside, "/a")) == "redirected"
    assert len(outside.log) == 4


def test_size_and_time_are_limited(outside: HTTPServer) -> None:
    outside.expect_request("/x").respond_with_data(b"x" * 2000)
    assert refusal(door(max_bytes=1000), at(outside, "/x")) == "too_large"
    for behaviour in (drip(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + b" " * 900), send(b"")):
        with serving(behaviour) as url:
            assert refusal(OpenDoor(public_or_home, deadline_s=0.6), url) == "unreachable"
