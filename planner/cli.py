"""The commands: one screen each, each calls one service. A refusal is one line per problem, and exit code 1."""

from __future__ import annotations

import logging
import os
import re
import signal
import sys
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from planner import cli_keys
from planner.cli_refusal import Refused, keep_keys, must_be_current
from planner.migrations import run as migrations
from planner.services.keeping import backup, checks, keys, upgrading
from planner.services.people import email_change, new_password, passwords, second_factor, set_up, sign_in
from planner.services.store import DatabaseBusy, NotFound, SignedIn
from planner.web import here

WEAK = {
    "too_short": "Dit wachtwoord is te kort. Neem er een van minstens 12 tekens.",
    "too_long": "Dit wachtwoord is te lang. Neem er een van hoogstens 128 tekens.",
    "common": "Dit wachtwoord gebruiken veel mensen. Neem een ander, bijvoorbeeld een korte zin.",
}
LANGUAGES = ("nl", "en")
EMAIL = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\".]+")


def register(app: Flask) -> None:
    coach = AppGroup("coach", help="Coaches van deze planner.")
    for command in (add_coach, reset, reset_second_factor, change_email):
        coach.add_command(command)
    for command in (jobs, check, make_backup, restore, demo, coach, cli_keys.group):
        app.cli.add_command(command)


@click.command("jobs", help="Doe al het werk dat nu klaarligt: berichten sturen, weer ophalen, opruimen.")
@click.option("--watch", is_flag=True, help="Blijf dit doen, tot je stopt.")
@with_appcontext
def jobs(watch: bool) -> None:
    from planner import scheduler  # the web processes read this module too, and need no door to the network
    from planner.web.messages.writing import letter_writer, writer

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    planner = here.planner()
    must_be_current()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    work = scheduler.jobs_for(planner.store, planner.settings, writer(app), letter_writer(app))
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _signal, _frame: work.stopping.set())
    if watch:
        scheduler.watch(work)
    elif not scheduler.one_pass(work):
        raise Refused(["De database is bezet. Er is niets verloren; probeer het zo weer."])


@click.command("check", help="Kijk of instellingen, sleutels en database kloppen.")
@with_appcontext
def check() -> None:
    planner = here.planner()
    problems = checks.everything(planner.store, planner.settings)
    if problems:
        raise Refused(problems)
    for line in checks.notices(planner.store, planner.settings):
        click.echo(f"Let op: {line}")
    click.echo("Alles klopt.")


@click.command(
    "backup", help="Maak een kopie van alles behalve de sleutels. Dat mag terwijl de planner draait."
)
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def make_backup(file: Path) -> None:
    planner = here.planner()
    settings = planner.settings
    try:
        manifest = backup.make(settings, file)
        if migrations.serves(manifest.revision):
            keys.note(planner.store, None, "exported", "backup", settings.now())
    except backup.BackupRefused as refused:
        raise Refused([str(refused)]) from refused
    except DatabaseBusy as busy:
        raise Refused([f"{file} is er, maar dat kon niet in het logboek: de database is bezet."]) from busy
    click.echo(f"Kopie gemaakt en nagekeken: {file} ({sum(manifest.rows.values())} rijen).")
    click.echo(f"De sleutels zitten er niet in. Bewaar {settings.instance / 'data.key'} apart.")


@click.command("restore", help="Zet een kopie terug in een lege installatie.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--sheet", type=click.Path(path_type=Path, exists=True), help="Het blad uit de la.")
@with_appcontext
def restore(file: Path, sheet: Path | None) -> None:
    settings = here.planner().settings
    try:
        text = sheet.read_text(encoding="utf-8", errors="replace") if sheet else ""
        manifest = backup.restore(settings, file, text)
    except backup.BackupRefused as refused:
        raise Refused([str(refused)]) from refused
    click.echo(
        f"Teruggezet en nagekeken: de kopie van {manifest.made_at} ({sum(manifest.rows.values())} rijen)."
    )
    if not migrations.serves(manifest.revision):
        click.echo("De kopie is van een oudere versie: make run werkt de database bij.")


@click.command("demo", help="Vul een lege database met een voorbeeldpraktijk.")
@with_appcontext
def demo() -> None:
    from planner.services.demo import demo as example

    planner = here.planner()
    _bring_up_to_date()
    if set_up.has_coach(planner.store):
        raise Refused(["Er is al een coach. Een voorbeeld gaat alleen in een lege database."])
    example.fill(planner.store, planner.settings.now())
    click.echo("De voorbeeldpraktijk staat klaar. Log in met demo@example.org en wandelen-met-demo.")


