"""Reviews that were held in the example practice, and scores of others."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from planner.domain.progress import Measure, ReviewContent
from planner.domain.when import day_on
from planner.services.progress import external_measures, held_reviews
from planner.services.progress.held_reviews import WriteReview
from planner.services.store import SignedIn, Store


def look_back(store: Store, coach: SignedIn, client_id: int, data: dict[str, Any], now: datetime) -> None:
    """What the file of one client holds of it."""
    for one in data.get("reviews", ()):
        content = ReviewContent(one["felt_energy"], one["felt_functioning"], one["agreed"], one["next_step"])
        then = now - timedelta(days=one["days_ago"])
        held_reviews.hold(store, coach, client_id, WriteReview(one["kind"], content), then)
    for one in data.get("measures", ()):
        then = now - timedelta(days=one["days_ago"])
        measure = Measure(
            one["name"], day_on(then), one["score"], one["range_low"], one["range_high"], one["taken_by"]
        )
        external_measures.add(store, coach, client_id, measure, then)
