"""The sheet for the drawer: a key as lines that can be typed over, each with a check of its own, and read back.

A line holds ten bytes of the key in four groups, and a fifth group that tells whether the line is right:

    1  ABCD EFGH IJKL MNOP QRST

The check of the last line is over the whole key, so that lines of two sheets are no key; on sheets of before it is
over its own line, and those are read too, whatever sheet the lines above are of. The number may be left out when all
lines stand in order. Base32 has no 0, 1 or 8: who types them means O, I or B.
The key of the backups is an age identity, as age writes it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

LINE_BYTES, CHECK_SIGNS, GROUP = 10, 4, 4
LENGTHS = (32, 64)
SPACE = r"[^\S\n]"
NUMBER = rf"(?:(\d{{1,2}})(?:{SPACE}*[.:)])?{SPACE}+)?"
LINE = re.compile(
    rf"^{SPACE}*{NUMBER}((?:[A-Z2-7018]{{4}}[ \t-]+){{1,4}}[A-Z2-7018]{{1,4}}){SPACE}*$",
    re.IGNORECASE | re.MULTILINE,
)
"""Never over the end of a line, and no two parts that share a space: what is no sheet costs one look a sign."""
BACKUP = re.compile(r"AGE-SECRET-KEY-1[A-Z0-9]{58}")
MEANT = str.maketrans("018", "OIB")


class WrongLine(Exception):
    """This line does not fit its own check, or is not there. `is_last`: or a line before it is of another sheet."""

    def __init__(self, number: int, *, is_last: bool = False) -> None:
        super().__init__(number)
        self.number, self.is_last = number, is_last


class NoKey(Exception):
    """There is no key in this text."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet holds. `backup`: an age identity; empty when it has none."""

    data: bytes
    backup: str = ""


def lines_of(key: bytes) -> tuple[str, ...]:
    """The key in groups, a line per ten bytes, without the numbers."""
    pieces = [key[start : start + LINE_BYTES] for start in range(0, len(key), LINE_BYTES)]
    checks = [_check(number, piece) for number, piece in enumerate(pieces[:-1], 1)]
    checks.append(_check(len(pieces), key))
    return tuple(grouped(_base32(piece) + check) for piece, check in zip(pieces, checks, strict=True))


def read(text: str) -> Sheet:
    """The keys in a text that was typed or loaded. Raises WrongLine or NoKey."""
    found: dict[int, str] = {}
    for number, groups in LINE.findall(text):
        found.setdefault(int(number or len(found) + 1), re.sub(r"[\s-]", "", groups).upper().translate(MEANT))
    if 1 not in found:
        raise NoKey
    key, last = b"", max(found)
    for number in range(1, last + 1):
        piece, check = _parts(number, found.get(number, ""))
        key += piece
        if check != _check(number, piece) and not (number == last and check == _check(number, key)):
            raise WrongLine(number, is_last=number == last and len(key) in LENGTHS)
    if len(key) not in LENGTHS:
        raise WrongLine(last + 1 if len(key) % LINE_BYTES == 0 else last)
    return Sheet(key, backup_key_in(text))


def backup_key_in(text: str) -> str:
    """The age identity in a text; empty when there is none."""
    found = BACKUP.search(re.sub(r"\s", "", text).upper())
    return found[0] if found else ""


def _parts(number: int, signs: str) -> tuple[bytes, str]:
    """The bytes of a line, and its check. Raises WrongLine when there are none."""
    body, check = signs[:-CHECK_SIGNS], signs[-CHECK_SIGNS:]
    try:
        piece = base64.b32decode(body + "=" * (-len(body) % 8))
    except (binascii.Error, ValueError) as error:
        raise WrongLine(number) from error
    if not piece:
        raise WrongLine(number)
    return piece, check


def _check(number: int, data: bytes) -> str:
    return _base32(hashlib.sha256(b"%d:" % number + data).digest())[:CHECK_SIGNS]


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode("ascii").rstrip("=")


def grouped(signs: str) -> str:
    """In groups of four, as a long key is printed."""
    return " ".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))
