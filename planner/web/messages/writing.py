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

from planner.domain.letters import WITH_LINK, Letter
from planner.domain.messages import LINK, WEATHER, Facts, Text
from planner.web import wording, words

Line = list[tuple[str, bool]]
TEMPLATES = {LINK: "mail/link.txt", WEATHER: "mail/weather.txt"}


def write(facts: Facts) -> Text:
    """Inside an application context."""
    with force_locale(facts.language):
        subject = str(_("Walk appointment"))
        said = render_template(TEMPLATES.get(facts.kind, "mail/walk.txt"), facts=facts)
        return _text(subject, said, facts.language, (facts.link, facts.video_url))


def write_letter(letter: Letter) -> Text:
    """To a coach, about their own account. Inside an application context."""
    with force_locale(letter.language):
        template = f"mail/{letter.kind}.txt" if letter.kind in WITH_LINK else "mail/notice.txt"
        at, until = (
            words.moment_at(one, letter.language, words.today()) for one in (letter.at, letter.until)
        )
        said = render_template(template, letter=letter, link=letter.link, at=at, until=until)
        subject = wording.word("letter_subject", letter.kind if letter.kind in WITH_LINK else "notice")
        return _text(subject, said, letter.language, (letter.link,))


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


def letter_writer(app: Flask) -> Callable[[Letter], Text]:
    def written(letter: Letter) -> Text:
        with app.app_context():
            return write_letter(letter)

    return written


def _pieces(line: str, known: Sequence[str]) -> Line:
    """A line in parts, so that only what is a link of ours becomes one."""
    links = [re.escape(link) for link in known if link]
    if not links:
        return [(line, False)]
    parts = re.split(f"({'|'.join(links)})", line)
    return [(part, number % 2 == 1) for number, part in enumerate(parts) if part]
