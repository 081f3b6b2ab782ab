"""What a practice can set: limits, hours, texts, home point. Plain values, kept as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from planner.domain.privacy import BREACH_HOURS, RetentionTerms
from planner.domain.when import ZONE

DE_BILT = (52.10, 5.18)
DEFAULT_WALK_MINUTES = 40
MIN_WALK_MINUTES, MAX_WALK_MINUTES = 20, 90
BUFFER_MINUTES = 5
DEFAULT_AROUND_MINUTES, MAX_AROUND_MINUTES = 15, 180
"""Travel and breathing time, before and after a walk."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Wall times HH:MM on a weekday (0 is Monday)."""

    weekday: int
    starts: str
    ends: str


DEFAULT_HOURS = tuple(WorkingHours(day, "09:00", "17:00") for day in range(5))


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Days without work, both included."""

    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class BlockedHours:
    """Wall times HH:MM that are not free: on one day, or every week on a weekday (0 is Monday)."""

    starts: str
    ends: str
    on: date | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class PracticeTexts:
    """The practice's own words, where it changed ours. Empty: the shipped text."""

    privacy_nl: str = ""
    privacy_en: str = ""
    complaints_nl: str = ""
    complaints_en: str = ""


@dataclass(frozen=True, slots=True)
class PracticeSettings:
    """`limits` holds only the weather limits the coach changed, by their name in domain.weather.Limits."""

    home_latitude: float = DE_BILT[0]
    home_longitude: float = DE_BILT[1]
    limits: dict[str, float] = field(default_factory=dict)
    working_hours: tuple[WorkingHours, ...] = DEFAULT_HOURS
    days_off: tuple[DaysOff, ...] = ()
    blocked_hours: tuple[BlockedHours, ...] = ()
    holidays_off: bool = True
    """Dutch public holidays are days off."""
    minutes_before: int = DEFAULT_AROUND_MINUTES
    minutes_after: int = DEFAULT_AROUND_MINUTES
    """Kept free around every walk; a route may have its own."""
    notice_hours: int = 24
    reminder_hours: int = 48
    reminder_early: bool = False
    """A reminder goes so many hours before."""
    reminder_morning: bool = False
    """A reminder goes on the morning of the day."""
    default_minutes: int = DEFAULT_WALK_MINUTES
    intake_asked: tuple[str, ...] | None = None
    """Codes of the intake questions this practice asks; None: the default choice."""
    texts: PracticeTexts = field(default_factory=PracticeTexts)
    zone: str = ZONE
    non_commercial: bool = False
    """A coach said that nothing is earned with these walks: the weather service's free host may be used."""
    keys_kept: bool = False
    """A coach said that there is a copy of the keys; the reminder on the agenda has gone (decision 32)."""
    retention: RetentionTerms = field(default_factory=RetentionTerms)
    breach_hours: int = BREACH_HOURS

    @property
    def home_is_known(self) -> bool:
        """Until a coach says where home is, De Bilt stands in for it: near enough for weather, not for routes."""
        return (self.home_latitude, self.home_longitude) != DE_BILT
