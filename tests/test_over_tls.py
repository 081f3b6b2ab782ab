"""Served on the internet: over a real line with TLS, behind one proxy. A second step is compulsory there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pyotp
import pytest
import requests
from bs4 import BeautifulSoup

from tests.browser import serving
from tests.conftest import PASSWORD
from tests.local_server import free_port
from tests.test_cli import COACH, Instance
from tests.tls_proxy import Proxy, tls_proxy

ADDRESSES = Path(__file__).with_name("addresses.txt").read_text().splitlines()
SECOND_STEP = "/account/security"
STILL_OPEN = {
    "/account/security", "/account/second-step", "/account/recovery-codes", "/account/passkeys",
    "/account/passkeys/question", "/account/confirm", "/healthz", "/help", "/licences", "/login",
    "/login/passkey/question", "/privacy", "/reset", "/robots.txt", "/s/",
}  # fmt: skip
"""What is reached without a second step: making one, and what everybody may read."""


@dataclass
class Visitor:
    """A browser on the line; it checks the certificate."""

    proxy: Proxy

    def __post_init__(self) -> None:
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.verify = str(self.proxy.certificate)

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.http.get(self.proxy.base + path, headers=headers, allow_redirects=False, timeout=60)

    def post(self, path: str, data: dict[str, str], **headers: str) -> requests.Response:
        return self.http.post(
            self.proxy.base + path, data, headers=headers, allow_redirects=False, timeout=60
        )

    def form(self, path: str) -> dict[str, str]:
        page = BeautifulSoup(self.get(path).text, "html.parser")
        return {str(one["name"]): str(one.get("value", "")) for one in page.select("main form input[name]")}

    def sign_in(self, password: str = PASSWORD, **headers: str) -> requests.Response:
        sent = self.form("/login") | {"email": COACH, "password": password}
        return self.post("/login", sent, **headers)


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("tls")
    instance, port = Instance(folder / "made"), free_port()
    instance.add_coach()
    now, base = datetime.now(UTC).isoformat(), f"https://localhost:{port}"
    served = serving.web_on_copy(folder / "made", folder / "served", now, PLANNER_BASE_URL=base)
    with served as behind, tls_proxy(folder, port, urlsplit(behind.base).port or 0) as made:
        yield made


@pytest.fixture
def visitor(proxy: Proxy) -> Iterator[Visitor]:
    made = Visitor(proxy)
    yield made
    made.http.close()


def test_cookies_are_for_this_site_and_this_line_only(visitor: Visitor) -> None:
    """3.3.1 to 3.3.4, 3.4.1."""
    answers = [visitor.get("/login"), visitor.sign_in()]
    cookies = [
        line.split("; ")
        for one in answers
        for line in one.raw.headers.getlist("Set-Cookie")
        if "=;" not in line
    ]
    assert {cookie[0].partition("=")[0] for cookie in cookies} == {"__Host-session", "__Host-known"}
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie)
        assert not any(part.startswith("Domain") for part in cookie)
    assert all("max-age=63072000" in one.headers["Strict-Transport-Security"] for one in answers)


def test_without_a_second_step_nothing_opens(visitor: Visitor) -> None:
    """6.3.3: the password signs in to the page that makes one, and to nothing else."""
    assert visitor.sign_in().status_code == 303
    reached = set()
    for line in ADDRESSES:
        methods, path = line.split(" ")
        if "<" in path or path == "/logout":
            path = path.replace("<int:client_id>", "1").replace("<int:walk_id>", "1")
        if "<" in path or "GET" not in methods:
            continue
        answer = visitor.get(path)
        if (answer.status_code, answer.headers.get("Location")) != (303, SECOND_STEP):
            reached.add(path)
    assert reached == STILL_OPEN
    sent = visitor.form("/account/security")
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get(SECOND_STEP).text)
    assert token is not None and not sent
    for path in ("/clients/new", "/account", "/settings", "/account/devices/end-others"):
        answer = visitor.post(path, {"csrf_token": token[1]})
        assert (answer.status_code, answer.headers["Location"]) == (303, SECOND_STEP), path


def test_a_change_needs_its_field_and_no_referrer(visitor: Visitor) -> None:
    """3.5.1, decision 11: over TLS too."""
    sent = visitor.form("/login") | {"email": COACH, "password": PASSWORD}
    assert visitor.post("/login", sent | {"csrf_token": ""}).status_code == 400
    for site in ("cross-site", "same-site"):
        assert visitor.post("/login", sent, **{"Sec-Fetch-Site": site}).status_code == 400
    assert visitor.post("/login", sent, Referer="https://evil.example/").status_code == 303


def test_another_name_is_refused(visitor: Visitor) -> None:
    """4.1.3: no address of ours is built from what a visitor says."""
    assert visitor.get("/login", Host="evil.example").status_code == 400
    forged = visitor.get("/login", **{"X-Forwarded-Host": "evil.example"})
    assert forged.status_code == 200 and "evil.example" not in forged.text


def test_a_forged_forwarder_does_not_make_a_new_network(visitor: Visitor) -> None:
    """4.1.3, 2.4.1: only what our own proxy adds counts."""
    statuses = []
    for number in range(12):
        sent = visitor.form("/login") | {"email": "nobody@example.org", "password": "niet mijn wachtwoord"}
        answer = visitor.post("/login", sent, **{"X-Forwarded-For": f"203.0.{number}.7"})
        statuses.append(answer.status_code)
    assert statuses[:5] == [422] * 5 and 429 in statuses[5:]


def test_with_a_second_step_everything_opens(visitor: Visitor) -> None:
    visitor.sign_in()
    page = BeautifulSoup(visitor.get("/account/second-step").text, "html.parser")
    app = pyotp.TOTP(page.select_one("code.key").get_text().replace(" ", ""))  # type: ignore[union-attr]
    sent = {str(one["name"]): str(one.get("value", "")) for one in page.select("main form input[name]")}
    sent |= {"code": app.now()}
    assert visitor.post("/account/second-step", sent).headers["Location"] == "/account/recovery-codes"
    assert visitor.get("/").status_code == 200
    refused = visitor.post("/account/second-step/remove", {"csrf_token": sent["csrf_token"]})
    assert refused.headers["Location"] == SECOND_STEP
    assert "je enige tweede stap" in visitor.get(SECOND_STEP).text, (
        "where it is compulsory the last one stays"
    )
    other = Visitor(visitor.proxy)
    assert other.sign_in().headers["Location"].startswith("/login")
    assert other.get("/").status_code == 303, "the password is half of it"
    other.http.close()
