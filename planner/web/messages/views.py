"""Messages to clients: what is ready, what waits, what left; and the few things a coach does with them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from planner.domain.messages import Text
from planner.services.messages import message_pages, outbox_orders
from planner.services.messages.message_pages import Board, Counts, LinkMail, Shown
from planner.services.store import NotFound
from planner.web import here
from planner.web.forms import as_id
from planner.web.guard import safe_next
from planner.web.messages.writing import write
from planner.web.wording import word

messages_pages = Blueprint("messages", __name__)
Page = str | Response
MOST_AT_ONCE = 300
MOST_IN_ADDRESS = 30


@dataclass(frozen=True, slots=True)
class Worded:
    """A board with its texts. `ready`: what asks for the coach, failed ones first; but before all else what is about
    the walks in `first`."""

    ready: tuple[tuple[Shown, Text], ...]
    later: tuple[tuple[Shown, Text], ...]
    mails: bool
    first: tuple[int, ...] = ()

    @property
    def here(self) -> str:
        """The page of messages, as it is now."""
        return address_about(self.first)

    def is_first(self, one: Shown) -> bool:
        return one.walk_id in self.first

    @property
    def folded(self) -> tuple[tuple[Shown, Text], ...]:
        """For clients without an address, unless the coach comes from their walk."""
        return tuple(pair for pair in self.ready if not pair[0].facts.to and not self.is_first(pair[0]))

    @property
    def in_view(self) -> tuple[tuple[Shown, Text], ...]:
        return tuple(pair for pair in self.ready if pair not in self.folded)


@dataclass(frozen=True, slots=True)
class Mailing:
    """The link by mail. `missing`: codes of what stands in the way."""

    missing: tuple[str, ...]
    to: str
    language: str
    text: Text


def mails() -> bool:
    """Whether a mail server is set."""
    return here.planner().settings.mail is not None


def base_url() -> str:
    return here.planner().settings.mail_base_url


def address_about(walks: Iterable[int]) -> str:
    """Of the page of messages, with those about these walks on top."""
    numbers = ",".join(str(one) for one in list(walks)[:MOST_IN_ADDRESS])
    return f"/messages/?walks={numbers}" if numbers else "/messages/"


def on_agenda() -> Counts:
    return message_pages.counts(here.store(), here.coach(), here.now(), mails=mails())


def on_walk(walk_id: int) -> Worded:
    return _worded(
        message_pages.of_walk(here.store(), here.coach(), walk_id, here.now(), base_url(), mails=mails())
    )


def by_mail(client_id: int) -> Mailing:
    """For the page of a client's link."""
    found: LinkMail = message_pages.link_mail(here.store(), here.coach(), client_id, here.now(), base_url())
    missing = [] if mails() else ["no_server"]
    missing += [] if base_url() else ["not_secure"]
    return Mailing((*missing, *found.missing), found.facts.to, found.facts.language, write(found.facts))


@messages_pages.get("/messages/")
def index() -> Page:
    board = message_pages.board(here.store(), here.coach(), here.now(), base_url(), mails=mails())
    return render_template("messages/index.html", found=_worded(board, _first()))


@messages_pages.get("/clients/<int:client_id>/messages")
def log(client_id: int) -> Page:
    found = message_pages.log(here.store(), here.coach(), client_id, here.now())
    here.saw(client_id)
    return render_template("messages/log.html", log=found, mails=mails())


@messages_pages.post("/messages/<int:message_id>/send")
def send(message_id: int) -> Response:
    came_to = outbox_orders.send(here.store(), here.coach(), message_id, _seen(), base_url(), here.now())
    return _after(
        came_to,
        _("The message is on its way.")
        if mails()
        else _("Copy the text, or open it in your own mail program."),
    )


@messages_pages.post("/messages/send")
def send_all() -> Response:
    """Every message that the coach had in view: `one` is its id and the sequence in its text."""
    sent = 0
    for pair in dict.fromkeys(request.form.getlist("one")[:MOST_AT_ONCE]):
        number, _colon, seen = pair.partition(":")
        with suppress(NotFound):
            came_to = outbox_orders.send(
                here.store(), here.coach(), as_id(number) or 0, as_id(seen), base_url(), here.now()
            )
            sent += came_to == outbox_orders.DONE
    flash(ngettext("%(num)s message is on its way.", "%(num)s messages are on their way.", sent))
    return redirect("/messages/", 303)


@messages_pages.post("/messages/<int:message_id>/decline")
def decline(message_id: int) -> Response:
    came_to = outbox_orders.decline(here.store(), here.coach(), message_id, here.now())
    return _after(came_to, _("This message is not sent."))


@messages_pages.post("/messages/<int:message_id>/copied")
def copied(message_id: int) -> Response:
    facts = message_pages.facts_of(here.store(), here.coach(), message_id, here.now(), base_url())
    came_to = outbox_orders.sent_by_hand(
        here.store(), here.coach(), message_id, _seen(), write(facts), base_url(), here.now()
    )
    return _after(came_to, _("Noted: you sent it yourself."))


@messages_pages.post("/walks/<int:walk_id>/remind")
def remind(walk_id: int) -> Response:
    came_to = outbox_orders.remind(here.store(), here.coach(), walk_id, base_url(), here.now())
    done = _("The reminder is on its way.") if mails() else _("The reminder is ready to copy.")
    return _after(came_to, done)


@messages_pages.post("/clients/<int:client_id>/link/mail")
def mail_link(client_id: int) -> Response:
    came_to = outbox_orders.mail_link(here.store(), here.coach(), client_id, base_url(), here.now())
    return _after(came_to, _("The message is on its way."), f"/clients/{client_id}/link")


def _first() -> tuple[int, ...]:
    numbers = (
        as_id(one) for one in request.args.get("walks", "").split(",", MOST_IN_ADDRESS)[:MOST_IN_ADDRESS]
    )
    return tuple(one for one in numbers if one is not None)


def _seen() -> int | None:
    return as_id(request.form.get("seen", ""))


def _after(came_to: str, done: str, otherwise: str = "/messages/") -> Response:
    if came_to == outbox_orders.DONE:
        flash(done)
    elif came_to == outbox_orders.CHANGED:
        flash(_("The walk was changed in the meantime. Look at the new text first."), "note")
    elif came_to == outbox_orders.GONE:
        flash(_("This message is not needed any more, or is on its way already."), "note")
    else:
        flash(word("message_reason", came_to), "note")
    return redirect(safe_next(request.form.get("next") or otherwise), 303)


def _worded(board: Board, first: tuple[int, ...] = ()) -> Worded:
    def worded(some: Iterable[Shown]) -> tuple[tuple[Shown, Text], ...]:
        return tuple((one, write(one.facts)) for one in some)

    places: dict[int | None, int] = {walk_id: place for place, walk_id in enumerate(first)}
    ready = sorted((*board.failed, *board.ready), key=lambda one: places.get(one.walk_id, len(first)))
    return Worded(worded(ready), worded(board.later), mails(), first)
