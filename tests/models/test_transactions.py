"""One action, one transaction: all of it is kept or nothing is, and one writer at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from threading import Thread

import pytest
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError

from planner.domain.notes import NoteContent
from planner.models import DatabaseBusy, FormOnce, Note, Practice, Walk
from planner.models.base import make_engine
from planner.services.clients import clients, consents, passing_on
from planner.services.notes import notes, walk_log
from planner.services.people import set_up, throttle
from planner.services.people.set_up import NewCoach
from planner.services.store import Conflict
from planner.services.walks import walks
from tests import makers
from tests.conftest import World
from tests.ground import Ground
from tests.page_client import PageClient

KINDS = ("INSERT", "UPDATE", "DELETE")


def _log(ground: Ground) -> None:
    world = ground.world
    plan = walks.PlanWalk(ground.own.client, datetime(2026, 11, 20, 10, 0), 40)
    note = notes.SaveNote("walked", NoteContent(felt_text="licht"))
    walk_log.log_walk(world.store, world.coach(), plan, note, world.now, "a form")


def _plan(ground: Ground) -> None:
    own = ground.own
    makers.make_walk(
        ground.world,
        own.client,
        "2026-11-27T14:00",
        exercises=(own.exercise,),
        route_id=own.route,
        suggested=(own.exercise,),
    )


def _end(ground: Ground) -> None:
    world = ground.world
    clients.set_status(world.store, world.coach(), ground.own.client, "ended", world.now, date(2026, 11, 23))


def _withdraw(ground: Ground) -> None:
    world, version = ground.world, consents.text_version("health")
    consents.decide(world.store, world.coach(), ground.own.client, "health", "no", version, world.now)


def _hand_over(ground: Ground) -> None:
    passing_on.hand_over(
        ground.world.store, ground.world.coach(), ground.own.client, ground.colleague.coach, ground.world.now
    )


def _answer(ground: Ground) -> None:
    makers.give_signs(ground.world, ground.own.link, ground.own.walk)


ACTIONS: dict[str, tuple[Callable[[Ground], object], set[str]]] = {
    "a new client": (
        lambda g: makers.make_client(g.world, "Joris", goal="slapen"),
        {"client", "consent"},
    ),
    "a planned walk": (_plan, {"walk", "plan_item", "exercise_choice", "forecast", "wake", "message"}),
    "a walk logged with its note": (_log, {"walk", "note", "form_once"}),
    "a renewed link": (lambda g: makers.make_link(g.world, g.own.client), {"share_link", "link_digest"}),
    "an ended programme": (_end, {"client", "share_link", "link_digest", "message"}),
    "consent taken back": (_withdraw, {"consent", "share_link", "link_digest", "message"}),
    "a client handed over": (
        _hand_over,
        {
            "client",
            "privacy_request",
            "walk",
            "note",
            "plan_item",
            "exercise_choice",
            "consent",
            "screening",
            "share_link",
            "walk_answer",
            "message",
            "review",
            "external_measure",
            "client_access",
        },
    ),
    "a client who answers": (_answer, {"walk_answer"}),
    "a coach with a practice": (
        lambda g: set_up.add_coach(g.world.store, NewCoach("Dirk", "dirk@example.org", None), g.world.now),
        {"practice", "coach", "account", "exercise"},
    ),
}


@contextmanager
def refusing(engine: Engine, table: str) -> Iterator[None]:
    """For as long as this lasts the database itself refuses every change to a table."""
    sqlite = engine.dialect.name == "sqlite"
    body = "BEGIN SELECT RAISE(ABORT, 'refused'); END" if sqlite else "FOR EACH ROW EXECUTE FUNCTION refuse()"
    function = (
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'refused'; END $$"
    )
    with writing(engine) as connection:
        if not sqlite:
            connection.execute(text(function))
        for kind in KINDS:
            connection.execute(text(f"CREATE TRIGGER no_{kind} BEFORE {kind} ON {table} {body}"))
    try:
        yield
    finally:
        with writing(engine) as connection:
            for kind in KINDS:
                connection.execute(text(f"DROP TRIGGER no_{kind}" + ("" if sqlite else f" ON {table}")))


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(write=True) as connection:
        yield connection
        connection.commit()


@pytest.fixture
def engine(ground: Ground) -> Iterator[Engine]:
    """A second way in, past all walls."""
    made = make_engine(ground.world.settings.database_url)
    yield made
    made.dispose()


@pytest.mark.parametrize("action", ACTIONS)
def test_all_or_nothing(ground: Ground, engine: Engine, action: str) -> None:
    """Each table that the action writes refuses once, wherever in the action that is: then nothing of it is there.
    At last it is done for real, so that the list of tables is known to be whole."""
    deed, tables = ACTIONS[action]
    tables = tables | {"audit_entry", "audit_segment"}
    before = ground.dump()
    for table in tables:
        with refusing(engine, table), pytest.raises(DBAPIError) as failed:
            deed(ground)
        assert not isinstance(failed.value, OperationalError), f"{table}: {failed.value}"
        assert ground.dump() == before, f"half of it was kept when {table} refused"
    deed(ground)
    after = ground.dump()
    assert {name for name in before if before[name] != after[name]} == tables


def test_an_action_that_fails_in_its_own_code_keeps_nothing(ground: Ground) -> None:
    before = ground.dump()
    with (
        pytest.raises(ZeroDivisionError),
        ground.world.store.db.transaction(ground.scope, ground.world.now) as session,
    ):
        session.get_one(Walk, ground.own.walk).minutes = 90
        session.flush()
        _ = 1 / 0
    assert ground.dump() == before


def _at_once(number: int, deed: Callable[[int], object]) -> list[BaseException]:
    failed: list[BaseException] = []

    def run(turn: int) -> None:
        try:
            deed(turn)
        except Exception as error:
            failed.append(error)

    threads = [Thread(target=run, args=(turn,)) for turn in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def test_reading_and_then_writing_at_once_loses_nothing(ground: Ground) -> None:
    """Eight writers, twenty-five times each: read a number, write one more."""

    def count(_: int) -> None:
        for _turn in range(25):
            with ground.world.store.db.transaction(ground.scope, ground.world.now) as session:
                walk = session.get_one(Walk, ground.own.walk)
                walk.sequence = walk.sequence + 1

    with ground.world.store.db.reading(ground.scope) as session:
        first = session.get_one(Walk, ground.own.walk).sequence
    assert _at_once(8, count) == []
    with ground.world.store.db.reading(ground.scope) as session:
        assert session.get_one(Walk, ground.own.walk).sequence == first + 200


def test_of_savers_from_the_same_page_one_is_heard(ground: Ground) -> None:
    """Twelve tabs opened the same note; one is saved, eleven are told."""
    store, coach, now = ground.world.store, ground.world.coach(), ground.world.now
    with store.db.reading(coach.scope) as session:
        version = session.scalars(select(Note.version)).one()

    def save(turn: int) -> None:
        content = NoteContent(felt_text=f"tabblad {turn}")
        notes.save(store, coach, ground.own.walk, notes.SaveNote("walked", content, version), now)

    failed = _at_once(12, save)
    assert [type(error) for error in failed] == [Conflict] * 11
    with store.db.reading(coach.scope) as session:
        assert session.scalars(select(Note.version)).one() == version + 1


def test_a_form_sent_often_at_once_makes_one(ground: Ground) -> None:
    store, coach, now = ground.world.store, ground.world.coach(), ground.world.now
    made: set[int] = set()

    def send(_: int) -> None:
        new = clients.SaveClient(clients.ClientName("Joris"))
        made.add(clients.create(store, coach, new, now, "the same form"))

    assert _at_once(10, send) == []
    assert len(made) == 1
    with store.db.reading(coach.scope) as session:
        assert len(session.scalars(select(FormOnce).where(FormOnce.form_id == "the same form")).all()) == 1


def test_guesses_at_once_are_all_counted(world: World) -> None:
    keys = throttle.keys(world.store, "anna@example.org", "127.0.0.1")
    assert _at_once(8, lambda _: throttle.failed(world.store, keys, world.now)) == []
    with pytest.raises(throttle.TooManyTries) as wait:
        throttle.check(world.store, keys, world.now)
    assert wait.value.wait_s in (8, 9), "seconds after the eighth; 4 after the seventh"


def test_a_moment_needs_its_zone(ground: Ground) -> None:
    naive = datetime(2026, 12, 1, 10, 0)
    with ground.world.store.db.reading(ground.scope) as session:
        with pytest.raises(StatementError, match="a moment needs its zone"):
            session.execute(select(Walk.id).where(Walk.starts_at > naive))
        kept = session.get_one(Walk, ground.own.walk).starts_at
    assert kept.tzinfo is UTC
    with (
        pytest.raises(StatementError, match="a moment needs its zone"),
        ground.world.store.db.transaction(ground.scope, ground.world.now) as session,
    ):
        session.get_one(Walk, ground.own.walk).starts_at = naive
        session.flush()


@contextmanager
def holding(world: World) -> Iterator[None]:
    """Another process writes, and does not stop. Whoever waits gives up soon."""
    if world.store.db.engine.dialect.name == "sqlite":  # on PostgreSQL the real wait: five seconds
        with world.store.db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=50")
    other = make_engine(world.settings.database_url)
    with writing(other) as connection:
        connection.execute(select(Practice.version))
        yield
    other.dispose()


def test_whoever_waits_too_long_is_told(ground: Ground) -> None:
    before = ground.dump()
    with holding(ground.world):
        with pytest.raises(DatabaseBusy):
            makers.make_client(ground.world)
        with ground.world.store.db.reading(ground.scope) as session:
            assert session.get_one(Walk, ground.own.walk), "reading goes on"
    assert ground.dump() == before


def test_a_busy_database_gives_the_text_back(world: World, coach: PageClient) -> None:
    page = coach.get("/account")
    with holding(world):
        answer = page.submit(language="en", phone="06 12345678")
    assert (answer.status, answer.response.headers["Retry-After"]) == (503, "5")
    assert answer.one('input[name="phone"]')["value"] == "06 12345678"
    assert answer.submit().status == 200, "and it can be sent again"
