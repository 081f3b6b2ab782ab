"""What has served is taken away; what still counts stays."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from planner.models import EVERYONE, ForecastRow, FormOnce, SetupKey, SignIn
from planner.services.keeping import housekeeping
from planner.services.people import set_up, sign_in
from planner.services.store import remember_form
from planner.services.weather import forecasts
from planner.services.weather.forecasts import Spot
from tests.conftest import World


def counts(world: World) -> dict[str, int]:
    with world.store.db.reading(EVERYONE) as session:
        tables = (SignIn, SetupKey, FormOnce, ForecastRow)
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in tables
        }


def test_a_month_later(world: World) -> None:
    now, coach = world.now, world.coach()
    set_up.key_for(world.store, coach.id, coach.owner_id, now)
    with world.store.db.transaction(coach.scope, now) as session:
        forecasts.want(world.store, session, [Spot(52.1, 5.1)], now + timedelta(hours=3), now)
        remember_form(session, coach.scope, "a form", "/walks/1", now)
    before = counts(world)
    assert all(before.values())
    housekeeping.sweep(world.store, now)
    assert counts(world) == before
    assert sign_in.who(world.store, world.tokens["anna"], now) is not None
    housekeeping.sweep(world.store, now + timedelta(days=31))
    assert not any(counts(world).values())
