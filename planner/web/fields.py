"""Fields for text, numbers, days and times: what forms are made of.

Every field is the border of one piece of input. It takes anything the outside may send, hands over a clean
value or one plain sentence, and never raises to the view. How a field looks is told by `part`, read by
`templates/parts/fields.html`; nothing here writes HTML.

Common arguments: `needs` is the sentence shown when a compulsory field is empty (without it the field may
stay empty); `hint` is one line under the label. An empty field gives "" for text and None for all else. A
field that was not sent at all keeps what it had.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, time
from typing import Any, ClassVar, NamedTuple, TypeAlias
from urllib.parse import urlsplit

from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import StopValidation

Words: TypeAlias = str | LazyString
Validator: TypeAlias = Callable[[Any, Any], None]

LINE_LENGTH = 200
AREA_LENGTH = 10_000
_PLANES_END = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_CONTROL = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufdd0-\ufdef{_PLANES_END}]")
"""What is no sign at all: control characters, and what the standard keeps out of any text."""
_EMAIL = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"。．｡․]+\.[^\s@<>,;\".。．｡․]+")
"""No sign in the host that reads as a dot but is none."""
_PHONE = re.compile(r"\+?[0-9 ().\-/]{6,30}")
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.,uh ]([0-9]{1,2}))?(?::[0-9]{2})?(?: ?(?:uur|u|h))?", re.IGNORECASE)
_DUTCH_DAY = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})")


class Option(NamedTuple):
    """One choice: the code or id, its word, and if wanted a second line and an icon name."""

    value: Any
    label: Words
    hint: Words = ""
    icon: str = ""


def tidy(text: str) -> str:
    """Text as people mean it: composed letters, plain line ends, no control characters, no outer space."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return without_control(text).strip()


def without_control(text: str) -> str:
    """The text as it was, without what no page may hold."""
    return _CONTROL.sub("", text)


class PlannerField(Field):  # type: ignore[misc]
    """The base: reads what was typed once, remembers it for showing again, checks `needs`."""

    part: ClassVar[str] = "line"
    input_type: ClassVar[str] = "text"
    input_mode: ClassVar[str] = ""
    empty: ClassVar[Any] = None
    max_length: int = LINE_LENGTH
    typed: str | None = None

    def __init__(
        self,
        label: Words,
        *,
        needs: Words | None = None,
        hint: Words = "",
        unit: Words = "",
        autocomplete: str = "",
        validators: Sequence[Validator] = (),
        **rest: Any,
    ) -> None:
        super().__init__(label, validators=list(validators), **rest)
        self.needs = needs
        self.hint_text = hint
        self.unit_text = unit
        self.autocomplete = autocomplete

    # What a subclass says

    def read(self, text: str) -> Any:
        """The value in a text that is not empty; ValueError with a sentence when it holds none."""
        return text

    def write(self, value: Any) -> str:
        """The value as it stands in the input."""
        return str(value)

    def clean(self, text: str) -> str:
        return " ".join(tidy(text).split())

    # What WTForms calls

    def process_data(self, value: Any) -> None:
        self.data = self.empty if value is None else value

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        if not valuelist:
            return
        texts = [self.clean(value) for value in valuelist if isinstance(value, str)]
        self.typed = next((text for text in reversed(texts) if text), "")
        self.data = self.empty
        if len(self.typed) > self.max_length:
            raise ValueError(
                _("This is too long. Use at most %(number)s characters.", number=self.max_length)
            )
        if self.typed:
            self.data = self.read(self.typed)

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        if self.process_errors:
            raise StopValidation()
        if self.needs is not None and self.is_empty:
            raise StopValidation(str(self.needs))

    # What templates read

    @property
    def is_empty(self) -> bool:
        return self.data is None or self.data in ("", [])

    @property
    def compulsory(self) -> bool:
        return self.needs is not None

    @property
    def shown(self) -> str:
        """What the input holds: what was typed, else the value, else nothing."""
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else self.write(self.data)

    @property
    def words(self) -> str:
        return str(self.label.text)

    @property
    def hint(self) -> str:
        return str(self.hint_text or "")

    @property
    def unit(self) -> str:
        return str(self.unit_text or "")


