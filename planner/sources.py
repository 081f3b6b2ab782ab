"""What of the outside the web and the jobs share: map tiles."""

from __future__ import annotations

from planner.outside.http import Door
from planner.outside.tiles import TILE_BYTES, TILE_DEADLINE_S, TemplateTiles
from planner.services.maps.tiles import Tiles
from planner.services.people import coaches
from planner.services.store import Store
from planner.settings import Settings


def tiles_of(store: Store, settings: Settings) -> Tiles:
    """The tiles of the settings. Who asks is looked up at each question: a coach may change it."""

    def contact() -> str | None:
        return settings.contact or coaches.weather_contact(store)

    door = Door(contact, TILE_DEADLINE_S, TILE_BYTES)
    return Tiles(settings.instance, settings.tile_url, TemplateTiles(door, settings.tile_url))
