"""Codes with numbers read as sentences, in both languages."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import get_template_attribute

from planner.domain import (
    free_time,
    plan_checks,
    route_fit,
    route_wish,
    slot_gains,
    suggestion_why,
    weather_symbols,
)
from planner.domain.route_wish import RouteWhy
from planner.domain.weather_values import REASON_CODES, UNITS, Reason
from planner.formats import gpx_values
from planner.web import wording, wording_sentences
from planner.web.icons import icon
from tests.web.library import small_app


@pytest.fixture(params=["nl", "en"])
def lang(request: pytest.FixtureRequest) -> Iterator[str]:
    with small_app().test_request_context(f"/?l={request.param}"):
        yield request.param


VERDICTS = ("go", "adapt", "move", "unknown")
NUMBERS = (None, -12.34, 0.0, 0.04, 49.6, 120.0)


def test_every_weather_reason_reads_as_a_sentence(lang: str) -> None:
    for code, unit, level, value, limit, estimated in itertools.product(
        REASON_CODES, UNITS, VERDICTS, NUMBERS, (None, 50.0), (False, True)
    ):
        said = wording.weather_reason(Reason(code, level, value, limit, unit, None, estimated))  # type: ignore[arg-type]
        assert re.match(r"[A-Z0-9-]", said) and said.endswith("."), said
        assert not re.search(r"%\(|%%|!|\(\)|None|nan|\.\.", said), said


READS = [
    (Reason("gust", "move", 76.4, 75.0, "km/h"), "Windstoten tot 76 km/u. Jouw grens is 75."),
    (Reason("gust", "adapt", 51.2, 50.0, "km/h", None, True), "Windstoten tot 51 km/u (geschat). Jouw grens is 50."),
    (Reason("rain", "move", 5.25, 4.0, "mm/h"), "5,2 mm regen in een uur. Jouw grens is 4."),
    (Reason("rain", "adapt", 0.04, None, "mm/6h"), "0,1 mm regen in zes uur."),
    (Reason("wind_chill", "adapt", -3.4, 0.0, "°C"), "Het voelt als -3 °C. Jouw grens is 0."),
    (Reason("daylight", "adapt", 12.4, 0.0, "min"), "De wandeling eindigt 12 minuten na zonsondergang."),
    (Reason("daylight", "move", 1.2, 0.0, "min"), "De wandeling eindigt in het donker: het is dan 1 minuut donker."),
    (Reason("daylight", "move", -2.0, 0, "min"), "De wandeling begint in het donker, 2 minuten voor het licht wordt."),
    (Reason("thunder", "move", 34.0, None, "%"), "De kans op onweer is 34%."),
    (Reason("thunder", "move"), "Rond deze tijd wordt onweer verwacht."),
    (Reason("uv", "adapt", 6.7, 6.0, "index"), "De zon is sterk, uv-index 7. Loop in de schaduw."),
    (Reason("fog", "move", 149.6, 200.0, "m"), "Mist: je ziet ongeveer 150 meter ver."),
    (Reason("gust", "move", 62.0, 60.0, "km/h", among="trees"),
     "Windstoten tot 62 km/u. Jouw grens onder bomen is 60."),
    (Reason("gust", "adapt", 42.0, 40.0, "km/h", among="dunes"),
     "Windstoten tot 42 km/u. Jouw grens in de duinen is 40."),
    (Reason("air", "adapt", 47.0, 40.0, "index"), "De lucht is minder schoon: index 47. Jouw grens is 40."),
    (
        Reason("grass_pollen", "move", 61.2, 50.0, "grains/m³"),
        "Graspollen: 61 korrels per kubieke meter. Jouw grens is 50.",
    ),
    (Reason("stale", "unknown", 7.3, 6.0, "h"), "De verwachting is 7 uur oud. Dat is te oud om op te bouwen."),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "said"), READS)
def test_a_reason_in_dutch(reason: Reason, said: str) -> None:
    with small_app().test_request_context("/?l=nl"):
        assert wording.weather_reason(reason) == said


def test_every_symbol_has_a_word_and_a_picture(lang: str) -> None:
    for symbol in weather_symbols.SYMBOLS:
        code = wording.sky_code(symbol) or wording.sky_code(f"{symbol}_day")
        assert code is not None, symbol
        assert wording.word("sky", code) and icon(wording.icon_of("sky", code))
    assert wording.sky_code("purplerain") is None and wording.sky_code(None) is None


def test_plan_warnings_say_what_and_which(lang: str) -> None:
    names = "needed over exercises available planned most talking green least buffer at begins latest"
    numbers = {f"{name}_min": 42.0 for name in names.split()}
    for code in plan_checks.RANKED:
        codes = ("rain",) if code == "spoiled_by_weather" else ("heart", "lungs")
        said = wording.plan_warning(plan_checks.PlanWarning(code, 7, codes, numbers), {7: "Voeten voelen"})
        assert "%(" not in said and said[-1] in ".?"
        assert ("Voeten voelen" in said) is (
            code in {"caution", "not_for_crisis", "wrong_setting", "spoiled_by_weather"} or "pin" in code
        )


def test_what_does_not_fit_says_what_to_leave_out(lang: str) -> None:
    titles = {1: "Drie bomen", 2: "Voeten voelen"}
    numbers = {"needed_min": 89, "buffer_min": 5, "over_min": 19, "won_min": 20, "left_min": 0}
    said = wording.plan_warning(
        plan_checks.PlanWarning("time_over", numbers=numbers, exercise_ids=(2, 1)), titles
    )
    assert ("“Voeten voelen” en “Drie bomen”" if lang == "nl" else "“Voeten voelen” and “Drie bomen”") in said
    assert "20 minut" in said and "19 minut" in said
    numbers["left_min"] = 4
    more = wording.plan_warning(
        plan_checks.PlanWarning("time_over", numbers=numbers, exercise_ids=(2, 1)), titles
    )
    assert "4 minut" in more
    rest = {"needed_min": 42, "buffer_min": 5, "over_min": 2}
    for name, about in (("talk_over_min", "stil|silen"), ("way_over_min", "route")):
        said = wording.plan_warning(plan_checks.PlanWarning("time_over", numbers=rest | {name: 2}), titles)
        assert re.search(about, said.split(". ")[-1]) and "5 minut" in said


def test_a_gain_says_its_numbers_and_reads_without_them(lang: str) -> None:
    assert set(wording_sentences.GAIN_NUMBERS) <= set(slot_gains.GAINS)
    for code in slot_gains.GAINS:
        plain = wording.slot_gain(slot_gains.Gain(code))
        said = wording.slot_gain(slot_gains.Gain(code, 36.4, 64.8, "km/h", True))
        assert "%(" not in plain + said and plain.endswith(".") and said.endswith(".")
        if code in wording_sentences.GAIN_NUMBERS:
            assert "36" in said and ("65" in said or code == "little_rain")


def test_what_stands_in_the_way_says_by_how_much(lang: str) -> None:
    assert set(wording_sentences.NO_ROOM) <= set(free_time.HINDRANCES)
    for code in free_time.HINDRANCES:
        fits = 30 if code in wording_sentences.NO_ROOM else None
        said = wording.slot_hindrance(free_time.Hindrance(code, 45, fits))
        assert "%(" not in said and said.endswith(".")
        assert (fits is None) or ("45" in said and "30" in said and "15" in said)
        assert "%(" not in wording.slot_hindrance(free_time.Hindrance(code, 45, 0))
    light = (datetime(2026, 11, 24, 8, 14), datetime(2026, 11, 24, 17, 16))
    dark = wording.slot_hindrance(free_time.Hindrance("daylight_short", 45, 0, light))
    assert dark.endswith(".") and "17" in dark and "%(" not in dark


ROUTE_READS = [
    (route_wish.RouteWhy("fits_time", 36, 35, "min"), "Ongeveer 36 minuten lopen."),
    (
        route_wish.RouteWhy("too_long", 12, 35, "min"),
        "12 minuten te lang. Er is ruimte voor 35 minuten lopen.",
    ),
    (
        route_wish.RouteWhy("too_short", 0.4, 35, "min"),
        "Veel korter dan de wandeling: minder dan een minuut lopen. Er is ruimte voor 35 minuten.",
    ),
    (
        route_wish.RouteWhy("done_early", 20, 34, "min"),
        "De route is na 20 minuten lopen klaar. Er is ruimte voor 34 minuten.",
    ),
    (route_wish.RouteWhy("far_away", 155.2, 50, "km"), "155,2 km van waar je anders loopt."),
    (route_wish.RouteWhy("weeks_ago", 4, unit="weeks"), "Laatst samen gelopen: 4 weken eerder."),
    (route_wish.RouteWhy("lately", 1, 3, "weeks"), "Samen gelopen: 1 week eerder."),
    (route_wish.RouteWhy("lately", 0, 3, "weeks"), "Samen gelopen: minder dan een week eerder."),
    (route_wish.RouteWhy("near_others", 2.44, unit="km"), "2,4 km van de andere wandeling die dag."),
    (
        route_wish.RouteWhy("near_others", 0.02, unit="km"),
        "Op dezelfde plek als de andere wandeling die dag.",
    ),
    (route_wish.RouteWhy("avoided", codes=("water", "forest")), "Liever niet: Water en bos."),
    (
        route_wish.RouteWhy("suits_not", codes=("flat", "even")),
        "Wel nodig, hier niet: Zonder heuvels en effen pad.",
    ),
]


@pytest.mark.parametrize(("reason", "said"), ROUTE_READS)
def test_a_reason_of_a_route_in_dutch(reason: route_wish.RouteWhy, said: str) -> None:
    with small_app().test_request_context("/?l=nl"):
        assert wording.route_why(reason) == said


def test_every_reason_of_a_proposal_reads_as_a_sentence(lang: str) -> None:
    for code in route_wish.ROUTE_WHY:
        for unit in ("min", "weeks", "km"):
            codes = ("forest",) if code in ("liked", "avoided") else ("flat",)
            said = wording.route_why(route_wish.RouteWhy(code, 3, 5, unit, codes))
            assert "%(" not in said and said.endswith(".")
    for code in suggestion_why.WHY:
        assert "%(" not in wording.why(suggestion_why.Why(code, "feeling", 1, 4))
    assert "4" in wording.no_route_fits(route_fit.RouteHindrance(40, 35, 39))
    for code in route_fit.HINDRANCES:
        said = wording.no_route_fits(route_fit.RouteHindrance(40, 35, 39, code, 8, 155.0))
        assert "%(" not in said and said.endswith(".")


def test_gpx_refusals_read_also_without_numbers(lang: str) -> None:
    numbers = {"bad": 3, "points": 9, "most": 50_000, "routes": 31}
    for code in gpx_values.REFUSALS:
        said = wording.gpx_refused(gpx_values.GpxRefused(code, **numbers))
        assert "%(" not in said and said.endswith(".")
    for code in gpx_values.WARNINGS:
        assert wording.gpx_warning(gpx_values.GpxWarning(code)).endswith(".")


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0.3, "Minder dan een minuut lopen."),
        (1.0, "Ongeveer 1 minuut lopen."),
        (24.0, "Ongeveer 24 minuten lopen."),
    ],
)
def test_how_long_a_route_is_walked(minutes: float, said: str) -> None:
    with small_app().test_request_context("/?l=nl"):
        assert wording.route_why(RouteWhy("fits_time", minutes, None, "min")) == said


def test_two_reasons_that_it_is_for_are_one_sentence() -> None:
    whys = (suggestion_why.Why("serves", "movement"), suggestion_why.Why("serves", "practice"))
    with small_app().test_request_context("/?l=nl"):
        found = str(get_template_attribute("walks/why.html", "exercise_why")(whys))
    assert " ".join(re.sub("<[^>]+>", "", found).split()) == "Past bij Beweging en Oefenen."
    assert found.count("data-reason") == 2


def test_why_names_the_reason() -> None:
    with small_app().test_request_context("/?l=nl"):
        assert wording.why(suggestion_why.Why("serves", "feeling")) == "Past bij Voelen"
        assert wording.why(suggestion_why.Why("chosen_before", None, 3, 4)) == "3 van de 4 keer gekozen"
        assert wording.words("caution", ("heart", "lungs", "panic")) == "hart, longen en paniek"


@pytest.mark.parametrize(
    ("language", "group", "codes", "said"),
    [
        ("nl", "environment", ("forest", "heath", "water"), "Bos, heide en water"),
        ("en", "environment", ("forest", "heath", "water"), "Forest, heath and water"),
        ("nl", "day", ("mon", "tue"), "Maandag en dinsdag"),
        ("en", "day", ("mon", "tue"), "Monday and Tuesday"),
        ("en", "help_kind", ("coach", "gp"), "Coach and GP"),
        ("nl", "place", ("bench",), "Op een bankje"),
        ("nl", "place", (), ""),
    ],
)
def test_several_words_read_as_a_sentence(
    language: str, group: str, codes: tuple[str, ...], said: str
) -> None:
    with small_app().test_request_context(f"/?l={language}"):
        assert wording.words(group, codes) == said
