"""The headers every answer carries, whatever its status."""

from __future__ import annotations

from flask import Flask, Response, g, request

from planner.web import here

CSP = (
    "default-src 'none'; script-src 'self'; style-src {style}; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
OWN_IMAGES = "img-src 'self'"
SECRET_PATHS = ("/s/", "/calendar/")
"""Where the address itself is the secret."""
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), browsing-topics=()",
}


def register(app: Flask) -> None:
    app.after_request(set_headers)


def shows_map() -> None:
    """This answer is a page with a map: pieces of the ground stand in it as data, and it may ask where one is."""
    g.shows_map = True


def policy(style: str = "'self'") -> str:
    """The Content-Security-Policy of this answer."""
    text = CSP.format(style=style)
    return text.replace(OWN_IMAGES, f"{OWN_IMAGES} data:") if g.get("shows_map") else text


def set_headers(response: Response) -> Response:
    for name, value in FIXED.items():
        response.headers[name] = value
    if g.get("shows_map"):
        permissions = FIXED["Permissions-Policy"].replace("geolocation=()", "geolocation=(self)")
        response.headers["Permissions-Policy"] = permissions
    personal = request.path.startswith(SECRET_PATHS)
    response.headers.setdefault("Content-Security-Policy", policy())
    response.headers.setdefault("Referrer-Policy", "no-referrer" if personal else "same-origin")
    response.headers.setdefault("Cache-Control", "no-store")
    if response.status_code == 503:  # busy, or something outside is silent: it passes
        response.headers.setdefault("Retry-After", "5")
    if personal:
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    if here.planner().settings.secure:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return response
