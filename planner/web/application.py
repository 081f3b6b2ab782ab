"""Flask, but its log never holds an address: under /s/ the address is a secret."""

from __future__ import annotations

from typing import Any

from flask import Flask, request


class Application(Flask):
    def log_exception(self, exc_info: Any) -> None:
        where = request.url_rule.rule if request.url_rule is not None else "an unknown address"
        self.logger.error("Fault at %s [%s]", where, request.method, exc_info=exc_info)
