"""The forms of another calendar: an address, or an account with a name and a password."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.domain.busy import CalendarAccess
from planner.web import here
from planner.web.forms import Password, PlannerForm, TextLine, WebAddress

LONGEST_ADDRESS = 1000
_WEBCAL = re.compile(r"webcals?://", re.IGNORECASE)


class CalendarAddress(WebAddress):
    """An address of a calendar: https, which `webcal` means as well; http only where the planner may ask at home."""

    def clean(self, text: str) -> str:
        return _WEBCAL.sub("https://", super().clean(text), count=1)

    def read(self, text: str) -> str:
        parts = urlsplit(super().read(text))
        if parts.scheme == "http" and not here.planner().settings.private_calendars:
            raise ValueError(_("Write an address that starts with https:// or webcal://."))
        if parts.username is not None:
            raise ValueError(_("Write the address alone, without a name and password in it."))
        return text


class AddressForm(PlannerForm):
    name = TextLine(_l("What do you call it?"), hint=_l("Such as: home, or work."), max_length=60)
    address = CalendarAddress(
        _l("Address of the calendar"),
        needs=_l("Fill in the address of the calendar."),
        hint=_l("It starts with https:// or webcal:// and often ends in .ics."),
        max_length=LONGEST_ADDRESS,
        autocomplete="off",
    )

    def access(self) -> CalendarAccess:
        return CalendarAccess(self.address.data, self.name.data)


class AccountForm(AddressForm):
    address = CalendarAddress(
        _l("Address of the server"),
        needs=_l("Fill in the address of the server."),
        hint=_l("Such as https://caldav.icloud.com."),
        max_length=LONGEST_ADDRESS,
        autocomplete="off",
    )
    user = TextLine(_l("User name"), needs=_l("Fill in the user name."), autocomplete="off")
    password = Password(
        _l("Password of that account"),
        new=True,  # so that a browser does not fill in the one of the planner
        needs=_l("Fill in the password."),
        hint=_l("Make a password for this planner alone, where your calendar offers that."),
    )

    def access(self) -> CalendarAccess:
        return CalendarAccess(self.address.data, self.name.data, self.user.data, self.password.data)
