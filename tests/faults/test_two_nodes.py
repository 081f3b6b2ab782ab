"""Two nodes on one database, as two machines would be: one is killed under load, and nobody loses or gets anything
twice. Before them stands the shipped proxy."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pyotp
import requests
from sqlalchemy import func, select

from planner.models import Scope, Throttle
from planner.services.people import coaches, second_factor
from tests import mail_server
from tests.conftest import PASSWORD
from tests.counting import count
from tests.faults.nodes import Node, nodes
from tests.faults.practice import EMAIL, Practice
from tests.faults.running import Writer, field, looking, session_with, wait_until, writing
from tests.hostile.shipped import proxied
from tests.local_server import free_port
from tests.makers import make_client, make_walk

LOAD_S = 60
"""In all: with both nodes, with one that is left, and with both again."""
WALKS = 150
TRIES = 12
PAUSE_S = 10
"""So long the proxy looks for a node that answers."""


def owe_messages(practice: Practice, number: int) -> None:
    """So many mails that may go, each about a walk of its own."""
    with practice.opened() as world:
        sanne = make_client(world, "Sanne", email="sanne@example.org")
        tomorrow = (world.now + timedelta(days=2)).replace(
            tzinfo=None, hour=10, minute=0, second=0, microsecond=0
        )
        for day in range(number):
            make_walk(world, sanne, tomorrow + timedelta(days=day))
        said = mail_server.say_yes(world)
        assert len(said) == number


def has_second_step(practice: Practice) -> None:
    """Behind a proxy it is compulsory."""
    with practice.opened() as world:
        anna, key = coaches.by_id(world.store, practice.owner_id, practice.coach_id), pyotp.random_base32()
        scope = Scope(practice.owner_id, practice.coach_id, "coach", practice.coach_id)
        with world.store.db.transaction(scope, world.now) as session:
            code = pyotp.TOTP(key).at(world.now)
            offer = second_factor.Offer(key, "")
            assert second_factor.turn_on_in(world.store, session, anna, offer, code, world.now)


def test_one_of_two_nodes_is_killed_under_load(
    shared: Practice, mail: mail_server.Server, tmp_path: Path
) -> None:
    """People write and read through the proxy; the node on the proxy's own machine stops in the middle and comes back.
    What was acknowledged is kept, each message came once, and who reads sees a pause at most. Who was sending to the
    node that went is told."""
    has_second_step(shared)
    https, door, port = free_port(), tmp_path / "web.sock", free_port()
    base = f"https://localhost:{https}"
    pages = [base + path for path in ("/", "/clients/")]
    (tmp_path / "proxy").mkdir()
    with (
        nodes(shared, tmp_path, f"unix:{door}", f"127.0.0.1:{port}", PLANNER_BASE_URL=base) as (
            first,
            _second,
        ),
        proxied(tmp_path / "proxy", https, f"unix/{door} 127.0.0.1:{port}") as (proxy, _plain),
        ExitStack() as later,
    ):
        certificate = str(proxy.certificate)
        writers = [Writer(shared, number, certificate) for number in range(len(shared.walks))]
        wait_until(lambda: is_there(base, certificate))
        owe_messages(shared, WALKS)
        with (
            writing(writers, base),
            looking(session_with(shared.cookie, certificate), pages) as looked,
        ):
            wait_until(lambda: len(mail.box.taken) >= WALKS // 4)
            time.sleep(LOAD_S / 3)
            first.kill()
            time.sleep(LOAD_S / 3)
            later.callback(Node(tmp_path / "again", shared, f"unix:{door}", PLANNER_BASE_URL=base).stop)
            time.sleep(LOAD_S / 3)
        wait_until(lambda: len(set(mail.box.ids)) >= WALKS, 300)
    kept = {text for one in writers for text in one.kept}
    lost = kept - shared.texts()
    times = Counter(mail.box.ids)
    count("notes over two nodes", len(kept))
    count("messages over two nodes", len(times))
    count("messages that came twice", sum(times.values()) - len(times))
    assert all(one.kept for one in writers)
    assert not lost
    assert (len(times), set(times.values())) == (WALKS, {1})
    assert looked.pages > LOAD_S and looked.seen == {200}
    assert looked.longest_s < PAUSE_S, looked.longest_s
    assert sum(len(one.unsure) for one in writers) <= len(writers), "once, as the node goes"


def is_there(base: str, certificate: str) -> bool:
    try:
        return requests.get(base + "/healthz", verify=certificate, timeout=20).status_code == 200
    except requests.ConnectionError:
        return False


def test_who_signs_in_or_is_refused_at_one_is_so_at_the_other(shared: Practice, tmp_path: Path) -> None:
    """Sessions and guesses are kept in the database: signed in at one opens the other, signed out closes both, and the
    throttle counts over both."""
    with nodes(shared, tmp_path) as (first, second):
        bases = (first.base, second.base)
        with requests.Session() as browser:
            assert tried(browser, first.base, PASSWORD) == 303
            kept = browser.cookies.get_dict()
            for base in bases:
                assert asked(base, kept).status_code == 200
            csrf = field(browser.get(second.base + "/account", timeout=30).text, "csrf_token")
            out = browser.post(
                second.base + "/logout", {"csrf_token": csrf}, allow_redirects=False, timeout=30
            )
            assert out.status_code == 303
        for base in bases:
            answer = asked(base, kept)
            assert (answer.status_code, answer.headers["Location"].startswith("/login")) == (303, True)
        answers = []
        for number in range(TRIES):
            with requests.Session() as browser:
                answers.append(tried(browser, bases[number % 2], "nee nee nee nee"))
        assert set(answers) == {422, 429}
        with shared.opened() as world, world.store.db.unowned() as connection:
            assert connection.execute(select(func.max(Throttle.failures))).scalar() == answers.count(422)


def tried(browser: requests.Session, base: str, password: str) -> int:
    """What somebody hears who signs in."""
    csrf = field(browser.get(base + "/login", timeout=30).text, "csrf_token")
    form = {"csrf_token": csrf, "email": EMAIL, "password": password}
    return browser.post(base + "/login", form, allow_redirects=False, timeout=30).status_code


def asked(base: str, cookies: dict[str, str]) -> requests.Response:
    return requests.get(base + "/clients/", cookies=cookies, allow_redirects=False, timeout=30)
