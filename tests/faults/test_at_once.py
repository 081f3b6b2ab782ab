"""Many at the same moment: of one hour, one walk. Notes and forms sent twice: tests/models/test_transactions.py and
tests/web/test_note_savers.py."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from planner.domain.walks import PlannedPart
from planner.services.walks import walks
from tests.conftest import World
from tests.makers import a_time, make_client

PLANNERS = 16


def test_an_hour_is_given_once(world: World) -> None:
    """Sixteen browsers plan another client at the same hour, none of them having seen the others."""
    clients = [make_client(world, f"Cliënt {n}") for n in range(PLANNERS)]
    start, coach = Barrier(PLANNERS), world.coach()

    def plan(client: int) -> int | None:
        command = walks.PlanWalk(
            client, a_time("2026-11-26T10:00"), 40, parts=(PlannedPart("walk_talk", 40),)
        )
        start.wait(30)
        return walks.plan(world.store, coach, command, world.now).walk_id

    with ThreadPoolExecutor(PLANNERS) as pool:
        planned = [one for one in pool.map(plan, clients) if one is not None]
    assert len(planned) == 1
