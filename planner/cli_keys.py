"""The commands about keys: the sheet for the drawer, whether it fits, new keys, and keys put back."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from planner.cli_refusal import Refused, must_be_current
from planner.domain import key_sheet
from planner.domain.key_sheet import NoKey, Sheet, WrongLine
from planner.services.keeping import keys
from planner.services.keeping.keys import DoesNotFit, KeysRefused
from planner.web import here

MOST_BYTES = 100_000
FITS = {
    "data": "Dit blad past niet: de gegevenssleutel is een andere. Maak een nieuw blad met: keys export BLAD.",
    "backup": "De gegevenssleutel past. De sleutel van de reservekopieën niet: neem het nieuwste blad.",
}

group = AppGroup("keys", help="De sleutels: het blad voor in de la, en nieuwe sleutels.")


@group.command(
    "export", help="Schrijf het blad voor in de la in een bestand. Druk het af, en wis het bestand."
)
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def export(file: Path) -> None:
    planner = here.planner()
    must_be_current()
    sheet = keys.make_sheet(planner.store, planner.settings, None, planner.settings.now())
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Refused([f"{file} kan niet gemaakt worden: {error.strerror}."]) from error
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text_of(sheet, f"{planner.settings.now():%d-%m-%Y}"))
    click.echo(f"Het blad staat in {file}. Druk het af, leg het in de la, en doe dan: keys verify {file}")
    click.echo("Wis daarna het bestand. Wie het heeft, en de database, kan alles lezen.")


@group.command("verify", help="Kijk of een blad past. Geef een bestand, of - om het blad over te typen.")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@with_appcontext
def verify(file: Path) -> None:
    planner = here.planner()
    must_be_current()
    try:
        keys.verify(planner.store, planner.settings, _read(file), None, planner.settings.now())
    except DoesNotFit as other:
        raise Refused([FITS[other.which]]) from other
    click.echo("Het blad past. De datum is bewaard.")
    click.echo("Reservekopieën van de nacht gaan voortaan alleen met dit blad open.")


@group.command(
    "rotate", help="Neem een nieuwe gegevenssleutel. Alles blijft leesbaar; de planner mag draaien."
)
@with_appcontext
def rotate() -> None:
    planner = here.planner()
    must_be_current()
    try:
        count = keys.rotate(planner.store, planner.settings, planner.settings.now())
    except KeysRefused as refused:
        raise Refused([str(refused)]) from refused
    click.echo(f"Er is een nieuwe sleutel. {count} sleutels van dossiers vallen er nu onder.")
    click.echo(
        "Maak nu een nieuw blad: keys export BLAD. Bewaar het oude blad nog 35 dagen, voor oude kopieën."
    )


@group.command(
    "import", help="Zet de sleutels van een blad terug: op een nieuwe computer, of als data.key weg is."
)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@with_appcontext
def put_back(file: Path) -> None:
    planner = here.planner()
    try:
        keys.put_back(planner.store, planner.settings, _read(file))
    except KeysRefused as refused:
        raise Refused([str(refused)]) from refused
    click.echo(f"De sleutels staan in {planner.settings.instance}. Kijk of alles klopt met: check")


def text_of(sheet: Sheet, day: str) -> str:
    """The sheet as a file: to print, and to load again."""
    lines = [
        f"STAP VOOR STAP: sleutels, {day}",
        "",
        "Leg dit blad in een la, niet bij de computer. Wie dit blad en de database heeft, kan alles lezen.",
        "Zonder dit blad is na brand of diefstal niets meer te lezen, ook door niemand anders.",
        "",
        "De gegevenssleutel (overtypen mag met kleine letters):",
        *(f"  {number}  {line}" for number, line in enumerate(key_sheet.lines_of(sheet.data), 1)),
        "",
    ]
    if sheet.backup:
        lines += ["De sleutel van de reservekopieën:", f"  {key_sheet.grouped(sheet.backup)}", ""]
    lines += [
        "Terugzetten: .venv/bin/flask --app wsgi keys import BLAD, en dan: … restore KOPIE --sheet BLAD",
        "",
    ]
    return "\n".join(lines)


def _read(file: Path) -> str:
    try:
        if str(file) == "-":
            text = sys.stdin.read(MOST_BYTES)
        else:
            text = file.read_bytes()[:MOST_BYTES].decode("utf-8", "replace")
        key_sheet.read(text)
    except OSError as error:
        raise Refused([f"{file} kan niet gelezen worden: {error.strerror}."]) from error
    except WrongLine as wrong:
        mixed = " Of een regel erboven is van een ander blad." if wrong.is_last else ""
        raise Refused(
            [f"Regel {wrong.number} van de gegevenssleutel klopt niet. Kijk die na.{mixed}"]
        ) from wrong
    except NoKey as none:
        raise Refused(["In deze tekst staat geen gegevenssleutel."]) from none
    return text
