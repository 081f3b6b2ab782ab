"""One page to check everything about privacy."""

from __future__ import annotations

from flask import Blueprint, render_template

from planner.services.privacy import privacy_check
from planner.services.privacy.privacy_check import Checked
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
    "keys": "/settings/keys",
}
"""Where each is looked at and arranged."""
TEXTS_READ = "/privacy"
"""Where the texts stand once a new client's form asked to read them."""


@privacy_pages.get("/privacy/check")
def check() -> str:
    return render_template(
        "privacy/check.html",
        found=privacy_check.overview(here.store(), here.coach(), here.today()),
        leads_to=_leads_to,
        today=here.today(),
    )


def _leads_to(one: Checked) -> str:
    return TEXTS_READ if one.code == "texts" and one.is_done else LEADS_TO[one.code]
