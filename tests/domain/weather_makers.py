"""Forecasts for tests: calm, dry and mild, unless told otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from planner.domain.weather import Forecast, Limits, Place, Step, Verdict, judge

UTRECHT = Place.near(52.0907, 5.1214)
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = NOON.replace(hour=0)
LIMITS = Limits()


def step(at: datetime, span_h: int = 1, **changes: Any) -> Step:
    calm = Step(at, span_h, temperature_c=12.0, wind_ms=2.0, humidity_pct=70.0)
    if span_h:
        calm = replace(calm, precip_mm=0.0, symbol="partlycloudy_day")
    return replace(calm, **changes)


def forecast(*steps: Step, fetched_at: datetime = NOON) -> Forecast:
    return Forecast("met-norway", fetched_at, fetched_at, tuple(steps))


def day(changes: dict[int, dict[str, Any]] | None = None, on: datetime = DAY, **everywhere: Any) -> Forecast:
    """24 hours in UTC from midnight; `changes` per hour, the rest for all hours."""
    special = changes or {}
    hours = range(25)
    return forecast(
        *(step(on + timedelta(hours=hour), **{**everywhere, **special.get(hour, {})}) for hour in hours),
        fetched_at=on,
    )


def blocks(*changes: dict[str, Any], on: datetime = DAY, **everywhere: Any) -> Forecast:
    """Blocks of six hours from midnight UTC, and the instant that ends them."""
    steps = [step(on + timedelta(hours=6 * n), 6, **{**everywhere, **c}) for n, c in enumerate(changes)]
    end = step(on + timedelta(hours=6 * len(changes)), 0, **everywhere)
    return forecast(*steps, end, fetched_at=on)


def at(hour: int, minute: int = 0, on: datetime = DAY) -> datetime:
    return on + timedelta(hours=hour, minutes=minute)


def verdict(
    held: Forecast | None, start_at: datetime = NOON, end_at: datetime | None = None, **kwargs: Any
) -> Verdict:
    """A walk of 40 minutes at noon UTC, judged just before it with the default limits."""
    options = {"place": UTRECHT, "now": start_at - timedelta(hours=1), "limits": LIMITS, **kwargs}
    if held:
        options["now"] = kwargs.get("now", held.fetched_at)
    return judge(held, start_at, end_at or start_at + timedelta(minutes=40), **options)


def fired(found: Verdict) -> list[tuple[str, str]]:
    return [(reason.code, reason.level) for reason in found.reasons]
