"""Templates: an unknown name is an error, and the few names every page may use."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from flask import Flask, g
from jinja2 import Environment, FileSystemBytecodeCache, StrictUndefined
from jinja2.bccache import Bucket

from planner.domain.weather_values import Verdict, WeatherNumbers
from planner.web import device
from planner.web.assets import asset_url, client_css
from planner.web.icons import icon
from planner.web.wording import register_wording
from planner.web.words import language, register_words

COMPILED = Path(__file__).parent.parent / "__pycache__" / "templates"


class Compiled(FileSystemBytecodeCache):
    """Templates compiled once, and kept beside the modules that Python compiled: to compile two hundred takes
    longer than all the rest of a start. Jinja looks whether the source is still the same. Never in the folder of the
    data: what a page may write does not run."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        if not sys.dont_write_bytecode:
            with suppress(OSError):  # installed where we may only read
                Path(self.directory).mkdir(parents=True, exist_ok=True)
                super().dump_bytecode(bucket)


def register(app: Flask) -> None:
    app.jinja_env.bytecode_cache = Compiled(str(COMPILED), f"%s.jinja-{jinja2.__version__}")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(icon=icon, asset_url=asset_url, client_css=client_css)
    app.jinja_env.globals.update(
        has_copies=device.has_copies, has_lines=device.has_lines, device_mark=device.mark
    )
    app.jinja_env.globals["drawn_verdict"] = _verdicts(app.jinja_env)
    register_words(app)
    register_wording(app)
    app.context_processor(lambda: {"coach": g.get("coach")})


def _verdicts(environment: Environment) -> object:
    """Draws a verdict, and remembers it: what it shows hangs on its code and reasons alone."""

    @lru_cache(maxsize=2048)
    def drawn(shown: Verdict, short: bool, _language: str) -> str:
        module: Any = environment.get_template("parts/verdict.html").module
        found: str = module.draw(shown, short)  # markup, as every macro gives
        return found

    def verdict(found: Verdict, short: bool) -> str:
        bare = replace(found, numbers=NO_NUMBERS, source=None, updated_at=None, fetched_at=None)
        return drawn(bare, short, language())

    return verdict


NO_NUMBERS = WeatherNumbers()
