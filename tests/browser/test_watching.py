"""The watch itself: it must see what it is there to see."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from pytest_httpserver import HTTPServer
from werkzeug import Response

from tests.browser.conftest import Visits
from tests.browser.serving import Served
from tests.browser.watching import Watch

pytestmark = pytest.mark.browser
POLICY = "default-src 'none'; script-src 'self'; img-src *"
PAGE = """<!doctype html><title>x</title><style>p{color:red}</style><script src="/broken.js"></script>
<img src="http://localhost:%d/elsewhere.png"><img src="/gone.png">"""


def test_everything_that_may_not_happen_is_seen(chromium: Browser, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(
        PAGE % httpserver.port, headers={"Content-Security-Policy": POLICY}, content_type="text/html"
    )
    httpserver.expect_request("/broken.js").respond_with_data("nowhere()", content_type="text/javascript")
    httpserver.expect_request("/elsewhere.png").respond_with_response(Response(status=204))
    httpserver.expect_request("/gone.png").respond_with_response(Response(status=404))
    visits = Visits(chromium, Watch({f"127.0.0.1:{httpserver.port}"}))
    page = visits.context(Served(f"http://127.0.0.1:{httpserver.port}", None)).new_page()  # type: ignore[arg-type]
    page.goto("/", wait_until="networkidle")
    visits.close()
    seen = "\n".join(visits.watch.faults)
    for what in (
        "policy: style-src",
        "another host: http://localhost",
        "status 404",
        "nowhere is not defined",
    ):
        assert what in seen, seen
