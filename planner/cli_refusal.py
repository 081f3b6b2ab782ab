"""How a command says that it does not do what was asked."""

from __future__ import annotations

import sys
from typing import IO, Any

import click

from planner import key_settings
from planner.migrations import run as migrations
from planner.services.keeping import upgrading
from planner.web import here


class Refused(click.ClickException):
    """What stands in the way, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file or sys.stderr)


def keep_keys() -> None:
    """Before anything is written: keys that were made for this command are in their files from here on."""
    settings = here.planner().settings
    if settings.keys_are_kept or settings.key_is_gone:
        return
    try:
        key_settings.keep(settings.instance, settings.secret_key, settings.data_key)
    except OSError as error:
        raise Refused(
            [f"De map {settings.instance} is niet te gebruiken: {error.strerror or error}."]
        ) from error


def must_be_current() -> None:
    try:
        at = upgrading.revision(here.planner().settings)
    except upgrading.UpgradeRefused as refused:
        raise Refused([str(refused)]) from refused
    if at is None or not migrations.serves(at):
        raise Refused(["De database is er nog niet, of loopt achter. Start met make run."])
    keep_keys()
