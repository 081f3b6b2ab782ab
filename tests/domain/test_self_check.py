"""What a coach looks back on: each flag from where it comes."""

from __future__ import annotations

from datetime import date

import pytest

from planner.domain.notes import NoteContent
from planner.domain.self_check import OF_PROGRAMME, OF_WALK, SENTENCES, Look, Programme, of_programme, of_walk

FULL = NoteContent(felt_text="rust", tool_text="zuchten", home_step="tien minuten buiten")
CALM = Programme(10, date(2027, 2, 1), every_week=False)


def seen(looks: tuple[Look, ...]) -> dict[str, bool | None]:
    return {look.code: look.seen for look in looks}


@pytest.mark.parametrize(
    ("setting", "note", "expected"),
    [
        ("outdoors", FULL, (True, True, True, True)),
        ("online", FULL, (False, True, True, True)),
        ("outdoors", NoteContent(), (True, False, False, False)),
        ("outdoors", NoteContent(tool_exercise_id=3), (True, True, False, False)),
        ("outdoors", NoteContent(next_focus="nee zeggen"), (True, False, True, False)),
        ("outdoors", NoteContent(home_step="  ", felt_text=" "), (True, False, False, False)),
        ("indoors", None, (False, None, None, None)),
    ],
)
def test_the_walk(setting: str, note: NoteContent | None, expected: tuple[bool | None, ...]) -> None:
    assert tuple(seen(of_walk(setting, note)).values()) == expected


@pytest.mark.parametrize(
    ("programme", "note", "expected"),
    [
        (CALM, FULL, (True, True, True, True)),
        (Programme(13, None, every_week=True), FULL, (False, False, False, True)),
        (Programme(12, None, every_week=False), None, (True, False, True, None)),
        (CALM, NoteContent(next_focus="Waarom voel je dit? Schrijf het op."), (True, True, True, False)),
        (CALM, NoteContent(home_step="Ask why it is hard?"), (True, True, True, False)),
        (CALM, NoteContent(home_step="Schrijf op waarom je wandelt."), (True, True, True, True)),
        (CALM, NoteContent(felt_text="Waarom ik?"), (True, True, True, True)),  # the client's own question
    ],
)
def test_the_programme(
    programme: Programme, note: NoteContent | None, expected: tuple[bool | None, ...]
) -> None:
    assert tuple(seen(of_programme(programme, note)).values()) == expected


def test_whatever_is_found_has_its_sentence() -> None:
    looks = [
        look
        for note in (None, FULL, NoteContent())
        for setting in ("outdoors", "online")
        for programme in (CALM, Programme(13, None, every_week=True))
        for look in (*of_walk(setting, note), *of_programme(programme, note))
    ]
    why = of_programme(CALM, NoteContent(next_focus="Waarom?"))
    assert {look.sentence for look in (*looks, *why)} == set(SENTENCES)
    assert tuple(dict.fromkeys(look.code for look in looks)) == (*OF_WALK, *OF_PROGRAMME)
