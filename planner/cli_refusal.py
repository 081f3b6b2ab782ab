"""How a command says that it does not do what was asked."""

from __future__ import annotations

import sys
from typing import IO, Any

import click

from planner.migrations import run as migrations
from planner.services.keeping import upgrading
from planner.web import here


class Refused(click.ClickException):
    """What stands in the way, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file or sys.stderr)


def must_be_current() -> None:
    try:
        at = upgrading.revision(here.planner().settings)
    except upgrading.UpgradeRefused as refused:
        raise Refused([str(refused)]) from refused
    if at != migrations.head():
        raise Refused(["De database is er nog niet, of loopt achter. Start met make run."])
