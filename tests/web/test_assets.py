"""Our own files: small, kept for a year under their hash, and nothing else of the folder."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re

import pytest
from flask import render_template_string

from planner.web import assets
from tests.web.library import small_app

LIMITS = {
    "css/app.css": 11 * 1024,
    "css/client.css": 4 * 1024,
    "css/card.css": 1024,
    "css/map.css": 5 * 1024,
    "js/app.js": 3 * 1024,
    "js/client.js": 512,
    "js/copies.js": 2 * 1024,
    "js/note.js": 14 * 1024,
    "js/note_page.js": 10 * 1024,
    "js/kept_notes.js": 5 * 1024,
    "js/map.js": 6 * 1024,
    "js/big_map.js": 2 * 1024,
    "js/all_routes.js": 4 * 1024,
    "js/line.js": 3 * 1024,
    "js/kept_lines.js": 4 * 1024,
    "js/handles.js": 3 * 1024,
    "js/paths.js": 3 * 1024,
    "js/sending.js": 3 * 1024,
    "js/editor.js": 18 * 1024,
    "img/favicon.svg": 1024,
}


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_each_file_is_small_and_answers_with_what_is_in_it(name: str) -> None:
    client = small_app().test_client()
    plain = client.get(assets.asset_url(name))
    packed = client.get(assets.asset_url(name), headers={"Accept-Encoding": "br, gzip"})
    assert plain.status_code == packed.status_code == 200
    assert 0 < len(plain.data) <= LIMITS[name]
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    for answer in (plain, packed):
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Vary"] == "Accept-Encoding"


def test_gzip_that_was_refused_is_not_sent() -> None:
    answer = (
        small_app()
        .test_client()
        .get(assets.asset_url("css/app.css"), headers={"Accept-Encoding": "gzip;q=0"})
    )
    assert "Content-Encoding" not in answer.headers


def test_a_page_from_before_an_update_still_gets_its_style_but_does_not_keep_it() -> None:
    answer = small_app().test_client().get("/static/000000000000/css/app.css")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["css/none.css", "../web/assets.py", "css/../../web/assets.py", "", "css"])
def test_nothing_else_is_there(path: str) -> None:
    assert small_app().test_client().get(f"/static/000000000000/{path}").status_code == 404


def test_an_unknown_name_in_a_template_is_an_error() -> None:
    with small_app().test_request_context("/"), pytest.raises(KeyError):
        render_template_string('{{ asset_url("css/none.css") }}')


def test_the_style_of_the_client_page_stands_in_it_as_its_hash_says() -> None:
    """One escaped character and a browser would refuse the whole style."""
    with small_app().test_request_context("/"):
        page = render_template_string('{% set h1 = "x" %}{% extends "personal.html" %}')
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert assets.client_css_hash() == f"'sha256-{digest}'"


def test_smaller_keeps_what_counts() -> None:
    source = '/* a\n b */\n:root{--x:1}\n  // a remark\n  const a = "//x"; \n\n'
    assert assets.smaller(source) == ':root{--x:1}\nconst a = "//x";'


def test_the_sun_theme_wins_over_a_dark_phone_and_hidden_wins_over_all() -> None:
    css = assets.table()["css/app.css"].content.decode()
    dark = css[css.index("prefers-color-scheme:dark") :].split("}}")[0]
    assert ":root:not([data-theme])" in dark
    assert "[hidden]{display:none!important}" in css
    assert "url(" not in css and "@import" not in css
