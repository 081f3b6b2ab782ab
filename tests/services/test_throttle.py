"""Guesses are slowed down, for who guesses; the coach is never locked out by somebody elsewhere."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from planner.models import Throttle
from planner.services.people import sign_in, throttle
from planner.services.people.throttle import MAX_WAIT_S, TooManyTries
from tests.conftest import MONDAY, PASSWORD, World

ANNA, HOME, ELSEWHERE = "anna@example.org", "192.0.2.7", "198.51.100.9"


def guess(world: World, at: datetime, email: str = ANNA, network: str = HOME) -> None:
    """A wrong password, without the work of checking one."""
    throttle.failed(world.store, throttle.keys(world.store, email, network), at)


def wait(world: World, at: datetime, email: str = ANNA, network: str = HOME) -> int:
    """How many seconds this one would have to wait now."""
    try:
        throttle.check(world.store, throttle.keys(world.store, email, network), at)
    except TooManyTries as found:
        return found.wait_s - 1  # told rounded up
    return 0


def test_the_fifth_wrong_guess_waits_and_each_next_one_twice_as_long(world: World) -> None:
    waits = []
    for _ in range(17):
        guess(world, MONDAY)
        waits.append(wait(world, MONDAY))
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def test_after_the_wait_one_may_try_again(world: World) -> None:
    for _ in range(8):
        guess(world, MONDAY)
    assert wait(world, MONDAY + timedelta(seconds=7)) > 0
    assert wait(world, MONDAY + timedelta(seconds=8)) == 0


def test_a_clock_that_ran_ahead_locks_nobody_out(world: World) -> None:
    """What was guessed then still counts."""
    for _ in range(6):
        guess(world, MONDAY + timedelta(days=3))
    assert wait(world, MONDAY) == 0
    guess(world, MONDAY)
    assert wait(world, MONDAY) == 4


def test_asking_does_not_make_the_wait_longer(world: World) -> None:
    for _ in range(8):
        guess(world, MONDAY)
    assert [wait(world, MONDAY) for _ in range(5)] == [8] * 5


def test_somebody_elsewhere_cannot_lock_the_coach_out(world: World) -> None:
    for _ in range(29):
        guess(world, MONDAY, network=ELSEWHERE)
    assert wait(world, MONDAY, network=ELSEWHERE) == MAX_WAIT_S
    assert wait(world, MONDAY, network=HOME) == 0


def test_many_addresses_from_one_network_are_counted_together(world: World) -> None:
    for number in range(30):
        assert wait(world, MONDAY, f"coach{number}@example.org") == 0
        guess(world, MONDAY, f"coach{number}@example.org")
    assert wait(world, MONDAY, "another@example.org") > 0
    assert wait(world, MONDAY, "another@example.org", ELSEWHERE) == 0


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("192.0.2.7", "192.0.2.200", True),
        ("192.0.2.7", "192.0.3.7", False),
        ("2001:db8:1:1::5", "2001:db8:1:2f::9", True),
        ("2001:db8:1:1::5", "2001:db8:1:101::5", False),
        ("", "192.0.2.7", False),
        ("no address", "no address", True),
    ],
)
def test_neighbours_are_one_network(world: World, one: str, other: str, together: bool) -> None:
    keys = [throttle.keys(world.store, ANNA, address) for address in (one, other)]
    assert (keys[0] == keys[1]) == together


@given(email=st.text(max_size=60), network=st.text(max_size=60))
def test_any_text_is_a_key_of_its_own_kind(email: str, network: str) -> None:
    """What is typed never ends in a fault, and tells nothing in the table."""
    from planner.models import Database
    from planner.services.store import Store
    from planner.services.vault import Vault

    store = Store(Database("sqlite://"), Vault(bytes(range(32))))
    keys = throttle.keys(store, email, network)
    assert {len(key) for key in keys.values()} == {32}
    assert keys["pair"] != keys["network"]


def test_a_right_password_forgives_the_pair_but_not_the_network(world: World) -> None:
    for _ in range(4):
        guess(world, MONDAY)
    assert sign_in.sign_in(world.store, ANNA, PASSWORD, HOME, MONDAY)
    for _ in range(4):
        guess(world, MONDAY)
    assert wait(world, MONDAY) == 0
    keys = throttle.keys(world.store, ANNA, HOME)
    with world.store.db.unowned() as connection:
        found = connection.execute(select(Throttle.failures).where(Throttle.key == keys["network"])).scalar()
    assert found == 8


def test_while_one_waits_the_right_password_does_not_help(world: World) -> None:
    for _ in range(6):
        guess(world, MONDAY)
    with pytest.raises(TooManyTries):
        sign_in.sign_in(world.store, ANNA, PASSWORD, HOME, MONDAY)
    assert sign_in.sign_in(world.store, ANNA, PASSWORD, HOME, MONDAY + timedelta(seconds=3))


def test_after_a_day_all_is_forgotten(world: World) -> None:
    for _ in range(12):
        guess(world, MONDAY)
    tomorrow = MONDAY + timedelta(hours=24, seconds=1)
    guess(world, tomorrow, ANNA, ELSEWHERE)
    with world.store.db.unowned() as connection:
        rows = connection.execute(select(Throttle.failures)).scalars().all()
    assert rows == [1, 1], "the old rows are gone"


def test_the_table_tells_nobody_apart(world: World) -> None:
    guess(world, MONDAY)
    with world.store.db.unowned() as connection:
        rows = connection.execute(select(Throttle)).all()
    text = repr(rows)
    assert "anna" not in text
    assert "192.0.2" not in text
    assert {len(row.key) for row in rows} == {32}
