"""Flask, but its log never holds an address (under /s/ it is a secret), and an id in an address fits the database."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from werkzeug.routing import IntegerConverter

MOST_ID = 2**63 - 1


class Id(IntegerConverter):
    """A number in an address. One that no row can have is no address of ours: 404, not a fault in the database."""

    def __init__(self, url_map: Any) -> None:
        super().__init__(url_map, max=MOST_ID)


class Application(Flask):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.url_map.converters["int"] = Id

    def log_exception(self, exc_info: Any) -> None:
        where = request.url_rule.rule if request.url_rule is not None else "an unknown address"
        self.logger.error("Fault at %s [%s]", where, request.method, exc_info=exc_info)
