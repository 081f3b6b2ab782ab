"""Every code of the rules has words, in both languages."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from babel.messages.pofile import read_po
from flask import render_template_string

import planner.domain
import planner.formats
from planner.domain import (
    answers,
    audit,
    busy,
    clients,
    closed_hour,
    exercises,
    free_time,
    lengths,
    letters,
    line_edits,
    loops,
    messages,
    needs,
    notes,
    phases,
    photos,
    plan_checks,
    privacy,
    progress,
    reasons,
    reports,
    reviews,
    roles,
    route_filter,
    route_fit,
    route_needs,
    route_wish,
    routes,
    screening,
    self_check,
    series,
    sharing,
    slot_gains,
    storm,
    suggestion_why,
    timetable,
    timing,
    walks,
    waypoints,
    weather,
    weather_watch,
    what_helps,
)
from planner.domain.weather_values import REASON_CODES, Reason, Verdict
from planner.formats import contacts, gpx_values
from planner.services.people.colleagues import STANDINGS
from planner.web import wording, wording_sentences
from planner.web.icons import NAMES, icon
from planner.web.wording_words import ICONS, WORDS
from tests.web.library import PLANNER, small_app

VERDICTS = ("go", "adapt", "move", "unknown")
GROUPS = {
    "reason": reasons.REASONS,
    "mark": ("0", "1", "2", "3"),
    "verdict": VERDICTS,
    "setting": exercises.SETTINGS,
    "status": walks.STATUSES,
    "client_status": clients.STATUSES,
    "role": roles.ROLES,
    "role_does": roles.ROLES,
    "letter": letters.NOTICES,
    "letter_advice": letters.NOTICES,
    "letter_subject": (*letters.WITH_LINK, "notice"),
    "standing": STANDINGS,
    "not_possible": roles.NOT_POSSIBLE,
    "feed_titles": sharing.FEED_TITLES,
    "outcome": notes.OUTCOMES,
    "phase": exercises.PHASES,
    "segment": timing.SEGMENTS,
    "kind": exercises.KINDS,
    "place": exercises.PLACES,
    "demand": exercises.DEMANDS,
    "weather": exercises.WEATHER,
    "caution": exercises.CAUTIONS,
    "waypoint": waypoints.KINDS,
    "theme": clients.THEMES,
    "environment": routes.ROUTE_TAGS,
    "compass": loops.COMPASS,
    "line_from": tuple(routes.LINE_CREDITS),
    "quietness": routes.QUIETNESS,
    "privacy_level": routes.PRIVACY_LEVELS,
    "shelter": routes.SHELTER,
    "parking": routes.PARKING,
    "greenness": routes.GREENNESS,
    "noise": routes.NOISE,
    "sound": routes.SOUNDS,
    "openness": routes.OPENNESS,
    "bus": routes.BUS,
    "dogs": routes.DOGS,
    "cyclists": routes.CYCLISTS,
    "reception": routes.RECEPTION,
    "route_wish": route_filter.WISHES,
    "day": routes.DAYS,
    "photo_problem": photos.PHOTO_PROBLEMS,
    "day_part": routes.DAY_PARTS,
    "cancel_reason": walks.CANCEL_REASONS,
    "cancel_reason_of_all": walks.CANCEL_REASONS,
    "which": series.WHICH,
    "skip": series.SKIPS,
    "weather_wish": clients.WEATHER_WISHES,
    "accessibility": clients.ACCESSIBILITY,
    "route_need": route_needs.ROUTE_NEEDS,
    "help_kind": clients.HELP_KINDS,
    "change": clients.CHANGES,
    "worked": notes.WORKED,
    "acquaintances": clients.ACQUAINTANCES,
    "consent": clients.CONSENT_PURPOSES,
    "body_signal": notes.BODY_SIGNALS,
    "analysis_share": notes.ANALYSIS_SHARES,
    "practice_setting": notes.PRACTICE_SETTINGS,
    "lifestyle": notes.LIFESTYLE,
    "note_part": notes.NOTE_PARTS,
    "home_step_result": notes.HOME_STEP_RESULTS,
    "self_check": self_check.SENTENCES,
    "helps_kind": what_helps.ROUTE_KINDS,
    "report_part": reports.REPORT_PARTS,
    "talk": (progress.THREE_MONTHS, progress.SIX_MONTHS),
    "earlier_help": clients.EARLIER_HELP_RESULTS,
    "intake": tuple(question.code for question in clients.INTAKE_QUESTIONS),
    "language": clients.LANGUAGES,
    "screening_level": screening.LEVELS,
    "hold": screening.HOLDS,
    "clothes": weather.CLOTHES,
    "surface": routes.SURFACES,
    "length": answers.LENGTHS,
    "walk_length": answers.LENGTHS,
    "way": lengths.WAYS,
    "entry": timetable.ENTRIES,
    "check_in": answers.CHECK_IN,
    "sign": answers.SIGNS,
    "page_ask": answers.PAGE_ASKS,
    "message_kind": messages.KINDS,
    "message_state": messages.STATES,
    "message_reason": messages.REASONS,
    "mail_problem": needs.MAIL_PROBLEMS,
    "calendar_kind": busy.CALENDAR_KINDS,
    "calendar_problem": busy.CALENDAR_PROBLEMS,
    "weather_line": weather_watch.WEATHER_LINES,
    "storm_choice": storm.STORM_CHOICES,
    "storm_problem": storm.STORM_PROBLEMS,
    "phase_hint": phases.HINT_CODES,
    "review": reviews.VERDICTS,
    "measure": reviews.MEASURES,
    "measure_change": reviews.CHANGES,
    "horizon": reviews.HORIZON_RESULTS,
    "review_kind": progress.REVIEW_KINDS,
    "evaluation": progress.EVALUATIONS,
    "taken_by": progress.TAKEN_BY,
    "line_change": line_edits.LINE_CHANGES,
    "drawing_refused": line_edits.DRAWING_REFUSALS,
    "audit_actor": audit.ACTORS,
    "audit_deed": audit.DEEDS,
    "audit_thing": audit.THINGS,
    "request_kind": privacy.REQUEST_KINDS,
    "register": privacy.REGISTERS,
    "risk": privacy.RISKS,
    "kept_part": privacy.KEPT_PARTS,
    "contact_problem": contacts.CONTACT_PROBLEMS,
    "check_done": privacy.CHECKS,
    "check_to_do": privacy.CHECKS,
}
SENTENCES = {
    "PLAN": (*plan_checks.RANKED, *timing.HINTS),
    "WHY": suggestion_why.WHY,
    "ROUTE_WHY": route_wish.ROUTE_WHY,
    "GAIN": slot_gains.GAINS,
    "HINDRANCE": free_time.HINDRANCES,
    "NO_ROUTE": route_fit.HINDRANCES,
    "CLOSED": closed_hour.CLOSED,
    "GPX_REFUSED": gpx_values.REFUSALS,
    "GPX_WARNING": gpx_values.WARNINGS,
}
WORDLESS = {  # lists that no person reads, whose words stand in the texts, and parts of longer lists
    "ENVIRONMENT_TAGS", "TALKING", "HINTS", "ANSWERS", "EVIDENCE_LEVELS", "EVIDENCE_DIRECTIONS",
    "UNITS", "ASKED", "FOR", "AGAINST", "REPEATED", "RECOVERY_PHASES", "HEALTH_FLAGS", "REASON_CODES", "PIN_HINTS",
    "FOR_GOOD", "WITH_LINK", "DEFAULT_PARTS", "USUAL_PARTS", "OF_WALK", "OF_PROGRAMME",
}  # fmt: skip


def all_strings() -> Iterator[str]:
    for group in WORDS.values():
        yield from (source(text) for text in group.values())
    for name in (*SENTENCES, "WEATHER", "LIMIT_AMONG", "GAIN_NUMBERS", "NO_ROOM", "DROP"):
        yield from (source(text) for text in getattr(wording_sentences, name).values())
    yield from (source(wording_sentences.LIMIT), source(wording_sentences.ESTIMATED))


def source(lazy: object) -> str:
    """The English of a lazy text, whatever the page's language."""
    return str(lazy._args[0])  # type: ignore[attr-defined]


