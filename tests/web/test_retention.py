"""What goes after the end of a programme: listed beforehand, and exactly that goes; and how long that takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from planner.domain.walks import WalkDetails
from planner.models import EVERYONE, Client, Database, Scope
from planner.services.clients import clients
from planner.services.keeping import checks, housekeeping
from planner.services.privacy import client_export, retention
from planner.services.store import Store
from tests.address_book import csrf
from tests.conftest import World
from tests.counting import questions
from tests.ground import Ground, canary
from tests.makers import make_addendum, make_client, make_long_note, make_note, make_walk, move_practice
from tests.page_client import Page, PageClient
from tests.web.test_erasure import written

ENDED = date(2026, 11, 23)
WHOLE = {
    "screening": {"screening"},
    "notes": {
        "note",
        "note_addendum",
        "note_draft",
        "note_revision",
        "walk_answer",
        "external_measure",
        "review",
    },
}
"""Tables of which nothing is left."""
DUE = {"screening": date(2027, 2, 23), "notes": date(2027, 11, 23)}


def end(world: World, client: int, who: str = "anna") -> None:
    clients.set_status(world.store, world.coach(who), client, "ended", world.now, ENDED)


def noon(on: date) -> datetime:
    return datetime.combine(on, time(12), UTC)


def rows_of(ground: Ground, client: int) -> dict[str, set[tuple[object, ...]]]:
    return {
        name: {row for row in rows if client in row}
        for name, rows in ground.dump().items()
        if name not in ("audit_entry", "form_once")
    }


def test_p07_exactly_what_was_listed_goes_on_its_day(ground: Ground) -> None:
    world, client = ground.world, ground.own.client
    walk = make_walk(
        world, client, "2026-11-21T10:00", focus="grenzen", message="Tot dan", video_url="https://a.nl/b"
    )
    make_long_note(world, walk, "moe")
    end(world, client)
    assert world.browser().get(ground.own.link).status == 404, "the link stops at closing"
    others = _others(ground)
    for part, on in DUE.items():
        listed = [one for one in retention.ahead(world.store, world.coach(), on) if one.part == part]
        assert [(one.client_id, one.goes_on) for one in listed] == [(client, on)]
        assert retention.sweep(world.store, noon(on) - timedelta(days=1)) == 0, "not a day before"
        before = rows_of(ground, client)
        retention.sweep(world.store, noon(on))
        after = rows_of(ground, client)
        assert not [one for one in sealed(before) - sealed(after) if one in written(world)], "nor as bytes"
        for name in after:
            if name in WHOLE[part]:
                assert before[name] and not after[name], name
            elif name not in ("client", "walk"):
                assert after[name] == before[name], name
        gone = sum(len(before[name]) for name in WHOLE[part])
        changed = sum(len(before[name] - after[name]) for name in ("client", "walk"))
        assert listed[0].count == gone + changed > 0
        assert not retention.ahead(world.store, world.coach(), on)
    assert _others(ground) == others
    left = clients.of_coach(world.store, world.coach(), client)
    assert left.health == clients.NO_HEALTH and left.details.coach_notes == ""
    assert left.name.first_name == f"Cliënt van anna {canary('anna')}", "who it was stays until it is erased"
    there = client_export.export(world.store, world.coach(), client, world.now, ENDED).everything.tables[
        "walk"
    ]
    assert {replace(one["sealed"], meeting_point="") for one in there} == {WalkDetails()}
    assert canary("anna") in {one["sealed"].meeting_point for one in there}, "where they met stays"


def test_the_day_is_that_of_the_practice(world: World) -> None:
    """At half past eleven in London it is the next day in Amsterdam."""
    client = make_client(world, goal="naar buiten")
    end(world, client)
    late = datetime.combine(DUE["notes"] - timedelta(days=1), time(23, 30), UTC)
    assert retention.sweep(world.store, late - timedelta(hours=1)) == 0
    assert retention.sweep(world.store, late) == 1


def test_each_practice_has_a_day_of_its_own(world: World) -> None:
    """In Auckland it is the next day twelve hours sooner."""
    for who in ("anna", "bram"):
        end(world, make_client(world, "Sanne", who=who, goal="naar buiten"), who)
    move_practice(world, "Pacific/Auckland", "bram")
    early = datetime.combine(DUE["notes"] - timedelta(days=1), time(13), UTC)
    assert retention.sweep(world.store, early) == 1
    (left,) = [row.id for row in clients.listing(world.store, world.coach(), ended=True)]
    assert clients.of_coach(world.store, world.coach(), left).health != clients.NO_HEALTH


class Meanwhile(Database):
    """Something happens right before the lock is taken for the second client."""

    deed: Callable[[], object]
    turns = 0

    @contextmanager
    def transaction(self, scope: Scope, now: datetime) -> Iterator[Session]:
        self.turns += 1
        if self.turns == 2:
            self.deed()
        with super().transaction(scope, now) as session:
            yield session


@pytest.mark.parametrize("what", ["longer terms", "taken up again"])
def test_what_changes_during_a_sweep_counts(world: World, coach: PageClient, what: str) -> None:
    """What goes does not come back, so it is asked again for each."""
    made = sorted(make_client(world, f"Sanne {number}", goal="naar buiten") for number in range(2))
    for client in made:
        end(world, client)
    deeds: dict[str, Callable[[], object]] = {
        "longer terms": lambda: save(coach, notes_months="24", reason="Een klacht loopt nog."),
        "taken up again": lambda: clients.set_status(
            world.store, world.coach(), made[1], "active", world.now, ENDED
        ),
    }
    database = Meanwhile(world.settings.database_url)
    database.deed = deeds[what]
    assert retention.sweep(Store(database, world.store.vault), noon(DUE["notes"])) == 1
    database.dispose()
    kept = [clients.of_coach(world.store, world.coach(), one).health != clients.NO_HEALTH for one in made]
    assert kept == [False, True]


def sealed(rows: dict[str, set[tuple[object, ...]]]) -> set[bytes]:
    return {value for of_one in rows.values() for row in of_one for value in row if isinstance(value, bytes)}


def _others(ground: Ground) -> list[object]:
    files = (ground.colleague, ground.stranger)
    return [rows_of(ground, file.client) for file in files]


def test_p07_the_coach_sees_it_two_months_before(ground: Ground) -> None:
    world = ground.world
    assert (
        "De komende twee maanden verdwijnt er niets" in world.browser("anna").get("/privacy/retention").main
    )
    end(world, ground.own.client)
    going = retention.ahead(world.store, world.coach(), date(2027, 1, 1))
    assert [(one.part, one.goes_on) for one in going] == [("screening", DUE["screening"])]
    assert retention.ahead(world.store, world.coach("cor"), date(2027, 1, 1)) == ()


def test_nothing_goes_of_who_walks_on(world: World) -> None:
    client = make_client(world, goal="naar buiten")
    walk = make_walk(world, client, "2026-11-20T10:00", focus="grenzen")
    make_note(world, walk, felt_text="moe", tool_text="zuchten", close=True)
    make_addendum(world, walk, "later")
    end(world, client)
    clients.set_status(world.store, world.coach(), client, "active", world.now, ENDED)
    assert retention.sweep(world.store, noon(date(2029, 1, 1))) == 0


LOCKS = ("BEGIN IMMEDIATE", "pg_advisory_xact_lock")


def test_one_client_at_a_time_and_nobody_waits_where_nothing_is_left(world: World) -> None:
    """Whoever saves something meanwhile waits for one client, not for all; and each hour for none."""
    for number in range(3):
        client = make_client(world, f"Sanne {number}", goal="naar buiten")
        make_note(world, make_walk(world, client, "2026-11-20T10:00"), felt_text="moe")
        end(world, client)
    held = []
    for _again in range(2):
        with questions(world) as asked:
            gone = retention.sweep(world.store, noon(DUE["notes"]))
        held.append((gone, sum(lock in sql for sql in asked for lock in LOCKS)))
    assert held == [(6, 3), (0, 0)]


def save(coach: PageClient, **terms: str) -> Page:
    return coach.get("/privacy/retention").submit("/privacy/retention", **terms)


CASES: dict[str, tuple[dict[str, str], set[str]]] = {
    "shorter": ({"notes_months": "6", "screening_months": "1"}, set()),
    "longer without a reason": ({"notes_months": "13"}, {"reason"}),
    "longer with a reason": ({"notes_months": "24", "reason": "Een klacht loopt nog."}, set()),
    "too long": ({"notes_months": "25", "reason": "Zomaar."}, {"notes_months"}),
    "nothing": ({"notes_months": ""}, {"notes_months"}),
}


@pytest.mark.parametrize("case", CASES)
def test_p07_shorter_freely_longer_with_a_reason_and_two_years_at_most(coach: PageClient, case: str) -> None:
    typed, wrong = CASES[case]
    page = save(coach, **typed)
    assert set(page.errors) == wrong and page.status == (422 if wrong else 200)
    assert page.one("[name=notes_months]")["value"] == typed["notes_months"], "what was typed is still there"
    kept = coach.get("/privacy/retention").one("[name=notes_months]")["value"]
    assert kept == ("12" if wrong else typed["notes_months"])


def test_the_terms_are_set_by_whoever_leads(world: World, coach: PageClient) -> None:
    """A colleague reads them."""
    save(coach, notes_months="6")
    cor = world.browser("cor")
    page = cor.get("/privacy/retention")
    assert "6 maanden" in page.one("dl.pairs").get_text() and not page.select("main form")
    token = {"csrf_token": csrf(cor), "notes_months": "1", "screening_months": "1", "breach_hours": "72"}
    assert cor.post("/privacy/retention", token).status == 404
    assert coach.get("/privacy/retention").one("[name=notes_months]")["value"] == "6"


def test_other_terms_count(world: World, coach: PageClient) -> None:
    client = make_client(world, goal="naar buiten")
    end(world, client)
    save(coach, notes_months="2", screening_months="1")
    assert retention.sweep(world.store, noon(date(2027, 1, 22))) == 0
    assert retention.sweep(world.store, noon(date(2027, 1, 23))) == 1


def test_what_should_have_gone_long_ago_goes(world: World) -> None:
    """Such as after a copy was put back, or when nothing ran for years."""
    client = make_client(world, goal="naar buiten")
    make_note(world, make_walk(world, client, "2026-11-20T10:00"), felt_text="moe")
    end(world, client)
    housekeeping.sweep(world.store, noon(date(2031, 1, 1)))
    assert clients.of_coach(world.store, world.coach(), client).health == clients.NO_HEALTH
    assert retention.sweep(world.store, noon(date(2031, 1, 1))) == 0


@pytest.mark.parametrize("column", ["details_sealed", "health_sealed"])
def test_a_damaged_text_of_one_stands_in_nobody_elses_way(
    world: World, column: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Of the first in line. The log and `check` tell whose it is."""
    hurt, other = (
        make_client(world, "Sanne", goal="naar buiten"),
        make_client(world, "Joris", goal="naar buiten"),
    )
    for client in (hurt, other):
        make_note(world, make_walk(world, client, "2026-11-20T10:00"), felt_text="moe")
    end(world, hurt)
    clients.set_status(world.store, world.coach(), other, "ended", world.now, ENDED + timedelta(days=1))
    with world.store.db.transaction(EVERYONE, world.now) as session:
        row = session.get_one(Client, hurt)
        setattr(row, column, getattr(row, column)[:-1] + b"\0")
    world.set_clock(noon(DUE["notes"]) + timedelta(days=1))
    listed = retention.ahead(world.store, world.coach(), DUE["notes"])
    assert {one.client_id for one in listed} == {other}
    lines = checks.everything(world.store, world.settings)
    assert [str(hurt) in line for line in lines] == [True]
    housekeeping.sweep(world.store, world.now)
    assert clients.of_coach(world.store, world.coach(), other).health == clients.NO_HEALTH
    assert f"client {hurt}: a text does not open" in caplog.text


def test_what_the_safety_questions_said_goes_with_them(world: World) -> None:
    client = make_client(world, goal="naar buiten", health_flags=("heart",))
    end(world, client)
    assert retention.sweep(world.store, noon(DUE["screening"])) == 1
    health = clients.of_coach(world.store, world.coach(), client).health
    assert (health.health_flags, health.goal) == ((), "naar buiten")


def test_who_withdrew_stands_in_the_list(ground: Ground) -> None:
    from planner.services.clients import consents

    version = consents.text_version("health")
    consents.decide(
        ground.world.store, ground.world.coach(), ground.own.client, "health", "no", version, ground.world.now
    )
    page = ground.world.browser("anna").get("/privacy/retention")
    assert page.one("[data-withdrew]")["data-withdrew"] == str(ground.own.client)
    assert not ground.world.browser("cor").get("/privacy/retention").select("[data-withdrew]")
