"""What the coach is told once a note is kept, or why it cannot be."""

from __future__ import annotations

from flask import flash, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.notes import NoteContent
from planner.services.clients.consents import NeedsConsent
from planner.services.notes.note_quotes import NeedsQuoteConsent
from planner.services.notes.notes import UndoesCancel
from planner.web.notes.forms import NOTHING, NoteForm, field_of
from planner.web.on_the_way import gone_to

NOT_SO = (NeedsConsent, UndoesCancel)


def after_saving(
    client_id: int, walk_id: int, content: NoteContent, before: NoteContent = NOTHING
) -> Response:
    """To the walk, with what the note gives to think of; a tight chest that was not there before opens the emergency
    card (B2)."""
    if content.insight_without_step:
        flash(_("Which small step goes with this?"), "note")
    if content.mostly_analysis:
        flash(_("More than half was analysis. What can be practised next time?"), "note")
    if content.has_tight_chest and not before.has_tight_chest:
        flash(_("A body signal asks for care. Look at this card and ask the safety questions."), "note")
        return gone_to(url_for("care.emergency", client_id=client_id))
    return gone_to(url_for("walks.walk", walk_id=walk_id))


def refuse_unconsented(form: NoteForm, refused: NeedsConsent) -> None:
    """A sentence beside the box to tick, and few words beside each field that may not be kept."""
    if isinstance(refused, NeedsQuoteConsent):
        form.refuse("client_quote", _("First write down the consent for using a quote."))
        return
    form.refuse("consent_health", _("First write down the consent for notes about health."))
    for name in refused.names:
        form.refuse(field_of(name), _("Not without consent."))


def refuse(form: NoteForm, refused: Exception) -> bool:
    """What is in the way of a note, one of NOT_SO, beside its field. Gives whether it wants the consent for health."""
    if isinstance(refused, NeedsConsent):
        refuse_unconsented(form, refused)
        return not isinstance(refused, NeedsQuoteConsent)
    form.refuse("undo_cancel", _("This walk was cancelled. Tick this if it did go on, and save again."))
    return False
