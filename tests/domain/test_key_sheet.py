"""A key on paper comes back as it was, or the line that is wrong is named."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.key_sheet import NoKey, Sheet, WrongLine, grouped, lines_of, read

KEYS = st.sampled_from((32, 64)).flatmap(lambda size: st.binary(min_size=size, max_size=size))
KEY = bytes(range(64))
BACKUP = "AGE-SECRET-KEY-1" + "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE"


def printed(key: bytes, numbers: bool = True) -> str:
    lines = enumerate(lines_of(key), 1)
    return "\n".join(f"  {number}  {line}" if numbers else line for number, line in lines)


@settings(max_examples=30)
@given(KEYS, st.booleans())
def test_there_and_back(key: bytes, numbers: bool) -> None:
    text = f"Sleutels, 23-11-2026\n\nDe sleutel:\n{printed(key, numbers)}\n\nTerugzetten: zie de gids.\n"
    assert read(text) == Sheet(key)


@pytest.mark.parametrize(
    "typed",
    [str.lower, lambda t: t.replace("O", "0").replace("I", "1").replace("B", "8"), lambda t: t.replace("\n", "\r\n"),
     lambda t: re.sub(r"^  (\d)  ", r"\1. ", t, flags=re.MULTILINE), lambda t: t.replace("  ", "\t")],
    ids=["small", "digits", "windows", "dots", "tabs"],
)  # fmt: skip
def test_as_people_type(typed: object) -> None:
    assert read(typed(printed(KEY))).data == KEY  # type: ignore[operator]


@settings(max_examples=30)
@given(KEYS, st.data())
def test_a_wrong_sign_is_found_in_its_line(key: bytes, data: st.DataObject) -> None:
    lines = list(lines_of(key))
    number = data.draw(st.integers(0, len(lines) - 2))
    place = data.draw(st.sampled_from([i for i, sign in enumerate(lines[number]) if sign != " "]))
    other = data.draw(
        st.sampled_from([s for s in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if s != lines[number][place]])
    )
    lines[number] = lines[number][:place] + other + lines[number][place + 1 :]
    with pytest.raises(WrongLine) as wrong:
        read("\n".join(f"{n}  {line}" for n, line in enumerate(lines, 1)))
    assert wrong.value.number == number + 1


@pytest.mark.parametrize(("gone", "named"), [(2, 2), (6, 6), (7, 7)])
def test_a_line_that_is_not_there_is_named(gone: int, named: int) -> None:
    lines = printed(KEY).splitlines()
    with pytest.raises(WrongLine) as wrong:
        read("\n".join(lines[: gone - 1] + lines[gone:]))
    assert wrong.value.number == named


def test_a_wrong_line_where_the_sheet_is_cut_short_speaks_for_itself_only() -> None:
    lines = printed(KEY).splitlines()[:5]
    with pytest.raises(WrongLine) as wrong:
        read("\n".join([*lines[:4], lines[4].replace(lines[4][-4:], "AAAA")]))
    assert (wrong.value.number, wrong.value.is_last) == (5, False), "no line above it is of another sheet"


OLDER = (
    "AAAQ EAYE AUDA OCAJ 5DBG\nBIFQ YDIO B4IB CEQT APPJ\nCQKR MFYY DENB WHA5 BI4A\nDYPS AIJC EMSC KJRH HJYK\n"
    "FAUS UKZM FUXC 6MBR FZH3\nGIZT INJW G44D SOR3 H7PK\nHQ6T 4PYC RVY"
)
"""KEY, as sheets were before the last line spoke for all of them."""


def test_a_sheet_of_before_is_read() -> None:
    assert read(OLDER).data == KEY and printed(KEY, numbers=False) != OLDER


def test_lines_of_two_sheets_are_no_key() -> None:
    """Those of before and after the keys were changed lie in one drawer for 35 days."""
    other = bytes(range(100, 132)) + KEY[32:]
    for number in range(len(lines_of(KEY))):
        lines = list(lines_of(KEY))
        if lines[number] == lines_of(other)[number]:
            continue
        lines[number] = lines_of(other)[number]
        with pytest.raises(WrongLine) as wrong:
            read("\n".join(lines))
        assert (wrong.value.number, wrong.value.is_last) == (7, True), number


LONG = [
    "\n" * 400_000,
    " " * 400_000,
    "1" + " " * 400_000 + "!",
    "ABCD" + " " * 400_000 + "!",
    "ABCD" + " -" * 200_000 + "!",
    "1 \n" * 100_000,
]


def test_what_is_no_sheet_is_seen_at_once() -> None:
    """In a process of its own, which is ended when it thinks for minutes."""
    code = "import sys; from planner.domain import key_sheet; print(key_sheet.LINE.findall(sys.stdin.read()))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input="\n".join(LONG),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("text", ["", "geen sleutel", "2  ABCD EFGH IJKL MNOP QRST", BACKUP])
def test_no_key(text: str) -> None:
    with pytest.raises(NoKey):
        read(text)


def test_the_key_of_the_backups_in_groups_or_not() -> None:
    for way in (BACKUP, BACKUP.lower(), grouped(BACKUP)):
        assert read(f"{printed(KEY)}\n\nReservekopieën:\n  {way}\n\nTot zover.\n") == Sheet(KEY, BACKUP)
