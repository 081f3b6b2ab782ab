"""The coach's side of a client's link: show, make, renew, withdraw."""

from __future__ import annotations

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.services import sharing
from planner.web import here
from planner.web.messages.views import by_mail

sharing_pages = Blueprint("sharing", __name__)


@sharing_pages.get("/clients/<int:client_id>/link")
def link(client_id: int) -> str:
    state = sharing.state_of(here.store(), here.coach(), client_id, here.now())
    here.saw(client_id)
    address = public_address(state.link.path) if state.link else None
    return render_template(
        "sharing/link.html",
        client_id=client_id,
        name=state.first_name,
        state=state,
        address=address,
        qr=qr_path(address) if address else None,
        mailing=by_mail(client_id) if address else None,
    )


@sharing_pages.post("/clients/<int:client_id>/link")
def make(client_id: int) -> Response:
    sharing.make_or_renew(here.store(), here.coach(), client_id, here.now())
    flash(_("The new link is ready. An older link does not work any more."))
    return redirect(url_for("sharing.link", client_id=client_id), 303)


@sharing_pages.post("/clients/<int:client_id>/link/revoke")
def revoke(client_id: int) -> Response:
    sharing.revoke(here.store(), here.coach(), client_id, here.now())
    flash(_("The link does not work any more."))
    return redirect(url_for("sharing.link", client_id=client_id), 303)


def public_address(path: str) -> str:
    """A link as the client needs it: with the planner's own address before it."""
    return f"{here.planner().settings.base_url or request.host_url.rstrip('/')}{path}"


def qr_path(address: str) -> tuple[int, str]:
    """A QR code as (side in modules, the `d` of one SVG path)."""
    code = segno.make(address, error="m", micro=False)
    pieces = [
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(code.matrix_iter(border=4))
        for x, dark in enumerate(row)
        if dark
    ]
    return int(code.symbol_size(border=4)[0]), "".join(pieces)
