"""Words for looking back: the self-check, what helps, and the reports."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

LOOKING_BACK: dict[str, dict[str, LazyString]] = {
    "self_check": {
        "outdoors_seen": _l("You went outdoors together."),
        "outdoors_not_now": _l(
            "This time it was not outdoors. That can be just right. Perhaps outdoors again next time."
        ),
        "tool_seen": _l("There was a tool to use the same day."),
        "tool_not_now": _l("There is no tool in the note. A small one is enough."),
        "tool_unknown": _l("Whether there was a tool cannot be seen here."),
        "next_step_seen": _l("There is a next step."),
        "next_step_not_now": _l(
            "There is no next step in the note. Sometimes rest is the step: write that down."
        ),
        "next_step_unknown": _l("Whether there is a next step cannot be seen here."),
        "felt_seen": _l("What was felt has a place in the note."),
        "felt_not_now": _l(
            "There is nothing about feelings in the note. Next time you can ask how the body feels."
        ),
        "felt_unknown": _l("Whether there was room for feeling cannot be seen here."),
        "intake_short_seen": _l("The intake is short. The whole past does not have to come first."),
        "intake_short_not_now": _l("The intake is long. See what can be left out."),
        "evaluation_seen": _l("There is an evaluation date."),
        "evaluation_not_now": _l("There is no evaluation date yet. A planned end gives one."),
        "interval_seen": _l("The time between walks is free. Nobody has to come every week."),
        "interval_not_now": _l("There is a weekly series. Ask if every week still fits."),
        "no_why_seen": _l("The steps ask how, not for reasons."),
        "no_why_not_now": _l("A step in the note asks for a reason. A how-question can be lighter."),
        "no_why_unknown": _l("The steps cannot be seen here."),
    },
    "helps_kind": {
        "environment": _l("Surroundings"),
        "quietness": _l("How quiet"),
        "surface": _l("The path"),
        "shelter": _l("Shelter"),
    },
    "talk": {
        "three_months": _l("three-month review, from"),
        "six_months": _l("six-month review, from"),
    },
    "report_part": {
        "goal": _l("The goal"),
        "numbers": _l("Own numbers"),
        "worked": _l("What worked"),
        "steps": _l("Steps for home"),
        "own_words": _l("The client's own words"),
        "parked": _l("For the therapist"),
        "agreements": _l("Agreements, with lines to write on"),
    },
}
