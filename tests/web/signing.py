"""Hands for the tests of signing in: an app that makes codes, and a passkey made of nothing but its key."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import cbor2
import pyotp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import select

from planner.models import EVERYONE, AuditEntry
from tests.conftest import PASSWORD, World
from tests.page_client import Page, PageClient

ANNA = "anna@example.org"
USER_PRESENT, USER_VERIFIED, KEY_INCLUDED = 0x01, 0x04, 0x40


@dataclass
class App:
    """On a telephone. Its clock is the planner's."""

    world: World
    key: str

    def code(self, steps: int = 0) -> str:
        return pyotp.TOTP(self.key).at(self.world.now, counter_offset=steps)


def later(world: World, **span: float) -> None:
    world.set_clock(world.now + timedelta(**span))


def at_the_same_moment(world: World, times: int) -> Iterator[int]:
    """So often, with the clock put back each time: how fast this machine is does not count."""
    moment = world.now
    for number in range(times):
        world.set_clock(moment)
        yield number
    world.set_clock(moment)


def shown_key(page: Page) -> str:
    return page.one("code.key").get_text().replace(" ", "")


def turn_on(world: World, browser: PageClient) -> tuple[App, list[str]]:
    """An app for codes, as a coach does it; and the recovery codes that were shown. A minute goes by."""
    page = browser.get("/account/second-step")
    app = App(world, shown_key(page))
    page = page.submit("/account/second-step", code=app.code())
    assert page.status == 200 and page.path != "/account/second-step", page.errors
    codes = shown_codes(page)
    later(world, minutes=1)
    return app, codes


def shown_codes(page: Page) -> list[str]:
    return [tag.get_text() for tag in page.select("[data-code]")]


def first_step(world: World, browser: PageClient | None = None, password: str = PASSWORD) -> Page:
    return (browser or world.browser()).get("/login").submit(email=ANNA, password=password)


def at_once(world: World, code: str = "", password: str = PASSWORD, email: str = ANNA, **more: Any) -> Page:
    """Address, password and code in one go, as a script would."""
    browser = more.pop("browser", None) or world.browser()
    token = browser.get("/login").one('main input[name="csrf_token"]')["value"]
    sent = {"csrf_token": token, "email": email, "password": password, "code": code}
    return browser.post("/login", sent, **more)


def audited(world: World) -> list[tuple[str, str]]:
    """What was written about signing in, oldest first."""
    kinds = ("sign_in", "password", "reset", "totp", "passkey", "recovery_code", "device", "email")
    with world.store.db.reading(EVERYONE) as session:
        rows = session.execute(
            select(AuditEntry.kind, AuditEntry.action)
            .where(AuditEntry.kind.in_(kinds))
            .order_by(AuditEntry.at, AuditEntry.id)
        )
        return [(kind, action) for kind, action in rows]


def text_of(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Authenticator:
    """A device that holds one passkey, and signs whatever a test wants to be signed."""

    host: str = "localhost"
    origin: str = "http://localhost"
    count: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    user: str = ""

    def made(self, question: dict[str, Any], flags: int = USER_PRESENT | USER_VERIFIED, **other: str) -> str:
        """The answer to a question to make a key."""
        self.user = question["user"]["id"]
        point = self.key.public_key().public_numbers()
        cose = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        )
        data = self._data(flags | KEY_INCLUDED) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose
        said = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", question, other)
        return self._answer(clientDataJSON=client, attestationObject=said)

    def signed(
        self, question: dict[str, Any], flags: int = USER_PRESENT | USER_VERIFIED, **other: str
    ) -> str:
        """The answer to a question to sign. It counts one further."""
        self.count += 1
        data, client = self._data(flags), self._client("webauthn.get", question, other)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        user = base64.urlsafe_b64decode(self.user + "==")
        return self._answer(
            clientDataJSON=client, authenticatorData=data, signature=signature, userHandle=user
        )

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, question: dict[str, Any], other: dict[str, str]) -> bytes:
        told = {"type": kind, "challenge": question["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(told | other).encode()

    def _answer(self, **parts: bytes) -> str:
        response = {name: text_of(raw) for name, raw in parts.items()}
        told = {"id": text_of(self.id), "rawId": text_of(self.id), "type": "public-key", "response": response}
        return json.dumps(told | {"clientExtensionResults": {}})


def add_passkey(
    browser: PageClient, name: str = "Mijn telefoon", key: Authenticator | None = None
) -> Authenticator:
    """A passkey, as a coach makes one."""
    key = key or Authenticator()
    question = browser.get("/account/passkeys/question").response.json
    page = browser.get("/account/passkeys").submit("/account/passkeys", name=name, answer=key.made(question))
    assert page.status == 200 and not page.errors, page.errors
    return key


def question_of(browser: PageClient) -> dict[str, Any]:
    found: dict[str, Any] = browser.get("/login/passkey/question").response.json
    return found


def sign_in_with(browser: PageClient, answer: str) -> Page:
    return browser.get("/login").submit("/login", answer=answer)


def number_of(page: Page, pattern: str) -> int:
    found = re.search(pattern, page.main)
    assert found, page.main
    return int(found[1])
