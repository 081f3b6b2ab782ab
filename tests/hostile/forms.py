"""The forms of the planner as a person meets them: which fields go to which address, filled in as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bs4 import Tag

from tests.address_book import QUERIES, Address, addresses, query
from tests.counting import count
from tests.ground import Ground
from tests.hostile.naughty import NAUGHTY
from tests.page_client import Page, PageClient, _values

NOT_OURS = ("csrf_token",)
TYPED = "textarea[name], input[name]:not([type]), input[name][type=text], input[name][type=search]"
"""Fields for a text of one's own."""


def pages(ground: Ground) -> Iterator[Page]:
    """Every page that has forms, once, as Anna or her client sees it."""
    anna, own = ground.world.browser("anna"), ground.own
    for address in addresses(ground.world.app):
        if "GET" in address.methods and address.endpoint != "static":
            browser: PageClient = ground.world.browser() if address.is_personal else anna
            yield browser.get(address.filled(own))
    for pattern in QUERIES:
        yield anna.get(query(pattern, own, own))


def forms(ground: Ground) -> Iterator[tuple[str, Tag]]:
    """(address, form) of each that changes something."""
    for page in pages(ground):
        for form in page.select("form"):
            if str(form.get("method", "get")).lower() == "post":
                yield str(form.get("action") or page.path), form


_KNOWN: dict[str, dict[str, Any]] = {}
"""By endpoint; every ground of a run has the same file in it."""


def by_endpoint(ground: Ground) -> dict[str, list[Tag]]:
    """Which forms go to an address, wherever they stand."""
    found: dict[str, list[Tag]] = {}
    adapter = ground.world.app.url_map.bind("localhost")
    for path, form in forms(ground):
        endpoint, _ = adapter.match(path.partition("?")[0], method="POST")
        found.setdefault(str(endpoint), []).append(form)
    return found


def values_of(made: Iterable[Tag]) -> dict[str, Any]:
    """What a browser would send for these forms together."""
    return {name: value for form in made for name, value in _values(form).items() if name not in NOT_OURS}


def fields_of(ground: Ground, address: Address) -> dict[str, Any]:
    """The fields that go to this address, as they stand; of its own page, else of any page with a form to it."""
    if not _KNOWN:
        _KNOWN.update({endpoint: values_of(made) for endpoint, made in by_endpoint(ground).items()})
    return _KNOWN.get(address.endpoint, {})


LEFT_ALONE = ("account.password", "account.logout", "personal.withdraw", "clients.end", "sharing.revoke")
"""Where a text shuts the door behind it."""


def write_everywhere(ground: Ground, turn: int) -> tuple[int, int]:
    """Puts odd texts in every field for a text, each field another one, and each turn others. What a form refuses goes
    back as it was. Gives how many texts were sent, and how many of them refused."""
    adapter, sent, refused = ground.world.app.url_map.bind("localhost"), turn, 0
    for page in pages(ground):
        for form in page.select("form"):
            action = str(form.get("action") or page.path)
            if str(form.get("method", "get")).lower() != "post" or not form.select(TYPED):
                continue
            if adapter.match(action.partition("?")[0], method="POST")[0] in LEFT_ALONE:
                continue
            odd = {str(tag["name"]): NAUGHTY[(sent := sent + 1) % len(NAUGHTY)] for tag in form.select(TYPED)}
            answer = _send(page, action, form, odd)
            if answer.status == 422:
                refused += len(answer.errors)
                odd = {name: text for name, text in odd.items() if name not in answer.errors}
                answer = _send(page, action, form, odd)
            assert answer.status < 500, f"{action}: {answer.status}"
            count("odd texts", len(odd))
    return sent - turn, refused


def _send(page: Page, action: str, form: Tag, changes: dict[str, str]) -> Page:
    return page.client.post(action, _values(form) | changes)