@click.command("add", help="Voeg een coach toe, met een eigen praktijk of in een praktijk die er al is.")
@click.argument("email")
@click.option("--name", required=True, help="De naam van de coach.")
@click.option("--practice", type=int, help="Nummer van de praktijk; zonder: een eigen praktijk.")
@click.option("--language", type=click.Choice(LANGUAGES), default="nl", show_default=True)
@click.option("--password-stdin", is_flag=True, help="Lees het wachtwoord van de standaardinvoer.")
@with_appcontext
def add_coach(email: str, name: str, practice: int | None, language: str, password_stdin: bool) -> None:
    planner = here.planner()
    if not name.strip() or not EMAIL.fullmatch(email):
        raise Refused(["Schrijf een naam, en een e-mailadres zoals naam@example.org."])
    password = _password(name, email) if password_stdin else None
    _bring_up_to_date()
    now = planner.settings.now()
    new = set_up.NewCoach(name.strip(), email, password, language, contact=sign_in.clean_email(email))
    try:
        practice_id, coach_id = set_up.add_coach(planner.store, new, now, practice)
    except set_up.EmailTaken as taken:
        raise Refused(["Er is al een coach met dit e-mailadres."]) from taken
    except KeyError as unknown:
        raise Refused([f"Er is geen praktijk met nummer {practice}."]) from unknown
    click.echo(f"Coach toegevoegd. Praktijk: {practice_id}")
    if password is None:
        key = set_up.key_for(planner.store, coach_id, practice_id, now)
        click.echo(f"Eenmalig adres om te beginnen: {_base()}/setup/{key}")


@click.command(
    "reset", help="Geef een adres waar een coach een nieuw wachtwoord kiest. De tweede stap blijft."
)
@click.argument("email")
@with_appcontext
def reset(email: str) -> None:
    planner = here.planner()
    coach = _coach(email)
    key = new_password.key_for(planner.store, coach, planner.settings.now(), actor="cli")
    click.echo(f"Eenmalig adres voor een nieuw wachtwoord, een half uur geldig: {_base()}/reset/{key}")


@click.command("reset-second-factor", help="Haal de tweede stap weg van een coach die hem kwijt is.")
@click.argument("email")
@with_appcontext
def reset_second_factor(email: str) -> None:
    planner = here.planner()
    second_factor.drop_everything(planner.store, _coach(email), planner.settings.now())
    click.echo("De tweede stap is weg, en niemand is nog ingelogd. Het wachtwoord blijft.")


@click.command("change-email", help="Geef een coach een ander e-mailadres. De tweede stap blijft.")
@click.argument("email")
@click.argument("new")
@with_appcontext
def change_email(email: str, new: str) -> None:
    planner = here.planner()
    if not EMAIL.fullmatch(new):
        raise Refused(["Schrijf een e-mailadres zoals naam@example.org."])
    try:
        invited = email_change.change(planner.store, _coach(email), new, planner.settings.now())
    except set_up.EmailTaken as taken:
        raise Refused(["Er is al een coach met dit e-mailadres."]) from taken
    click.echo(f"Voortaan inloggen met {sign_in.clean_email(new)}.")
    if invited:
        click.echo(f"Het adres om te beginnen werkt niet meer. Een nieuw adres: coach reset {new}")


def _coach(email: str) -> SignedIn:
    must_be_current()
    try:
        return new_password.coach_with(here.planner().store, email)
    except NotFound as unknown:
        raise Refused(["Er is geen coach met dit e-mailadres."]) from unknown


def _base() -> str:
    return here.planner().settings.base_url or f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}"


def _password(name: str, email: str) -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    weak = passwords.weakness(password, name, email)
    if weak:
        raise Refused([WEAK[weak]])
    return password


def _bring_up_to_date() -> None:
    """A new database is made here; one in use is brought up to date by `make run`, which makes a copy first."""
    settings = here.planner().settings
    keep_keys()
    try:
        if upgrading.revision(settings) is None:
            upgrading.bring_up_to_date(settings)
    except upgrading.UpgradeRefused as refused:
        raise Refused([str(refused)]) from refused
    must_be_current()
