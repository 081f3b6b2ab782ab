"""Words for letters to a coach about their own account."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

LETTERS: dict[str, dict[str, LazyString]] = {
    "letter": {
        "new_device": _l("Somebody signed in on a device that the planner did not know."),
        "password": _l("The password of your account was changed."),
        "second_step": _l("The second step of your account was changed."),
        "email_asked": _l(
            "Somebody asked for another e-mail address for your account. It counts once it is confirmed from there."
        ),
        "email_changed": _l("Your account has another e-mail address from now on."),
        "exported": _l("A client's file was taken along as a copy."),
        "erased": _l("A client's file was erased."),
        "keys": _l("The sheet with the keys was made."),
    },
    "letter_subject": {
        "reset": _l("Your sign-in"),
        "invitation": _l("Your invitation"),
        "new_address": _l("Your new e-mail address"),
        "notice": _l("About your account"),
    },
}
