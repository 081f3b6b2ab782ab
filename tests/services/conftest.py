"""The weather service of the tests, on the clock of the test's planner."""

from __future__ import annotations

import pytest
from pytest_httpserver import HTTPServer

from tests.conftest import World
from tests.services.met_service import MetService


@pytest.fixture
def met(httpserver: HTTPServer, world: World) -> MetService:
    return MetService(httpserver, world.now)
