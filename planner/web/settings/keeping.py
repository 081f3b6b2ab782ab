"""Backups and keys: how it stands with the copies, and the sheet for the drawer."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from planner.domain.key_sheet import NoKey, WrongLine, grouped, lines_of
from planner.services.keeping import audit_check, backup_nights, keys
from planner.services.keeping.keys import DoesNotFit
from planner.services.walks import agenda
from planner.web import here
from planner.web.choices import GpxFile
from planner.web.confirm import sensitive
from planner.web.forms import PlannerForm, TextArea

keeping = Blueprint("keeping", __name__, url_prefix="/settings")
Page = str | Response | tuple[str, int]


class SheetFile(GpxFile):
    """The sheet as the command wrote it."""

    accept = ".txt,text/plain"

    @property
    def too_large(self) -> str:
        return str(_("This file is too large to be a sheet. Choose the file that the command wrote."))


class VerifyForm(PlannerForm):
    sheet = TextArea(
        _l("The lines of the sheet"),
        hint=_l("Small letters are fine, and spaces do not matter."),
        max_length=5_000,
    )
    file = SheetFile(_l("Or the sheet as a file"), most_bytes=20_000)

    @property
    def text(self) -> str:
        typed = str(self.sheet.data or "")
        return typed or (self.file.data.content.decode("utf-8", "replace") if self.file.data else "")


@keeping.get("/copies")
def copies() -> str:
    settings = here.planner().settings
    return render_template(
        "settings/copies.html",
        copies=backup_nights.status(here.store(), settings, here.now()),
        log_found=audit_check.found_at_night(settings),
        own=keys.is_own(here.store()),
    )


@keeping.get("/keys")
def overview() -> str:
    return _keys_page(VerifyForm(formdata=None))


@keeping.post("/keys")
def verify() -> Page:
    """The sheet was typed or loaded: whether it fits."""
    if not keys.is_own(here.store()):
        return _not_ours()
    form = VerifyForm()
    if form.validate_on_submit() and _fits(form):
        agenda.keys_kept(here.store(), here.coach(), here.now())
        flash(_("The sheet fits. Keep it in the drawer."))
        return redirect(url_for("keeping.overview"), 303)
    return _keys_page(form), 422


def _fits(form: VerifyForm) -> bool:
    try:
        keys.verify(here.store(), here.planner().settings, form.text, here.coach(), here.now())
    except WrongLine as wrong:
        said = _("Line %(number)s is not right. Look at it once more.", number=wrong.number)
        if wrong.is_last:
            said = _(
                "Line %(number)s is not right, or one above it is of another sheet.", number=wrong.number
            )
        form.refuse("sheet", said)
    except NoKey:
        form.refuse("sheet", _("Type the numbered lines, or choose the file."))
    except DoesNotFit as other:
        which = {
            "data": _("This sheet is of another key. Make a new sheet."),
            "backup": _("The first key fits. The key of the backups does not: take the newest sheet."),
        }
        form.refuse("sheet", which[other.which])
    return not form.errors


def _keys_page(form: VerifyForm) -> str:
    settings = here.planner().settings
    state, own = keys.state_of(here.store(), settings), keys.is_own(here.store())
    return render_template(
        "settings/keys.html", form=form, state=state, own=own, in_files=settings.keys_in_files
    )


@keeping.post("/keys/sheet")
@sensitive
def make_sheet() -> Response:
    """Make what belongs on the sheet; the page that shows it comes next."""
    if not keys.is_own(here.store()):
        return _not_ours()
    keys.make_sheet(here.store(), here.planner().settings, here.coach(), here.now())
    return redirect(url_for("keeping.sheet"), 303)


@keeping.get("/keys/sheet")
@sensitive
def sheet() -> Page:
    """To be printed. The keys stand here for whoever just proved to be the coach."""
    if not keys.is_own(here.store()):
        return _not_ours()
    store, who, now = here.store(), here.coach(), here.now()
    made = keys.sheet_of(here.planner().settings)
    here.afterwards(lambda: keys.note(store, who, "saw", keys.KIND, now))
    lines = list(enumerate(lines_of(made.data), 1))
    return render_template(
        "settings/sheet.html", lines=lines, backup=grouped(made.backup), today=here.today()
    )


def _not_ours() -> Response:
    """Where several practices share a planner, its keys are with whoever runs the computer: that page says so."""
    return redirect(url_for("keeping.overview"), 303)
