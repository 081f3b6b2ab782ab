"""The shipped proxy and the server behind it, for real: what each answer carries, what is too much or too slow,
requests that two programs might read in two ways, and what is written down of it all."""

from __future__ import annotations

import os
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest
import requests

from planner.web.assets import TYPES, table
from tests.counting import count
from tests.hostile.observatory import Seen, findings, points, score
from tests.hostile.shipped import CADDYFILE, Shipped, shipped
from tests.hostile.smuggling import CASES, answers_to
from tests.test_manners import ALWAYS, CSP
from tests.test_over_tls import Visitor

CANARY = "kanarie-Zk3rTq8vNw2xYb5mPd7s-op-het-dak"
SECRET = f"/s/{CANARY}/"
SLOW = 200
HSTS = "max-age=63072000; includeSubDomains"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Shipped]:
    with shipped(tmp_path_factory.mktemp("shipped")) as made:
        yield made


@pytest.fixture
def visitor(served: Shipped) -> Iterator[Visitor]:
    made = Visitor(served)
    yield made
    made.http.close()


def has_manners(answer: requests.Response) -> bool:
    """Everything once, and nothing that says which programs these are."""
    said = answer.raw.headers
    once = (
        *ALWAYS,
        "Content-Security-Policy",
        "Strict-Transport-Security",
        "Referrer-Policy",
        "Cache-Control",
    )
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert all(len(said.getlist(name)) == 1 for name in once), said
    assert answer.headers["Strict-Transport-Security"] == HSTS
    assert all(
        part in answer.headers["Content-Security-Policy"] for part in CSP if not part.startswith("script")
    )
    assert "Server" not in answer.headers and "Via" not in answer.headers
    its_own = answer.status_code == 414  # of gunicorn, in plain letters
    assert its_own or "charset=utf-8" in answer.headers.get("Content-Type", "charset=utf-8")
    count("answers through the proxy")
    return True


BIG = b"x" * 3_000_000
ASKED: dict[str, tuple[str, str, int, dict[str, object]]] = {
    "a page": ("GET", "/login", 200, {}),
    "an asset": ("GET", "/static/0/css/app.css", 200, {}),
    "go elsewhere": ("GET", "/", 303, {}),
    "no proof": ("POST", "/login", 400, {"data": {"email": "a@example.org"}}),
    "not there": ("GET", "/nowhere", 404, {}),
    "a closed link": ("GET", SECRET, 404, {}),
    "not this way": ("PUT", "/login", 405, {"data": b"x"}),
    "endless": ("POST", "/login", 411, {"data": iter([b"a"])}),
    "too large for the planner": ("POST", "/login", 413, {"data": b"x" * 1_500_000}),
    "too large for the proxy": ("POST", "/login", 413, {"data": BIG}),
    "a name of nobody": ("GET", "/login", 421, {"headers": {"Host": "evil.example"}}),
    "an address too long": ("GET", "/login?" + "a" * 5000, 414, {}),
}


@pytest.mark.parametrize("kind", ASKED)
def test_headers_on_every_status(visitor: Visitor, kind: str) -> None:
    method, path, status, more = ASKED[kind]
    address = visitor.proxy.base + path
    answer = visitor.http.request(method, address, allow_redirects=False, timeout=60, **more)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert status == 421 or has_manners(answer)


def test_style_and_script_stay_for_a_year_and_pages_are_not_packed(visitor: Visitor) -> None:
    """BREACH: a page holds a secret beside what others typed."""
    page = visitor.get("/login", **{"Accept-Encoding": "gzip, br, zstd"})
    assert "Content-Encoding" not in page.headers and page.headers["Cache-Control"] == "no-store"
    found = re.search(r'href="(/static/[^"]+app\.css)"', page.text)
    assert found
    style = visitor.get(found[1], **{"Accept-Encoding": "gzip"})
    assert style.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert style.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in style.headers["Vary"]


def test_http_leads_to_https_and_nowhere_else(served: Shipped) -> None:
    answer = requests.get(f"{served.plain}/login?a=b", allow_redirects=False, timeout=20)
    assert (answer.status_code, answer.headers["Location"]) == (308, f"{served.base}/login?a=b")
    assert "Set-Cookie" not in answer.headers and "Server" not in answer.headers
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{served.plain}/login", headers={"Host": "evil.example"}, timeout=20)


LARGE = {"/routes/new": 5_500_000, "/routes/7/photo/edit": 10_500_000, "/routes/import": 25_500_000}


def test_larger_where_a_file_may_be_sent(visitor: Visitor) -> None:
    """By who has a cookie. The planner itself answers there: no proof, not too large."""
    visitor.get("/login")
    for path, size in LARGE.items():
        answer = visitor.http.post(visitor.proxy.base + path, b"x" * size, timeout=60)
        assert answer.status_code == 400, path


