"""Other calendars kept up to date by the jobs: claimed once, left alone after a failure, and what is known stays."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select, update
from werkzeug import Request, Response

from planner.domain.busy import (
    CALDAV,
    ICS,
    MOST_CALENDARS,
    Busy,
    CalendarAccess,
    CalendarFailed,
    CalendarProblem,
    CalendarRead,
    Held,
    Window,
)
from planner.models import EVERYONE, Account, AuditEntry, BusyCalendar, BusyTime, Database
from planner.outside.apart import ReaderFault
from planner.outside.calendars import Calendars
from planner.outside.mail import SmtpMail
from planner.outside.open_door import OpenDoor, public_or_home
from planner.scheduler import Jobs, jobs_for, one_pass, watch
from planner.services.calendars import busy_calendars, busy_jobs
from planner.services.calendars.busy_calendars import CalendarKnown, CalendarLine, TooManyCalendars
from planner.services.messages.sending import Post
from planner.services.store import Store
from planner.web.messages.writing import writer
from tests import makers
from tests.caldav_server import calendar, event
from tests.conftest import World
from tests.mail_server import CONTEXT, Office, running, say_yes
from tests.services.met_service import MetService

ADDRESS = "https://agenda.example.org/private-geheim123/basic.ics"
SECRETS = ("geheim123", "Wachtwoord9", "anna-apple")


@dataclass
class Says:
    """A CalendarSource that says what it is told, and remembers what it was asked. `during`: what happens meanwhile."""

    times: tuple[Busy, ...] = ()
    problem: CalendarProblem | None = None
    wait_s: float = 0.0
    changed: bool = True
    asked: list[tuple[str, Held]] = field(default_factory=list)
    during: Callable[[], Any] = lambda: None

    def read(self, kind: str, access: CalendarAccess, window: Any, held: Held) -> CalendarRead:
        self.asked.append((access.address, held))
        self.during()
        if self.problem:
            raise CalendarFailed(self.problem, self.wait_s)
        return CalendarRead(self.times if self.changed else None, Held('"a1"', None))


@pytest.fixture
def nine(world: World) -> Busy:
    return Busy(world.now + timedelta(hours=24), world.now + timedelta(hours=25))


def add(world: World, address: str = ADDRESS, *, who: str = "anna", kind: Any = ICS, **more: str) -> int:
    busy_calendars.add(world.store, world.coach(who), kind, CalendarAccess(address, **more), world.now)
    return lines(world, who)[-1].id


def lines(world: World, who: str = "anna") -> tuple[CalendarLine, ...]:
    return busy_calendars.listing(world.store, world.coach(who), world.now)


def known(world: World, who: str = "anna") -> list[Busy]:
    with world.store.db.reading(world.coach(who).scope) as session:
        return list(
            busy_calendars.between(session, world.now - timedelta(days=9), world.now + timedelta(days=300))
        )


def read(world: World, source: Says | Calendars, later: timedelta = timedelta(0)) -> int:
    return busy_jobs.read_due(world.store, source, world.now + later)


def test_it_is_read_once_and_then_again_after_a_quarter(world: World, nine: Busy) -> None:
    add(world, name="Thuis")
    says = Says((nine,))
    assert lines(world)[0].reads
    assert [read(world, says), read(world, says)] == [1, 0]
    assert [(one.starts_at, one.ends_at) for one in known(world)] == [(nine.starts_at, nine.ends_at)]
    (line,) = lines(world)
    assert (line.name, line.host, line.times) == ("Thuis", "agenda.example.org", 1)
    assert (line.problem, line.reads) == (None, False)
    assert read(world, says, timedelta(minutes=14)) == 0
    assert read(world, says, timedelta(minutes=31)) == 1
    assert [held for _address, held in says.asked] == [Held(), Held('"a1"', None)]


def test_the_next_day_the_whole_is_read_changed_or_not(world: World, nine: Busy) -> None:
    """The window goes on by itself."""
    add(world)
    says = Says((nine,))
    read(world, says)
    says.changed = False
    read(world, says, timedelta(hours=1))
    assert known(world) and says.asked[-1][1] != Held()
    says.changed, says.times = True, ()
    read(world, says, timedelta(days=1))
    assert says.asked[-1][1] == Held() and not known(world)


def test_only_what_changed_is_written(world: World, nine: Busy) -> None:
    add(world)
    other = Busy(nine.ends_at + timedelta(hours=1), nine.ends_at + timedelta(hours=2))
    third = Busy(nine.ends_at + timedelta(hours=4), nine.ends_at + timedelta(hours=5))
    read(world, Says((nine, other)))
    with world.store.db.reading(EVERYONE) as session:
        before = {row.starts_at: row.id for row in session.scalars(select(BusyTime))}
    read(world, Says((nine, third)), timedelta(hours=1))
    with world.store.db.reading(EVERYONE) as session:
        after = {row.starts_at: row.id for row in session.scalars(select(BusyTime))}
    assert set(after) == {nine.starts_at, third.starts_at}
    assert after[nine.starts_at] == before[nine.starts_at]


def test_a_failure_keeps_what_is_known_and_waits_longer_each_time(world: World, nine: Busy) -> None:
    add(world)
    read(world, Says((nine,)))
    at, waits = timedelta(hours=1), []
    for _ in range(8):
        assert read(world, Says(problem="unreachable"), at) == 1
        with world.store.db.reading(EVERYONE) as session:
            due_at = session.scalars(select(BusyCalendar.due_at)).one()
        waits.append(due_at - (world.now + at))
        at = due_at - world.now + timedelta(seconds=1)
    least = [min(timedelta(minutes=15) * 2**number, timedelta(hours=12)) for number in range(8)]
    assert all(low <= wait <= 2 * low + timedelta(minutes=1) for low, wait in zip(least, waits, strict=True))
    assert known(world) == [nine]
    assert lines(world)[0].problem == "unreachable"
    read(world, Says((nine,)), at)
    (line,) = lines(world)
    assert line.problem is None and line.read_at is not None and line.read_at > world.now


def test_looking_now_does_not_wait_unless_the_server_asked_for_patience(world: World, nine: Busy) -> None:
    one = add(world)
    read(world, Says(problem="login"))
    assert busy_calendars.look_now(world.store, world.coach(), one, world.now)
    assert read(world, Says(problem="throttled", wait_s=7200)) == 1
    assert not busy_calendars.look_now(world.store, world.coach(), one, world.now)
    assert [read(world, Says(), timedelta(minutes=90)), read(world, Says((nine,)), timedelta(hours=5))] == [
        0,
        1,
    ]


def test_one_that_fails_does_not_stop_the_others(world: World, nine: Busy) -> None:
    for number in range(3):
        add(world, f"{ADDRESS}?{number}")
    says = Says((nine,))

    def read_one(kind: str, access: CalendarAccess, window: Any, held: Held) -> CalendarRead:
        says.problem = "too_much" if access.address.endswith("?1") else None
        return Says.read(says, kind, access, window, held)

    says.read = read_one  # type: ignore[method-assign]
    assert read(world, says) == 3
    assert [line.problem for line in lines(world)] == [None, "too_much", None]


def test_two_nodes_read_a_calendar_once(world: World, nine: Busy) -> None:
    """The second looks while the first is waiting for its answer."""
    add(world)
    second = Says((nine,))
    first = Says((nine,), during=lambda: read(world, second))
    assert read(world, first) == 1
    assert (len(first.asked), len(second.asked)) == (1, 0)


def test_a_node_that_died_leaves_its_calendar_to_another(world: World, nine: Busy) -> None:
    add(world)
    late = Says((), during=lambda: read(world, Says((nine,)), busy_jobs.CLAIM_FOR + timedelta(seconds=1)))
    assert read(world, late) == 1
    assert known(world) == [nine], "what came too late does not count any more"


def test_a_clock_that_ran_ahead_stops_nothing(world: World, nine: Busy) -> None:
    """It was read, and taken by a node that died, a year from now; then the clock is put right."""
    one = add(world)
    assert read(world, Says(()), timedelta(days=365)) == 1
    assert read(world, Says((nine,))) == 1
    assert known(world) == [nine]
    ahead = world.now + timedelta(days=365)
    with world.store.db.transaction(EVERYONE, world.now) as session:
        session.execute(
            update(BusyCalendar).where(BusyCalendar.id == one).values(due_at=ahead, claimed_until=ahead)
        )
    assert [read(world, Says(())), read(world, Says(()))] == [1, 0]
    assert not known(world)


def test_the_longest_wait_is_waited(world: World) -> None:
    add(world)
    read(world, Says(problem="throttled", wait_s=999_999))
    assert read(world, Says(), timedelta(hours=23)) == 0
    assert read(world, Says(), timedelta(hours=25)) == 1


def test_one_that_is_removed_meanwhile_stays_away(world: World, nine: Busy) -> None:
    one = add(world)
    says = Says((nine,), during=lambda: busy_calendars.remove(world.store, world.coach(), one, world.now))
    assert read(world, says) == 1
    assert not known(world) and not lines(world)


def test_removing_takes_its_times_and_leaves_those_of_others(world: World, nine: Busy) -> None:
    one, _two = add(world), add(world, ADDRESS + "?2")
    add(world, who="cor")
    read(world, Says((nine,)))
    assert len(known(world)) == 2
    busy_calendars.remove(world.store, world.coach(), one, world.now)
    assert (len(known(world)), len(known(world, "cor"))) == (1, 1)


def test_ten_at_most_and_none_twice(world: World) -> None:
    for number in range(MOST_CALENDARS):
        add(world, f"{ADDRESS}?{number}")
    with pytest.raises(TooManyCalendars):
        add(world, f"{ADDRESS}?again")
    with pytest.raises(CalendarKnown):
        add(world, f"{ADDRESS}?3")
    add(world, f"{ADDRESS}?3", who="cor")


def test_nobody_reads_for_a_coach_who_is_gone(world: World) -> None:
    add(world)
    with world.store.db.unowned_write() as connection:
        connection.execute(
            update(Account).where(Account.coach_id == world.coach().id).values(disabled_at=world.now)
        )
    assert read(world, Says()) == 0


def test_address_and_password_are_nowhere_in_clear(
    world: World, caplog: pytest.LogCaptureFixture, httpserver: HTTPServer
) -> None:
    """Not in the tables, the log or the lines; not when it fails either."""
    caplog.set_level(logging.WARNING)
    more = {"user": "anna-apple", "password": "Wachtwoord9"}
    add(world, httpserver.url_for("/geheim123"), kind=CALDAV, name="Privé", **more)
    add(world, "https://127.0.0.1:1/geheim123")
    httpserver.expect_request("/geheim123").respond_with_data("geheim123 Wachtwoord9", 207)
    assert read(world, Calendars(OpenDoor(public_or_home))) == 2
    assert [line.problem for line in lines(world)] == ["not_a_calendar", "unreachable"]
    with world.store.db.reading(EVERYONE) as session:
        rows = [
            repr(tuple(row))
            for kind in (BusyCalendar, AuditEntry)
            for row in session.execute(select(kind.__table__))
        ]
    said = "\n".join([*rows, *map(repr, lines(world)), caplog.text, repr(CalendarAccess(ADDRESS, **more))])
    assert not any(secret in said for secret in SECRETS)
    assert "Privé" not in "".join(rows), "what the coach calls it is sealed as well"


def test_adding_and_removing_is_audited_reading_is_not(world: World, nine: Busy) -> None:
    one = add(world)
    read(world, Says((nine,)))
    busy_calendars.remove(world.store, world.coach(), one, world.now)
    with world.store.db.reading(EVERYONE) as session:
        found = (
            select(AuditEntry.action)
            .where(AuditEntry.kind.in_(("busy_calendar", "busy_time")))
            .order_by(AuditEntry.action)
        )
        assert list(session.scalars(found)) == ["created", "removed"]


# In the process, over the network


@contextmanager
def watching(world: World, met: MetService, post: Post | None = None) -> Iterator[Jobs]:
    store = Store(Database(world.settings.database_url), world.store.vault)
    source = Calendars(OpenDoor(public_or_home))
    jobs = Jobs(store, met.source, lambda: world.now, post=post, calendars=source)
    thread = Thread(target=watch, args=(jobs,))
    thread.start()
    try:
        yield jobs
    finally:
        jobs.stopping.set()
        thread.join(20)
        store.db.dispose()
    assert not thread.is_alive()


@pytest.mark.parametrize(("private", "problem"), [(False, "not_allowed"), (True, None)])
def test_this_machine_is_asked_only_where_the_setting_says_so(
    world: World, httpserver: HTTPServer, private: bool, problem: str | None
) -> None:
    """As the jobs process is made of its settings."""
    httpserver.expect_request("/a.ics").respond_with_data(calendar())
    settings = replace(world.settings, private_calendars=private, met_url=httpserver.url_for("/weatherapi"))
    add(world, httpserver.url_for("/a.ics"))
    assert one_pass(jobs_for(world.store, settings, writer(world.app)), sweeping=False)
    assert lines(world)[0].problem == problem
    assert len(httpserver.log) == int(private)


def test_one_bad_answer_does_not_end_the_jobs(world: World, met: MetService, httpserver: HTTPServer) -> None:
    """An address that is none, in the answer of a CalDAV server. The next one is read all the same."""
    bad = '<d:multistatus xmlns:d="DAV:"><d:response><d:href>http://[</d:href></d:response></d:multistatus>'
    httpserver.expect_request("/dav").respond_with_data(bad, 207)
    httpserver.expect_request("/a.ics").respond_with_data(calendar())
    add(world, httpserver.url_for("/dav"), kind=CALDAV, user="anna", password="Wachtwoord9")
    add(world, httpserver.url_for("/a.ics"))
    source = Calendars(OpenDoor(public_or_home))
    assert one_pass(Jobs(world.store, met.source, lambda: world.now, calendars=source), sweeping=False)
    assert [line.problem for line in lines(world)] == ["not_a_calendar", None]
    assert not any(line.reads for line in lines(world)), "with its pause"


def test_a_fault_of_ours_is_told_as_ours_and_does_not_end_the_jobs(
    world: World, met: MetService, httpserver: HTTPServer
) -> None:
    def broken(_documents: tuple[bytes, ...], _window: Window) -> tuple[Busy, ...]:
        raise ReaderFault("KeyError")

    httpserver.expect_request("/a.ics").respond_with_data(calendar())
    add(world, httpserver.url_for("/a.ics"))
    source = Calendars(OpenDoor(public_or_home), broken)
    assert one_pass(Jobs(world.store, met.source, lambda: world.now, calendars=source), sweeping=False)
    (line,) = lines(world)
    assert (line.problem, line.reads, line.for_good) == ("our_fault", False, False)
    assert "Aan deze agenda ligt het niet." in world.browser("anna").get("/settings/calendars").main


def test_a_calendar_that_is_added_is_read_within_seconds(
    world: World, met: MetService, httpserver: HTTPServer
) -> None:
    arrived = Event()

    def answer(request: Request) -> Response:
        arrived.set()
        return Response(calendar(event("DTSTART:20261124T090000Z", "DURATION:PT1H")))

    httpserver.expect_request("/a.ics").respond_with_handler(answer)
    add(world, httpserver.url_for("/b.ics"))
    httpserver.expect_request("/b.ics").respond_with_handler(answer)
    with watching(world, met) as jobs:
        for _ in range(200):
            if lines(world)[0].read_at or jobs.stopping.wait(0.05):
                break
        assert lines(world)[0].read_at, "the first pass"
        arrived.clear()
        add(world, httpserver.url_for("/a.ics"))
        assert arrived.wait(10), "woken long before the next pass"
    assert len(known(world)) == 2


def test_a_calendar_server_that_says_nothing_holds_up_no_mail(world: World, met: MetService) -> None:
    """It took the question, and never answers; a message that is owed meanwhile leaves at once."""
    server = running()
    office = Office(world, server)
    client = makers.make_client(world, "Sanne", email="sanne@example.org", reminders=False)
    makers.make_walk(world, client, "2026-12-01T10:00", setting="indoors")
    post = Post(SmtpMail(server.address, CONTEXT, 5.0), writer(world.app))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(10)
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/dav"
        add(world, address, kind=CALDAV, user="anna", password="Wachtwoord9")
        with watching(world, met, post):
            asked, _from = silent.accept()
            with asked, silent:
                say_yes(world)
                assert office.box.arrived.wait(10)
                (line,) = lines(world)
                assert line.reads and line.problem is None, "still waiting"
    server.stop()


def test_a_fault_of_ours_with_a_calendar_ends_the_jobs(world: World, met: MetService) -> None:
    """Loudly: the launcher starts them again."""
    add(world)
    says = Says(during=lambda: int("ours"))
    with pytest.raises(ValueError, match="ours"):
        watch(Jobs(world.store, met.source, lambda: world.now, calendars=says))
