"""Words for codes. Rules speak in codes and numbers; this is the one place where they become sentences.

    word("outcome", "walked")          a word of a group
    options("outcome")                 the group as choices for a form
    weather_reason(reason)             a sentence with its numbers, in the page's language
Everything gives plain text in the language of the page; templates escape it. An unknown code is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from flask import Flask
from flask_babel import LazyString

from planner.domain.closed_hour import Closed
from planner.domain.exercise_wish import Chosen
from planner.domain.free_time import Hindrance
from planner.domain.phases import hints
from planner.domain.plan_checks import PlanWarning
from planner.domain.route_fit import RouteHindrance
from planner.domain.route_wish import RouteWhy
from planner.domain.slot_gains import Gain
from planner.domain.suggestion_why import Why
from planner.domain.weather_symbols import known_symbol
from planner.domain.weather_values import Reason, Verdict
from planner.services.calendars import public_holidays
from planner.web import wording_sentences as sentences
from planner.web.fields import Option
from planner.web.wording_calendars import busy_words
from planner.web.wording_words import ICONS, WORDS
from planner.web.words import (
    DAYS,
    clock,
    clock_words,
    day_short,
    km,
    language,
    listed,
    minutes,
    number,
    today,
)

WHOLE_UNITS = frozenset({"km/h", "°C", "%", "m", "min", "h", "index", "grains/m³"})
UV_STEPS = (("uv:hour", 8.0), ("uv:shade", 6.0), ("uv:index", float("-inf")))


class _Coded(Protocol):
    """What carries a code and its numbers: a GPX refusal or warning."""

    @property
    def code(self) -> str: ...

    @property
    def numbers(self) -> Mapping[str, float]: ...


def word(group: str, code: object) -> str:
    """The word of a code, with a capital where it stands alone."""
    return str(WORDS[group][str(code)])


def words(group: str, codes: Iterable[object]) -> str:
    """Several, as "A, b and c": the first as it is, the rest as inside a sentence."""
    found = [word(group, code) for code in codes]
    return listed([*found[:1], *(_inside(one) for one in found[1:])], language())


def _inside(text: str) -> str:
    """Without its capital, unless it is a name or a short form: Monday, GP."""
    kept = text in DAYS["en"] or text[1:2].isupper()
    return text if kept else text[:1].lower() + text[1:]


def options(group: str, codes: Iterable[str] | None = None) -> list[Option]:
    """Choices for a form field, in the order of the codes; their words stay lazy."""
    table, icons = WORDS[group], ICONS.get(group, {})
    return [Option(code, table[code], "", icons.get(code, "")) for code in (codes or table)]


def cancel_reason(kept: str) -> str:
    """Why a walk was cancelled: the word of a code, else the coach's own words."""
    return str(WORDS["cancel_reason"].get(kept, kept))


def icon_of(group: str, code: str) -> str:
    return ICONS[group][code]


def _filled(template: LazyString, numbers: Mapping[str, float], **texts: str) -> str:
    """A name that ends in _min becomes "45 minutes"; any other number gets the language's decimal sign."""
    lang = language()
    said = {
        name: minutes(round(value), lang) if name.endswith("_min") else number(value, lang)
        for name, value in numbers.items()
    }
    return str(template) % {**said, **texts}


def _variant(reason: Reason) -> str:
    """Which sentence a weather reason takes: with its number when there is one, else plain."""
    if reason.value is None:
        return reason.code
    if reason.code == "daylight":
        dark = "dusk" if reason.value >= 0 else "dawn"
        return f"daylight:{'sunset' if reason.level == 'adapt' else dark}"
    if reason.code == "uv":
        return next(key for key, least in UV_STEPS if reason.value >= least)
    key = f"{reason.code}:{reason.unit}"
    return key if key in sentences.WEATHER else reason.code