@pytest.mark.parametrize("path", LARGE)
def test_a_stranger_is_refused_before_anything_large_is_taken_in(served: Shipped, path: str) -> None:
    for method, cookie in (("POST", "a=b"), ("GET", "__Host-session=x")):
        with served.line(20) as line:
            line.sendall(
                f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n"
                f"Content-Length: {LARGE[path]}\r\n\r\n".encode()
            )
            assert line.recv(12) == b"HTTP/1.1 413", method


def test_twelve_strangers_who_send_all_they_can_are_no_weight(tmp_path: Path) -> None:
    """Said beforehand how much it is, or in pieces; the ceiling stands in caddy.service.d."""
    much = b"x" * 26_000_000
    ways = (
        b"POST /routes/import HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%b"
        % (len(much), much),
        b"GET /login HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n"
        % (len(much), much),
    )
    with shipped(tmp_path) as served, ThreadPoolExecutor(12) as people:
        list(people.map(lambda number: _send(served, ways[number % 2]), range(24)))
        assert _most_memory_mb("caddy") < 150


def _send(served: Shipped, asked: bytes) -> None:
    with served.line(30) as line, suppress(OSError):
        line.sendall(asked)
        line.recv(12)


def _most_memory_mb(program: str) -> int:
    """Of the one that these tests started last."""
    told = [Path(f"/proc/{one}/status").read_text() for one in sorted(children(os.getpid()))]
    (*_, last) = [one for one in told if one.startswith(f"Name:\t{program}\n")]
    return int(last.split("VmHWM:")[1].split()[0]) // 1024


def test_what_a_visitor_says_of_themselves_is_not_believed(visitor: Visitor) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-Prefix": "/evil"}
    page = visitor.get("/login", **forged, Forwarded="host=evil.example")
    assert page.status_code == 200 and "evil" not in page.text
    assert "__Host-session" in page.headers["Set-Cookie"]
    statuses = []
    for number in range(8):
        sent = visitor.form("/login") | {"email": "niemand@example.org", "password": "niet mijn wachtwoord"}
        statuses.append(visitor.post("/login", sent, **{"X-Forwarded-For": f"203.0.{number}.7"}).status_code)
    assert 429 in statuses


def test_the_address_is_not_what_a_visitor_makes_of_it(served: Shipped, visitor: Visitor) -> None:
    """gunicorn believes everybody on a unix socket; SCRIPT_NAME would become the beginning of every link."""
    for name in ("SCRIPT_NAME", "Script_name", "PATH_INFO"):
        assert visitor.get("/x/login", **{name: "/x"}).status_code == 404
        with served.straight() as line:
            line.sendall(f"GET /x/login HTTP/1.1\r\nHost: localhost\r\n{name}: /x\r\n\r\n".encode())
            assert line.recv(100).split(b" ")[1] == b"404", name


def test_observatory_gives_a_plus(served: Shipped, visitor: Visitor) -> None:
    """130 or more; and of the policy nothing is said but that `'self'` must serve our own scripts only."""
    first = requests.get(served.plain, allow_redirects=False, timeout=20)
    visitor.get("/")
    page = visitor.get("/login")
    cookies = tuple(page.raw.headers.getlist("Set-Cookie"))
    given = points(Seen(page.headers, cookies, first.headers["Location"], "localhost", page.text))
    assert score(given) >= 130, given
    assert list(findings(page.headers["Content-Security-Policy"])) == [("maybe", "script-src allows 'self'")]
    count("points of the observatory", score(given))


def test_no_script_but_ours_is_served(visitor: Visitor) -> None:
    """What makes `script-src 'self'` safe: nothing that somebody sent is ever served as a script."""
    assert all(name.startswith(("js/", "leaflet")) for name in table() if Path(name).suffix == ".js")
    assert [kind for kind in TYPES.values() if "script" in kind] == ["text/javascript; charset=utf-8"]
    answer = visitor.get("/login?callback=alert")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


ONE_AFTER_THE_OTHER = {"bare line feeds in the head", "a folded line", "nothing before the colon"}
"""The proxy reads these as two requests in a row and writes each anew: nothing odd is left for the server to read."""


@pytest.mark.parametrize("way", ["through the proxy", "straight"])
@pytest.mark.parametrize("case", CASES)
def test_one_request_gets_one_answer(served: Shipped, case: str, way: str) -> None:
    """The request that hides in another is never answered: refused, closed, or read as the body it is."""
    through = way == "through the proxy"
    with served.line(2) if through else served.straight(2) as line:
        statuses, said = answers_to(line, CASES[case])
    assert len(statuses) <= (2 if through and case in ONE_AFTER_THE_OTHER else 1), said[:400]
    assert not statuses or statuses[0] < 500 or statuses[0] in (501, 505), said[:400]
    count("smuggling tried")


def test_after_all_that_everybody_gets_their_own_answer(visitor: Visitor) -> None:
    assert {visitor.get("/login").status_code for _ in range(20)} == {200}


