"""What schemathesis looks at in each answer; it loads this module itself (`SCHEMATHESIS_HOOKS`)."""

from __future__ import annotations

import schemathesis

TOO_LONG = 414
"""Gunicorn's own answer, of letters alone; the shipped proxy puts the headers on it (test_proxy.py)."""
MANNERS = (
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Content-Security-Policy",
    "Referrer-Policy",
    "Cache-Control",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
)


@schemathesis.check
def no_fault(
    _context: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """No fault of ours, nothing of our insides, and the same headers whatever the status."""
    what = f"{case.method} {case.path} ({response.status_code})"
    passes = (
        response.status_code == 503 and "retry-after" in response.headers
    )  # a tile that does not come now
    assert response.status_code < 500 or passes, f"{what} is a fault"
    assert b"Traceback (most recent call last)" not in response.content, f"{what} shows its insides"
    missing = [name for name in MANNERS if name.lower() not in response.headers]
    assert not missing or response.status_code == TOO_LONG, f"{what} lacks {missing}"
