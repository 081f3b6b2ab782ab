"""What is in the way of a walk, in sentences beside its time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from flask_babel import gettext as _
from flask_babel import ngettext

from planner.services.planning.in_the_way import InTheWay
from planner.web import language, words
from planner.web.wording_calendars import busy_words

MOST_DATES = 5
"""So many dates of a series are named; of the others how many there are."""


def sentences(way: InTheWay, walk_on: date, coach: str = "") -> list[str]:
    """All of it where it is on the day of the walk. Of other days too, as of a series, with the day: the first few,
    and on how many more. `coach`: who walks, for whom plans for them; empty: the reader."""
    days = sorted(
        {one.starts_local.date() for one in way.walks} | {one.starts_local.date() for one in way.busy}
    )
    if set(days) <= {walk_on}:
        return list(_on_that_day(way, coach))
    said = [sentence for day in islice(days, MOST_DATES) for sentence in _on(day, way)]
    more = len(days) - MOST_DATES
    if more > 0:
        said.append(ngettext("And on %(num)s more date.", "And on %(num)s more dates.", more))
    return [*said, _("Choose another time, or keep both.")]


def _on_that_day(way: InTheWay, coach: str) -> Iterator[str]:
    for clash in way.walks:
        at, name = words.clock_words(clash.starts_local, language.current()), clash.client_first_name
        if coach:
            yield _(
                "At %(time)s %(coach)s already walks with %(name)s. Choose another time, or keep both.",
                time=at,
                coach=coach,
                name=name,
            )
        else:
            yield _(
                "At %(time)s you already walk with %(name)s. Choose another time, or keep both.",
                time=at,
                name=name,
            )
    for block in way.busy:
        yield _("Another calendar says: %(busy)s. Choose another time, or keep both.", busy=busy_words(block))


def _on(day: date, way: InTheWay) -> Iterator[str]:
    lang = language.current()
    on = words.day_short(day, lang, words.today())
    for clash in way.walks:
        if clash.starts_local.date() == day:
            at = words.clock_words(clash.starts_local, lang)
            yield _(
                "%(day)s at %(time)s you already walk with %(name)s.",
                day=words.upper_first(on),
                time=at,
                name=clash.client_first_name,
            )
    for block in way.busy:
        if block.starts_local.date() == day:
            said = busy_words(block)
            yield _("%(day)s another calendar says: %(busy)s.", day=words.upper_first(on), busy=said)
