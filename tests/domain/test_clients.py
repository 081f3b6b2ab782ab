"""What is kept of a client, and the rules that look at it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import msgspec
import pytest

from planner.domain import clients
from planner.domain.clients import (
    INTAKE_QUESTIONS,
    ClientDetails,
    ClientName,
    HealthDetails,
    PriorHelp,
    Recognition,
    client_facts,
    earlier_help,
    intake_asked,
)
from planner.domain.exercises import CAUTIONS, ClientFacts
from planner.domain.notes import BoundaryMoment, NoPractice, NoteContent, Practised

EVERYTHING = (
    ClientName,
    ClientDetails,
    HealthDetails,
    NoteContent,
    PriorHelp,
    Practised,
    Recognition,
    BoundaryMoment,
    NoPractice,
)


def test_details_come_back_as_they_were() -> None:
    health = HealthDetails(
        prior_help=(PriorHelp("psychologist", date(2026, 1, 31), "no", "a_bit"),),
        reason_recognition=Recognition(movement=3),
        themes=("work_pressure",),
    )
    details = ClientDetails(planned_end_on=date(2027, 3, 1), environment_likes=("forest",))
    assert msgspec.json.decode(msgspec.json.encode(health), type=HealthDetails) == health
    assert msgspec.json.decode(msgspec.json.encode(details), type=ClientDetails) == details


def test_an_older_text_still_opens() -> None:
    assert msgspec.json.decode(b"{}", type=NoteContent) == NoteContent()
    assert msgspec.json.decode(b"{}", type=HealthDetails) == HealthDetails()
    assert msgspec.json.decode(b"{}", type=ClientDetails) == ClientDetails()


def test_of_nobody_is_kept_what_we_do_not_need() -> None:
    """P05: no birth date, address, BSN, insurer, diagnosis."""
    names = {field.name for kind in EVERYTHING for field in fields(kind)}
    for banned in (
        "birth",
        "born",
        "age",
        "address",
        "street",
        "postcode",
        "bsn",
        "insur",
        "diagnos",
        "medic",
        "history",
    ):
        assert not [name for name in names if banned in name.split("_") or name.startswith(banned)]


def test_at_most_twelve_intake_questions_and_no_life_history() -> None:
    assert len(INTAKE_QUESTIONS) <= clients.MAX_INTAKE_QUESTIONS == 12
    assert len({question.code for question in INTAKE_QUESTIONS}) == len(INTAKE_QUESTIONS)
    asked = [name for question in INTAKE_QUESTIONS for name in question.fields]
    assert len(set(asked)) == len(asked), "no field is asked twice"
    kept = {field.name for field in fields(ClientDetails)} | {field.name for field in fields(HealthDetails)}
    assert set(asked) <= kept
    not_asked = kept - set(asked)
    assert not_asked == {"email", "phone", "coach_notes", "recovery_phase"}


def test_questions_about_health_are_those_that_fill_health_details() -> None:
    health = {field.name for field in fields(HealthDetails)}
    for question in INTAKE_QUESTIONS:
        assert question.about_health is bool(set(question.fields) & health), question.code
        assert set(question.fields) <= health or not set(question.fields) & health


def test_the_practice_chooses_what_is_asked() -> None:
    usual = intake_asked(None)
    assert 0 < len(usual) < len(INTAKE_QUESTIONS)
    assert intake_asked(()) == ()
    assert [one.code for one in intake_asked(["goal", "themes", "gone"])] == ["themes", "goal"]


def test_health_flags_are_the_cautions_of_exercises() -> None:
    assert clients.HEALTH_FLAGS == CAUTIONS
    for name, codes in vars(clients).items():
        if name.isupper() and isinstance(codes, tuple) and all(isinstance(code, str) for code in codes):
            assert len(set(codes)) == len(codes), name


@pytest.mark.parametrize(
    ("months", "energy", "functioning", "result"),
    [
        # domain.md 3.5, prior_help_cases
        (6, "no", "no", "discuss_other_approach"),
        (2, "no", "no", "too_early"),
        (6, "yes", "no", "mixed"),
        (6, "yes", "yes", "helping"),
        (None, "no", "no", "unknown"),
        # the edge, and answers in between
        (3, "no", "no", "discuss_other_approach"),
        (6, "a_bit", "no", "mixed"),
        (6, "a_bit", "a_bit", "helping"),
        (6, "unknown", "no", "unknown"),
        (0, "unknown", "no", "too_early"),
    ],
)
def test_earlier_help(months: int | None, energy: str, functioning: str, result: str) -> None:
    assert earlier_help(months, energy, functioning) == result
    assert result in clients.EARLIER_HELP_RESULTS


def test_earlier_help_counts_whole_months() -> None:
    since = PriorHelp("gp", date(2026, 8, 25), "no", "no")
    assert since.result(date(2026, 11, 24)) == "too_early"
    assert since.result(date(2026, 11, 25)) == "discuss_other_approach"
    assert replace(since, since_on=None).result(date(2026, 11, 25)) == "unknown"


def test_planning_knows_nothing_of_health_without_health_details() -> None:
    details = ClientDetails(max_minutes=30)
    assert client_facts(details, None) == ClientFacts(max_minutes=30)
    health = HealthDetails(health_flags=("pem",), recovery_phase="crisis")
    assert client_facts(details, health) == ClientFacts(frozenset({"pem"}), "crisis", 30)


def test_a_full_name_has_no_loose_space() -> None:
    assert ClientName("Sanne").full == "Sanne"
    assert ClientName("Sanne", "de Wit").full == "Sanne de Wit"
