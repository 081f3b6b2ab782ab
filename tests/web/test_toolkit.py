"""The toolkit through the front door."""

from __future__ import annotations

from tests.conftest import World
from tests.page_client import PageClient


def test_the_toolkit_holds_the_shipped_exercises(coach: PageClient) -> None:
    page = coach.get("/toolkit/")
    assert len(page.select("[data-exercise]")) == 30