def half(served: Shipped, kind: str) -> socket.socket:
    line = served.line(10)
    line.sendall(SLOWLY[kind])
    return line


SLOWLY = {
    "half a head": b"POST /login HTTP/1.1\r\nHost: localhost\r\nX-A: ",
    "half a body": b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nemail=",
}


@pytest.mark.parametrize("kind", SLOWLY)
def test_slow_people_hold_up_nobody(served: Shipped, visitor: Visitor, kind: str) -> None:
    """Two processes, and two hundred who are not done with what they say."""
    with ExitStack() as lines:
        for _ in range(SLOW):
            lines.enter_context(half(served, kind))
        took = [timed(visitor) for _ in range(20)]
    assert max(took) < 1.0, took
    count("slow connections", SLOW)


def test_slow_readers_hold_up_nobody(served: Shipped, visitor: Visitor) -> None:
    """They ask for a file and do not read it."""
    with ExitStack() as lines:
        for _ in range(50):
            line = lines.enter_context(served.line(10))
            line.sendall(b"GET /static/0/leaflet-1.9.4.1/leaflet.js HTTP/1.1\r\nHost: localhost\r\n\r\n")
        took = [timed(visitor) for _ in range(20)]
    assert max(took) < 2.0, took


def test_without_the_proxy_they_would(served: Shipped) -> None:
    """The control: straight to the two processes, two are enough."""
    asked = b"GET /login HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n\r\n"
    with ExitStack() as lines:
        for _ in range(4):
            lines.enter_context(served.straight()).sendall(SLOWLY["half a body"])
        time.sleep(0.5)
        with served.straight(2) as line, pytest.raises(TimeoutError):
            line.sendall(asked)
            line.recv(1)
    with served.straight(20) as line:
        line.sendall(asked)
        assert line.recv(12) == b"HTTP/1.1 200"


def timed(visitor: Visitor) -> float:
    began = time.monotonic()
    assert visitor.get("/login").status_code == 200
    return time.monotonic() - began


def test_a_restart_is_a_pause_and_an_end_is_told(served: Shipped, visitor: Visitor) -> None:
    """Told to start anew while people look: nobody sees a fault. Gone: said with manners, and when to come back."""
    statuses: list[int] = []
    over = threading.Event()

    def look() -> None:
        beside = Visitor(served)
        while not over.is_set():
            statuses.append(beside.get("/login").status_code)
        beside.http.close()

    looking, before = threading.Thread(target=look), children(served.web.pid)
    looking.start()
    served.web.send_signal(signal.SIGHUP)
    until = time.monotonic() + 60
    while before & children(served.web.pid) or len(children(served.web.pid)) < len(before):
        assert time.monotonic() < until, "the old processes are still there"
        time.sleep(0.1)
    over.set()
    looking.join()
    assert set(statuses) == {200}, set(statuses)
    served.web.terminate()
    served.web.wait(30)
    answer = visitor.get(SECRET)
    assert answer.status_code == 502 and answer.headers["Retry-After"] == "30"
    assert has_manners(answer) and "De planner is er even niet" in answer.text


def children(pid: int) -> set[int]:
    return {int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def test_no_secret_is_in_a_log(tmp_path: Path) -> None:
    """Asked for in its address and from where, in a request that cannot be read, and with the planner gone."""
    with shipped(tmp_path) as served:
        assert _status(served) == 404
        _ask_badly(served)
        served.web.terminate()
        served.web.wait(30)
        assert _status(served) == 502
        _ask_badly(served)
        assert CANARY not in served.logs()
        assert "admin endpoint disabled" in served.logs(), "this is the log"


@pytest.mark.parametrize("filtered", [True, False], ids=["as shipped", "without the filter"])
def test_the_filter_of_the_log_takes_addresses_out(tmp_path: Path, filtered: bool) -> None:
    """At the level that is shipped Caddy tells none. Told to say all it can, it does, unless the filter is there."""
    text = CADDYFILE.read_text().replace("level WARN", "level DEBUG")
    if not filtered:
        text, found = re.subn(r"format filter \{.*?\n\t\t\}\n", "format console\n", text, flags=re.DOTALL)
        assert found == 1
    (tmp_path / "Caddyfile").write_text(text)
    with shipped(tmp_path, caddyfile=tmp_path / "Caddyfile") as served:
        assert _status(served) == 404
        assert "upstream roundtrip" in served.logs(), "it tells of each request"
        assert (CANARY in served.logs()) is not filtered


def _status(served: Shipped) -> int:
    with closing(Visitor(served).http) as line:
        return line.get(served.base + SECRET, timeout=30).status_code


def _ask_badly(served: Shipped) -> None:
    with served.line(5) as line, suppress(OSError):
        line.sendall(
            f"GET {SECRET} HTTP/1.1\r\nHost: localhost\r\nReferer: {SECRET}\r\nX: \0\r\n\r\n".encode()
        )
        line.recv(1000)
