"""What a client is told about a walk, and when: what is owed, what is still true when it leaves, when to try again.

A message tells of the walk as it is when it leaves. What was told last is kept, so that only a difference is news.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from planner.domain.geo import Point, distance_m
from planner.domain.weather_watch import WORSE
from planner.domain.when import TimeDoesNotExist, local_to_moment

LINK, CONFIRMATION, CHANGE, CANCELLATION = "link", "confirmation", "change", "cancellation"
REMINDER, MORNING, WEATHER = "reminder", "morning", "weather"
KINDS = (LINK, CONFIRMATION, CHANGE, CANCELLATION, REMINDER, MORNING, WEATHER)
ANNOUNCEMENTS = frozenset({CONFIRMATION, CHANGE, CANCELLATION})
REMINDERS = frozenset({REMINDER, MORNING})

HELD, WAITING, SENT, COPIED, DROPPED, FAILED = "held", "waiting", "sent", "copied", "dropped", "failed"
STATES = (HELD, WAITING, SENT, COPIED, DROPPED, FAILED)
"""held: prepared, waits for the coach's yes. waiting: leaves by itself when due. copied: the coach sent it by hand."""
PENDING = frozenset({HELD, WAITING, FAILED})
LEFT = frozenset({SENT, COPIED})

REASONS = (
    "cancelled", "past", "not_active", "cannot", "reminders_off", "no_address", "known", "declined", "no_link",
    "outdated", "own_choice",
)  # fmt: skip
"""Why a message is not sent after all. cannot: the client said that they cannot come. known: the client knows this
already. declined: the coach said so. outdated: the weather or the walk is another one now. own_choice: the client chose
it."""
FINAL = frozenset({"declined", "known"})
"""What was dropped for these does not come back when things change."""
SETTLED = frozenset({"declined", "own_choice"})
"""What was dropped for these counts as told."""

MORNING_AT = time(8)
NO_MORNING_BEFORE = time(9)
TOLD_LATELY = {REMINDER: timedelta(hours=12), MORNING: timedelta(hours=2)}
"""A reminder of what was told so shortly ago is no help."""
RETRY_MINUTES = (1, 5, 15, 60)
HOURLY = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(hours=24)
SAME_PLACE_M = 50.0
"""Who meets within this of where they were told finds each other."""


@dataclass(frozen=True, slots=True)
class About:
    """What a message says of a walk. `place`: where it starts, in words; `latitude`, `longitude`: where that lies, when
    known. `off`: it is cancelled."""

    starts_local: datetime
    minutes: int
    setting: str
    place: str
    off: bool = False
    latitude: float | None = None
    longitude: float | None = None

    def is_same(self, other: About) -> bool:
        """Whether who knows the other knows this. That a place is on the map now is no news."""
        return _words(self) == _words(other) and not self.lies_elsewhere(other)

    def lies_elsewhere(self, other: About) -> bool:
        """Whether one meets at another place than the other says, whatever it is called."""
        here, there = _point(self), _point(other)
        return here is not None and there is not None and distance_m(here, there) > SAME_PLACE_M


def _words(about: About) -> tuple[object, ...]:
    return about.starts_local, about.minutes, about.setting, about.place, about.off


def _point(about: About) -> Point | None:
    if about.latitude is None or about.longitude is None:
        return None
    return Point(about.latitude, about.longitude)


@dataclass(frozen=True, slots=True)
class Told:
    """What the client was told last. `at` None: the coach saw it and chose not to send it. `sure` False: it left, but
    the server never said that it has it."""

    about: About
    kind: str
    at: datetime | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Text:
    """A message in words, both ways."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Written:
    """What left and to where: the log of a client, sealed with their key. A link in it is not kept. `says`: worse or
    recovered, of a message about the weather."""

    about: About | None = None
    kind: str = ""
    to: str = ""
    subject: str = ""
    text: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a message is made of. `before`: what was told last, for a change or a cancellation. `greet`: the name,
    only when the client wants to be greeted by it. `link`, `video_url`: only where links may go. `says`: worse or
    recovered, for a message about the weather. `calls_own_number`: the coach has the client's number."""

    kind: str
    language: str
    to: str
    greet: str
    coach_first_name: str
    coach_phone: str
    coach_email: str
    notice_hours: int
    about: About | None = None
    before: About | None = None
    link: str = ""
    video_url: str = ""
    sequence: int = 0
    says: str = ""
    calls_own_number: bool = False


