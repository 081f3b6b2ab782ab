"""Words for codes about messages to clients, as the coach reads them."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, dict[str, LazyString]] = {
    "message_kind": {
        "link": _l("The link"),
        "confirmation": _l("The walk is planned"),
        "change": _l("The walk has changed"),
        "cancellation": _l("The walk is off"),
        "reminder": _l("Reminder"),
        "morning": _l("Reminder on the morning itself"),
        "weather": _l("The weather at the walk"),
    },
    "message_state": {
        "held": _l("Ready"),
        "waiting": _l("Leaves by itself"),
        "sent": _l("Sent"),
        "copied": _l("You sent it yourself"),
        "dropped": _l("Not needed any more"),
        "failed": _l("Did not arrive"),
    },
    "message_reason": {
        "cancelled": _l("The walk is off."),
        "past": _l("The walk has begun already."),
        "not_active": _l("This client is paused or ended, or withdrew the consent."),
        "cannot": _l("The client said that they cannot come. Choose first what happens with the walk."),
        "reminders_off": _l("Reminders are off."),
        "no_address": _l("There is no e-mail address yet."),
        "known": _l("The client knows this already."),
        "declined": _l("You chose not to send it."),
        "no_link": _l("The link cannot go in a message now."),
        "outdated": _l("The weather or the walk has changed since."),
        "own_choice": _l("The client chose this."),
    },
    "mail_problem": {
        "unreachable": _l("The mail server does not answer."),
        "insecure": _l("There is no safe line to the mail server."),
        "login": _l("The mail server does not accept the name and password."),
        "busy": _l("The mail server says: not now."),
        "refused": _l("The mail server does not take this message."),
        "unknown_address": _l("This e-mail address does not exist, or takes no mail."),
        "unsure": _l("The line broke off. It may have arrived."),
    },
}
