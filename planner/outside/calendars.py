"""Other calendars of a coach, behind an address or in a CalDAV account. A CalendarSource."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from planner.domain.busy import (
    BusyTimes,
    CalendarAccess,
    CalendarFailed,
    CalendarProblem,
    CalendarRead,
    Held,
    Window,
)
from planner.domain.needs import OutsideFailed, OutsideKind
from planner.outside import caldav
from planner.outside.apart import ReaderFault, read_apart
from planner.outside.http import Answer
from planner.outside.open_door import Login, OpenDoor

ACCOUNT_S = 90.0
"""For all questions about one account together."""
_HEADERS = {"Accept": "text/calendar, */*;q=0.5"}
_OF_OUTSIDE: dict[OutsideKind, CalendarProblem] = {
    "not_allowed": "not_allowed", "redirected": "redirected", "too_large": "too_large", "garbage": "not_a_calendar",
}  # fmt: skip
_OF_STATUS: dict[int, CalendarProblem] = {
    401: "login", 403: "refused", 404: "not_found", 410: "not_found", 405: "not_found", 429: "throttled",
}  # fmt: skip
_LONGEST_ETAG, _LONGEST_DATE = 200, 60
log = logging.getLogger(__name__)
Reader = Callable[[tuple[bytes, ...], Window], BusyTimes]


@dataclass(frozen=True, slots=True)
class Calendars:
    """`reader` makes times of calendar files; in a process of its own, unless told."""

    door: OpenDoor
    reader: Reader = read_apart

    def read(self, kind: str, access: CalendarAccess, window: Window, held: Held) -> CalendarRead:
        """Ask once. Raises CalendarFailed, nothing else; what it says holds no address.

        Whatever a stranger's answer makes our libraries stumble over is a fault of this one calendar, and waits its
        turn: it must not end the work for everybody. A fault of our own reader waits as well, and is told as ours. The
        log says of which kind it was, and no more.
        """
        try:
            return self._read(kind, access, window, held)
        except CalendarFailed:
            raise
        except ReaderFault as fault:
            log.error("the reader of calendars has a fault of ours: %s", fault)
            raise CalendarFailed("our_fault") from None
        except Exception as fault:
            log.error("a calendar could not be read: %s", type(fault).__name__)
            problem: CalendarProblem = "unreachable" if isinstance(fault, OSError) else "not_a_calendar"
            raise CalendarFailed(problem) from None

    def _read(self, kind: str, access: CalendarAccess, window: Window, held: Held) -> CalendarRead:
        if kind == "caldav":
            return _read(self.reader(self._account(access, window), window), Held())
        return self._file(access, window, held)

    def _file(self, access: CalendarAccess, window: Window, held: Held) -> CalendarRead:
        known = {"If-None-Match": held.etag, "If-Modified-Since": held.last_modified}
        conditions = {name: value for name, value in known.items() if value}
        answer = self._ask(access.address, "GET", {**_HEADERS, **conditions})
        if answer.status == 304 and conditions:
            return CalendarRead(None, held)
        if answer.status != 200:
            raise CalendarFailed("not_a_calendar")
        return _read(self.reader((answer.body,), window), _held(answer))

    def _account(self, access: CalendarAccess, window: Window) -> tuple[bytes, ...]:
        login = Login(access.address, access.user, access.password)
        until_s = time.monotonic() + ACCOUNT_S

        def ask(url: str, method: str, depth: str, body: str) -> Answer:
            if time.monotonic() > until_s:
                raise CalendarFailed("unreachable")
            headers = {"Depth": depth, "Content-Type": "application/xml; charset=utf-8"}
            answer = self._ask(url, method, headers, body.encode(), login)
            if answer.status != 207:
                raise CalendarFailed("not_a_calendar")
            return answer

        return caldav.documents(ask, access.address, window)

    def _ask(
        self,
        url: str,
        method: str,
        headers: dict[str, str],
        body: bytes | None = None,
        login: Login | None = None,
    ) -> Answer:
        """An answer that may hold what was asked. Raises CalendarFailed."""
        try:
            answer = self.door.ask(url, headers, method=method, body=body, login=login)
        except OutsideFailed as failed:
            raise CalendarFailed(_OF_OUTSIDE.get(failed.kind, "unreachable")) from None
        if answer.status >= 500:
            raise CalendarFailed("unreachable", _asked_s(answer))
        problem = _OF_STATUS.get(answer.status)
        if problem:
            raise CalendarFailed(problem, _asked_s(answer))
        return answer


def _read(found: BusyTimes, held: Held) -> CalendarRead:
    return CalendarRead(found.times, held, found.unsure)


def _asked_s(answer: Answer) -> float:
    """What Retry-After asks in seconds; 0 when it asks nothing, or a date."""
    asked = answer.headers.get("retry-after", "").strip()
    return float(asked[:6]) if asked.isascii() and asked.isdigit() else 0.0


def _held(answer: Answer) -> Held:
    etag, modified = answer.headers.get("etag"), answer.headers.get("last-modified")
    return Held(_kept(etag, _LONGEST_ETAG), _kept(modified, _LONGEST_DATE))


def _kept(text: str | None, most: int) -> str | None:
    """A header that we can send back as it came; None else."""
    return text if text and len(text) <= most and text.isascii() and text.isprintable() else None
