"""Rules for templates: nothing inline, no browser validation, no unknown icon, every word can be translated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.source_texts import source_texts

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "planner" / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
RULES = {
    "inline style": r"\sstyle\s*=",
    "inline handler": r"\son[a-z]+\s*=\s*[\"']",
    "inline script": r"<script(?![^>]*\ssrc=)[^>]*>",
    "browser validation": r"<(?:input|select|textarea)[^>]*\srequired\b",
    "unescaped": r"\|\s*safe\b|\{%\s*autoescape\s+false",
    "another host": r"(?:src|action)\s*=\s*[\"'](?:https?:)?//",
}


def faults(text: str) -> list[str]:
    plain = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    return [name for name, pattern in RULES.items() if re.search(pattern, plain, re.IGNORECASE)]


@pytest.mark.parametrize(
    ("name", "sample"),
    [
        ("inline style", '<p style="color:red">'),
        ("inline handler", '<p onclick="x()">'),
        ("inline script", "<script>x()</script>"),
        ("browser validation", '<input name="a" required>'),
        ("unescaped", "{{ note|safe }}"),
        ("another host", '<img src="https://example.org/a.png">'),
    ],
)
def test_the_detector_sees(name: str, sample: str) -> None:
    assert faults(sample) == [name]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(FOLDER)))
def test_template_rules(path: Path) -> None:
    assert faults(path.read_text()) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(FOLDER)))
def test_forms_are_guarded(path: Path) -> None:
    """Every form that posts carries the CSRF field, except behind a client's link."""
    if path.parent.name == "personal" or path.name == "personal.html":
        return
    forms = re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(), re.DOTALL | re.IGNORECASE)
    assert not [form[:80] for form in forms if "csrf" not in form]


def test_every_sentence_has_its_dutch() -> None:
    """The source sentences are English; the Dutch catalogue has each of them, with the same placeholders."""
    wanted = source_texts()
    with (ROOT / "planner/translations/nl/LC_MESSAGES/messages.po").open("rb") as file:
        dutch = read_po(file, locale="nl")
    missing, odd = [], []
    for message in wanted:
        found = dutch.get(message.id if isinstance(message.id, str) else message.id[0])
        if found is None or not found.string or (isinstance(found.string, tuple) and not all(found.string)):
            missing.append(message.id)
        elif isinstance(message.id, str) and _holes(message.id) != _holes(str(found.string)):
            odd.append(message.id)
    assert len(wanted) > 50
    assert not missing
    assert not odd


def _holes(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]", text))
