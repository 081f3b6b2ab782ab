"""What the coach puts in a report."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from planner.domain.reports import REPORT_PARTS
from planner.web.forms import HiddenText, ManyChips, QueryForm
from planner.web.wording import options


class ReportForm(QueryForm):
    """`chosen`: the form was sent, so that no tick at all means none."""

    parts = ManyChips(_l("What goes in?"), choices=options("report_part", REPORT_PARTS))
    chosen = HiddenText()
