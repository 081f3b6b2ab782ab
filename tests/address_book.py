"""Every address of the planner: what it is called, and how its holes are filled.

`python -m tests.address_book` writes tests/addresses.txt anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from planner import create_app
from planner.settings import Settings
from planner.web import guard
from tests.ground import File
from tests.page_client import PageClient

LIST = Path(__file__).with_name("addresses.txt")
OBJECTS = {
    "client_id": "client",
    "walk_id": "walk",
    "route_id": "route",
    "point_id": "point",
    "exercise_id": "exercise",
    "message_id": "message",
    "calendar_id": "other_calendar",
    "review_id": "review",
    "measure_id": "measure",
    "sentence_id": "sentence",
    "request_id": "request",
    "processing_id": "processing",
    "processor_id": "processor",
    "breach_id": "breach",
    "colleague_id": "colleague",
    "access_id": "access",
}
"""The hole in an address, and which thing of a coach's file (tests/ground.py) fills it."""
OF_A_CLIENT = frozenset(
    {
        "access_id",
        "calendar_id",
        "client_id",
        "colleague_id",
        "measure_id",
        "message_id",
        "request_id",
        "review_id",
        "sentence_id",
        "walk_id",
    }
)
"""What hangs on a client or on the coach alone: a colleague in the same practice does not reach it either."""
WORDS = {
    "key": "no-such-key", "digest": "0" * 8, "path": "css/app.css", "name": "css/app.css", "size": "page",
    "z": "14", "x": "0", "y": "0",
}  # fmt: skip
"""Holes that hold no id of anything."""
TOKENS = {"personal.calendar_feed": "feed", "calendars.coach_feed": "calendar"}
"""Whose token fills `<token>`: of the page, unless it stands here (decision 9)."""
COMING = frozenset({"personal.walk_map", "personal.walk_line", "office.walk", "office.cancel"})
"""Where only a walk that is still to come is there."""
MISSING = 4_611_686_018_427_387_001
"""An id that nothing has."""
QUERIES = {
    "/walks/new?client={client}": "client_id",
    "/walks/new?client={own}&like={walk}": "walk_id",
    "/walks/log?client={client}": "client_id",
    "/walks/new?client={own}&route={route}": "route_id",
    "/routes/new?replace={route}": "route_id",
    "/slots?client={client}": "client_id",
    "/slots?walk={walk}": "walk_id",
    "/slots?client={own}&route={route}": "route_id",
    "/agenda?coach={coach}": "colleague_id",
}
"""Addresses with an id after the question mark, and what kind it is. `own`: the reader's own client."""


def is_fault(answer: Response) -> bool:
    """Whether it is one of ours. A map tile that does not come now says when to ask again."""
    return answer.status_code >= 500 and not (answer.status_code == 503 and "Retry-After" in answer.headers)


@dataclass(frozen=True)
class Address:
    """One rule of the map. `ids`: its holes that hold an id."""

    rule: Rule

    @property
    def path(self) -> str:
        return self.rule.rule

    @property
    def endpoint(self) -> str:
        return self.rule.endpoint

    @property
    def methods(self) -> tuple[str, ...]:
        return tuple(sorted((self.rule.methods or set()) - {"HEAD", "OPTIONS"}))

    @property
    def line(self) -> str:
        return f"{','.join(self.methods)} {self.path}"

    @property
    def ids(self) -> list[str]:
        return [name for name in sorted(self.rule.arguments) if name not in WORDS and name != "token"]

    @property
    def template(self) -> str:
        """The path with `{name}` in each hole."""
        return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", self.path)

    @property
    def is_personal(self) -> bool:
        return guard.is_without_cookie(self.endpoint)

    @property
    def is_of_a_client(self) -> bool:
        return not OF_A_CLIENT.isdisjoint(self.ids)

    def filled(self, file: File, **other: int | str) -> str:
        """The path with the things of this file in its holes, but for those that are given."""
        found = self.path
        for converter, name in _holes(self.rule):
            hole = f"<{converter}{name}>"
            found = found.replace(hole, str(other.get(name, thing_in(file, name, self.endpoint))))
        return found


def token_in(path: str) -> str:
    """The secret in a path under /s/ or /calendar/."""
    return path.split("/")[2].removesuffix(".ics")


def _holes(rule: Rule) -> Iterator[tuple[str, str]]:
    yield from re.findall(r"<((?:\w+:)?)(\w+)>", rule.rule)


def thing_in(file: File, name: str, endpoint: str) -> int | str:
    """What of this file fills a hole of an address."""
    if name == "token":
        return token_in(getattr(file, TOKENS.get(endpoint, "link")))
    if name in WORDS:
        return WORDS[name]
    if name == "walk_id" and endpoint in COMING:
        return file.coming
    found: int = getattr(file, OBJECTS[name])
    return found


def addresses(app: Flask) -> list[Address]:
    """Of all features, in the order of their paths."""
    return sorted(
        (Address(rule) for rule in app.url_map.iter_rules()), key=lambda one: (one.path, one.endpoint)
    )


def query(pattern: str, file: File, own: File) -> str:
    return pattern.format(
        client=file.client, walk=file.walk, route=file.route, coach=file.coach, own=own.client
    )


def csrf(browser: PageClient) -> str:
    """A token that counts for this browser, signed in or not."""
    page = browser.get("/account")
    if page.status != 200:
        page = browser.get("/login")
    return str(page.select('input[name="csrf_token"]')[0]["value"])


def scratch() -> Flask:
    """The planner with its addresses, on no database."""
    settings = Settings(
        instance=Path("/nowhere"),
        database_url="sqlite://",
        secret_key=bytes(range(32)),
        data_key=bytes(range(32)),
        environment="test",
    )
    return create_app(settings)


def main() -> None:
    lines = [one.line for one in addresses(scratch())]
    LIST.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
