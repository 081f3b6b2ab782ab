"""Forms of the second step, passkeys and a new password."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from planner.web.account.forms import refuse_weak
from planner.web.forms import EmailField, HiddenText, Password, PlannerForm, TextLine


class AppCode(TextLine):
    """Six digits of an app."""

    input_mode = "numeric"


class SecondStepForm(PlannerForm):
    offer = HiddenText(max_length=400)
    code = AppCode(
        _l("Code of your app"), needs=_l("Fill in the code your app shows."), autocomplete="one-time-code"
    )


class PasskeyForm(PlannerForm):
    name = TextLine(
        _l("Name of this passkey"),
        needs=_l("Give it a name, such as: my phone."),
        hint=_l("So that you know later which device it is on."),
        max_length=60,
    )
    answer = HiddenText(max_length=20_000)


class ForgotForm(PlannerForm):
    email = EmailField(
        _l("E-mail address"), needs=_l("Fill in your e-mail address."), autocomplete="username"
    )


class NewAddressForm(PlannerForm):
    """Whether it is another one: `now`, the address there is."""

    email = EmailField(
        _l("Your new e-mail address"), needs=_l("Fill in your e-mail address."), autocomplete="email"
    )

    def is_other(self, now: str) -> bool:
        """Adds the sentence when it is not."""
        if self.email.data.strip().lower() != now:
            return True
        self.refuse("email", _l("This is your e-mail address already."))
        return False


class NewPasswordForm(PlannerForm):
    new_password = Password(
        _l("New password"),
        needs=_l("Choose a new password."),
        hint=_l("At least 12 characters. A short sentence is fine."),
        new=True,
    )

    def validate_new_password(self, field: Any) -> None:
        refuse_weak(field)
