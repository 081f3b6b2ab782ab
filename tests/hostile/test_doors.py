"""Addresses that lead elsewhere, and names that climb out of their folder. Who may be asked for a calendar stands in
tests/outside/test_open_door.py."""

from __future__ import annotations

from urllib.parse import quote, urljoin, urlsplit

import pytest

from tests.conftest import PASSWORD, World
from tests.makers import make_route
from tests.page_client import PageClient

ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "HTTPS://evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "//evil.example@localhost",
    "/%0d%0aLocation:%20//evil.example",
    "/\u3002//evil.example",
    "/\\/evil.example",
    "//localhost:1@evil.example/",
    ".evil.example",
    "@evil.example",
    "/\x00/evil.example",
    "http://[::1]@evil.example",
)
CLIMBS = (
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "..%252f..%252fetc/passwd",
    "%2e%2e/%2e%2e/etc/passwd",
    "....//etc/passwd",
    "..\\..\\etc\\passwd",
    "..%5c..%5cetc%5cpasswd",
    "/etc/passwd",
    "//etc/passwd",
    "css/../../settings.py",
    "css/%2e%2e/%2e%2e/settings.py",
    "css/app.css%00.png",
    "css/app.css/../../../settings.py",
    "%c0%ae%c0%ae/settings.py",
    "..;/settings.py",
    "css/./../../cli.py",
    "file:///etc/passwd",
    "~root/.profile",
    ".",
    "..",
)
NAMES = (
    "../../etc/passwd",
    'x"; filename="evil.exe',
    "x\r\nSet-Cookie: a=b",
    "x\\..\\y",
    "a/b/c",
    "\u202egpx.exe",
    "n" * 200,
    "%2e%2e%2f",
    "C:\\x",
    "route;x=y",
    "ö é 中",
    "'; rm -rf ~",
    "con.gpx",
    "..",
    "-rf",
    "x\ty",
)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_stays_here(visitor: PageClient, target: str) -> None:
    """As a browser reads it: what it strips and turns round counts."""
    page = visitor.get(f"/login?next={quote(target, safe='')}")
    done = page.submit(email="anna@example.org", password=PASSWORD, follow=False)
    assert done.status == 303
    there = done.response.headers["Location"]
    as_read = there.replace("\\", "/").replace("\t", "").replace("\n", "").strip()
    assert urlsplit(urljoin("http://localhost/login", as_read)).netloc == "localhost", there


@pytest.mark.parametrize("path", CLIMBS)
def test_nothing_but_what_we_ship_is_served(visitor: PageClient, path: str) -> None:
    answer = visitor.http.get(f"/static/0/{path}")
    assert answer.status_code in (301, 308, 404), answer.status_code
    assert b"root:" not in answer.data and b"import" not in answer.data


@pytest.mark.parametrize("name", NAMES)
def test_a_download_has_a_tame_name(world: World, coach: PageClient, name: str) -> None:
    route = make_route(world, name, line=True)
    answer = coach.http.get(f"/routes/{route}.gpx")
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    said = answer.headers["Content-Disposition"]
    plain = said.split('"')[1]
    assert said.count('"') == 2 and said.startswith('attachment; filename="')
    assert plain.isascii() and plain.isprintable() and not set('/\\:";') & set(plain)
    assert not set('/\\\r\n"; ') & set(said.split("''")[1])
