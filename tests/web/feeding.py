"""What the tests about feeds share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from planner.domain.walks import WalkDetails
from planner.services.walks import walks
from tests import makers
from tests.calendars import Entry, Subscriber, shown
from tests.conftest import World


@dataclass
class Feeds:
    """Sanne, a client of Anna's, and both calendars that show her walks."""

    world: World
    client: int
    feed: str
    calendar: str

    def subscriber(self, path: str) -> Subscriber:
        return Subscriber(self.world.browser(), path)

    @property
    def both(self) -> list[Subscriber]:
        return [self.subscriber(self.feed), self.subscriber(self.calendar)]

    def entries(self, path: str) -> list[Entry]:
        return shown(self.world.browser().get(path).response.get_data())

    def move(self, walk: int, starts: str, **details: str) -> None:
        command = walks.PlanWalk(
            self.client, datetime.fromisoformat(starts), 40, details=WalkDetails(**details), keep_clash=True
        )
        assert walks.change(self.world.store, self.world.coach(), walk, command, self.world.now).walk_id


def with_feeds(world: World) -> Feeds:
    client = makers.make_client(world, "Sanne", last_name="van Dijk")
    return Feeds(world, client, makers.make_feed(world, client), makers.make_calendar(world))
