"""Letters to a coach leave once, in time, from whichever node comes first, and stand in nobody's way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import delete, select

from planner.domain.letters import RESET
from planner.models import Coach, CoachLetter
from planner.outside.mail import SmtpMail
from planner.scheduler import Jobs, one_pass
from planner.services.keeping import housekeeping, keys
from planner.services.people import colleagues, letters
from planner.services.people.letters import Letters, Said
from planner.web.messages.writing import letter_writer
from tests import makers
from tests.conftest import World
from tests.mail_server import MailBox, Server, plain, running, wait
from tests.services.met_service import MetService

BASE = "https://wandelen.example.org"
NOTICE = "Over je account"
SPOILED = b"\x01" + b"x" * 40


@dataclass
class Post:
    """A planner, its mail server, and nothing that waits."""

    world: World
    server: Server

    @property
    def box(self) -> MailBox:
        return self.server.box

    def with_what(self, base_url: str = BASE) -> Letters:
        return Letters(SmtpMail(self.server.address), letter_writer(self.world.app), base_url)

    def run(self, base_url: str = BASE, ahead_min: int = 0, **how: Any) -> int:
        """A pass of one node, whose clock may run ahead."""
        ahead = timedelta(minutes=ahead_min)
        return letters.send_due(
            self.world.store, self.with_what(base_url), lambda: self.world.now + ahead, **how
        )

    def put(self, kind: str, said: Said | None = None, who: str = "anna") -> None:
        coach = self.world.coach(who)
        with self.world.store.db.transaction(coach.scope, self.world.now) as session:
            whose = (coach.owner_id, coach.id)
            letters.put_in(self.world.store, session, whose, kind, self.world.now, said)

    def waiting(self) -> list[tuple[str, datetime]]:
        """Kind, and when it is due."""
        with self.world.store.db.unowned() as connection:
            rows = connection.execute(select(CoachLetter.kind, CoachLetter.due_at).order_by(CoachLetter.kind))
            return [(row.kind, row.due_at) for row in rows]


@pytest.fixture
def post(world: World) -> Iterator[Post]:
    with world.store.db.unowned_write() as connection:
        connection.execute(delete(CoachLetter))
    server = running()
    yield Post(world, server)
    server.stop()


def test_a_slow_server_lets_no_second_node_send_it_too(post: Post) -> None:
    """The first letter takes so long that a claim made when the pass began would be over."""
    post.put("password")
    post.put("second_step")
    other: list[int] = []

    def slow() -> None:
        wait(post.world, minutes=4)
        post.box.before["RCPT"] = second

    def second() -> None:
        post.box.before["MAIL"] = lambda: (wait(post.world, minutes=2), other.append(post.run()))

    post.box.before["MAIL"] = slow
    assert post.run() == 2
    assert (other, len(post.box.taken)) == ([0], 2)


def test_one_that_is_not_ours_any_more_does_not_leave(post: Post) -> None:
    """Another node took it up meanwhile, or might."""
    post.put("password")
    post.box.script["RCPT"] = ["451 later"]
    post.box.before["RCPT"] = lambda: post.run(ahead_min=6)
    assert (post.run(), post.box.script["RCPT"]) == (0, [])
    wait(post.world, minutes=11)
    post.box.before["RCPT"], before = lambda: wait(post.world, minutes=5), post.box.connections
    assert (post.run(), post.box.connections - before) == (1, 2), "taken up anew first"


def test_a_pass_ends_when_it_must(post: Post) -> None:
    """At a stop, when its time is over, and at a server that does not answer."""
    for kind in ("password", "second_step", "exported"):
        post.put(kind)
    turns = count()
    assert post.run(go_on=lambda: next(turns) < 1) == 1
    assert post.run(at_most_s=-1.0) == 0
    post.box.script["EHLO"] = ["drop"]
    before = post.box.connections
    assert post.run() == 0
    assert post.box.connections == before + 1, "the other is for the next pass"
    assert post.run() == 1
    wait(post.world, minutes=5)
    assert post.run() == 1


def test_the_jobs_send_none_once_they_stop(post: Post, met: MetService) -> None:
    post.put("password")
    jobs = Jobs(post.world.store, met.source, lambda: post.world.now, letters=post.with_what())
    jobs.stopping.set()
    one_pass(jobs, sweeping=False)
    assert post.box.taken == []
    jobs.stopping.clear()
    one_pass(jobs, sweeping=False)
    assert len(post.box.taken) == 1


@pytest.mark.parametrize("broken", ["letter", "coach"])
def test_one_that_does_not_open_stops_no_other(
    post: Post, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    world, cor = post.world, post.world.coach("cor")
    post.put("email_changed", Said("anders@example.org"), who="cor")
    wait(world, seconds=1)
    post.put("password")
    with world.store.db.transaction(cor.practice_scope, world.now) as session:
        letter = session.scalars(select(CoachLetter).where(CoachLetter.coach_id == cor.id)).one()
        if broken == "letter":
            letter.sealed = SPOILED
        else:
            session.get_one(Coach, cor.id).email_sealed = SPOILED
        number = letter.id
    assert post.run() == 1
    assert str(number) in caplog.text and "example.org" not in caplog.text
    assert post.waiting() == []


def test_a_link_waits_for_a_place_to_point_to(post: Post) -> None:
    """A planner that may mail no links: not taken up either, so that it stands in no other's way."""
    post.put(RESET, Said(path="/reset/geheim"))
    wait(post.world, seconds=1)
    post.put("password")
    asked = post.waiting()[1]
    assert post.run(base_url="") == 1
    assert [one["Subject"] for one in post.box.taken] == [NOTICE]
    assert post.waiting() == [asked]
    assert post.run() == 1
    assert f"{BASE}/reset/geheim" in plain(post.box.taken[1])


