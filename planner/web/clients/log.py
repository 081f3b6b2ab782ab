"""Who saw and changed a client's file."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from planner.services.privacy import audit_log
from planner.web import here
from planner.web.forms import as_id

file_log = Blueprint("file_log", __name__)


@file_log.get("/clients/<int:client_id>/log")
def log(client_id: int) -> str:
    """`?before=`: the part that ends before this row."""
    before = as_id(request.args.get("before"))
    found = audit_log.page(here.store(), here.coach(), client_id, before)
    here.saw(client_id)
    return render_template("clients/log.html", log=found, first=before is None)
