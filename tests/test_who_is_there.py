"""What asks once more who is there, which is nothing but what this list says; fields that nobody asked for; and a guard
that fails, behind which nothing opens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from flask import g

from planner.models import Base
from planner.services.people import sign_in
from planner.web import confirm, signed_in
from planner.web.confirm import CHANGES
from tests.address_book import MISSING, Address, addresses, csrf, scratch
from tests.ground import Ground, canary
from tests.test_roles import MAY_OPEN, SIGNED_IN, without
from tests.web.signing import later

ASKS = {
    "colleagues.close", "colleagues.hand_over_all", "colleagues.invitation", "colleagues.invite", "colleagues.mail",
    "colleagues.renew", "colleagues.reopen", "colleagues.role", "colleagues.withdraw", "emails.change",
    "keeping.make_sheet", "keeping.sheet", "leaving.erase", "leaving.export", "passing.end", "passing.hand_over",
    "passing.share", "passkeys.own", "passkeys.remove", "passkeys.to_add", "security.confirm", "security.end_device",
    "security.end_other_devices", "security.recovery_codes", "security.remove_second_step", "security.second_step",
}  # fmt: skip
"""A password, code or passkey of the last ten minutes: files that leave or go, who may see a client, who works here,
how somebody signs in, and the keys."""
LOOKS = {"colleagues.invite", "passing.hand_over", "passing.share"}
"""Of those, what may be looked at without."""
ALL = addresses(scratch())


def marked() -> dict[str, Any]:
    views = scratch().view_functions
    return {one: views[one].sensitive for one in views if getattr(views[one], "sensitive", False)}


def test_the_list_is_whole() -> None:
    """What is new and sensitive is put there by whoever thought about it."""
    found = marked()
    assert set(found) == ASKS
    assert {one for one, kind in found.items() if kind == CHANGES} == LOOKS


def unasked(ground: Ground, among: Iterable[Address]) -> list[str]:
    """What Anna reaches eleven minutes after her password, though it should ask."""
    browser = ground.world.browser("anna")
    token, found = csrf(browser), []
    for address in among:
        path = address.filled(ground.own)
        for method in address.methods:
            if method == "GET" and address.endpoint in LOOKS:
                continue
            data = {} if method == "GET" else {"data": {"csrf_token": token}}
            answer = browser.http.open(path, method=method, **data)
            asks = answer.status_code == 403 and "Ben jij het?" in answer.text
            led = answer.status_code == 303 and answer.headers["Location"].startswith("/account/confirm")
            if not (led if method == "GET" else asks):
                found.append(address.line)
    return found


SENSITIVE = [one for one in ALL if one.endpoint in ASKS and one.endpoint != confirm.PAGE]
"""But for the page that asks."""


def test_what_is_sensitive_asks_who_is_there(ground: Ground) -> None:
    later(ground.world, minutes=11)
    ground.world.browser("anna").get("/account")  # when she was here last is written once in five minutes
    before = ground.dump()
    assert unasked(ground, SENSITIVE) == []
    assert ground.dump() == before


def test_what_forgot_to_ask_is_found(ground: Ground) -> None:
    """The control: with the question taken away, each of them is."""

    def careless() -> None:
        found = sign_in.who(ground.world.store, signed_in.token(), ground.world.now)
        g.coach, g.standing = (found.coach, found) if found else (None, None)

    later(ground.world, minutes=11)
    shut = Ground(without(ground.world, "require_coach", careless), ground.files)
    assert len({*unasked(shut, SENSITIVE)}) == len(SENSITIVE)


def test_a_guard_that_fails_opens_nothing(ground: Ground) -> None:
    """16.5.4: a fault while it is asked who somebody is, is a refusal; and says nothing."""

    def broken() -> None:
        raise RuntimeError(canary("anna"))

    world = without(ground.world, "require_coach", broken)
    browser = world.browser("anna")
    for address in ALL:
        if MAY_OPEN[address.endpoint] in SIGNED_IN and "GET" in address.methods:
            answer = browser.http.get(address.filled(ground.own))
            assert answer.status_code == 500 and canary("anna") not in answer.text, address.line


FORMS = (
    "/account", "/settings", "/clients/{client}/edit", "/clients/{client}/intake", "/walks/{coming}/edit",
    "/walks/{walk}/note", "/routes/{route}/edit", "/toolkit/{exercise}/edit", "/settings/agenda",
)  # fmt: skip
COLUMNS = sorted({column.name for table in Base.metadata.tables.values() for column in table.columns})


@pytest.mark.parametrize("form", FORMS)
def test_a_field_that_nobody_asked_for_is_not_kept(ground: Ground, form: str) -> None:
    """8.2.3, 15.3.3: every column there is comes along, and none of them counts."""
    page = ground.world.browser("anna").get(form.format(**vars(ground.own)))
    asked = {str(one["name"]) for one in page.select("main [name]")}
    more = {name: MISSING for name in COLUMNS if name not in asked | {"action"}}
    assert {"owner_id", "coach_id", "role", "id", "wrapped_key", "disabled_at"} - asked <= more.keys()
    action = page.path if page.select(f'form[action="{page.path}"]') else None
    assert page.submit(action, **more).status == 200
    there = {value for rows in ground.dump().values() for row in rows for value in row}
    assert not there & {MISSING, str(MISSING)}
    owners = {row.owner for row in ground.files.values()}
    assert owners == {ground.own.owner, ground.stranger.owner}
