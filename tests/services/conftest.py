"""The weather service and the mail server of the tests, on the clock of the test's planner."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer

from tests.conftest import World
from tests.mail_server import Office, running
from tests.services.met_service import MetService


@pytest.fixture
def met(httpserver: HTTPServer, world: World) -> MetService:
    return MetService(httpserver, world.now)


@pytest.fixture
def office(world: World) -> Iterator[Office]:
    server = running()
    yield Office(world, server)
    server.stop()
