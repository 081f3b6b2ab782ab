"""Forms of setting up, signing in and the account."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from planner.services.people import passwords
from planner.web import device
from planner.web.forms import Chips, EmailField, HiddenText, Password, Phone, PlannerForm, TextLine, Tick
from planner.web.wording import options

LANGUAGES = (("nl", _l("Dutch")), ("en", _l("English")))
WEAKNESS = {
    "too_short": _l("Choose a password of at least 12 characters. A sentence works well."),
    "too_long": _l("Choose a password of at most 128 characters."),
    "common": _l("Many people use this password. Choose another, for example a short sentence."),
}


class SetupForm(PlannerForm):
    name = TextLine(_l("Your name"), needs=_l("Fill in your name."), autocomplete="name")
    email = EmailField(
        _l("Your e-mail address"), needs=_l("Fill in your e-mail address."), autocomplete="username"
    )
    password = Password(
        _l("Password"),
        needs=_l("Choose a password."),
        hint=_l("At least 12 characters. A short sentence is fine."),
        new=True,
    )
    language = Chips(_l("Language"), choices=LANGUAGES, needs=_l("Choose a language."))
    contact = EmailField(
        _l("E-mail address for the weather service"),
        hint=_l(
            "The weather service wants to know whom to write to. It gets this address and the place, nothing else."
        ),
    )

    second_step = Tick(
        _l("Make a second step for signing in, right after this"),
        hint=_l(
            "A code of an app, or a passkey. Then a password alone opens nothing. You can do it later too."
        ),
    )

    def validate_password(self, field: Any) -> None:
        refuse_weak(field, self.name.data or "", self.email.data or "")


class LoginForm(PlannerForm):
    email = EmailField(
        _l("E-mail address"), needs=_l("Fill in your e-mail address."), autocomplete="username"
    )
    password = Password(_l("Password"), needs=_l("Fill in your password."))
    code = TextLine(_l("Code"), max_length=60)
    answer = HiddenText(max_length=20_000)
    """What a passkey said, instead of all that."""
    next = HiddenText(max_length=500)


class CodeForm(PlannerForm):
    """What comes after the password where there is a second step."""

    code = TextLine(
        _l("Code"),
        needs=_l("Fill in the code your app shows."),
        hint=_l("The six digits of your app, or one of your recovery codes."),
        autocomplete="one-time-code",
        max_length=60,
    )
    answer = HiddenText(max_length=20_000)
    next = HiddenText(max_length=500)


class PasswordForm(PlannerForm):
    old_password = Password(
        _l("Your password now"),
        needs=_l("Fill in your password."),
    )
    new_password = Password(
        _l("New password"),
        needs=_l("Choose a new password."),
        hint=_l("At least 12 characters. A short sentence is fine."),
        new=True,
    )

    def validate_new_password(self, field: Any) -> None:
        refuse_weak(field)


class ProfileForm(PlannerForm):
    language = Chips(_l("Language"), choices=LANGUAGES, needs=_l("Choose a language."))
    phone = Phone(
        _l("Phone number for clients"), hint=_l("Your clients see it on their page, to call or to write.")
    )


class DeviceForm(PlannerForm):
    keeps_nothing = Tick(
        _l("Keep nothing on this device"),
        hint=_l(
            "Then the sheet and the note on the way need internet, and a note is not kept while you type."
        ),
    )
    names = Chips(
        _l("Name on the walk sheet"),
        choices=options("feed_titles", device.NAMES),
        needs=_l("Choose what the sheet says."),
    )


def refuse_weak(field: Any, *own_words: str) -> None:
    """Adds the sentence for a weak password."""
    weak = passwords.weakness(field.data or "", *own_words)
    if field.data and weak:
        from wtforms.validators import ValidationError

        raise ValidationError(str(WEAKNESS[weak]))
