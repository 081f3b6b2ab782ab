"""Words for codes about the coach's other calendars."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.domain.busy import BusyBlock
from planner.web.words import clock, language

CALENDARS: dict[str, dict[str, LazyString]] = {
    "calendar_kind": {"ics": _l("Calendar behind an address"), "caldav": _l("CalDAV account")},
    "calendar_problem": {
        "unreachable": _l("The server does not answer."),
        "refused": _l("The server does not give this calendar to us."),
        "login": _l("The server does not accept the name and password."),
        "not_found": _l("There is no calendar at this address any more."),
        "throttled": _l("The server asks for some patience."),
        "not_allowed": _l("This address is not on the public internet, or not safe with https."),
        "redirected": _l("The address points somewhere that the planner does not go."),
        "too_large": _l("The calendar is too large to read."),
        "not_a_calendar": _l(
            "What stands at this address is not a calendar. Perhaps it is a page to sign in."
        ),
        "too_much": _l("There are too many events in this calendar to read."),
        "no_calendars": _l("No calendar was found in this account."),
        "unsure_event": _l(
            "One event in it returns in a way that the planner cannot read. Its hours count as busy on every day from "
            "its first day on. Everything else was read."
        ),
        "our_fault": _l("Something went wrong on our side. It is not about this calendar."),
    },
}


def busy_words(block: BusyBlock) -> str:
    """When, as inside a sentence: busy 10:00–11:00. Never what for: it is not known here."""
    if block.whole_day:
        return str(_("busy all day"))
    start, end = (clock(at, language()) for at in (block.starts_local, block.busy_until))
    return str(_("busy %(start)s–%(end)s", start=start, end=end))