@pytest.fixture(params=["nl", "en"])
def lang(request: pytest.FixtureRequest) -> Iterator[str]:
    with small_app().test_request_context(f"/?l={request.param}"):
        yield request.param


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_each_code_of_a_group_has_a_word_and_each_word_a_code(group: str) -> None:
    assert set(WORDS[group]) == set(GROUPS[group])


def test_no_group_without_codes() -> None:
    assert set(WORDS) == {*GROUPS, "sky"}


@pytest.mark.parametrize("table", sorted(SENTENCES))
def test_each_code_with_numbers_has_a_sentence(table: str) -> None:
    assert set(getattr(wording_sentences, table)) == set(SENTENCES[table])


def vocabularies() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every tuple of words in the pure layers: CODES = ("a", "b")."""
    for package in (planner.domain, planner.formats):
        for found in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{found.name}")
            for name, value in vars(module).items():
                tuples = name.isupper() and not name.startswith("_") and isinstance(value, tuple) and value
                if tuples and all(isinstance(one, str) for one in value):
                    yield name, value


def test_a_new_list_of_codes_cannot_stay_without_words() -> None:
    worded = {frozenset(codes) for codes in (*GROUPS.values(), *SENTENCES.values())}
    found = list(vocabularies())
    assert len(found) > 20
    missing = [name for name, codes in found if name not in WORDLESS and frozenset(codes) not in worded]
    assert not missing


def test_every_text_stands_in_both_catalogues() -> None:
    for lang in ("nl", "en"):
        with (PLANNER / "translations" / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
            catalogue = read_po(file, locale=lang)
        wanted = set(all_strings())
        known = {message.id for message in catalogue if message.string}
        assert not wanted - known
        for text in wanted:
            said = catalogue[text].string
            assert sorted(re.findall(r"%(?:\(\w+\)s|%)", text)) == sorted(
                re.findall(r"%(?:\(\w+\)s|%)", said)
            ), text


def test_no_catalogue_keeps_what_nobody_says() -> None:
    """Each text of the catalogues stands in a source, whole; in Python perhaps on more than one line."""
    files = [file for kind in ("py", "html", "txt") for file in PLANNER.rglob(f"*.{kind}")]
    source = "\n".join(file.read_text("utf-8") for file in files)
    said = re.sub(r'"\s*\n\s*"', "", source).replace("\\", "")
    for lang in ("nl", "en"):
        file = PLANNER / "translations" / lang / "LC_MESSAGES" / "messages.po"
        texts = re.findall(
            r'^msgid(?:_plural)? "(.+)"$', file.read_text("utf-8").replace('"\n"', ""), re.MULTILINE
        )
        assert not [one for one in texts if one.replace("\\", "") not in said], lang


def test_dutch_is_dutch() -> None:
    """A text left in English would show itself by being the same; these few really are."""
    same = {
        "Online", "Park", "Water", "Toilet", "Café", "Coach", "Indirect", "diabetes", "balance",
    }  # fmt: skip
    with (PLANNER / "translations" / "nl" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale="nl")
    assert {text for text in all_strings() if catalogue[text].string == text} <= same


def test_tone() -> None:
    """No exclamation marks, no blame."""
    with (PLANNER / "translations" / "nl" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale="nl")
    for text in all_strings():
        said = f"{text} {catalogue[text].string}".lower()
        assert not re.search(r"!|ongeldig|invalid|helaas|verboden|gemist", said), text


def test_an_unknown_code_or_icon_is_an_error_not_a_gap(lang: str) -> None:
    with pytest.raises(KeyError):
        wording.word("outcome", "vanished")
    with pytest.raises(LookupError):
        icon("unicorn")


def test_every_icon_that_is_named_exists() -> None:
    for name in NAMES:
        drawing = str(icon(name))
        assert 'aria-hidden="true"' in drawing and "<script" not in drawing and "style=" not in drawing
    assert {name for group in ICONS.values() for name in group.values()} <= NAMES
    for group, names in ICONS.items():
        if group in WORDS:
            assert set(names) == set(WORDS[group])
    assert set(ICONS["weather_reason"]) == set(REASON_CODES)


def test_a_verdict_carries_its_hooks(lang: str) -> None:
    at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    verdict = Verdict(
        "move", True, (Reason("gust", "move", 76.4, 75.0, "km/h", at, True), Reason("missing", "unknown"))
    )
    page = render_template_string('{% from "parts/verdict.html" import verdict %}{{ verdict(v) }}', v=verdict)
    assert 'data-verdict="move" data-provisional="true"' in page
    assert (
        'data-reason="gust" data-value="76.4" data-limit="75" data-unit="km/h" data-estimated="true"' in page
    )
    assert 'data-reason="missing">' in page
