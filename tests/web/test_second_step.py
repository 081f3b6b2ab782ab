"""The second step: codes of an app, each once; recovery codes; and the same answer for whatever is wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable
from threading import Barrier, Thread

import argon2
import pytest
from sqlalchemy import update

from planner.models import Account
from planner.services.people import second_factor
from tests.conftest import MONDAY, PASSWORD, World
from tests.page_client import Page, PageClient
from tests.web.signing import (
    ANNA,
    at_once,
    at_the_same_moment,
    audited,
    first_step,
    later,
    number_of,
    shown_codes,
    shown_key,
    turn_on,
)


def test_an_app_counts_once_a_code_of_it_was_right(world: World, coach: PageClient) -> None:
    """7.5.1, 6.3.3: nothing is on before it is known that the app has the key."""
    page = coach.get("/account/second-step")
    key, picture = shown_key(page), page.one("svg.qr path")["d"]
    assert len(key) == 32 and len(str(picture)) > 1000
    page = page.submit("/account/second-step", code="000000")
    assert (page.status, list(page.errors)) == (422, ["code"])
    assert shown_key(page) == key, "the app need not read another picture"
    assert first_step(world).path == "/", "and signing in is as it was"
    forged = page.submit("/account/second-step", code="000000", offer="00" * 40)
    assert forged.status == 422 and shown_key(forged) != key
    app, codes = turn_on(world, coach)
    assert len(codes) == len(set(codes)) == 10
    assert not shown_codes(coach.get("/account/recovery-codes")), "shown once"
    page = first_step(world)
    assert page.path == "/login" and page.one('input[name="code"]')
    assert page.submit(code=app.code()).path == "/"


def test_the_key_is_kept_nowhere_in_clear(world: World, coach: PageClient) -> None:
    """6.5.2."""
    app, codes = turn_on(world, coach)
    with world.store.db.unowned() as connection:
        dump = repr(connection.execute(Account.__table__.select()).all())
    assert app.key not in dump and codes[0] not in dump


def test_where_one_wanted_to_be_is_not_forgotten_between_the_steps(world: World, coach: PageClient) -> None:
    app, _ = turn_on(world, coach)
    page = world.browser().get("/clients/", follow=True).submit(email=ANNA, password=PASSWORD)
    assert page.submit(code=app.code()).path == "/clients/"


def test_the_code_may_come_along_at_once(world: World, coach: PageClient) -> None:
    app, _ = turn_on(world, coach)
    done = at_once(world, app.code())
    assert (done.status, done.response.headers["Location"]) == (303, "/")


@pytest.mark.parametrize("write", [str, lambda code: f" {code[:3]} {code[3:]} ", "\t".join])
def test_a_code_works_once(world: World, coach: PageClient, write: Callable[[str], str]) -> None:
    """6.5.1: also with spaces in it, and after a wrong one in between."""
    app, _ = turn_on(world, coach)
    code = app.code()
    assert at_once(world, write(code)).status == 303
    assert at_once(world, write(code)).status == 422
    assert at_once(world, "000000").status == 422
    assert at_once(world, code).status == 422
    later(world, seconds=30)
    assert at_once(world, code).status == 422, "its half minute is not over, but it was used"
    assert at_once(world, app.code()).status == 303


def test_a_code_of_half_a_minute_ago_or_ahead_counts(world: World, coach: PageClient) -> None:
    app, _ = turn_on(world, coach)
    for steps, status in ((-2, 422), (-1, 303), (2, 422), (1, 303)):
        assert at_once(world, app.code(steps)).status == status, steps


def test_a_right_code_is_used_up_though_the_password_was_wrong(world: World, coach: PageClient) -> None:
    app, _ = turn_on(world, coach)
    code = app.code()
    assert at_once(world, code, "niet mijn wachtwoord").status == 422
    assert at_once(world, code).status == 422
    later(world, seconds=30)
    assert at_once(world, app.code()).status == 303


def test_two_at_the_same_moment_do_not_share_a_code(world: World, coach: PageClient) -> None:
    app, _ = turn_on(world, coach)
    scope, code, now = world.coach().scope, app.code(), world.now
    start, passed = Barrier(4), []

    def spend() -> None:
        start.wait()
        passed.append(second_factor.spend(world.store, scope, code, now))

    threads = [Thread(target=spend) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(passed) == [False, False, False, True]


def test_a_recovery_code_works_once(world: World, coach: PageClient) -> None:
    """6.5.1; as it was written down, without its dashes, or in capitals."""
    _, codes = turn_on(world, coach)
    forms = (codes[0], codes[1].replace("-", ""), f" {codes[2].upper()} ")
    for code in forms:
        assert first_step(world).submit(code=code).path == "/", code
    for code in forms:
        assert first_step(world).submit(code=code).errors.keys() == {"code"}
    assert number_of(coach.get("/account/security"), r"Nog over: (\d+)") == 7
    assert audited(world).count(("recovery_code", "used")) == 3


def test_few_codes_left_is_said_and_new_ones_take_their_place(world: World, coach: PageClient) -> None:
    _, codes = turn_on(world, coach)
    assert "Maak nieuwe" not in coach.get("/account/security").main
    for code in codes[:7]:
        assert at_once(world, code).status == 303
    assert "Herstelcodes over: 3. Maak nieuwe." in coach.get("/account/security").main
    page = coach.get("/account/recovery-codes").submit("/account/recovery-codes")
    fresh = shown_codes(page)
    assert len(fresh) == 10 and not set(fresh) & set(codes)
    assert at_once(world, codes[9]).status == 422, "the old ones are gone"
    assert at_once(world, fresh[0]).status == 303


def test_turning_it_off_and_on_another_phone(world: World, coach: PageClient) -> None:
    old, codes = turn_on(world, coach)
    new, none = turn_on(world, coach)
    assert not none, "the recovery codes stay"
    assert at_once(world, old.code()).status == 422
    assert at_once(world, new.code()).status == 303
    page = coach.get("/account/second-step").submit("/account/second-step/remove")
    assert page.path == "/account/security"
    assert first_step(world).path == "/"
    turn_on(world, coach)
    assert at_once(world, codes[0]).status == 422, "they went with it"


def test_a_change_of_the_second_step_ends_the_other_devices(world: World, coach: PageClient) -> None:
    """7.4.3; and the cookie from before counts no more."""
    cookie = coach.http.get_cookie("session")
    phone, thief = world.browser(), world.browser()
    first_step(world, phone)
    turn_on(world, coach)
    thief.http.set_cookie("session", cookie.value)
    assert [one.get("/account").status for one in (coach, phone, thief)] == [200, 303, 303]


def test_the_second_step_waits_ten_minutes_and_not_for_another_password(
    world: World, coach: PageClient
) -> None:
    app, _ = turn_on(world, coach)
    page = first_step(world)
    later(world, minutes=11)
    assert not page.submit(code=app.code()).select('input[name="code"]'), "from the start"
    page, reset = first_step(world), world.browser("cor")
    with world.store.db.unowned_write() as connection:
        connection.execute(update(Account).values(password_hash="$argon2id$another"))
    assert not page.submit(code=app.code()).select('input[name="code"]')
    assert reset.get("/account").status == 200


def test_another_address_can_be_taken_between_the_steps(world: World, coach: PageClient) -> None:
    turn_on(world, coach)
    page = first_step(world).follow("Opnieuw beginnen")
    assert page.submit(email="cor@example.org", password=PASSWORD).path == "/"


def test_guessing_codes_is_slowed_down(world: World, coach: PageClient) -> None:
    """2.4.1."""
    app, _ = turn_on(world, coach)
    page = first_step(world)
    statuses = []
    for _ in at_the_same_moment(world, 6):
        page = page.submit(code="000000")
        statuses.append(page.status)
    assert statuses == [422] * 5 + [429]
    assert page.submit(code=app.code()).status == 429
    assert at_once(world, app.code()).status == 429, "nor in one go"
    later(world, minutes=1)
    assert first_step(world).submit(code=app.code()).path == "/"


def hashing(act: Callable[[], Page]) -> tuple[Page, list[str]]:
    """The page, and each time a password was hashed on the way."""
    done = []

    def look(frame, event, _arg) -> None:  # type: ignore[no-untyped-def]
        if event == "call" and frame.f_code in (
            argon2.PasswordHasher.verify.__code__,
            argon2.PasswordHasher.hash.__code__,
        ):
            done.append(frame.f_code.co_name)

    sys.setprofile(look)
    try:
        return act(), done
    finally:
        sys.setprofile(None)


def test_whatever_is_wrong_the_answer_and_the_work_are_the_same(world: World, coach: PageClient) -> None:
    """6.3.8: status, text, length and the number of hashes, for who is unknown, wrong or closed."""
    turn_on(world, coach)
    with world.store.db.unowned_write() as connection:
        who = Account.coach_id == world.coach("cor").id
        connection.execute(update(Account).where(who).values(disabled_at=MONDAY))
    tries = {
        "nobody": lambda: at_once(world, "123456", email="nina@example.org"),
        "the password": lambda: at_once(world, "123456", "niet mijn wachtwoord"),
        "the code": lambda: at_once(world, "123456"),
        "closed": lambda: at_once(world, "123456", email="cor@example.org"),
    }
    hashing(tries["nobody"])  # what an unknown address is compared with is made once
    said = {}
    for name, act in tries.items():
        page, work = hashing(act)
        text = page.text.replace("cor@example.org", "nina@example.org").replace(ANNA, "nina@example.org")
        token = str(page.select('input[name="csrf_token"]')[0]["value"])
        said[name] = (page.status, text.replace(token, ""), work)
    assert said["nobody"][0] == 422 and said["nobody"][2] == ["verify"]
    assert len({repr(one) for one in said.values()}) == 1, "one answer"


def test_what_happens_is_written_down_without_contents(world: World, coach: PageClient) -> None:
    """16.3.1."""
    app, codes = turn_on(world, coach)
    before = len(audited(world))
    at_once(world, "000000")
    at_once(world, app.code())
    at_once(world, codes[0])
    at_once(world, email="nobody@example.org")
    coach.get("/account/second-step").submit("/account/second-step/remove")
    assert {("totp", "created"), ("recovery_code", "created")} <= set(audited(world)[:before])
    assert sorted(audited(world)[before:]) == [
        ("recovery_code", "used"),
        ("sign_in", "created"),
        ("sign_in", "created"),
        ("sign_in", "failed"),
        ("totp", "removed"),
    ]


def test_an_older_hash_is_made_again_at_sign_in(world: World) -> None:
    """11.4.2."""
    old = argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with world.store.db.unowned_write() as connection:
        connection.execute(
            update(Account).where(Account.coach_id == world.coach().id).values(password_hash=old)
        )
    assert first_step(world).path == "/"
    with world.store.db.unowned() as connection:
        rows = connection.execute(Account.__table__.select()).all()
    assert all(row.password_hash.startswith("$argon2id$v=19$m=47104,t=1,p=1$") for row in rows)
    assert first_step(world).path == "/"


def test_a_closed_account_stays_signed_in_nowhere(world: World, coach: PageClient) -> None:
    """7.4.2."""
    assert coach.get("/account").status == 200
    with world.store.db.unowned_write() as connection:
        connection.execute(
            update(Account).where(Account.coach_id == world.coach().id).values(disabled_at=MONDAY)
        )
    assert coach.get("/account").status == 303
