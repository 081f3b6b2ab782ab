"""What the tests about answers share: one client's side of the link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from planner.domain.answers import SIGNS, AnswerContent
from planner.models import WalkAnswer
from planner.services.vault import Place
from planner.services.walks import walks
from tests import makers
from tests.conftest import World
from tests.page_client import Page

WEDNESDAY = "2026-11-25T10:00"
CANNOT, COMING = {"answer": "cannot"}, {"answer": "coming"}
HEALTHY = {"energy_week": "4", "functioning_week": "5"}
YES = dict.fromkeys(SIGNS, "yes")
KINDS = {"answer": CANNOT, "check-in": HEALTHY, "signs": YES}


@dataclass
class Side:
    """One client's side: their link, and a coming walk."""

    world: World
    client: int
    link: str
    walk: int

    @property
    def page(self) -> Page:
        return self.world.browser().get(self.link)

    def send(self, what: str, data: dict[str, str], walk: int | None = None, *, follow: bool = False) -> Page:
        address = f"{self.link}walks/{walk or self.walk}/{what}"
        return self.world.browser().post(address, data, follow=follow)

    def kept(self, walk: int | None = None) -> AnswerContent | None:
        """What lies stored, opened; None when there is no row."""
        with self.world.store.db.reading(self.world.coach().scope) as session:
            row = session.query(WalkAnswer).filter_by(walk_id=walk or self.walk).one_or_none()
            if row is None:
                return None
            client = walks.open_client(self.world.store, session, self.client)
            place = Place("walk_answer", "sealed", row.id, self.client)
            return self.world.store.vault.open(client.wrapped_key, place, row.sealed, AnswerContent)


def side(
    world: World,
    asks: str = "",
    *,
    consent: bool = True,
    starts: str = WEDNESDAY,
    name: str = "Sanne",
    who: str = "anna",
) -> Side:
    client = makers.make_client(
        world, name, who=who, consent_health=consent, page_asks=frozenset(asks.split())
    )
    walk = makers.make_walk(world, client, starts, who=who)
    return Side(world, client, makers.make_link(world, client, who=who), walk)


def walked(one: Side, starts: str = "2026-11-20T10:00", **note: object) -> int:
    walk = makers.make_walk(one.world, one.client, starts, meeting_point="Bij de oude eik")
    makers.make_note(one.world, walk, **note)  # type: ignore[arg-type]
    return walk


def buttons(page: Page) -> list[str]:
    return [" ".join(tag.get_text().split()) for tag in page.select("main button")]


def change(world: World, one: Side, to: str) -> None:
    command = walks.PlanWalk(one.client, datetime.fromisoformat(to), 40, keep_clash=True)
    walks.change(world.store, world.coach(), one.walk, command, world.now)
