"""The headers every answer carries, whatever its status."""

from __future__ import annotations

from flask import Flask, Response, request

from planner.web import here

CSP = (
    "default-src 'none'; script-src 'self'; style-src {style}; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
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


def set_headers(response: Response) -> Response:
    for name, value in FIXED.items():
        response.headers[name] = value
    personal = request.path.startswith(SECRET_PATHS)
    response.headers.setdefault("Content-Security-Policy", CSP.format(style="'self'"))
    response.headers.setdefault("Referrer-Policy", "no-referrer" if personal else "same-origin")
    response.headers.setdefault("Cache-Control", "no-store")
    if personal:
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    if here.planner().settings.secure:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return response
