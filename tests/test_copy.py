"""Our own words make no claim we cannot keep, ask no why, and say nothing about health where others can read along."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from planner.formats import ical
from tests import copy_lint
from tests.copy_lint import ALLOWED, CLAIMS, MAY_SAY, PLANNER, PROMISES, WHY

SAMPLES = [
    (rule.id, language, sample)
    for rule in (*CLAIMS, *PROMISES, WHY)
    for language in ("nl", "en")
    for sample in getattr(rule, language)
]


def test_every_claim_has_a_rule_with_a_sample_in_both_languages() -> None:
    assert [rule.id for rule in CLAIMS] == [f"C-{number:02d}" for number in range(1, 17)]
    for rule in (*CLAIMS, *PROMISES, WHY):
        assert rule.nl, rule.id
        assert rule.en, rule.id


@pytest.mark.parametrize(("rule", "language", "sample"), SAMPLES)
def test_the_lint_catches(rule: str, language: str, sample: str) -> None:
    assert rule in {one.rule for one in copy_lint.violations(sample)}
    assert rule in {one.rule for one in copy_lint.violations(f"Eerst dit.\n  {sample.upper()}\n Dan dat.")}


@pytest.mark.parametrize("sentence", MAY_SAY)
def test_the_lint_lets_pass(sentence: str) -> None:
    assert copy_lint.violations(sentence) == []


def test_no_text_of_ours_makes_a_claim() -> None:
    pieces = list(copy_lint.sources())
    assert len(pieces) > 500, "the lint must see the texts"
    wrong = [
        f"{source}: {violation.rule}: …{violation.around}…"
        for source, text in pieces
        for violation in copy_lint.violations(text)
        if not copy_lint.is_allowed(source, violation)
    ]
    assert not wrong, "\n".join(sorted(set(wrong)))


def test_one_allowed_occurrence_does_not_hide_another() -> None:
    allowed = ALLOWED[0]
    text = f"{allowed.words}. {'En nog iets anders dat hier staat. ' * 4} Lopen breekt cortisol af."
    left = [one for one in copy_lint.violations(text) if not copy_lint.is_allowed(allowed.source, one)]
    assert {one.rule for one in left} == {"C-01", "C-06"}


def test_every_allowed_occurrence_still_occurs() -> None:
    pieces = list(copy_lint.sources())
    for allowed in ALLOWED:
        assert any(source.endswith(allowed.source) and allowed.words in text for source, text in pieces), (
            allowed
        )
        assert allowed.reason


def test_a_claim_in_any_kind_of_file_is_seen(tmp_path: Path) -> None:
    claim = "Lopen breekt cortisol af."
    files = {
        "translations/nl/LC_MESSAGES/messages.po": f'msgid ""\nmsgstr ""\n\nmsgid "Walk"\nmsgstr "{claim}"\n',
        "toolkit/texts.yaml": f'texts:\n  one: {{nl: ["{claim}"]}}\n',
        "templates/walks/plan.html": f"<p>{{# Why? #}}{{{{ _('{claim}') }}}}</p>",
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(content, "utf-8")
    seen = {name for name, text in copy_lint.sources(tmp_path) if copy_lint.violations(text)}
    assert seen == set(files)
    why = [text for _, text in copy_lint.sources(tmp_path) if list(WHY.finditer(text))]
    assert why == [], "a comment for developers is not a prompt"


FORBIDDEN = (
    "burn-out", "burnout", "overspannen", "depressie", "angst", "trauma", "therapie", "psycholoog", "klachten",
    "diagnose", "medicijnen", "energiecijfer", "spanning", "screening", "verslag", "ziek", "ziekte",
    "depression", "anxiety", "therapist", "complaint", "sick", "illness", "tension",
)  # fmt: skip


@pytest.mark.parametrize("word", FORBIDDEN)
def test_words_that_may_not_leave_the_house_are_seen(word: str) -> None:
    assert copy_lint.forbidden_outside(f"Je {word.capitalize()} van donderdag")


def test_a_good_reminder_passes() -> None:
    reminder = "Herinnering: wandelafspraak donderdag 14 mei, 10:00, parkeerplaats Bosrand. Tot dan! Anna"
    assert copy_lint.forbidden_outside(reminder) == []
    assert copy_lint.forbidden_outside("Wandelafspraak") == []


def test_titles_and_meta_tags_are_found() -> None:
    page = '<head><title>Je verslag</title><meta name="description" content="therapie"></head><h1>Ziek</h1><p>angst</p>'
    assert set(copy_lint.forbidden_outside(copy_lint.metadata(page))) == {"therap", "verslag", "Ziek"}


def _client_templates() -> list[Path]:
    found = [*PLANNER.glob("templates/personal/**/*.html"), *PLANNER.glob("templates/personal*.html")]
    return sorted(found)


def _outgoing_templates() -> list[Path]:
    return sorted(
        path
        for folder in ("messages", "mail", "outgoing")
        for path in PLANNER.glob(f"templates/{folder}/**/*")
        if path.is_file()
    )


def test_the_clients_pages_and_outgoing_texts_are_neutral() -> None:
    for path in _client_templates():
        assert copy_lint.forbidden_outside(copy_lint.metadata(path.read_text("utf-8"))) == [], path
    for path in _outgoing_templates():
        assert copy_lint.forbidden_outside(copy_lint.of_template(path.read_text("utf-8"))) == [], path


def test_a_calendar_adds_no_word_of_its_own_about_health() -> None:
    event = ical.WalkEvent(
        uid="a@b",
        sequence=0,
        starts_local=datetime(2026, 12, 1, 10),
        minutes=40,
        summary="Wandeling",
        last_modified_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    assert copy_lint.forbidden_outside(ical.one_walk(event).decode()) == []
