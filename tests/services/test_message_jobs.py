"""The jobs process sends by itself, soon, and is not stopped by a mail server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from planner.mail_settings import MailServer
from planner.models import EVERYONE, Database
from planner.outside.mail import SmtpMail
from planner.scheduler import Jobs, jobs_for, one_pass, watch
from planner.services.messages import sending
from planner.services.messages.outbox_rows import MESSAGES
from planner.services.messages.sending import Post
from planner.services.store import Store
from planner.services.weather import forecasts
from planner.web.messages.writing import writer
from tests import makers
from tests.conftest import World
from tests.mail_server import CONTEXT, Office, say_yes, wait
from tests.services.met_service import UTRECHT, MetService, want


def a_message(world: World) -> None:
    client = makers.make_client(world, "Sanne", email="sanne@example.org", reminders=False)
    makers.make_walk(world, client, "2026-12-01T10:00", setting="indoors")


def jobs(office: Office, met: MetService, within_s: float = 5.0) -> Jobs:
    post = Post(SmtpMail(office.server.address, CONTEXT, within_s), writer(office.world.app))
    return Jobs(office.world.store, met.source, lambda: office.world.now, post=post)


@pytest.mark.parametrize("step", ["hang", "drop", "451 later"])
def test_the_weather_does_not_wait_for_the_mail(office: Office, met: MetService, step: str) -> None:
    world = office.world
    a_message(world)
    say_yes(world)
    want(world, met, UTRECHT)
    office.box.script = {"MAIL": [step]}
    assert one_pass(jobs(office, met, 0.4), sweeping=False)
    assert (len(met.asked), office.box.connections, office.box.taken) == (1, 1, [])


def test_a_silent_server_costs_one_try_a_pass(office: Office, met: MetService) -> None:
    world = office.world
    for _client in range(4):
        a_message(world)
    say_yes(world)
    office.box.script = {"EHLO": ["hang"] * 9}
    one_pass(jobs(office, met, 0.3), sweeping=False)
    assert office.box.connections == 1


def test_asked_to_stop_it_stops_between_two_messages(office: Office, met: MetService) -> None:
    world = office.world
    for _client in range(3):
        a_message(world)
    say_yes(world)
    work = jobs(office, met)
    office.box.before["DATA"] = work.stopping.set
    one_pass(work, sweeping=False)
    assert len(office.box.taken) == 1


def test_what_did_not_fit_in_a_pass_leaves_in_the_next_at_once(office: Office) -> None:
    """Thousands due at one hour do not wait a minute for each pass."""
    world = office.world
    for _client in range(3):
        a_message(world)
    say_yes(world)
    post = Post(SmtpMail(office.server.address, CONTEXT, 5.0), writer(world.app))

    def a_pass() -> tuple[int, int]:
        before = _woken(world)
        return sending.send_due(world.store, post, lambda: world.now, most=2), _woken(world) - before

    assert [a_pass(), a_pass(), a_pass()] == [(2, 1), (1, 0), (0, 0)]


def test_a_server_that_keeps_saying_not_now_is_left_alone(office: Office) -> None:
    world = office.world
    for _client in range(5):
        a_message(world)
    say_yes(world)
    office.box.script = {"RCPT": ["451 later", "451 later", "", "451 later"]}
    assert office.tick() == 2, "a yes in between, and it is asked on"
    wait(world, minutes=2)
    for _client in range(2):
        a_message(world)
    say_yes(world)
    office.box.script, tried = {"RCPT": ["451 later"] * 9}, office.box.connections
    before = _woken(world)
    assert (office.tick(), office.box.connections - tried) == (0, sending.BUSY_IN_A_ROW)
    assert _woken(world) == before, "and not asked again at once"


def _woken(world: World) -> int:
    with world.store.db.reading(EVERYONE) as session:
        return forecasts.wakes(session).get(MESSAGES, 0)


def test_a_yes_leaves_within_seconds(office: Office, met: MetService) -> None:
    world = office.world
    a_message(world)
    store = Store(Database(world.settings.database_url), world.store.vault)
    work = replace(jobs(office, met), store=store)
    thread = Thread(target=watch, args=(work,))
    thread.start()
    try:
        say_yes(world)
        assert office.box.arrived.wait(10), "woken long before the next pass"
    finally:
        work.stopping.set()
        thread.join(20)
        store.db.dispose()


def test_the_jobs_are_made_from_the_settings(world: World, tmp_path: Path) -> None:
    write = writer(world.app)
    assert jobs_for(world.store, world.settings, write).post == Post(None, write, "")
    settings = replace(
        world.settings, mail=MailServer("mail.example.org", 587), base_url="https://wandelen.example.org"
    )
    post = jobs_for(world.store, settings, write).post
    assert post is not None
    assert isinstance(post.sender, SmtpMail)
    assert (post.sender.server, post.base_url) == (settings.mail, "https://wandelen.example.org")
