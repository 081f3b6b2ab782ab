"""The jobs at scale that write and send: the weather watch over coming walks, and messages to a mail server."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta

from bench.large_work import Bench, Job, Step, must, one, opened, plan_ahead, set_practices
from bench.sets import NOW
from bench.stand_ins import StandIns
from planner.domain.clients import ClientDetails
from planner.domain.practices import PracticeSettings
from planner.domain.weather import Case, Limits, verdict_on
from planner.mail_settings import MailServer
from planner.models import EVERYONE, Client, Coach, Practice
from planner.outside.http import Door
from planner.outside.mail import SmtpMail
from planner.outside.met_norway import MetNorway
from planner.services.messages import outbox, sending
from planner.services.vault import Place as Sealed
from planner.services.weather import forecast_jobs, weather_watch
from planner.services.weather.forecast_board import Spot, board, place_of

TOMORROW = datetime(2026, 11, 24)
DAYS, FIRST_HOUR, HOURS = 8, 9, 6
REMINDED_H = 36


def _at(number: int) -> datetime:
    """By day, over the days that forecasts reach."""
    return TOMORROW + timedelta(days=number % DAYS, hours=FIRST_HOUR + number // DAYS % HOURS)


def watch(bench: Bench) -> Job:
    """Forecasts of all places, then every coming walk: looked at for the first time, again with nothing new, and with
    weather that is worse everywhere."""
    plan_ahead(bench, _at)
    outside, store, clock = StandIns(), bench.planner.store, [NOW]
    source = MetNorway(Door(lambda: "coach@example.org"), lambda: clock[0], outside.weather)
    connection = opened(bench.database)
    connection.execute("DELETE FROM forecast")

    def forecasts() -> float:
        asked, most = 0, one(connection, "SELECT count(*) FROM route") + 1
        while asked < most and (more := forecast_jobs.refresh_due(store, source, clock[0])):
            asked += more
        must(one(connection, "SELECT count(*) FROM forecast WHERE fetched_at IS NULL"), 0)
        return asked

    def first() -> float:
        must(weather_watch.watch(store, clock[0]), 0)
        must(one(connection, "SELECT count(*) FROM weather_watch"), bench.number)
        return bench.number

    def again() -> float:
        clock[0] += timedelta(minutes=1)
        must(weather_watch.watch(store, clock[0]), 0)
        return bench.number

    def worse() -> float:
        must(weather_watch.watch(store, clock[0]), bench.number)
        must(weather_watch.watch(store, clock[0]), 0)
        must(one(connection, "SELECT count(*) FROM weather_watch WHERE line = 'worse'"), bench.number)
        return bench.number

    def storm() -> float:
        outside.turn_rough()
        clock[0] += timedelta(hours=1)
        return forecasts()

    return Job(
        {
            "weather: forecasts of all places": Step("place", forecasts),
            "weather watch, first look": Step("walk", first, lambda: _judged(bench, clock[0])),
            "weather watch, nothing new": Step("walk", again),
            "weather: other forecasts": Step("place", storm),
            "weather watch, news of every walk": Step("walk", worse),
        },
        outside.stop,
    )


def _judged(bench: Bench, now: datetime) -> None:
    """The rule alone, for the same walks: nothing is compared, and nothing written down."""
    connection = opened(bench.database)
    asked = (
        "SELECT walk.owner_id, walk.starts_at, walk.minutes, route.latitude, route.longitude FROM walk JOIN route "
        "ON route.owner_id = walk.owner_id AND route.id = walk.route_id WHERE walk.status = 'planned'"
    )
    rows = connection.execute(asked).fetchall()
    store = bench.planner.store
    with store.db.reading(EVERYONE) as session:
        usual = PracticeSettings()
        spots = [place_of(Spot(row[3], row[4]) if row[3] else None, usual)[0] for row in rows]
        held = board(store, session, usual, set(spots), now).rows
    for (_owner, starts, minutes, _latitude, _longitude), place in zip(rows, spots, strict=True):
        start_at = datetime.fromisoformat(starts).replace(tzinfo=NOW.tzinfo)
        case = Case(held[place].forecast, place, now, Limits())
        verdict_on(case, start_at, start_at + timedelta(minutes=minutes))


def messages(bench: Bench) -> Job:
    """A reminder of every coming walk: prepared, and sent when all are due at once."""
    day = TOMORROW + timedelta(days=2)
    plan_ahead(bench, lambda number: day + timedelta(hours=FIRST_HOUR, seconds=number % (HOURS * 3600)))
    set_practices(bench, reminder_early=True, reminder_hours=REMINDED_H)
    _give_addresses(bench)
    outside, store, connection = StandIns(), bench.planner.store, opened(bench.database)
    server = MailServer("127.0.0.1", outside.mail)
    post = sending.Post(SmtpMail(server), bench.write)
    due = NOW + timedelta(days=2)
    waiting = "SELECT count(*) FROM message WHERE state = 'waiting'"
    mails: list[bytes] = []

    def prepared() -> float:
        outbox.note_everyone(store, NOW)
        must(one(connection, waiting), bench.number)
        return bench.number

    def sent() -> float:
        left = 0
        while more := sending.send_due(store, post, lambda: due):
            left += more
        must((left, one(connection, waiting)), (bench.number, 0))
        mails.extend(outside.taken(bench.folder / "taken.json"))
        ids = {line for mail in mails for line in mail.splitlines() if line.startswith(b"Message-ID:")}
        must((len(mails), len(ids)), (bench.number, bench.number))
        return bench.number

    return Job(
        {
            "messages, prepared": Step("message", prepared),
            "messages, sent": Step("message", sent, lambda: _sent_bare(server, mails)),
        },
        outside.stop,
    )


def _sent_bare(server: MailServer, mails: list[bytes]) -> None:
    """The same bytes over as many connections; nothing is read before, and nothing written down."""
    for mail in mails:
        with smtplib.SMTP(server.host, server.port, local_hostname="localhost") as line:
            line.sendmail("a@example.org", ["b@example.org"], mail)


def _give_addresses(bench: Bench) -> None:
    """In a data set only the coaches who are measured have one."""
    store = bench.planner.store
    with store.db.transaction(EVERYONE, NOW) as session:
        keys = {row.id: row.wrapped_key for row in session.query(Practice)}
        for coach in session.query(Coach):
            at = Sealed("coach", "email_sealed", coach.id, coach.owner_id)
            coach.email_sealed = store.vault.seal(keys[coach.owner_id], at, f"coach{coach.id}@example.org")
        for row in session.query(Client):
            at = Sealed("client", "details_sealed", row.id, row.id)
            details = ClientDetails(email=f"client{row.id}@example.org")
            row.details_sealed = store.vault.seal(row.wrapped_key, at, details)
