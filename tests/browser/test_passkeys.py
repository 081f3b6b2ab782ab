"""Passkeys in a real browser, with a device made for the test; and pages of signing in that only come then."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.browser import serving
from tests.browser.conftest import Visits
from tests.browser.serving import Served
from tests.browser.test_axe import violations
from tests.browser.test_screens import TOO_WIDE

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """What a telephone or laptop has inside."""

    def __init__(self, page: Page) -> None:
        self.line: Any = page.context.new_cdp_session(page)
        self.line.send("WebAuthn.enable")
        self.id = self.line.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def unlocks(self, whether: bool) -> None:
        self.line.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": whether})

    @property
    def keys(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.line.send("WebAuthn.getCredentials", {"authenticatorId": self.id})[
            "credentials"
        ]
        return found


def by_name(served: Served) -> Served:
    """The same at a name: at an address of numbers there are no passkeys."""
    return Served(served.base.replace("127.0.0.1", "localhost"), served.instance)


def faults(page: Page) -> list[str]:
    return [*violations(page), *page.evaluate(TOO_WIDE)]


@pytest.mark.parametrize("width", [390, 1280])
def test_a_passkey_is_made_and_signs_in(visits: Visits, fresh_demo: Served, width: int) -> None:
    here = by_name(fresh_demo)
    page = visits(here, width=width)
    page.add_init_script(AXE_SCRIPT)
    device = Device(page)
    page.goto("/account/passkeys")
    with visits.watch.expecting(422):
        page.click("[data-passkey=add]")
        page.wait_for_selector("[data-error=name]")
    assert not device.keys, "no key without a name"
    page.fill("[name=name]", "Mijn laptop")
    page.click("[data-passkey=add]")
    page.wait_for_url("**/account/recovery-codes")
    expect(page.locator("[data-code]")).to_have_count(10)
    found = faults(page)
    page.goto("/account/passkeys")
    expect(page.locator("[data-key]")).to_contain_text("Mijn laptop")
    found += faults(page)
    page.goto("/account/security")
    found += faults(page)
    assert [key["isResidentCredential"] for key in device.keys] == [True]

    page.context.clear_cookies()
    page.goto("/login")
    found += faults(page)
    device.unlocks(False)
    page.click("[data-passkey=use]")
    expect(page.locator("[data-failed]")).to_be_visible()
    device.unlocks(True)
    page.click("[data-passkey=use]")
    page.wait_for_url(here.base + "/")

    page.context.clear_cookies()
    page.goto("/login")
    page.fill("[name=email]", serving.EMAIL)
    page.fill("[name=password]", serving.PASSWORD)
    page.click("main [type=submit]")
    expect(page.locator("h1")).to_have_text("De tweede stap")
    found += faults(page)
    page.click("[data-passkey=use]")
    page.wait_for_url(here.base + "/")

    long_ago(fresh_demo)
    page.goto("/account/second-step")
    expect(page.locator("h1")).to_have_text("Ben jij het?")
    found += faults(page)
    page.click("[data-passkey=use]")
    expect(page.locator("h1")).to_have_text("Een app die codes maakt")
    found += faults(page)
    assert not found, "\n".join(found)


def long_ago(served: Served) -> None:
    """As if everybody had signed in this morning."""
    with sqlite3.connect(served.instance / "planner.sqlite") as connection:
        connection.execute("UPDATE sign_in SET strong_at = NULL")
    connection.close()


def test_without_a_script_the_page_says_how_else(visits: Visits, fresh_demo: Served) -> None:
    page = visits(by_name(fresh_demo), js=False, signed_in=False)
    page.goto("/login")
    expect(page.locator("[data-passkey]")).to_be_hidden()
    expect(page.locator("main")).to_contain_text("Gebruik zonder JavaScript je wachtwoord en een code.")
