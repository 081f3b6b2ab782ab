"""The browser of the tests: it follows forms as a person would, and inspects every page it sees."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property, lru_cache
from typing import Any

import html5lib
from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

from tests.counting import count

NAME = "Stap voor stap"
HEADERS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "X-Frame-Options",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
    "Cache-Control",
)
VARIES = re.compile(r"""(?<=value=")[^"]+|(?<=[\s"'/=>:.,-])\d+""")
"""What stands in fields, and numbers: whether a page is well-formed does not hang on them."""
NOT_TYPED = ("hidden", "submit", "button", "image", "reset")


class Standard:
    """Whether pages are read as strictly as the standard. Once is enough, whatever database is behind them."""

    is_asked = True


class PageFault(AssertionError):
    """Something on a page that no page of ours may have."""


class Page:
    """An answer, parsed when it is a page."""

    def __init__(self, client: PageClient, path: str, response: TestResponse) -> None:
        self.client, self.path, self.response = client, path, response
        self.status = response.status_code
        self.text = response.get_data(as_text=True) if _is_text(response) else ""

    @cached_property
    def soup(self) -> BeautifulSoup:
        return parsed(self.text if self.response.mimetype == "text/html" else "")

    @property
    def h1(self) -> str:
        return _words(self.soup.h1)

    @property
    def main(self) -> str:
        return _words(self.soup.main or self.soup.body)

    def select(self, css: str) -> list[Tag]:
        return list(self.soup.select(css))

    def one(self, css: str) -> Tag:
        found = self.select(css)
        assert len(found) == 1, f"{len(found)} of {css} on {self.path}:\n{self.main}"
        return found[0]

    @property
    def errors(self) -> dict[str, str]:
        """Field name to the sentence beside it."""
        return {str(tag["data-error"]): _words(tag) for tag in self.select("[data-error]")}

    def form(self, action: str | None = None) -> Tag:
        """The form with this action, or the only one in the main part."""
        forms = self.select("main form") or self.select("form")
        if action is not None:
            forms = [form for form in self.select("form") if form.get("action", self.path) == action]
        forms = [form for form in forms if str(form.get("method", "get")).lower() == "post"] or forms
        assert len(forms) == 1, f"{len(forms)} forms on {self.path}, name its action"
        return forms[0]

    def submit(
        self, action: str | None = None, *, follow: bool = True, press: str | None = None, **changes: Any
    ) -> Page:
        """Fill in and send a form as it stands on the page. A change may be a list; None takes a field out.
        `press` names the button ("name=value") that is pressed, if it matters."""
        form = self.form(action)
        fields = _values(form)
        if press:
            name, _, value = press.partition("=")
            fields[name] = [value]
        for name, value in changes.items():
            if value is None:
                fields.pop(name, None)
            else:
                fields[name] = (
                    list(value) if isinstance(value, list | tuple) and not _is_file(value) else [value]
                )
        data = {name: [v if _is_file(v) else str(v) for v in values] for name, values in fields.items()}
        target = str(form.get("action") or self.path)
        if str(form.get("method", "get")).lower() == "get":
            return self.client.get(target, query_string=data)
        return self.client.post(target, data, follow=follow)

    def follow(self, text: str) -> Page:
        """Go where the link with this text goes."""
        links = [a for a in self.select("a[href]") if text in _words(a)]
        assert links, f"no link {text!r} on {self.path}: {[_words(a) for a in self.select('a[href]')]}"
        return self.client.get(str(links[0]["href"]))


class PageClient:
    """One browser. Pass `token` for a coach that is signed in already."""

    def __init__(self, app: Flask, token: str | None = None, language: str = "nl") -> None:
        self.app = app
        self.http = app.test_client()
        self.language = language
        if token is not None:
            with self.http.session_transaction() as session:
                session["token"] = token

    def get(self, path: str, follow: bool = False, **kwargs: Any) -> Page:
        return self.open("GET", path, follow=follow, **kwargs)

    def post(
        self, path: str, data: dict[str, Any] | None = None, *, follow: bool = False, **kwargs: Any
    ) -> Page:
        return self.open("POST", path, data=data or {}, follow=follow, **kwargs)

    def open(self, method: str, path: str, *, follow: bool = False, **kwargs: Any) -> Page:
        kwargs.setdefault("headers", {}).setdefault("Accept-Language", self.language)
        response = self.http.open(path, method=method, buffered=True, **kwargs)
        response.request.environ["wsgi.input"].close()  # a large upload waits in a file
        inspect(path, response, method)
        if follow and response.status_code in (302, 303):
            return self.get(response.headers["Location"], follow=True)
        return Page(self, path.split("?", maxsplit=1)[0], response)


def inspect(path: str, response: TestResponse, method: str = "GET") -> None:
    """Raises PageFault for anything that no answer of ours may have."""
    missing = [name for name in HEADERS if name not in response.headers]
    if missing:
        raise PageFault(f"{path}: without {missing}")
    if (
        method != "HEAD"
        and response.mimetype == "text/html"
        and response.status_code not in (301, 302, 303, 304, 308)
    ):
        faults = page_faults(response.get_data(as_text=True), personal=path.startswith("/s/"))
        if faults:
            raise PageFault(f"{path} ({response.status_code}): " + "; ".join(faults))
        count("pages inspected")


@lru_cache(maxsize=1)
def parsed(text: str) -> BeautifulSoup:
    """The page that was inspected just now is the page a test looks at."""
    return BeautifulSoup(text, "lxml")


def page_faults(text: str, *, personal: bool = False) -> list[str]:
    """What is wrong with a page, by our rules and by the standard. The same page with other numbers and other values
    in its fields is looked at once, but for its ids."""
    ids = Counter(re.findall(r'\sid="([^"]*)"', text))
    faults = [f"id {name} {number} times" for name, number in ids.items() if number > 1]
    return [*faults, *_faults_of_shape(VARIES.sub("0", text), personal, Standard.is_asked)]


@lru_cache(maxsize=5000)
def _faults_of_shape(text: str, personal: bool, by_standard: bool) -> tuple[str, ...]:
    soup = parsed(text)
    return (
        *(_standard_faults(text) if by_standard else ()),
        *_heading_faults(soup),
        *_label_faults(soup),
        *_form_faults(soup, personal=personal),
        *_script_faults(soup, text, personal=personal),
    )


def _standard_faults(text: str) -> tuple[str, ...]:
    """Read as strictly as the standard."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    parser.parse(text)
    return tuple(f"html: {code} at {place}" for place, code, _ in parser.errors)


def _heading_faults(soup: BeautifulSoup) -> list[str]:
    faults = []
    headings, title = soup.find_all("h1"), _words(soup.title)
    if len(headings) != 1:
        faults.append(f"{len(headings)} h1")
    else:
        wanted = f"{_words(headings[0])} – {NAME}"
        if title not in (wanted, f"Fout: {wanted}", f"Error: {wanted}"):
            faults.append(f"title {title!r} is not the h1")
    if not (soup.html and soup.html.get("lang") in ("nl", "en")):
        faults.append("no language")
    return faults


def _label_faults(soup: BeautifulSoup) -> list[str]:
    faults, named = [], {label.get("for") for label in soup.find_all("label")}
    for field in soup.find_all(["input", "select", "textarea"]):
        if field.get("type") in NOT_TYPED:
            continue
        by_id = field.get("id") and field["id"] in named
        if not (
            by_id or field.find_parent("label") or field.get("aria-label") or field.get("aria-labelledby")
        ):
            faults.append(f"field {field.get('name')} has no label")
    faults += [f"button without words: {b}" for b in soup.find_all("button") if not _words(b)]
    faults += [
        f"link without words: {a}"
        for a in soup.find_all("a", href=True)
        if not (_words(a) or a.get("aria-label"))
    ]
    return faults + [f"picture without alt: {i}" for i in soup.find_all("img") if i.get("alt") is None]


def _form_faults(soup: BeautifulSoup, *, personal: bool) -> list[str]:
    faults = []
    for form in soup.find_all("form"):
        token = form.find("input", attrs={"name": "csrf_token"})
        if str(form.get("method", "get")).lower() == "post" and not personal and token is None:
            faults.append(f"form {form.get('action')} without its CSRF field")
        if form.find_all(required=True):
            faults.append("browser validation is not used here")
    return faults


def _script_faults(soup: BeautifulSoup, text: str, *, personal: bool) -> list[str]:
    faults = [f"inline {found.strip()}" for found in re.findall(r'\sstyle="|\son[a-z]+="', text)]
    faults += ["inline script" for tag in soup.find_all("script") if not tag.get("src")]
    styles = len(soup.find_all("style"))
    if styles > (1 if personal else 0):
        faults.append("inline style")
    for tag in [*soup.find_all(src=True), *soup.find_all("link", href=True)]:
        address = str(tag.get("src") or tag.get("href"))
        if re.match(r"(?:[a-z]+:)?//", address):
            faults.append(f"another host: {address}")
    if "{{" in text or "{%" in text:
        faults.append("template code")
    return faults


def _values(form: Tag) -> dict[str, list[Any]]:
    """What a browser would send for this form without touching it."""
    found: dict[str, list[Any]] = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        name, kind = str(field["name"]), field.get("type")
        if kind in ("submit", "button", "file", "image") or field.has_attr("disabled"):
            continue
        if kind in ("radio", "checkbox") and not field.has_attr("checked"):
            continue
        if field.name == "select":
            chosen = field.select("option[selected]") or field.select("option")[:1]
            found.setdefault(name, []).extend(str(option.get("value", _words(option))) for option in chosen)
        elif field.name == "textarea":
            found.setdefault(name, []).append(field.get_text().removeprefix("\n"))
        else:
            found.setdefault(name, []).append(str(field.get("value", "on" if kind == "checkbox" else "")))
    return found


def _is_file(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) >= 2 and hasattr(value[0], "read")


def _is_text(response: TestResponse) -> bool:
    kind = response.mimetype or ""  # a 304 has none
    return kind.startswith("text/") or "json" in kind or "xml" in kind


def _words(tag: Any) -> str:
    return " ".join(tag.get_text(" ").split()) if tag is not None else ""
