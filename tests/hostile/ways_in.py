"""How somebody comes to an address, so that what is tried there gets past its door."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count as counting

from planner.path_engine import path_desk
from planner.services.people import invitations, new_password, sign_in
from tests import makers
from tests.address_book import Address
from tests.ground import Ground
from tests.page_client import PageClient

ASKED = {"notes.log": "client={client}"}
"""What stands after the question mark; without it there is no page."""
STILL_TO_COME = ("personal.answer",)
NO_DOOR = {
    "emails.confirm": "only the mail has the key, and the form has no field",
    "personal.check_in": "only on the day itself",
    "drafts.revisions": "only with an earlier text",
    "passkeys.remove": "only with a passkey",
    "personal.tile": "only a tile beside the route",
    "security.end_device": "only with another device",
    "toolkit.shipped": "only what we ship can be put back",
}
"""Where nothing gets past the door with the file there is."""
_number = counting()


@dataclass(frozen=True)
class Way:
    """A browser that may come there, and the path with what must stand after its question mark."""

    browser: PageClient
    path: str


def with_paths(ground: Ground, engine: str) -> None:
    """The planner with a path engine of the practice's own, so that the pages of loops are there."""
    settings = replace(ground.world.settings, router_url=engine)
    ground.world.rewire(settings=settings, paths=path_desk(settings))


def way_in(ground: Ground, address: Address) -> Way:
    """Anna's, her client's, or of somebody of the office; in a browser of its own, with a key that still works."""
    return Way(_browser(ground, address), _path(ground, address))


def _browser(ground: Ground, address: Address) -> PageClient:
    world = ground.world
    if address.is_personal or _is_keyed(address):
        return world.browser()
    if address.endpoint.startswith("office."):
        if "olga" not in world.tokens:
            makers.hire(world, "olga", "office")
        return world.browser("olga")
    return PageClient(world.app, sign_in.begin(world.store, ground.scope, world.now))


def _is_keyed(address: Address) -> bool:
    return address.endpoint in ("resets.choose", "account.setup")


def _path(ground: Ground, address: Address) -> str:
    world, own, given = ground.world, ground.own, {}
    if address.endpoint == "resets.choose":
        given["key"] = new_password.key_for(world.store, world.coach("anna"), world.now)
    elif address.endpoint == "account.setup":
        one = makers.invite(world, email=f"new{next(_number)}@example.org")
        given["key"] = invitations.open_one(world.store, world.coach("anna"), one, world.now).key
    elif address.endpoint in STILL_TO_COME:
        given["walk_id"] = str(own.coming)
    path = address.filled(own, **given)
    asked = ASKED.get(address.endpoint)
    return f"{path}?{asked.format(client=own.client)}" if asked else path