class TextLine(PlannerField):
    """One line of text; "" when empty."""

    empty = ""

    def __init__(self, label: Words, *, max_length: int = LINE_LENGTH, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.max_length = max_length


class TextArea(TextLine):
    """Text of more lines."""

    part = "area"

    def __init__(self, label: Words, *, max_length: int = AREA_LENGTH, rows: int = 4, **rest: Any) -> None:
        super().__init__(label, max_length=max_length, **rest)
        self.rows = rows

    def clean(self, text: str) -> str:
        return tidy(text)


class HiddenText(TextLine):
    """A value that travels along unseen: a version, what a page showed."""

    part = "hidden"

    def __init__(self, label: Words = "", **rest: Any) -> None:
        super().__init__(label, **rest)


class FormId(HiddenText):
    """The id of a form, made by the server, so that the same form twice is one deed. One that is longer than any of
    ours says nothing: nobody could mend it."""

    def clean(self, text: str) -> str:
        cleaned = super().clean(text)
        return cleaned if len(cleaned) <= self.max_length else ""


class Password(PlannerField):
    """A password, taken letter by letter as typed and never shown again."""

    input_type = "password"
    empty = ""
    max_length = 1000

    def __init__(self, label: Words, *, new: bool = False, **rest: Any) -> None:
        super().__init__(label, autocomplete="new-password" if new else "current-password", **rest)

    def clean(self, text: str) -> str:
        return text

    @property
    def shown(self) -> str:
        return ""


class EmailField(TextLine):
    """An e-mail address, checked as little as is useful: something@somewhere.tld."""

    input_type = "email"
    input_mode = "email"

    def __init__(self, label: Words, **rest: Any) -> None:
        super().__init__(label, **{"max_length": 254, "autocomplete": "email", **rest})

    def read(self, text: str) -> str:
        if not _EMAIL.fullmatch(text):
            raise ValueError(_("Write an e-mail address such as name@example.org."))
        return text


class Phone(TextLine):
    """A phone number as people write it."""

    input_type = "tel"
    input_mode = "tel"

    def __init__(self, label: Words, **rest: Any) -> None:
        super().__init__(label, **{"max_length": 40, "autocomplete": "tel", **rest})

    def read(self, text: str) -> str:
        if not _PHONE.fullmatch(text) or sum(letter.isdigit() for letter in text) < 6:
            raise ValueError(_("Write a phone number with digits, such as 06 12345678."))
        return text


class WebAddress(TextLine):
    """An https or http address, for a video link."""

    input_type = "url"
    input_mode = "url"

    def __init__(self, label: Words, **rest: Any) -> None:
        super().__init__(label, **{"max_length": 500, **rest})

    def read(self, text: str) -> str:
        try:
            parts = urlsplit(text)
            fine = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
        except ValueError:
            fine = False
        if not fine:
            raise ValueError(_("Write a web address that starts with https://."))
        return text


class _Number(PlannerField):
    """What whole and decimal numbers share: range and unit."""

    part = "number"
    max_length = 40

    def __init__(self, label: Words, *, least: float = 0, most: float = 1_000_000, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.least = least
        self.most = most

    def within(self, value: float) -> None:
        if not self.least <= value <= self.most:
            low, high = self.write(self.least), self.write(self.most)
            raise ValueError(_("Choose a number from %(low)s to %(high)s.", low=low, high=high))


class WholeNumber(_Number):
    """An int from `least` to `most`."""

    input_mode = "numeric"

    def read(self, text: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,12}", text):
            raise ValueError(_("Write a whole number, such as 40."))
        self.within(int(text))
        return int(text)


class DecimalNumber(_Number):
    """A float from `least` to `most`; comma or dot, with at most `digits` behind it."""

    input_mode = "decimal"

    def __init__(self, label: Words, *, digits: int = 2, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.digits = digits

    def read(self, text: str) -> float:
        if not re.fullmatch(r"[+-]?[0-9]{1,12}([.,][0-9]{1,12})?", text):
            raise ValueError(_("Write a number, such as %(example)s.", example=self.write(3.5)))
        value = round(float(text.replace(",", ".")), self.digits)
        self.within(value)
        return value

    def write(self, value: Any) -> str:
        text = f"{value:.{self.digits}f}".rstrip("0").rstrip(".") if self.digits else f"{value:.0f}"
        locale = get_locale()
        return text.replace(".", ",") if locale is not None and locale.language == "nl" else text


class _Moment(PlannerField):
    """A day or a time: chips the view puts in `suggestions`, and the browser's own field behind them.

    Both carry the same name; the last one that is not empty counts, so the own field wins when it is filled.
    """

    part = "moment"
    max_length = 20
    suggestions: Sequence[Option] = ()

    @property
    def suggested(self) -> bool:
        """Is the value one of the chips?"""
        return any(self.write(option.value) == self.shown for option in self.suggestions)


class LocalDate(_Moment):
    """A day, from `earliest` to `latest`. Reads 2026-12-01 and 1-12-2026."""

    input_type = "date"

    def __init__(
        self,
        label: Words,
        *,
        earliest: date = date(1900, 1, 1),
        latest: date = date(2199, 12, 31),
        **rest: Any,
    ) -> None:
        super().__init__(label, **rest)
        self.earliest = earliest
        self.latest = latest

    def read(self, text: str) -> date:
        dutch = _DUTCH_DAY.fullmatch(text)
        try:
            parts = tuple(int(part) for part in (dutch.groups()[::-1] if dutch else text.split("-", 2)))
            value = date(*parts)
        except (ValueError, TypeError, OverflowError) as error:
            raise ValueError(_("Write a day that exists, such as 1-12-2026.")) from error
        if not self.earliest <= value <= self.latest:
            raise ValueError(_("This day is too far away. Choose another day."))
        return value

    def write(self, value: Any) -> str:
        return value.isoformat() if isinstance(value, date) else str(value)

    @property
    def shown(self) -> str:
        return self.write(self.data) if isinstance(self.data, date) else super().shown


class LocalTime(_Moment):
    """A time on the clock. Reads 10:00, 9:5, 9.30, 9u30, 9 uur and 9."""

    input_type = "time"

    def read(self, text: str) -> time:
        found = _CLOCK.fullmatch(text) or re.fullmatch(r"([0-9]{2})([0-9]{2})", text)
        try:
            if found is None:
                raise ValueError(text)
            return time(int(found[1]), int(found[2] or 0))
        except ValueError as error:
            raise ValueError(_("Write a time that exists, such as 10:00.")) from error

    def write(self, value: Any) -> str:
        return value.strftime("%H:%M") if isinstance(value, time) else str(value)

    @property
    def shown(self) -> str:
        return self.write(self.data) if isinstance(self.data, time) else super().shown
