"""What is kept of a walk in its note, and when a note closes."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain import notes
from planner.domain.notes import (
    BoundaryMoment,
    NoPractice,
    NoteContent,
    Practised,
    may_close,
    may_reopen,
    status_after,
)
from planner.domain.reasons import REASONS

CONTRACT_NOTE = (
    "energy_week", "functioning_week", "energy_before", "energy_after", "tension_before", "tension_after",
    "movement", "practice", "feeling", "environment", "felt_text", "movement_text", "practice_text",
    "feeling_text", "environment_text", "home_step", "home_step_result", "show_home_step", "next_focus",
)  # fmt: skip
words = st.text(max_size=20)
contents = st.builds(
    NoteContent,
    energy_week=st.none() | st.integers(0, 10),
    movement=st.none() | st.integers(0, 3),
    felt_text=words,
    practised=st.lists(
        st.builds(Practised, st.integers(1, 2**63 - 1), st.none() | st.sampled_from(notes.WORKED)),
        max_size=3,
    ).map(tuple),
    tool_exercise_id=st.none() | st.integers(1, 2**63 - 1),
    tool_text=words,
    body_before=st.lists(st.sampled_from(notes.BODY_SIGNALS), max_size=3, unique=True).map(tuple),
    boundary=st.builds(BoundaryMoment, request=words, tension=st.none() | st.integers(0, 10)),
    no_practice=st.builds(NoPractice, words, st.none() | st.sampled_from(notes.PRACTICE_SETTINGS)),
)


@given(contents)
def test_a_note_comes_back_as_it_was(note: NoteContent) -> None:
    assert msgspec.json.decode(msgspec.json.encode(note), type=NoteContent) == note


def test_the_note_has_every_field_of_the_contract() -> None:
    assert set(CONTRACT_NOTE) <= {field.name for field in fields(NoteContent)}


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("walked", "done"),
        ("no_show", "done"),
        ("cancelled_in_time", "cancelled"),
        ("cancelled_late", "cancelled"),
        ("weather", "cancelled"),
        ("ill", "cancelled"),
    ],
)
def test_status_after(outcome: str, status: str) -> None:
    assert status_after(outcome) == status
    assert may_close(outcome, NoteContent()) is (outcome != "walked")
    assert may_close(outcome, NoteContent(tool_text="drie zuchten"))
    assert may_close(outcome, NoteContent(tool_exercise_id=5))


def test_what_does_not_close_a_note() -> None:
    assert not may_close(None, NoteContent(tool_text="drie zuchten"))
    assert not may_close("walked", NoteContent(tool_text="   "))
    with pytest.raises(ValueError, match="outcome"):
        status_after("gone")
    assert {status_after(outcome) for outcome in notes.OUTCOMES} == {"done", "cancelled"}


def test_filled_names_what_says_something() -> None:
    assert NoteContent().filled == ()
    assert NoteContent(energy_after=0, felt_text="warm").filled == ("energy_after", "felt_text")
    assert NoteContent(show_home_step=True).filled == ("show_home_step",)


def test_marks_are_the_four_reasons() -> None:
    note = NoteContent(movement=2, environment=0)
    assert note.marks == {"movement": 2, "practice": None, "feeling": None, "environment": 0}
    assert tuple(note.marks) == REASONS


def test_every_field_beyond_the_eight_taps_is_in_one_part() -> None:
    """A new field belongs to the taps or to a part."""
    assert tuple(notes.PART_FIELDS) == notes.NOTE_PARTS
    asked = [name for names in notes.PART_FIELDS.values() for name in names]
    assert len(asked) == len(set(asked))
    always = {"insight_text", "practised", "tool_exercise_id", "tool_text", *CONTRACT_NOTE} - {"felt_text"}
    assert {field.name for field in fields(NoteContent)} == set(asked) | always


@pytest.mark.parametrize(
    ("kept", "parts"),
    [
        (None, notes.DEFAULT_PARTS),
        ("", ()),
        ("body felt", ("felt", "body")),
        ("felt gone", ("felt",)),
    ],
)
def test_the_parts_a_coach_chose(kept: str | None, parts: tuple[str, ...]) -> None:
    assert notes.read_parts(kept) == parts
    assert notes.read_parts(notes.write_parts(reversed(parts))) == parts
    assert len(notes.write_parts(notes.NOTE_PARTS)) <= 200, "it fits its column"


def test_the_parts_that_hold_something() -> None:
    assert NoteContent(energy_before=3, home_step="stap").parts == frozenset()
    note = NoteContent(boundary=BoundaryMoment(tension=0), minutes_still=0, lifestyle=("eaten",))
    assert note.parts == {"boundary", "minutes", "lifestyle"}


def test_what_says_nothing_by_itself_is_half() -> None:
    assert BoundaryMoment(tension=0).is_half
    assert not BoundaryMoment().is_half and not BoundaryMoment(limit="stop").is_half
    assert not BoundaryMoment(tension=6, body_place="buik").is_half
    assert NoPractice(setting="role_play").is_half and NoPractice(result="rust").is_half
    assert not NoPractice().is_half and not NoPractice("nee").is_half


def test_what_a_note_gives_to_think_of() -> None:
    assert NoteContent(insight_text="ik ren door").insight_without_step
    assert not NoteContent(insight_text="ik ren door", home_step="stilstaan").insight_without_step
    assert not NoteContent(insight_text=" ").insight_without_step
    assert [NoteContent(analysis_share=one).mostly_analysis for one in (None, *notes.ANALYSIS_SHARES)] == [
        False, False, False, True,
    ]  # fmt: skip
    assert NoteContent(body_after=("calm", "chest_tight")).has_tight_chest
    assert NoteContent(body_before=("chest_tight",)).has_tight_chest
    assert not NoteContent(body_before=("neck",)).has_tight_chest


def test_closing_is_undone_for_a_quarter_of_an_hour() -> None:
    closed = datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert may_reopen(closed, closed) and may_reopen(closed, closed + notes.REOPEN_WITHIN)
    assert not may_reopen(closed, closed + notes.REOPEN_WITHIN + timedelta(seconds=1))
