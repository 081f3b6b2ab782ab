"""The practice's own path engine, Valhalla or BRouter, as the settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.outside.brouter import BRouter
from planner.outside.http import Door
from planner.outside.valhalla import Valhalla
from planner.router_settings import BROUTER, is_hosted
from planner.services.routes.loops import PathDesk

if TYPE_CHECKING:
    from planner.domain.needs import PathFinder
    from planner.settings import Settings

DEADLINE_S = 2.0
"""For one question. The engine stands next door, and somebody waits for the page."""
MAX_BYTES = 1_000_000
OWN = "own-server"
"""In place of a contact: the engine is the practice's own."""


def path_desk(settings: Settings) -> PathDesk | None:
    """None without an engine; nor with one that belongs to others, whatever else the settings say."""
    url = settings.router_url
    if url is None or is_hosted(url):
        return None
    door = Door(lambda: OWN, DEADLINE_S, MAX_BYTES)
    finder: PathFinder = BRouter(door, url) if settings.router == BROUTER else Valhalla(door, url)
    return PathDesk(finder)
