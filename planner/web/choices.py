"""Fields to choose from: chips, scales, ticks, lists, and a file. What they share is in `fields.py`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms.validators import StopValidation

from planner.web.fields import AREA_LENGTH, Option, PlannerField, Words

ChoiceLike = Option | tuple[Any, ...]
NO = frozenset({"", "0", "no", "nee", "n", "off", "false"})


class _OneOf(PlannerField):
    """One of the `choices`; ids that went in as numbers come out as numbers. None when nothing chosen.

    `choices` may be set by the view after the form was made.
    """

    max_length = 200

    def __init__(self, label: Words, *, choices: Iterable[ChoiceLike] = (), **rest: Any) -> None:
        super().__init__(label, **rest)
        self.choices = choices

    @property
    def choices(self) -> Sequence[Option]:
        return self._choices

    @choices.setter
    def choices(self, choices: Iterable[ChoiceLike]) -> None:
        self._choices = tuple(Option(*choice) for choice in choices)

    def find(self, text: str) -> Option | None:
        return next((option for option in self._choices if str(option.value) == text), None)

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and self.data != "" and not self.process_errors:
            option = self.find(str(self.data))
            if option is None:
                self.data = None
                raise StopValidation(_("Choose one of these."))
            self.data = option.value
        elif not self.process_errors:
            self.data = None
        super().pre_validate(form)

    @property
    def chosen(self) -> Option | None:
        return self.find(self.shown)


class Chips(_OneOf):
    """One of a few, as chips side by side."""

    part = "chips"


class Choice(_OneOf):
    """One of many, as a list that opens. `nothing` is the words of the empty line."""

    part = "select"

    def __init__(self, label: Words, *, nothing: Words | None = None, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.nothing_text = nothing or _l("No choice")

    @property
    def nothing(self) -> str:
        return str(self.nothing_text)


class YesNo(Chips):
    """Yes or no, as two chips; True or False. Not sent keeps what it had, unlike a tick."""

    def __init__(self, label: Words, **rest: Any) -> None:
        super().__init__(
            label, choices=[("1", _l("Yes")), ("0", _l("No"))], needs=_l("Choose one of these."), **rest
        )

    def process_data(self, value: Any) -> None:
        self.data = None if value is None else "1" if value else "0"

    @property
    def yes(self) -> bool:
        return bool(self.data == "1")


class ManyChips(_OneOf):
    """Any number of the `choices`, in the order they were sent; [] when none. `at_most` limits how many."""

    part = "many"

    def __init__(self, label: Words, *, at_most: int = 200, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.at_most = at_most

    def process_data(self, value: Any) -> None:
        self.data = list(value) if value else []

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        texts = (self.clean(value) for value in valuelist if isinstance(value, str))
        self.data = list(dict.fromkeys(text for text in texts if text))

    def pre_validate(self, form: Any) -> None:
        found = [self.find(str(value)) for value in self.data]
        unknown = None in found
        self.data = [option.value for option in found if option is not None]
        if unknown:
            raise StopValidation(_("Choose from these."))
        if len(self.data) > self.at_most:
            raise StopValidation(_("Choose at most %(number)s.", number=self.at_most))
        PlannerField.pre_validate(self, form)

    def has(self, value: Any) -> bool:
        return str(value) in {str(one) for one in self.data}


class Scale(_OneOf):
    """0 to 10, or None: eleven chips and one for "not asked". `low` and `high` are the words at the ends."""

    part = "scale"
    top = 10

    def __init__(self, label: Words, *, low: Words = "", high: Words = "", **rest: Any) -> None:
        super().__init__(label, choices=[(number, str(number)) for number in range(self.top + 1)], **rest)
        self.low_text, self.high_text = low, high

    def pre_validate(self, form: Any) -> None:
        if not self.process_errors and not self.is_empty and self.find(str(self.data)) is None:
            self.data = None
            raise StopValidation(_("Choose a number from 0 to %(top)s.", top=self.top))
        super().pre_validate(form)

    @property
    def ends(self) -> tuple[str, str]:
        return str(self.low_text), str(self.high_text)


class SmallScale(Scale):
    """0 to 3, or None. `names` may name each of the four."""

    top = 3

    def __init__(self, label: Words, *, names: Sequence[Words] = (), **rest: Any) -> None:
        super().__init__(label, **rest)
        if names:
            self.choices = [(number, str(number), name) for number, name in enumerate(names)]


class Tick(PlannerField):
    """Yes or no. Not sent is no."""

    part = "tick"

    def process_data(self, value: Any) -> None:
        self.data = bool(value)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        texts = [value.strip().lower() for value in valuelist if isinstance(value, str)]
        self.data = any(text not in NO for text in texts)

    @property
    def is_empty(self) -> bool:
        return not self.data

    @property
    def shown(self) -> str:
        return "1" if self.data else ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent: the name it had there (words, never a path) and its bytes."""

    name: str
    content: bytes
    too_large: bool = False


class GpxFile(PlannerField):
    """One uploaded file of at most `most_bytes`; an Upload, or None when nothing was chosen."""

    part = "file"
    accept = ".gpx,.geojson,.json,application/gpx+xml,application/geo+json,application/xml,text/xml"
    several = False

    def __init__(self, label: Words, *, most_bytes: int = 5_000_000, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.most_bytes = most_bytes

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        files = [value for value in valuelist if isinstance(value, FileStorage) and value.filename]
        self.data = None
        if not files:
            return
        upload = self.taken(files[0])
        if upload.too_large:
            raise ValueError(self.too_large)
        self.data = upload

    @property
    def too_large(self) -> str:
        size = self.most_bytes // 1_000_000
        return str(_("This file is too large. Choose a file of at most %(size)s MB.", size=size))

    def taken(self, file: FileStorage) -> Upload:
        """What was sent; of a file that is too large nothing but that."""
        content = file.stream.read(self.most_bytes + 1)
        too_large = len(content) > self.most_bytes
        name = str(file.filename).replace("\\", "/").rsplit("/", 1)[-1]
        return Upload(self.clean(name)[:200], b"" if too_large else content, too_large)

    @property
    def shown(self) -> str:
        return ""


class GpxFiles(GpxFile):
    """Any number of such files; [] when nothing was chosen. One that is too large is no error of the form."""

    several = True
    empty: ClassVar[Any] = []

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        files = [value for value in valuelist if isinstance(value, FileStorage) and value.filename]
        self.data = [self.taken(file) for file in files]


__all__ = [
    "AREA_LENGTH",
    "Chips",
    "Choice",
    "GpxFile",
    "GpxFiles",
    "ManyChips",
    "Scale",
    "SmallScale",
    "Tick",
    "Upload",
    "YesNo",
]
