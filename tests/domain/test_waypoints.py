"""Kinds of places on a route, and what a file's words say about them."""

from __future__ import annotations

import pytest

from planner.domain.waypoints import KINDS, METAPHORS, STOPS, guess_kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Bankje bij de vijver", "bench"),
        ("Picknicktafel", "bench"),
        ("Uitzichtpunt Brunssum", "viewpoint"),
        ("Scenic Area", "viewpoint"),
        ("Splitsing", "crossroads"),
        ("Trail Crossing", "crossroads"),
        ("Bruggetje", "bridge"),
        ("Bridge", "bridge"),
        ("Oude eik", "tree"),
        ("Het ven", "water"),
        ("Drinking Water", "drinking_water"),
        ("Praatplek 2", "talk_point"),
        ("Schuilhut", "shelter"),
        ("Restroom", "toilet"),
        ("WC", "toilet"),
        ("Parking Area", "parking"),
        ("P+R Zuid", "parking"),
        ("Bushalte Heide", "transport"),
        ("Klaphek", "entrance"),
        ("Omweg bij modder", "detour"),
        ("Struikelstuk", "stumble"),
        ("Let op: wortels", "stumble"),
        ("Oversteek N224", "caution"),
        ("Boothuis", "other"),
        ("Meerkerk", "other"),
        ("Plastuin", "other"),
        ("Venlo", "other"),
        ("Beethoven", "other"),
        ("", "other"),
        ("017", "other"),
    ],
)
def test_a_guess(name: str, kind: str) -> None:
    assert guess_kind(name) == kind


def test_the_first_text_that_says_something_wins() -> None:
    assert guess_kind("user", "Parking Area", "Bankje") == "parking"
    assert guess_kind(None, "", "Bankje") == "bench"


@pytest.mark.parametrize("kind", KINDS)
def test_our_own_codes_are_known_again(kind: str) -> None:
    assert guess_kind(kind, "", "Bankje bij de brug") == kind


def test_the_lists_agree() -> None:
    assert set(KINDS) >= METAPHORS | STOPS
    assert {"stumble", "detour", "viewpoint", "crossroads", "bridge", "bench", "tree", "water"} == METAPHORS
    assert len(KINDS) == len(set(KINDS))
    assert all(len(kind) <= 20 for kind in KINDS)
