"""The coach's clients at a glance."""

from __future__ import annotations

from flask import Blueprint, render_template

from planner.services.progress import practice_view
from planner.web import here

practice_pages = Blueprint("practice", __name__)


@practice_pages.get("/practice")
def overview() -> str:
    """Shows nobody's texts or numbers, so it is no look at a file."""
    return render_template(
        "practice/overview.html", page=practice_view.page(here.store(), here.coach(), here.now())
    )
