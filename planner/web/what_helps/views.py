"""What works for a client, how that is worked out, and what a coach looks back on after a walk."""

from __future__ import annotations

from flask import Blueprint, render_template

from planner.domain import what_helps as rules
from planner.services.notes import self_check as checks
from planner.services.progress import what_helps
from planner.web import here

what_helps_pages = Blueprint("what_helps", __name__)


@what_helps_pages.get("/clients/<int:client_id>/helps")
def of_client(client_id: int) -> str:
    page = what_helps.page(here.store(), here.coach(), client_id)
    here.saw(client_id)
    return render_template("what_helps/of_client.html", page=page)


@what_helps_pages.get("/what-helps")
def method() -> str:
    """How the numbers are made, and what they cannot say."""
    return render_template("what_helps/method.html", rules=rules)


@what_helps_pages.get("/walks/<int:walk_id>/self-check")
def self_check(walk_id: int) -> str:
    found = checks.look(here.store(), here.coach(), walk_id, here.now())
    here.saw(found.client.id)
    return render_template("what_helps/self_check.html", found=found)
