"""Forecasts held per place: asked for once, left alone when told, never waited for by a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from email.utils import format_datetime
from threading import Thread

from sqlalchemy import select, update

from planner.domain.weather import Limits
from planner.models import EVERYONE, Database, ForecastRow
from planner.services.people import practices
from planner.services.store import Store
from planner.services.weather import forecast_jobs, forecasts
from planner.services.weather.forecasts import Spot
from tests.conftest import World
from tests.services.met_service import (
    DRIEBERGEN,
    PRACTICE,
    UTRECHT,
    ZEIST,
    MetService,
    held,
    later,
    refresh,
    verdict,
    wake_count,
    want,
)

# Asking


def test_wanted_fetched_and_held(world: World, met: MetService) -> None:
    assert not held(world, met, UTRECHT).pending, "nobody asked for it yet"
    want(world, met, UTRECHT)
    assert held(world, met, UTRECHT).pending
    assert verdict(world, met, UTRECHT).code == "unknown"
    assert refresh(world, met) == 1
    assert met.places == [("52.09", "5.12")], "never more exact than the grid"
    assert "coach@example.org" in met.asked[0].headers["User-Agent"]
    now_held = held(world, met, UTRECHT)
    assert now_held.forecast is not None and not now_held.pending and now_held.problem is None
    assert now_held.age is not None and now_held.age < timedelta(minutes=1)
    assert verdict(world, met, UTRECHT).code == "go"


def test_left_alone_until_it_expires_then_asked_conditionally(world: World, met: MetService) -> None:
    want(world, met, UTRECHT)
    refresh(world, met)
    first = held(world, met, UTRECHT)
    later(met, minutes=29)
    want(world, met, UTRECHT)
    assert refresh(world, met) == 0
    later(met, minutes=11)
    assert refresh(world, met) == 1
    assert met.asked[1].headers["If-Modified-Since"] == format_datetime(
        met.modified.astimezone(UTC), usegmt=True
    )
    again = held(world, met, UTRECHT)
    assert again.forecast is not None and first.forecast is not None
    assert again.forecast.steps == first.forecast.steps, "a 304 keeps what we hold"
    assert again.fetched_at is not None and first.fetched_at is not None
    assert again.fetched_at - first.fetched_at == timedelta(minutes=40), "and makes it fresh again"
    assert again.forecast.fetched_at == again.fetched_at


def test_two_nodes_at_once_ask_once(world: World, met: MetService) -> None:
    want(world, met, UTRECHT)
    other = Store(Database(world.settings.database_url), world.store.vault)
    met.go_on.clear()
    asked: list[int] = []
    first = Thread(target=lambda: asked.append(refresh(world, met)))
    first.start()
    assert met.arrived.wait(10), "the first node asks"
    assert forecast_jobs.refresh_due(other, met.source, met.now) == 0, "the second leaves it"
    met.go_on.set()
    first.join(20)
    assert asked == [1] and len(met.asked) == 1
    assert forecast_jobs.refresh_due(other, met.source, met.now) == 0
    other.db.dispose()


def test_two_wishes_at_once_make_one_row(world: World, met: MetService) -> None:
    want(world, met, UTRECHT, ZEIST, hours=1)
    want(world, met, Spot(52.0949, 5.1151), hours=20)
    with world.store.db.reading(EVERYONE) as session:
        assert len(session.scalars(select(ForecastRow)).all()) == 2
    assert refresh(world, met) == 2


def test_a_claim_of_a_dead_node_is_taken_over(world: World, met: MetService) -> None:
    want(world, met, UTRECHT)
    with world.store.db.transaction(EVERYONE, met.now) as session:
        session.execute(update(ForecastRow).values(claimed_until=met.now + forecast_jobs.CLAIM_FOR))
    assert refresh(world, met) == 0
    later(met, minutes=2)
    assert refresh(world, met) == 1


def test_only_what_is_missing_wakes_the_jobs(world: World, met: MetService) -> None:
    before = wake_count(world)
    want(world, met, UTRECHT)
    assert wake_count(world) == before + 1
    refresh(world, met)
    want(world, met, UTRECHT)
    assert wake_count(world) == before + 1
    later(met, hours=1)
    want(world, met, UTRECHT)
    assert wake_count(world) == before + 2


def test_nothing_for_a_walk_of_the_past_or_too_far_away(world: World, met: MetService) -> None:
    want(world, met, UTRECHT, hours=-1)
    want(world, met, ZEIST, hours=24 * 30)
    assert refresh(world, met) == 0 and not met.asked


def test_a_plan_that_was_only_looked_at_is_forgotten(world: World, met: MetService) -> None:
    want(world, met, UTRECHT, hours=48)
    refresh(world, met)
    later(met, hours=2)
    assert refresh(world, met) == 0
    assert len(met.asked) == 1


def test_not_on_the_dot_of_the_hour_and_not_all_at_once(world: World, met: MetService) -> None:
    met.now = met.now.replace(minute=10, second=0, microsecond=0)
    met.expires_in = timedelta(minutes=49, seconds=20)
    spots = [Spot(52.0 + number / 100, 5.0) for number in range(40)]
    want(world, met, *spots)
    assert refresh(world, met) == 40
    with world.store.db.reading(EVERYONE) as session:
        moments = session.scalars(select(ForecastRow.expires_at)).all()
    expires = [moment for moment in moments if moment is not None]
    assert len({moment.replace(microsecond=0) for moment in expires}) > 20
    assert not [moment for moment in expires if moment.minute == 0]


# Being told no


def test_refused_stops_everything_for_an_hour(world: World, met: MetService) -> None:
    want(world, met, UTRECHT, ZEIST, DRIEBERGEN, hours=5)
    met.status = 403
    assert refresh(world, met) == 1
    for spot in (UTRECHT, ZEIST, DRIEBERGEN):
        found = held(world, met, spot)
        assert found.problem == "refused" and not found.pending
    met.status = 200
    later(met, minutes=58)
    want(world, met, UTRECHT, Spot(52.2, 5.2), hours=5)
    assert refresh(world, met) == 0, "not even a new place"
    later(met, minutes=10)
    want(world, met, UTRECHT, ZEIST, DRIEBERGEN, hours=5)
    assert refresh(world, met) == 4
    assert held(world, met, ZEIST).problem is None


def test_throttled_backs_off_and_longer_the_second_time(world: World, met: MetService) -> None:
    want(world, met, UTRECHT, ZEIST, hours=9)
    met.status = 429
    assert refresh(world, met) == 1
    later(met, minutes=9)
    assert refresh(world, met) == 0
    later(met, minutes=3)
    assert refresh(world, met) == 1
    later(met, minutes=19)
    assert refresh(world, met) == 0, "the second pause is twice as long"
    later(met, minutes=7)
    met.status = 200
    assert refresh(world, met) == 2


def test_a_dead_service_is_not_tried_for_every_place(world: World, met: MetService) -> None:
    spots = [Spot(52.0 + number / 100, 5.0) for number in range(8)]
    want(world, met, *spots)
    refresh(world, met)
    later(met, minutes=45)
    met.status = 503
    met.asked.clear()
    assert refresh(world, met) == forecast_jobs.GIVE_UP_AFTER
    tried = [found for found in (held(world, met, spot) for spot in spots) if found.problem == "failing"]
    assert len(tried) == forecast_jobs.GIVE_UP_AFTER
    assert all(found.forecast is not None for found in tried), "what we hold stays"


def test_without_a_contact_nobody_is_asked(world: World, met: MetService) -> None:
    met.contact = None
    want(world, met, UTRECHT)
    refresh(world, met)
    assert not met.asked
    assert held(world, met, UTRECHT).problem == "not_configured"
    kept = practices.open_practice(world.store, world.coach())
    command = practices.ChangePractice(kept.settings, "nieuw@example.org", kept.version)
    practices.change(world.store, world.coach(), command, met.now)
    met.contact = "nieuw@example.org"
    assert refresh(world, met) == 1, "as soon as there is a contact"


def test_a_version_that_will_go_is_used_and_told(world: World, met: MetService) -> None:
    met.status = 203
    want(world, met, UTRECHT)
    refresh(world, met)
    found = held(world, met, UTRECHT)
    assert found.problem == "deprecated" and found.forecast is not None and not found.pending


# Getting old


def test_older_than_six_hours_is_unknown_and_after_a_day_gone(world: World, met: MetService) -> None:
    want(world, met, UTRECHT)
    refresh(world, met)
    later(met, hours=5, minutes=50)
    assert verdict(world, met, UTRECHT, in_hours=0.5).code == "go"
    later(met, minutes=20)
    old = verdict(
        world, met, UTRECHT, in_hours=0.5 - 20 / 60
    )  # the same walk: what was said of it counts no more
    assert old.code == "unknown" and [reason.code for reason in old.reasons] == ["stale"]
    assert held(world, met, UTRECHT).forecast is not None, "still shown, with its age"
    later(met, hours=18)
    gone = held(world, met, UTRECHT)
    assert gone.forecast is None and gone.fetched_at is not None
    assert verdict(world, met, UTRECHT).code == "unknown"


def test_a_known_storm_stays_a_storm_when_old(world: World, met: MetService) -> None:
    met.weather = {"gust": 25.0}
    want(world, met, UTRECHT)
    refresh(world, met)
    later(met, hours=6, minutes=10)
    old = verdict(world, met, UTRECHT, in_hours=0.5)
    assert old.code == "move"
    assert [reason.code for reason in old.reasons] == ["gust", "stale"]


# Limits and places


def test_a_practice_may_be_stricter_never_looser(world: World, met: MetService) -> None:
    strict = replace(PRACTICE, limits={"gust_adapt_kmh": 30.0, "gust_move_kmh": 200.0})
    with world.store.db.reading(world.coach().scope) as session:
        board = forecasts.board(world.store, session, strict, [], met.now)
    assert board.limits == replace(Limits(), gust_adapt_kmh=30.0)


def test_without_a_place_the_home_point_and_it_says_so(world: World, met: MetService) -> None:
    want(world, met, Spot(PRACTICE.home_latitude, PRACTICE.home_longitude))
    refresh(world, met)
    guess, sure = verdict(world, met, None), verdict(world, met, Spot(52.1, 5.18))
    assert guess.code == "go" and guess.place_estimated
    assert not sure.place_estimated
    assert held(world, met, None).place_estimated