def _rounded(value: float, unit: str) -> float:
    """As many digits as help: whole degrees and km/h; rain in tenths, and what is less is 0.1."""
    if unit in WHOLE_UNITS:
        return float(round(value))
    return max(round(value, 1), 0.1) if value > 0 else round(value, 1)


def weather_reason(reason: Reason) -> str:
    """Gusts up to 62 km/h. Your limit is 50."""
    shown = {
        name: _rounded(value, reason.unit)
        for name, value in (("value", reason.value), ("limit", reason.limit))
        if value is not None
    }
    texts = {}
    if reason.code == "daylight" and reason.value is not None:
        texts = {"value": minutes(max(1, round(abs(reason.value))), language())}
    text = _filled(sentences.WEATHER[_variant(reason)], shown, **texts)
    if reason.estimated:
        text = f"{text.removesuffix('.')} {sentences.ESTIMATED}."
    if len(shown) == 2 and reason.code in sentences.WITH_LIMIT:
        limit = sentences.LIMIT_AMONG.get(reason.among, sentences.LIMIT)
        text = f"{text} {_filled(limit, shown)}"
    return text


def sky_code(symbol: str | None) -> str | None:
    """The word-code of a weather symbol; None for one without a word. Day and night share a word."""
    base = known_symbol(symbol)
    if base is None or "thunder" in base:
        return "thunder" if base else None
    kind = next((kind for kind in ("sleet", "snow") if kind in base), None)
    return kind or base


def plan_warning(warning: PlanWarning, titles: Mapping[int, str] | None = None, client: str = "") -> str:
    """What a plan check found, as one or two sentences. `titles`: exercise id to title."""
    known = titles or {}
    about = [known.get(one, "") for one in (warning.exercise_id, *warning.exercise_ids) if one is not None]
    group = "weather" if warning.code == "spoiled_by_weather" else "caution"
    codes = words(group, warning.codes) if warning.codes else ""
    quoted = listed([f"“{title}”" for title in about], language())
    texts = {"exercise": about[0] if about else "", "exercises": quoted, "codes": codes, "client": client}
    at = warning.at_local
    texts["at"] = clock_words(at, language()) if at else ""
    texts["day"] = day_short(at.date(), language(), today()) if at else ""
    text = _filled(sentences.PLAN[warning.code], warning.numbers, **texts)
    drop = _what_to_drop(warning.numbers)
    return f"{text} {_filled(sentences.DROP[drop], warning.numbers, **texts)}" if drop else text


def _what_to_drop(numbers: Mapping[str, float]) -> str | None:
    if "won_min" in numbers:
        return "not_enough" if numbers["left_min"] else "enough"
    return next((code for code in ("talk", "way") if f"{code}_over_min" in numbers), None)


def why(found: Why) -> str:
    """Why an exercise is suggested."""
    numbers = {name: n for name, n in (("value", found.value), ("total", found.total)) if n is not None}
    return _filled(sentences.WHY[found.code], numbers, reason=word("reason", found.of) if found.of else "")


def chosen_of(found: Chosen) -> str:
    """Chosen 3 of 4 times."""
    return _filled(sentences.WHY["chosen_before"], {"value": found.taken, "total": found.of})


SAME_PLACE_KM = 0.05


def route_why(found: RouteWhy) -> str:
    """What speaks for a route or against it."""
    group = "environment" if found.code in ("liked", "avoided") else "route_need"
    if found.code == "near_others" and found.value is not None and found.value < SAME_PLACE_KM:
        return str(sentences.SAME_PLACE)
    if found.code == "fits_time" and found.value is not None and round(found.value) < 1:
        return str(sentences.WALKED_AT_ONCE)
    shown = {"value": _measured(found.value, found.unit), "limit": _measured(found.limit, found.unit)}
    return str(sentences.ROUTE_WHY[found.code]) % {**shown, "codes": words(group, found.codes)}


