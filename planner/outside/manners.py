"""How long to leave a service alone after it failed us. The numbers are those of its terms, at least."""

from __future__ import annotations

from collections.abc import Collection
from random import SystemRandom

from planner.domain.needs import Known, OutsideFailed, OutsideKind

_KIND_OF_STATUS: dict[int, OutsideKind] = {
    400: "bad_request", 401: "refused", 403: "refused", 404: "not_covered", 422: "not_covered", 429: "throttled",
}  # fmt: skip
_PAUSE_S: dict[OutsideKind, float] = {
    "unreachable": 30, "failing": 30, "refused": 3600, "throttled": 600, "bad_request": 86_400,
    "not_covered": 86_400, "not_configured": 60, "garbage": 1800, "too_large": 3600, "redirected": 3600,
    "not_allowed": 3600,
}  # fmt: skip
_PAUSE_AGAIN_S = 1800.0
"""After one retry: an outage is waited out with what we hold."""
_LONGEST_PAUSE_S = 86_400.0


def kind_of(status: int) -> OutsideKind:
    """What an answer that is no data means."""
    return "failing" if status >= 500 else _KIND_OF_STATUS.get(status, "garbage")


def pause_s(problem: OutsideFailed, known: Collection[Known]) -> float:
    """At least what our manners ask, longer after a failure like the last, a little random so as not to march.
    `known`: of all the places that were asked about."""
    before = {one.problem for one in known}
    pause = max(
        _PAUSE_S[problem.kind], problem.retry_after_s if problem.kind in ("throttled", "failing") else 0
    )
    if problem.kind in ("unreachable", "failing") and before & {"unreachable", "failing"}:
        pause = max(pause, _PAUSE_AGAIN_S)
    if problem.kind == "throttled" and "throttled" in before:
        backoff_s = max(one.backoff_s for one in known)
        pause = max(pause, 2 * backoff_s, 2 * _PAUSE_S["throttled"])
    return min(pause, _LONGEST_PAUSE_S) * SystemRandom().uniform(1.0, 1.1)
