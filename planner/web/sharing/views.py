"""The coach's side of a client's link: show, make, renew, withdraw."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.when import moment_to_local
from planner.services.clients import link_card, sharing
from planner.web import here
from planner.web.messages.views import by_mail
from planner.web.sharing.forms import TitlesForm
from planner.web.sharing.printed import words_of

sharing_pages = Blueprint("sharing", __name__)


@sharing_pages.get("/clients/<int:client_id>/link")
def link(client_id: int) -> str:
    page = _page(client_id)
    here.saw(client_id)
    return page


def _page(client_id: int, refused: TitlesForm | None = None) -> str:
    state = sharing.state_of(here.store(), here.coach(), client_id, here.now())
    address = public_address(state.link.path) if state.link else None
    titles = TitlesForm(data={"titles": state.feed.titles}) if state.feed and not refused else refused
    return render_template(
        "sharing/link.html",
        client_id=client_id,
        name=state.first_name,
        state=state,
        address=address,
        qr=qr_path(address) if address else None,
        mailing=by_mail(client_id) if address else None,
        feed_address=public_address(state.feed.path) if state.feed else None,
        feed_since=moment_to_local(state.feed.renewed_at).date() if state.feed else None,
        titles_form=titles.with_example(here.coach().first_name) if titles else None,
        form=refused,
    )


@sharing_pages.get("/clients/<int:client_id>/link/card")
def card(client_id: int) -> str:
    """On paper. `?name=1` or `?name=0`: with or without the first name; else as the client wished for their page."""
    shown = link_card.card(here.store(), here.coach(), client_id, here.now())
    here.saw(client_id)
    address = public_address(shown.path) if shown.path else None
    named = {"1": True, "0": False}.get(request.args.get("name", ""), shown.show_first_name)
    return render_template(
        "sharing/card.html",
        client_id=client_id,
        card=shown,
        words=words_of(shown, named=named),
        named=named,
        address=address,
        qr=qr_path(address) if address else None,
    )


@sharing_pages.post("/clients/<int:client_id>/link")
def make(client_id: int) -> Response:
    renewed = sharing.make_or_renew(here.store(), here.coach(), client_id, here.now())
    flash(
        _("The new link is ready. The older one does not work any more.")
        if renewed
        else _("The link is ready.")
    )
    return redirect(url_for("sharing.link", client_id=client_id), 303)


@sharing_pages.post("/clients/<int:client_id>/link/revoke")
def revoke(client_id: int) -> Response:
    sharing.revoke(here.store(), here.coach(), client_id, here.now())
    flash(_("The link does not work any more."))
    return redirect(url_for("sharing.link", client_id=client_id), 303)


@sharing_pages.post("/clients/<int:client_id>/feed")
def make_feed(client_id: int) -> Response:
    sharing.make_or_renew(here.store(), here.coach(), client_id, here.now(), sharing.FEED)
    flash(_("The calendar address is ready. Only this one works."))
    return redirect(url_for("sharing.link", client_id=client_id), 303)


@sharing_pages.post("/clients/<int:client_id>/feed/titles")
def feed_titles(client_id: int) -> Response | tuple[str, int]:
    form = TitlesForm()
    if not form.validate_on_submit():
        return _page(client_id, form), 422
    sharing.choose_titles(here.store(), here.coach(), client_id, form.titles.data, here.now())
    flash(_("Saved."))
    return redirect(url_for("sharing.link", client_id=client_id), 303)


@sharing_pages.post("/clients/<int:client_id>/feed/revoke")
def revoke_feed(client_id: int) -> Response:
    sharing.revoke_feed(here.store(), here.coach(), client_id, here.now())
    flash(_("The calendar address does not work any more."))
    return redirect(url_for("sharing.link", client_id=client_id), 303)


def public_address(path: str) -> str:
    """A link as the client needs it: with the planner's own address before it."""
    return f"{here.planner().settings.base_url or request.host_url.rstrip('/')}{path}"


def qr_path(address: str) -> tuple[int, str]:
    """A QR code as (side in modules, the `d` of one SVG path)."""
    import segno  # only who shows one pays for it

    code = segno.make(address, error="m", micro=False)
    pieces = [
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(code.matrix_iter(border=4))
        for x, dark in enumerate(row)
        if dark
    ]
    return int(code.symbol_size(border=4)[0]), "".join(pieces)