def no_route_fits(found: RouteHindrance) -> str:
    """Which wish leaves no route, and by how much."""
    numbers = {"room_min": found.room_min, "shortest_min": found.shortest_min, "over_min": found.over_min}
    texts = {"longest": _measured(found.longest_min, "min"), "nearest": _measured(found.nearest_km, "km")}
    return _filled(sentences.NO_ROUTE[found.code], numbers, **texts)


def _measured(value: float | None, unit: str) -> str:
    """12 minutes, less than a minute, 3 weeks, 2.4 km."""
    if value is None:
        return ""
    if unit == "min" and value < 1:
        return str(sentences.UNDER_A_MINUTE)
    if unit == "min":
        return minutes(round(value), language())
    if unit == "km":
        return km(value * 1000, language())
    weeks = round(value)
    few = {0: sentences.UNDER_A_WEEK, 1: sentences.WEEK}
    return str(few[weeks]) if weeks in few else str(sentences.WEEKS) % {"value": weeks}


def verdict_words(verdict: Verdict) -> str:
    """What the weather comes to, in a line: also that it is provisional."""
    said = word("verdict", verdict.code)
    return f"{said}, {sentences.PROVISIONAL}" if verdict.provisional else said


def slot_gain(gain: Gain) -> str:
    """Gusts up to 35 instead of 65 km/h."""
    if gain.value is None or gain.code not in sentences.GAIN_NUMBERS:
        return str(sentences.GAIN[gain.code])
    values = {"value": gain.value, "instead": gain.instead or 0.0}
    text = _filled(
        sentences.GAIN_NUMBERS[gain.code],
        {name: _rounded(value, gain.unit) for name, value in values.items()},
    )
    return f"{text.removesuffix('.')} {sentences.ESTIMATED}." if gain.estimated else text


def slot_hindrance(found: Hindrance) -> str:
    """Why there is no hour at all, and by how much."""
    if found.light_local:
        up, down = (clock_words(one, language()) for one in found.light_local)
        return str(sentences.DARK_HOURS) % {"up": up, "down": down}
    if not found.fits_min:
        return str(sentences.NO_ROOM.get(found.code) or sentences.HINDRANCE[found.code])
    numbers = {"wanted_min": found.wanted_min, "fits_min": found.fits_min, "over_min": found.over_min or 0}
    return _filled(sentences.HINDRANCE[found.code], numbers)


def closed_words(found: Closed) -> str:
    """Why an hour cannot be, as it stands after a colon."""
    lang = language()
    spans = [f"{clock(first, lang)}–{clock_words(last, lang)}" for first, last in found.hours]
    return str(sentences.CLOSED[found.code]) % {
        "at": clock_words(found.at_local, lang) if found.at_local else "",
        "hours": listed(spans, lang),
        "name": public_holidays.name_of(found.on, lang) if found.code == "holiday" else "",
    }


def gpx_refused(refused: _Coded) -> str:
    return _filled(sentences.GPX_REFUSED[refused.code], _with_line(refused.numbers))


def gpx_warning(warning: _Coded) -> str:
    return _filled(sentences.GPX_WARNING[warning.code], warning.numbers)


def _with_line(numbers: Mapping[str, float]) -> Mapping[str, float]:
    return {"line": 1, **numbers}


def register_wording(app: Flask) -> None:
    """The same functions in every template."""
    app.jinja_env.globals.update(
        busy_words=busy_words,
        word=word,
        words=words,
        cancel_reason=cancel_reason,
        phase_hints=hints,
        icon_of=icon_of,
        weather_reason=weather_reason,
        sky_code=sky_code,
        plan_warning=plan_warning,
        why=why,
        chosen_of=chosen_of,
        route_why_words=route_why,
        no_route_fits=no_route_fits,
        verdict_words=verdict_words,
        slot_gain=slot_gain,
        slot_hindrance=slot_hindrance,
        closed_words=closed_words,
        gpx_refused=gpx_refused,
        gpx_warning=gpx_warning,
    )
