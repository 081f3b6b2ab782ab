"""The weather of walks: what to judge by, and asking for the forecast of a place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from planner.domain.practices import PracticeSettings
from planner.domain.weather_values import Reason, Verdict
from planner.models import Walk
from planner.services.walk_rows import Judge

NOT_KNOWN = Verdict("unknown", reasons=(Reason("missing", "unknown"),))


def judge_by(session: Session, settings: PracticeSettings, now: datetime) -> Judge:
    """A judge of coming walks, by the forecasts held."""

    def judge(row: Row[Any]) -> Verdict | None:  # noqa: ARG001
        return NOT_KNOWN

    return judge


def ask(session: Session, walk: Walk, settings: PracticeSettings, now: datetime) -> None:
    """Ask for the forecast this walk needs."""