def owed(
    told: Told | None, now_is: About, *, over: bool, moved: bool = False, seen: bool = False
) -> str | None:
    """Which message the client is owed about a walk as it now is; None when they know. `over`: begun or done. Where
    nobody told them: `moved`, their own page showed another time before; `seen`, it showed the walk at all."""
    if over:
        return None
    if told is None and now_is.off:
        return CANCELLATION if seen else None
    if told is None:
        return CHANGE if moved else CONFIRMATION
    if told.about.off:
        if now_is.off:
            return None if told.sure else CANCELLATION
        return CONFIRMATION
    if now_is.off:
        return CANCELLATION
    if not now_is.is_same(told.about):
        return CHANGE
    return told.kind if not told.sure and told.kind in ANNOUNCEMENTS else None


def owed_weather(line: str | None, told: str | None, *, declined: bool = False) -> str | None:
    """What the client is owed about the weather: worse, recovered, or nothing. `line`: what the coach was told.
    `told`: what the client heard of it last. `declined`: the coach chose to leave this line at that. That it is better
    is only for who heard that it was worse."""
    if line is None or declined or told == line:
        return None
    return line if WORSE in (line, told) else None


def reminder_due(kind: str, starts_local: datetime, zone: str, hours: int) -> datetime | None:
    """When a reminder leaves, by the clock on the wall: so many hours before, or the morning of the day. None: no
    morning one for a walk that starts early."""
    if kind == REMINDER:
        return _moment(starts_local - timedelta(hours=hours), zone)
    if starts_local.time() < NO_MORNING_BEFORE:
        return None
    return _moment(datetime.combine(starts_local.date(), MORNING_AT), zone)


def _moment(local: datetime, zone: str) -> datetime:
    """The moment of a wall time; an hour later where the clock skips it."""
    try:
        return local_to_moment(local, zone)
    except TimeDoesNotExist:
        return local_to_moment(local + HOURLY, zone)


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand when a message is about to leave. `active`: the client is, and did not take back consent.
    `wanted`: reminders of this kind are on. `cannot`: the client said that they cannot come. `by_hand`: the coach asked
    for it. `weather`: what is owed about it."""

    kind: str
    to: str
    active: bool
    wanted: bool
    cannot: bool
    over: bool
    about: About | None
    told: Told | None
    link: str
    by_hand: bool
    now: datetime
    weather: str | None = None


def why_not(found: Standing) -> str | None:
    """A code of REASONS when this must not be sent any more; None when it is still true."""
    if not found.active and found.kind != CANCELLATION:
        return "not_active"
    if not found.to:
        return "no_address"
    if found.kind == LINK:
        return None if found.link else "no_link"
    if found.about is None or found.over:
        return "past"
    if found.cannot and not found.about.off:
        return "cannot"
    if found.kind == WEATHER:
        return None if found.weather else "outdated"
    if found.kind in REMINDERS:
        return _why_not_remind(found, found.about)
    if owed(found.told, found.about, over=found.over, seen=found.kind == CANCELLATION) is None:
        return "cancelled" if found.about.off else "known"
    return None


def _why_not_remind(found: Standing, about: About) -> str | None:
    if about.off:
        return "cancelled"
    if found.by_hand:
        return None
    if not found.wanted:
        return "reminders_off"
    told = found.told
    same = told is not None and told.sure and about.is_same(told.about)
    lately = told is not None and told.at is not None and told.at > found.now - TOLD_LATELY[found.kind]
    return "known" if same and lately else None


def retry_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failures; None: a day has gone, give up."""
    if attempts <= len(RETRY_MINUTES):
        return timedelta(minutes=RETRY_MINUTES[attempts - 1])
    waited = timedelta(minutes=sum(RETRY_MINUTES)) + HOURLY * (attempts - len(RETRY_MINUTES) - 1)
    return HOURLY if waited < GIVE_UP_AFTER else None
