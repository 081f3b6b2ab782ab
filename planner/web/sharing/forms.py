"""What a calendar feed calls its walks."""

from __future__ import annotations

from typing import Self

from flask_babel import lazy_gettext as _l

from planner.domain.sharing import FEED_TITLES, name_in_title
from planner.web.fields import Option
from planner.web.forms import Chips, PlannerForm
from planner.web.personal.calendars import calendar_words
from planner.web.wording import options, word


class TitlesForm(PlannerForm):
    titles = Chips(
        _l("Title of each walk"), choices=options("feed_titles", FEED_TITLES), needs=_l("Choose a title.")
    )

    def with_example(self, first_name: str, last_name: str = "") -> Self:
        """Each choice with the title it makes of a name."""
        words = calendar_words()
        self.titles.choices = [
            Option(code, word("feed_titles", code), words.titled(name_in_title(code, first_name, last_name)))
            for code in FEED_TITLES
        ]
        return self
