"""How Mozilla's HTTP Observatory (1.4.8) and Google's CSP Evaluator (1.1.8) judge an answer, as tables of their rules.

Observatory begins at 100; what counts above zero is added only when what is left without it is at least 90. A+ begins
at 100. Of the evaluator every rule is here that can apply to a policy of directives alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bs4 import BeautifulSoup

LEAST_FOR_BONUS = 90
SIX_MONTHS_S = 15_768_000
BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
UNSAFE = {"'unsafe-inline'", "data:"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
Policy = dict[str, list[str]]


@dataclass(frozen=True)
class Seen:
    """What a scanner saw: the page at the end, the cookies of the way there, and where http led."""

    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    http_leads_to: str
    host: str
    page: str = ""


def policy_of(text: str) -> Policy:
    found: Policy = {}
    for part in text.split(";"):
        name, *values = part.lower().split() or [""]
        if name:
            found.setdefault(name, values or (["'none'"] if name.endswith("-src") else []))
    return found


def points(seen: Seen) -> dict[str, int]:
    """What each rule gives or takes."""
    policy = policy_of(seen.headers.get("Content-Security-Policy", ""))
    return {
        "content-security-policy": _csp(policy),
        "cookies": _cookies(seen),
        "cross-origin-resource-sharing": _sharing(seen.headers),
        "redirection": _redirection(seen),
        "referrer-policy": _referrer(seen.headers),
        "strict-transport-security": _hsts(seen.headers),
        "subresource-integrity": _integrity(seen),
        "x-content-type-options": 0 if _said(seen, "X-Content-Type-Options") == "nosniff" else -5,
        "x-frame-options": _frames(seen, policy),
        "cross-origin-resource-policy": _resources(seen),
    }


def score(given: Mapping[str, int]) -> int:
    without = 100 + sum(one for one in given.values() if one < 0)
    bonus = sum(one for one in given.values() if one > 0)
    return max(without + (bonus if without >= LEAST_FOR_BONUS else 0), 0)


def _said(seen: Seen, name: str) -> str:
    return seen.headers.get(name, "").strip().lower()


def _effective(policy: Policy, name: str) -> set[str]:
    return set(policy.get(name) or policy.get("default-src") or ["*"])


def _csp(policy: Policy) -> int:
    if not policy:
        return -25
    script, style, plugins = (_effective(policy, name) for name in ("script-src", "style-src", "object-src"))
    for sources in (script, style):
        if any(re.match(r"'(nonce|sha\d+)-", one) for one in sources):
            sources.discard("'unsafe-inline'")
    passive = _effective(policy, "img-src") | _effective(policy, "media-src")
    active = {
        one for name, all_of in policy.items() if name not in ("img-src", "media-src") for one in all_of
    }
    insecure = ("http:", "ftp:")
    rules = (
        (bool(script & (BROAD | UNSAFE) or plugins & BROAD), -20),
        (any(one.startswith(insecure) for one in active), -20),
        ("'unsafe-eval'" in script | style, -10),
        (any(one.startswith(insecure) for one in passive), -10),
        (bool(style & (BROAD | UNSAFE)), 0),
        (policy.get("default-src") == ["'none'"], 10),
    )
    return next((cost for applies, cost in rules if applies), 5)


def _cookies(seen: Seen) -> int:
    if not seen.cookies:
        return 0
    hsts, costs = _hsts(seen.headers) >= 0, [5]
    for cookie in seen.cookies:
        said = [part.strip().lower() for part in cookie.split(";")]
        is_session = any(word in said[0] for word in ("login", "sess"))
        same_site = next((one.partition("=")[2] for one in said if one.startswith("samesite")), None)
        if "secure" not in said:
            costs.append((-10 if hsts else -40) if is_session else (-5 if hsts else -20))
        if "httponly" not in said and is_session:
            costs.append(-30)
        if same_site is None:
            costs.append(-20 if "csrf" in said[0] else 0)
        elif same_site not in ("lax", "strict", "none"):
            costs.append(-20)
    return min(costs)


def _sharing(headers: Mapping[str, str]) -> int:
    reflected = headers.get("Access-Control-Allow-Origin") not in (None, "*")
    return -50 if reflected and headers.get("Access-Control-Allow-Credentials") == "true" else 0


def _redirection(seen: Seen) -> int:
    if not seen.http_leads_to:
        return -20
    scheme, _, rest = seen.http_leads_to.partition("://")
    if scheme != "https":
        return -20
    return 0 if re.split(r"[/:]", rest)[0] == seen.host else -5


def _referrer(headers: Mapping[str, str]) -> int:
    said = [one.strip().lower() for one in headers.get("Referrer-Policy", "").split(",")]
    if said == [""]:
        return 0
    return 5 if said[-1] in PRIVATE else -5


def _hsts(headers: Mapping[str, str]) -> int:
    found = re.search(r"max-age=(\d+)", headers.get("Strict-Transport-Security", ""))
    if not found:
        return -20
    return 0 if int(found[1]) >= SIX_MONTHS_S else -10


def _integrity(seen: Seen) -> int:
    costs = [0]
    for script in BeautifulSoup(seen.page, "html.parser").select("script[src]"):
        address = str(script["src"])
        if re.match(r"(https?:)?//", address) and seen.host not in address:
            secure = not address.startswith("http:")
            costs.append((0 if secure else -20) if script.get("integrity") else (-5 if secure else -50))
    return min(costs)


def _frames(seen: Seen, policy: Policy) -> int:
    ancestors = set(policy.get("frame-ancestors", ["*"]))
    if not ancestors & BROAD:
        return 5
    return 0 if _said(seen, "X-Frame-Options") in ("deny", "sameorigin") else -20


def _resources(seen: Seen) -> int:
    said = _said(seen, "Cross-Origin-Resource-Policy")
    known = {"same-origin": 10, "same-site": 10, "cross-origin": 0, "": 0}
    return known.get(said, -5)


KNOWN = {
    "default-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-elem",
    "style-src-attr", "img-src", "font-src", "connect-src", "media-src", "object-src", "frame-src", "child-src",
    "worker-src", "manifest-src", "prefetch-src", "base-uri", "form-action", "frame-ancestors", "sandbox",
    "report-uri", "report-to", "require-trusted-types-for", "trusted-types", "upgrade-insecure-requests",
}  # fmt: skip
KEYWORD = re.compile(
    r"'(self|none|unsafe-inline|unsafe-eval|unsafe-hashes|wasm-unsafe-eval|strict-dynamic|report-sample|script|"
    r"(nonce|sha256|sha384|sha512)-[\w+/=-]+)'"
)
RUNS = ("script-src", "script-src-elem", "script-src-attr", "object-src", "base-uri")


def findings(text: str) -> Iterator[tuple[str, str]]:
    """(how bad, what) as the evaluator says it: high, medium, syntax, maybe."""
    policy = policy_of(text)
    for name, values in policy.items():
        if name not in KNOWN:
            yield "syntax", f"unknown directive {name}"
        for value in values:
            if value.strip("'") in ("self", "none", "unsafe-inline", "unsafe-eval") and value[0] != "'":
                yield "syntax", f"{value} wants quotes"
            elif value in KNOWN:
                yield "syntax", f"a semicolon is missing before {value}"
            elif value.startswith("'") and not KEYWORD.fullmatch(value):
                yield "syntax", f"unknown keyword {value}"
            elif value.startswith("http://"):
                yield "medium", f"{name} allows {value}"
            elif re.fullmatch(r"'nonce-.{1,7}'", value):
                yield "medium", f"short nonce {value}"
    yield from _runs(policy)


def _runs(policy: Policy) -> Iterator[tuple[str, str]]:
    yield from _missing(policy)
    for name in RUNS:
        values = policy.get(name, policy.get("default-src", []) if name != "base-uri" else [])
        yield from _sources(name, values)
    script = policy.get("script-src", policy.get("default-src", []))
    for value in script:
        if value == "'self'" or (not value.startswith("'") and "." in value):
            yield "maybe", f"script-src allows {value}"
    for value in policy.get("object-src", []):
        if value != "'none'":
            yield "maybe", f"object-src allows {value}"


def _missing(policy: Policy) -> Iterator[tuple[str, str]]:
    for name in ("script-src", "object-src"):
        if name not in policy and "default-src" not in policy:
            yield "high", f"{name} is missing"
    script = policy.get("script-src", policy.get("default-src", []))
    if any(one.startswith("'nonce-") for one in script) and "base-uri" not in policy:
        yield "high", "base-uri is missing"


def _sources(name: str, values: list[str]) -> Iterator[tuple[str, str]]:
    for value in values:
        if value in ("data:", "http:", "https:", "*", "http://*", "https://*"):
            yield "high", f"{name} allows {value}"
        if value == "'unsafe-inline'" and name.startswith("script"):
            yield "high", f"{name} allows {value}"
        if value in ("'unsafe-eval'", "'unsafe-hashes'") and name.startswith("script"):
            yield "maybe", f"{name} allows {value}"
