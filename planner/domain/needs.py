"""What we ask of the outside: small interfaces, and the one family of errors they raise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, get_args

from planner.domain.geo import Line, Located
from planner.domain.places import Place
from planner.domain.tiles import Tile
from planner.domain.weather_values import Forecast

OutsideKind = Literal[
    "unreachable", "failing", "refused", "throttled", "bad_request", "not_covered", "not_configured", "garbage",
    "too_large", "redirected", "not_allowed",
]  # fmt: skip
"""unreachable: no answer in time. failing: it says 5xx. refused: it does not want us (401, 403). throttled: 429.
bad_request: we asked wrongly (400). not_covered: nothing for this place. not_configured: we may not ask yet, and did
not. garbage: an answer we cannot read. too_large: more than we take. redirected: it points elsewhere. not_allowed: a
place on a network where we do not go."""


class OutsideFailed(Exception):
    """The outside did not give what we asked. Do not ask again within `retry_after_s`; the caller keeps that."""

    def __init__(self, kind: OutsideKind, retry_after_s: float) -> None:
        super().__init__(kind)
        self.kind = kind
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Known:
    """What we hold already. `last_modified`: of the body we hold, byte for byte, None when we hold none.

    `problem` and `backoff_s`: how asking went the last time, so that a second failure waits longer than a first.
    """

    last_modified: str | None = None
    problem: str | None = None
    backoff_s: float = 0.0


@dataclass(frozen=True, slots=True)
class FetchResult:
    """An answer. `forecast` None: not modified, what we hold is still right as of `fetched_at`.

    `expires_in_s`: how long not to ask again, by the service's own clock. `deprecated`: it works, but the service
    is about to drop this version (203): tell the coach's check once a day.
    """

    forecast: Forecast | None
    fetched_at: datetime
    expires_in_s: float
    last_modified: str | None
    deprecated: bool = False

    @property
    def not_modified(self) -> bool:
        return self.forecast is None


class WeatherSource(Protocol):
    """A weather service. No state between calls: what to remember comes back in the result or the error."""

    @property
    def name(self) -> str:
        """As in PLANNER_WEATHER, and in Forecast.source."""

    @property
    def at_once(self) -> int:
        """How many places one question may hold."""

    def fetch(self, asked: Mapping[Place, Known]) -> Mapping[Place, FetchResult]:
        """Ask once, for at most `at_once` places. A place it could give nothing for is left out.

        Raises OutsideFailed, nothing else, when the question as a whole failed.
        """


MailProblem = Literal["unreachable", "insecure", "login", "busy", "refused", "unknown_address", "unsure"]
"""unreachable: no answer, or it broke off. insecure: no safe line, or a certificate of somebody else. login: it does
not know us. busy: not now (4xx). refused: it does not want this message (5xx). unknown_address: it does not know whom
to give it to. unsure: it broke off after the message, before it said yes."""
MAIL_PROBLEMS: tuple[MailProblem, ...] = get_args(MailProblem)
ALL_STAND_STILL: frozenset[MailProblem] = frozenset({"unreachable", "insecure", "login"})
"""It is about the server, not about this message: others need not try now."""


class MailFailed(Exception):
    """A message was not taken. `lasting`: trying again helps nothing."""

    def __init__(self, kind: MailProblem, *, lasting: bool = False) -> None:
        super().__init__(kind)
        self.kind = kind
        self.lasting = lasting


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as it leaves. `id`: the same for each try of the same message, before the @."""

    id: str
    to: str
    from_name: str
    reply_to: str
    subject: str
    text: str
    html: str
    language: str
    at: datetime


class MailSender(Protocol):
    """A mail server that takes our messages."""

    def send(self, mail: Callable[[], Mail | None], leaving: Callable[[], None]) -> bool:
        """Hand one message over. `mail` is asked when the server is ready, and once more right before the message
        goes; None then: nothing is sent. `leaving` is called when nothing stands between the message and the server
        any more: from there on it may have arrived, whatever becomes of us. Gives whether it was sent.

        Raises MailFailed, and what `mail` and `leaving` raise; nothing else.
        """


class PathFinder(Protocol):
    """A path engine on a server of the practice's own. No state between calls.

    It gets coordinates as they are, unlike the services of others: that is why no hosted one is ever asked.
    """

    def path(self, places: Sequence[Located]) -> Line:
        """The line on foot past these places, in this order; heights where the engine knows them.

        Raises OutsideFailed, nothing else; `not_covered` when there is no way.
        """


class TileSource(Protocol):
    """A server of map tiles. It learns which square of the map is looked at, and nothing of who looks."""

    def fetch(self, tile: Tile) -> bytes:
        """The picture of a tile: PNG, JPEG or WebP.

        Raises OutsideFailed, nothing else; `not_covered`: there is no such tile, and others may well be there.
        """
