"""Lines of other people's calendar files that say when: whether each can be read, looked at before a library reads it.

Libraries read too much (`202 1201` becomes the year 202) or drop an event for a line that does not matter. Both would
make a busy hour free without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

NOT_READ = "RRULE:"
"""A rule that says nothing: stands in an event of which some line that says when cannot be read."""
_NAME = re.compile(r"[A-Za-z0-9-]+")
_HEAD = re.compile(r"[A-Za-z0-9-]+(?:;[A-Za-z0-9-]+=(?:\"[^\"]*\"|[^\";:]*)(?:,(?:\"[^\"]*\"|[^\";:,]*))*)*")
_AT = r"[0-9]{8}(?:T[0-9]{6}Z?)?"
_LENGTH = r"[+-]?P[0-9WDTHMS]+"
_VALUES = {
    name: re.compile(value, re.IGNORECASE)
    for name, value in {
        "DTSTART": _AT,
        "DTEND": _AT,
        "DURATION": _LENGTH,
        "RECURRENCE-ID": _AT,
        "EXDATE": rf"{_AT}(?:,{_AT})*",
        "RDATE": rf"{_AT}(?:/(?:{_AT}|{_LENGTH}))?(?:,{_AT}(?:/(?:{_AT}|{_LENGTH}))?)*",
        "SEQUENCE": r"[0-9]{1,9}",
        "RRULE": rf"(?:UNTIL={_AT}|(?!UNTIL)[A-Z-]+=[A-Z0-9,+-]+)(?:;(?:UNTIL={_AT}|(?!UNTIL)[A-Z-]+=[A-Z0-9,+-]+))*;*",
    }.items()
}
_HIGHEST = {
    "INTERVAL": 10_000, "BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366,
}  # fmt: skip
_FROM_THE_END = ("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS")
_RANGE = re.compile(r";RANGE=(?!THISANDFUTURE(?:[;:]|$))", re.IGNORECASE)
_UNTIL_DAY = re.compile(r"(UNTIL=[0-9]{8})(?=;|$)", re.IGNORECASE)
_TIME = re.compile(r":[0-9]{8}T[0-9]{6}(Z?)$", re.IGNORECASE)


def name_of(line: str) -> str:
    found = _NAME.match(line)
    return found[0].upper() if found else ""


def plain(lines: Sequence[str]) -> list[str]:
    """The lines of an event as a library may have them.

    What does not say when and cannot be read is left out; an exception that cannot be read is none. Of a rule or of
    which one of a series it is, NOT_READ is put beside it; a moment stays, as one that nobody can read.
    """
    timed = next(
        (found for line in lines if name_of(line) == "DTSTART" and (found := _TIME.search(line))), None
    )
    return [one for line in lines for one in _plain(_stripped(line), timed)]


def _plain(line: str, timed: re.Match[str] | None) -> Iterator[str]:
    name = name_of(line)
    if name in ("BEGIN", "END"):
        yield line
    elif _is_readable(name, line):
        yield _whole_last_day(line, timed[1]) if name == "RRULE" and timed else line
    elif name == "RDATE" and _value(line) == "":
        return  # no day more
    elif name in ("DTSTART", "DTEND", "DURATION", "RDATE"):
        yield f"{name}:?"
    elif name == "RRULE":
        yield from (line, NOT_READ)
    elif name == "RECURRENCE-ID":
        yield NOT_READ


def _stripped(line: str) -> str:
    head, colon, value = line.rpartition(":")
    return f"{head}{colon}{value.strip()}" if colon else line


def _is_readable(name: str, line: str) -> bool:
    value = _value(line)
    if value is None or (name in _VALUES and not _VALUES[name].fullmatch(value)):
        return False
    if name == "RECURRENCE-ID":
        return not _RANGE.search(line)
    return name != "RRULE" or _is_possible(value)


def _value(line: str) -> str | None:
    """What stands behind the name and its parameters; None when they are no such thing."""
    head = _HEAD.match(line)
    return line[head.end() + 1 :] if head and line[head.end() : head.end() + 1] == ":" else None


def _is_possible(rule: str) -> bool:
    """No part twice, and no number that there is not: a library would take it for a rule that is over."""
    parts = [part.upper().partition("=") for part in rule.split(";") if part]
    names = [name for name, _, _ in parts]
    return len(set(names)) == len(names) and all(_is_in_bounds(name, value) for name, _, value in parts)


def _is_in_bounds(name: str, value: str) -> bool:
    if name not in _HIGHEST:
        return True
    for number in value.split(","):
        sign = "-?" if name in _FROM_THE_END else ""
        if not re.fullmatch(rf"{sign}\+?[0-9]{{1,5}}", number) or not 1 <= abs(int(number)) <= _HIGHEST[name]:
            return False
    return True


def _whole_last_day(rule: str, zulu: str) -> str:
    """Until a day is until its end, for what has an hour."""
    return _UNTIL_DAY.sub(rf"\g<1>T235959{zulu}", rule)