def test_what_is_too_late_does_not_leave(post: Post) -> None:
    """Also when its time ends while the server is slow. It is not taken up any more, and swept away."""
    post.put("password")
    wait(post.world, hours=23, minutes=58)
    post.box.before["RCPT"] = lambda: wait(post.world, minutes=3)
    assert post.run() == 0
    wait(post.world, minutes=10)
    before = post.waiting()
    assert (post.run(), post.box.taken, post.waiting()) == (0, [], before)
    post.put("second_step")
    housekeeping.sweep(post.world.store, post.world.now)
    assert [kind for kind, _due in post.waiting()] == ["second_step"]


def test_one_that_was_taken_back_meanwhile_does_not_leave(post: Post) -> None:
    post.put(RESET, Said(path="/reset/geheim"))

    def take_back() -> None:
        coach = post.world.coach()
        with post.world.store.db.transaction(coach.scope, post.world.now) as session:
            letters.take_back_in(session, coach.id, RESET)

    post.box.before["RCPT"] = take_back
    assert (post.run(), post.run(), post.box.taken) == (0, 0, [])


def test_whoever_leads_hears_of_the_keys(post: Post) -> None:
    """Everybody who does, and has begun, whoever did it; no colleague who does not lead."""
    world = post.world
    makers.hire(world, "dora", "lead")
    makers.hire(world, "weg", "lead")
    colleagues.close(world.store, world.coach(), world.coach("weg").id, world.now)
    makers.invite(world, email="eva@example.org", role="lead")
    with world.store.db.unowned_write() as connection:
        connection.execute(delete(CoachLetter))
    keys.note(world.store, None, "exported", "backup", world.now)
    assert post.waiting() == [], "a copy that was made is another thing"
    keys.make_sheet(world.store, world.settings, None, world.now)
    assert post.run() == 3
    assert sorted(one["To"] for one in post.box.taken) == [
        f"{who}@example.org" for who in ("anna", "bram", "dora")
    ]
    keys.note(world.store, None, "changed", keys.KIND, world.now)
    assert post.run() == 3
    assert "nieuwe sleutels" in plain(post.box.taken[-1])
