"""A message in words: made from facts when it leaves or is looked at, in the client's language, never kept before.

Times are wall times of the practice in the same words as on the pages. Nothing about health, exercises or reasons
comes in: the facts hold none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from flask import Flask, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from planner.domain.messages import LINK, WEATHER, Facts, Text

Line = list[tuple[str, bool]]
TEMPLATES = {LINK: "mail/link.txt", WEATHER: "mail/weather.txt"}


def write(facts: Facts) -> Text:
    """Inside an application context."""
    with force_locale(facts.language):
        subject = str(_("Walk appointment"))
        said = render_template(TEMPLATES.get(facts.kind, "mail/walk.txt"), facts=facts)
        return _text(subject, said, facts.language, (facts.link, facts.video_url))


def write_reset(language: str, link: str) -> Text:
    """To a coach who forgot the password. Inside an application context."""
    with force_locale(language):
        said = render_template("mail/reset.txt", link=link)
        return _text(str(_("Your sign-in")), said, language, (link,))


def write_invitation(language: str, link: str) -> Text:
    """To a colleague who was invited. Inside an application context."""
    with force_locale(language):
        said = render_template("mail/invitation.txt", link=link)
        return _text(str(_("Your invitation")), said, language, (link,))


def _text(subject: str, said: str, language: str, links: Sequence[str]) -> Text:
    text = re.sub(r"\n{3,}", "\n\n", said.strip()) + "\n"
    blocks = [[_pieces(line, links) for line in block.splitlines()] for block in text.strip().split("\n\n")]
    html = render_template("mail/page.html", lang=language, subject=subject, blocks=blocks)
    return Text(subject, text, html)


def writer(app: Flask) -> Callable[[Facts], Text]:
    """The same for the jobs, which have no request."""

    def written(facts: Facts) -> Text:
        with app.app_context():
            return write(facts)

    return written


def reset_writer(app: Flask) -> Callable[[str, str], Text]:
    def written(language: str, link: str) -> Text:
        with app.app_context():
            return write_reset(language, link)

    return written


def invitation_writer(app: Flask) -> Callable[[str, str], Text]:
    def written(language: str, link: str) -> Text:
        with app.app_context():
            return write_invitation(language, link)

    return written


def _pieces(line: str, known: Sequence[str]) -> Line:
    """A line in parts, so that only what is a link of ours becomes one."""
    links = [re.escape(link) for link in known if link]
    if not links:
        return [(line, False)]
    parts = re.split(f"({'|'.join(links)})", line)
    return [(part, number % 2 == 1) for number, part in enumerate(parts) if part]
