"""One page to check everything about privacy."""

from __future__ import annotations

from flask import Blueprint, render_template

from planner.services import privacy_check
from planner.web import here

privacy_pages = Blueprint("privacy", __name__)
LEADS_TO = {
    "texts": "/clients/new",
    "processing": "/privacy/processing",
    "processors": "/privacy/processors",
    "breaches": "/privacy/breaches",
    "requests": "/privacy/requests",
    "withdrawn": "/privacy/retention",
    "second_step": "/account/security",
    "keys": "/settings",
}
"""Where each is looked at and arranged."""


@privacy_pages.get("/privacy/check")
def check() -> str:
    return render_template(
        "privacy/check.html",
        found=privacy_check.overview(here.store(), here.coach(), here.today()),
        leads_to=LEADS_TO,
        today=here.today(),
    )
