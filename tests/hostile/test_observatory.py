"""The tables of rules take off what they must; what they say of the shipped proxy stands in test_proxy.py."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.web.headers import CSP
from tests.hostile.observatory import Seen, findings, points, score

GOOD = Seen(
    headers={
        "Content-Security-Policy": CSP.format(style="'self'"),
        "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Resource-Policy": "same-origin",
    },
    cookies=("__Host-session=x; Secure; HttpOnly; Path=/; SameSite=Lax",),
    http_leads_to="https://w.example.org/",
    host="w.example.org",
    page='<script src="/static/0/js/app.js"></script>',
)
WORSE = [
    ("Content-Security-Policy", "", 75),
    ("Content-Security-Policy", "default-src 'self'", 125),
    ("Content-Security-Policy", "default-src 'none'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'", 80),
    ("Content-Security-Policy", "default-src 'none'; script-src *; frame-ancestors 'none'", 80),
    ("Content-Security-Policy", "default-src 'none'; img-src http:; frame-ancestors 'none'", 115),
    ("Strict-Transport-Security", "", 80),
    ("Strict-Transport-Security", "max-age=86400", 125),
    ("Referrer-Policy", "unsafe-url", 125),
    ("Referrer-Policy", "", 130),
    ("X-Content-Type-Options", "", 130),
    ("Cross-Origin-Resource-Policy", "", 125),
    ("Cross-Origin-Resource-Policy", "all", 120),
]  # fmt: skip


def test_what_we_send_is_worth() -> None:
    assert score(points(GOOD)) == 135


@pytest.mark.parametrize(("name", "value", "worth"), WORSE)
def test_each_header_counts(name: str, value: str, worth: int) -> None:
    assert score(points(replace(GOOD, headers={**GOOD.headers, name: value}))) == worth


@pytest.mark.parametrize(
    "change",
    [
        {"cookies": ("__Host-session=x; HttpOnly; Path=/; SameSite=Lax",)},
        {"cookies": ("session=x; Secure; Path=/; SameSite=Lax",)},
        {"cookies": ("session=x; Secure; HttpOnly; SameSite=x",)},
        {"http_leads_to": ""},
        {"http_leads_to": "https://other.example.org/"},
        {"http_leads_to": "http://w.example.org/x"},
        {"page": '<script src="https://cdn.example.org/x.js"></script>'},
    ],
)
def test_cookies_redirects_and_scripts_count(change: dict[str, object]) -> None:
    assert score(points(replace(GOOD, **change))) < 135  # type: ignore[arg-type]


def bad(text: str) -> set[str]:
    return {how for how, _ in findings(text)}


def test_only_one_thing_is_said_of_ours() -> None:
    """That `'self'` serves no script that somebody else wrote: tests/hostile/test_proxy.py."""
    assert list(findings(CSP.format(style="'self'"))) == [("maybe", "script-src allows 'self'")]


@pytest.mark.parametrize(
    ("text", "worst"),
    [
        ("script-src 'self'", "high"),
        ("default-src 'none'; script-src 'unsafe-inline'", "high"),
        ("default-src 'none'; script-src data:", "high"),
        ("default-src 'none'; script-src *", "high"),
        ("default-src 'none'; object-src *", "high"),
        ("default-src 'none'; base-uri *", "high"),
        ("default-src 'none'; script-src 'nonce-aaaaaaaaaaaa'", "high"),
        ("default-src 'none'; img-src http://x.example.org", "medium"),
        ("default-src none", "syntax"),
        ("default-src 'none'; skript-src 'self'", "syntax"),
        ("default-src 'none' script-src 'self'", "syntax"),
        ("default-src 'none'; script-src 'slef'", "syntax"),
        ("default-src 'none'; script-src 'unsafe-eval'", "maybe"),
        ("default-src 'none'; script-src cdn.example.org", "maybe"),
    ],
)
def test_a_hole_in_a_policy_is_seen(text: str, worst: str) -> None:
    assert worst in bad(text)
