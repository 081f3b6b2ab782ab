"""Numbers that no row can have, in addresses and hidden fields: not there, or not said; never a fault of ours."""

from __future__ import annotations

import pytest

from planner.web.forms import as_id
from tests.conftest import World
from tests.makers import make_client, make_route
from tests.page_client import PageClient

TOO_LARGE = ("9223372036854775808", "9" * 30)
VERSIONS = ("9" * 5000, "²", "٣", "-1", "1.5", "one", "")


@pytest.mark.parametrize("number", TOO_LARGE)
def test_an_id_too_large_for_the_database_is_not_there(world: World, coach: PageClient, number: str) -> None:
    rules = [rule for rule in world.app.url_map.iter_rules() if "<int:" in rule.rule]
    assert len(rules) > 20
    for rule in rules:
        address = rule.rule.replace("<token>", "x")
        for name in rule.arguments:
            address = address.replace(f"<int:{name}>", number)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            assert coach.open(method, address).status in (404, 405), f"{method} {address}"


@pytest.mark.parametrize("address", ["/routes/new?replace={}", "/walks/log?client={}"])
def test_neither_is_one_after_a_question_mark(coach: PageClient, address: str) -> None:
    for number in TOO_LARGE:
        assert coach.get(address.format(number)).status in (200, 404)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_version_that_is_none_is_answered_clearly(world: World, coach: PageClient, version: str) -> None:
    route = make_route(world, line=True)
    assert coach.get(f"/routes/{route}").submit(f"/routes/{route}/trim", version=version).status == 200
    client = make_client(world)
    for page in ("/settings", f"/clients/{client}/edit", f"/routes/{route}/edit"):
        assert coach.get(page).submit(page, follow=True, version=version).status in (200, 409, 422), page


@pytest.mark.parametrize(
    ("sent", "number"),
    [("7", 7), (7, 7), (str(2**63 - 1), 2**63 - 1), ("007", 7)] + [(v, None) for v in VERSIONS],
)
def test_as_id(sent: object, number: int | None) -> None:
    assert as_id(sent) == number


def test_as_id_of_nothing() -> None:
    assert as_id(None) is None
    assert as_id(2**63) is None
