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
        "new_keys": _l("The planner has new keys. Make a new sheet of them."),
    },
    "letter_advice": {
        "new_device": _l("Sign in and change your password. Then sign out the devices that you do not know."),
        "password": _l(
            "Choose “Forgot your password?” where you sign in. A new password signs out every device."
        ),
        "second_step": _l(
            "Sign in and change your password. Then look at your second step and your passkeys. "
            "Can you not sign in? Call whoever runs the planner."
        ),
        "email_asked": _l("Sign in and choose “Do not change it after all”. Then change your password."),
        "email_changed": _l("Call whoever runs the planner at once."),
        "exported": _l(
            "Look at your clients in “Who looked at this file”. Then change your password. "
            "Perhaps it is a data breach: write it down in the breach register."
        ),
        "erased": _l(
            "Change your password. Perhaps it is a data breach: write it down in the breach register."
        ),
        "keys": _l("Ask whoever runs the planner for new keys at once. Then make a new sheet."),
        "new_keys": _l("Call whoever runs the planner at once. See together who did it."),
    },
    "letter_subject": {
        "reset": _l("Your sign-in"),
        "invitation": _l("Your invitation"),
        "new_address": _l("Your new e-mail address"),
        "notice": _l("About your account"),
    },
}
