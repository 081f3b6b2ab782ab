"""Words for the progress of a client: numbers since the start, reviews, evaluation dates. They say "since the start"
and never what caused a change (tests/web/test_progress.py)."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

PROGRESS: dict[str, dict[str, LazyString]] = {
    "review": {
        "not_due": _l("The three-month review is still to come."),
        "insufficient_data": _l("Too few numbers to say anything. Ask the client."),
        "on_track": _l("Your numbers for energy and functioning are higher than at the start."),
        "mixed": _l("One of the two is higher. Discuss together what is needed."),
        "other_approach": _l(
            "After three months energy and functioning are not clearly higher. Time to discuss another approach "
            "together, also with the GP or company doctor."
        ),
    },
    "measure": {"energy": _l("Energy"), "functioning": _l("Functioning")},
    "measure_change": {
        "improved": _l("higher than at the start"),
        "worse": _l("lower than at the start"),
        "no_clear_change": _l("no clear change"),
        "insufficient": _l("too few numbers"),
    },
    "horizon": {
        "reached": _l("Functioning is at or above the client's own target."),
        "progress": _l("Functioning is higher than at the start, and not yet at the client's own target."),
        "not_reached": _l("Functioning is not clearly higher than at the start. Discuss what is needed."),
        "insufficient_data": _l("Too few numbers to say anything. Ask the client."),
    },
    "review_kind": {
        "three_months": _l("Three-month review"),
        "six_months": _l("Six-month review"),
        "between": _l("Review in between"),
    },
    "taken_by": {
        "gp": _l("GP"),
        "company_doctor": _l("Company doctor"),
        "psychologist": _l("Psychologist"),
        "other": _l("Someone else"),
    },
    "evaluation": {
        "three_months": _l("After three months"),
        "six_months": _l("After six months"),
        "planned_end": _l("Planned end"),
    },
}
