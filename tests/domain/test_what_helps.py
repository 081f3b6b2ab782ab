"""What helps: averages that say nothing before they can, and an order that one lucky walk cannot turn."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.notes import Practised
from planner.domain.routes import RouteFacts
from planner.domain.what_helps import (
    MIN_CLIENTS,
    MIN_WALKS,
    Aspect,
    HelpedWalk,
    Helps,
    Tried,
    drawn_to_usual,
    of_client,
    over_clients,
    route_aspects,
    tried,
)

LUCKY, STEADY, OTHER = (Aspect("exercise", name) for name in ("lucky", "steady", "other"))
SCORES = st.none() | st.integers(0, 10)
WALKS = st.lists(
    st.builds(HelpedWalk, st.frozensets(st.sampled_from((LUCKY, STEADY, OTHER))), SCORES, SCORES, SCORES, SCORES),
    max_size=30,
)  # fmt: skip


def walked(
    *aspects: Aspect, energy: tuple[int, int] = (4, 5), tension: tuple[int, int] | None = None
) -> HelpedWalk:
    return HelpedWalk(frozenset(aspects), *energy, *(tension or (None, None)))


def order(found: Helps) -> list[Aspect]:
    return [line.aspect for line in found.lines]


@pytest.mark.parametrize(
    ("changes", "usual", "expected"),
    [
        ([6], 1.0, 2.0),  # one lucky walk
        ([2] * 12, 1.0, 1.75),
        ([3] * 12, 1.0, 2.5),
        ([1], 1.0, 1.0),
        ([-4], 0.0, -0.8),
        ([2, 2, 2, 2], 0.0, 1.0),  # four walks count as much as the four usual ones
    ],
)
def test_drawn(changes: list[int], usual: float, expected: float) -> None:
    assert drawn_to_usual(sum(changes) / len(changes), len(changes), usual) == pytest.approx(expected)


def test_three_walks_say_nothing_and_the_fourth_does() -> None:
    lines = [of_client([walked(STEADY, energy=(3, 6))] * number).lines[0] for number in (3, 4)]
    assert [line.times for line in lines] == [MIN_WALKS - 1, MIN_WALKS]
    assert lines[0].energy is None and not lines[0].says_something
    assert lines[1].energy is not None and (lines[1].energy.before, lines[1].energy.after) == (3, 6)


def test_a_half_answer_is_no_answer() -> None:
    half = HelpedWalk(frozenset({STEADY}), energy_before=3)
    (line,) = of_client([half] * 6).lines
    assert (line.times, line.energy) == (6, None)


def test_energy_and_tension_each_need_their_own_walks() -> None:
    walks = [walked(STEADY, tension=(8, 1))] * 3 + [walked(STEADY)]
    (line,) = of_client(walks).lines
    assert line.energy is not None and line.energy.of == 4
    assert line.tension is None


def test_less_tension_counts_as_more_energy_does() -> None:
    walks = [walked(STEADY, tension=(7, 4))] * 4 + [walked(OTHER, tension=(7, 7))] * 4
    assert order(of_client(walks)) == [STEADY, OTHER]


@given(WALKS, st.integers(0, 10), st.integers(0, 10), st.integers(MIN_WALKS, 12))
def test_one_lucky_walk_never_leads_over_many(
    walks: list[HelpedWalk], before: int, after: int, number: int
) -> None:
    """Whatever it did, and however little the others did."""
    rest = [walk for walk in walks if LUCKY not in walk.aspects]
    found = order(of_client([*rest, walked(LUCKY, energy=(before, after)), *[walked(STEADY)] * number]))
    assert found.index(STEADY) < found.index(LUCKY)


@given(st.floats(-10, 10), st.floats(-10, 10), st.integers(1, 50))
def test_more_walks_of_the_same_are_drawn_less(mean: float, usual: float, of: int) -> None:
    near, far = (drawn_to_usual(mean, number, usual) for number in (of, of + 1))
    assert abs(far - usual) >= abs(near - usual) - 1e-9
    assert min(mean, usual) - 1e-9 <= near <= max(mean, usual) + 1e-9


@given(st.floats(-10, 10), st.floats(0, 5), st.floats(-10, 10), st.integers(0, 50))
def test_a_higher_average_never_comes_lower(mean: float, more: float, usual: float, of: int) -> None:
    assert drawn_to_usual(mean + more, of, usual) >= drawn_to_usual(mean, of, usual) - 1e-9


@given(WALKS)
def test_a_better_walk_never_puts_its_exercise_lower(walks: list[HelpedWalk]) -> None:
    poor = [*walks, *[walked(STEADY, energy=(5, 5))] * MIN_WALKS]
    better = [*walks, *[walked(STEADY, energy=(5, 5))] * (MIN_WALKS - 1), walked(STEADY, energy=(5, 9))]
    assert order(of_client(better)).index(STEADY) <= order(of_client(poor)).index(STEADY)


@given(WALKS, st.integers(0, 1000))
def test_the_order_of_the_walks_does_not_matter(walks: list[HelpedWalk], seed: int) -> None:
    shuffled = list(walks)
    Random(seed).shuffle(shuffled)
    assert of_client(shuffled) == of_client(walks)


@given(st.dictionaries(st.integers(1, 100), WALKS, max_size=MIN_CLIENTS - 1))
def test_fewer_than_five_clients_give_nothing(by_client: dict[int, list[HelpedWalk]]) -> None:
    assert over_clients(by_client) == Helps()


@given(st.dictionaries(st.integers(1, 100), WALKS, max_size=9))
def test_five_clients_are_behind_every_number(by_client: dict[int, list[HelpedWalk]]) -> None:
    found = over_clients(by_client)
    for line in found.lines:
        for around in (line.energy, line.tension):
            assert around is None or around.of >= MIN_CLIENTS
        assert line.says_something and line.times >= MIN_CLIENTS
    turned = {client: by_client[client][::-1] for client in reversed(by_client)}
    assert over_clients(turned) == found


def test_each_client_counts_once() -> None:
    by_client = {client: [walked(STEADY, energy=(4, 5))] for client in range(4)}
    by_client[4] = [walked(STEADY, energy=(0, 10))] * 20
    (line,) = over_clients(by_client).lines
    assert line.energy is not None and line.energy.of == 5
    assert line.energy.change == pytest.approx((4 * 1 + 10) / 5)


def test_over_clients_only_the_walks_that_had_it_count() -> None:
    by_client = {
        client: [walked(STEADY, energy=(4, 5)), walked(OTHER, energy=(0, 10))]
        for client in range(MIN_CLIENTS)
    }
    lines = {line.aspect: line for line in over_clients(by_client).lines}
    assert [lines[one].energy.change for one in (STEADY, OTHER)] == [1, 10]  # type: ignore[union-attr]


def test_kinds_of_a_route() -> None:
    facts = RouteFacts(surface="sand", environment_tags=("forest",), quietness="quiet", shelter=None)
    assert route_aspects(facts) == {("surface", "sand"), ("environment", "forest"), ("quietness", "quiet")}


def test_most_often_worked_comes_first() -> None:
    said = [
        Practised(1, "yes"),
        *[Practised(2, "a_bit")] * 3,
        Practised(2, "no"),
        Practised(3, "no"),
        Practised(4),
    ]
    assert tried(said) == (Tried(2, 0, 3, 1), Tried(1, 1, 0, 0), Tried(3, 0, 0, 1))
