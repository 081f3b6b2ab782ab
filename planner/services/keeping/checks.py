"""What `check` verifies, one line per problem."""

from __future__ import annotations

from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from planner.migrations import run as migrations
from planner.models import EVERYONE, ForecastRow, Practice
from planner.services.keeping import audit_check, backup_nights, keys, upgrading
from planner.services.privacy import erasure, retention
from planner.services.store import Store
from planner.services.vault import CannotOpen
from planner.settings import Settings

SAFE_SQLITE = (3, 51, 3)
WEATHER = {
    "refused": "De weerdienst weigert onze vragen. Kloppen het e-mailadres (Instellingen) en een eventuele sleutel?",
    "not_configured": "De weerdienst is nog niet ingesteld. Wat er ontbreekt, staat bij Instellingen onder Weer.",
    "deprecated": "De weerdienst stopt binnenkort met deze versie. Werk het programma bij.",
    "bad_request": "De weerdienst begrijpt onze vraag niet. Werk het programma bij.",
}


def keys_open_the_data(store: Store) -> list[str]:
    """A practice's key must open with the data key, or every text would look lost."""
    with store.db.reading(EVERYONE) as session:
        for practice_id, wrapped in session.execute(select(Practice.id, Practice.wrapped_key)):
            try:
                store.vault.try_key(wrapped, practice_id)
            except CannotOpen:
                return ["De sleutel past niet op deze database. Zet de data.key terug die erbij hoort."]
    return []


def everything(store: Store, settings: Settings) -> list[str]:
    """Settings, revision, integrity, keys: the problems found."""
    found = settings.problems()
    try:
        at = upgrading.revision(settings)
        if at is None or not migrations.serves(at):
            behind = (
                f"De database is op stand {at}, dit programma op {migrations.head()}."
                if at
                else "Er is nog geen database."
            )
            return [*found, f"{behind} Start met make run."]
        found += _sqlite_problems(store) if store.db.engine.dialect.name == "sqlite" else []
        shut = keys_open_the_data(store)
        return found + (shut or _privacy_problems(store, settings) + audit_check.problems(store, settings))
    except upgrading.UpgradeRefused as refused:
        return [*found, str(refused)]
    except SQLAlchemyError as error:
        return [*found, upgrading.unwell(error)]


def _privacy_problems(store: Store, settings: Settings) -> list[str]:
    """What should be gone and is not."""
    found = [
        f"Een tekst van cliënt {one} gaat niet open. Wat van die cliënt weg moest, staat er nog. "
        "Zet een kopie terug van toen hij nog openging."
        for one in retention.stuck(store, settings.now())
    ]
    try:
        if erasure.has_come_back(store, erasure.ledger_of(settings)):
            found.append("Wie gewist is, staat weer in de database. Start met make run: dan is dat weer weg.")
    except erasure.Unreadable as error:
        found.append(str(error))
    return found


def _sqlite_problems(store: Store) -> list[str]:
    found = []
    with store.db.unowned() as connection:
        version = connection.execute(text("SELECT sqlite_version()")).scalar_one()
        if tuple(int(part) for part in version.split(".")) < SAFE_SQLITE:
            found.append(
                f"SQLite {version} kan een database beschadigen. Installeer requirements.txt opnieuw."
            )
        result = connection.execute(text("PRAGMA integrity_check")).scalar_one()
        if result != "ok":
            found.append(
                f"De database is beschadigd ({result.splitlines()[0]}). Zet de nieuwste kopie terug."
            )
        broken = connection.execute(text("PRAGMA foreign_key_check")).first()
        if broken is not None:
            found.append(
                f"Een rij in {broken[0]} wijst naar iets dat er niet meer is. Zet de nieuwste kopie terug."
            )
    return found


PAST_ROWS = (
    "De databasegebruiker mag langs row-level security (superuser of BYPASSRLS). "
    "Geef de planner een eigen, gewone gebruiker."
)


def _role_notices(store: Store) -> list[str]:
    if store.db.engine.dialect.name != "postgresql":
        return []
    asked = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    with store.db.unowned() as connection:
        return [PAST_ROWS] if connection.execute(text(asked)).scalar() else []


def notices(store: Store, settings: Settings) -> list[str]:
    """What only people can mend. Worth a line, but nothing here is broken."""
    return [*_about_weather(store), *_about_keeping(store, settings), *_role_notices(store)]


def _about_keeping(store: Store, settings: Settings) -> list[str]:
    """About backups and keys. A planner that never made one is new."""
    status = backup_nights.status(store, settings, settings.now())
    found = []
    if status.made_at is not None and status.stale:
        found.append(f"De nieuwste reservekopie is van {status.made_at:%d-%m-%Y}. {status.problem}".strip())
    elif status.made_at is None and status.problem:
        found.append(f"Er is nog geen reservekopie. {status.problem}")
    if status.clock_ahead:
        found.append(
            "De klok sprong ver vooruit. Er wordt niets weggegooid tot hij een dag zo heeft gelopen."
        )
    found += [
        f"Gevonden bij de laatste nachtelijke controle: {line}"
        for line in audit_check.found_at_night(settings)
    ]
    if keys.state_of(store, settings).changing:
        found.append("De sleutels zijn gewisseld. De vorige blijft nog hooguit een dag staan.")
    return found


def _about_weather(store: Store) -> list[str]:
    with store.db.reading(EVERYONE) as session:
        problems = session.scalars(
            select(ForecastRow.problem)
            .where(ForecastRow.source == store.weather, ForecastRow.problem.in_(WEATHER))
            .distinct()
        )
        return [WEATHER[problem] for problem in problems if problem]
