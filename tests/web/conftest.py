"""Whom and where most pages about a walk need: a client, and a route with a line."""

from __future__ import annotations

import pytest

from tests import makers
from tests.conftest import World


@pytest.fixture
def client(world: World) -> int:
    return makers.make_client(world)


@pytest.fixture
def route(world: World) -> int:
    return makers.make_route(world, line=True)
