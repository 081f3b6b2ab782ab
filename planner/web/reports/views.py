"""The report for a talk and the report for whoever pays: made to be printed, and kept nowhere."""

from __future__ import annotations

from flask import Blueprint, get_template_attribute, render_template, request
from flask_babel import force_locale
from werkzeug.wrappers import Response

from planner.domain.reports import USUAL_PARTS
from planner.services.progress import reports
from planner.web import here
from planner.web.reports.forms import ReportForm

report_pages = Blueprint("reports", __name__, url_prefix="/clients/<int:client_id>")
Page = str | Response | tuple[str, int]


@report_pages.get("/report")
def report(client_id: int) -> Page:
    """`?chosen=1&parts=goal`: what stands in it; else the usual parts."""
    form = ReportForm(data={"chosen": "1"})
    valid = form.validate()
    if "chosen" not in request.args:
        form.parts.data = list(USUAL_PARTS)
    found = reports.report(here.store(), here.coach(), client_id, form.parts.data, here.now())
    here.saw(client_id)
    with force_locale(found.client.language):
        paper = get_template_attribute("reports/paper.html", "paper")(found, here.coach().name, here.today())
    page = render_template("reports/report.html", report=found, form=form, paper=paper)
    return page if valid else (page, 422)


@report_pages.get("/sponsor-report")
def sponsor(client_id: int) -> Page:
    found = reports.sponsor_report(here.store(), here.coach(), client_id, here.now())
    here.saw(client_id)
    return render_template("reports/sponsor.html", report=found, today=here.today())
