"""Days, times, lengths and numbers in words, in Dutch and English. Plain functions, remembered; no clock.

Each takes the language code; in a template the filter of the same name fills it in:
`{{ walk.on|day_long }}`, `{{ walk.starts_local|moment }}`, `{{ route.distance_m|km }}`.
A day without its year is taken for the nearest of that name. Those in DATED take the day on which they are read, and
say the year of a day that lies further away; in a template that too is filled in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, has_app_context

from planner.domain.when import ZONE, day_on, moment_to_local, week_of, without_year
from planner.web import here
from planner.web.language import page_locale


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


DAYS = {
    "nl": _names("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"),
    "en": _names("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
}
MONTHS = {
    "nl": _names("januari februari maart april mei juni juli augustus september oktober november december"),
    "en": _names("January February March April May June July August September October November December"),
}
SHORT_MONTHS = {
    "nl": _names("jan feb mrt apr mei jun jul aug sep okt nov dec"),
    "en": _names("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
}
TODAY = {
    "nl": {0: "vandaag", 1: "morgen", -1: "gisteren"},
    "en": {0: "today", 1: "tomorrow", -1: "yesterday"},
}


def language() -> str:
    """The language of this page; Dutch outside one."""
    locale = page_locale()
    return locale.language if locale is not None and locale.language in DAYS else "nl"


def today() -> date | None:
    """The day on which this page or message is read; None where there is no planner, as for a part of a page alone."""
    planned = has_app_context() and "planner" in current_app.extensions
    return day_on(here.now()) if planned else None


def _with_year(text: str, on: date, today: date | None) -> str:
    if today is None:
        return text
    first, last = without_year(today)
    return text if first.toordinal() <= on.toordinal() <= last.toordinal() else f"{text} {on.year}"


@lru_cache(maxsize=4096)
def day_long(on: date, lang: str, today: date | None = None) -> str:
    """dinsdag 1 december"""
    return _with_year(f"{DAYS[lang][on.weekday()]} {on.day} {MONTHS[lang][on.month - 1]}", on, today)


@lru_cache(maxsize=4096)
def day_year(on: date, lang: str) -> str:
    """dinsdag 1 december 2026"""
    return f"{day_long(on, lang)} {on.year}"


@lru_cache(maxsize=4096)
def date_long(on: date, lang: str) -> str:
    """1 december 2026"""
    return f"{on.day} {MONTHS[lang][on.month - 1]} {on.year}"


@lru_cache(maxsize=4096)
def day_short(on: date, lang: str, today: date | None = None) -> str:
    """di 1 dec"""
    length = 2 if lang == "nl" else 3
    text = f"{DAYS[lang][on.weekday()][:length]} {on.day} {SHORT_MONTHS[lang][on.month - 1]}"
    return _with_year(text, on, today)


@lru_cache(maxsize=4096)
def day_tiny(on: date, lang: str) -> str:
    """di 1"""
    return f"{DAYS[lang][on.weekday()][: 2 if lang == 'nl' else 3]} {on.day}"


@lru_cache(maxsize=1024)
def month_year(on: date, lang: str) -> str:
    """december 2026"""
    return f"{MONTHS[lang][on.month - 1]} {on.year}"


def day_near(on: date, today: date, lang: str) -> str:
    """vandaag, dinsdag 1 december: the near word never comes without the day."""
    near = TODAY[lang].get((on - today).days)
    return f"{near}, {day_long(on, lang)}" if near else day_long(on, lang, today)


@lru_cache(maxsize=2048)
def clock(at: time | datetime, lang: str) -> str:
    """10.00 in Dutch, 10:00 in English; always 24 hours."""
    return f"{at.hour}.{at.minute:02}" if lang == "nl" else f"{at.hour}:{at.minute:02}"


@lru_cache(maxsize=2048)
def clock_words(at: time | datetime, lang: str) -> str:
    """10.00 uur"""
    return f"{clock(at, lang)} uur" if lang == "nl" else clock(at, lang)


@lru_cache(maxsize=4096)
def moment(starts_local: datetime, lang: str, today: date | None = None) -> str:
    """dinsdag 1 december, 10.00 uur"""
    return f"{day_long(starts_local.date(), lang, today)}, {clock_words(starts_local, lang)}"


@lru_cache(maxsize=4096)
def moment_short(starts_local: datetime, lang: str, today: date | None = None) -> str:
    """di 1 dec, 10.00"""
    return f"{day_short(starts_local.date(), lang, today)}, {clock(starts_local, lang)}"


def moment_at(at: datetime, lang: str, today: date | None = None, zone: str = ZONE) -> str:
    """An aware moment: dinsdag 1 december, 10.00 uur."""
    return moment(moment_to_local(at, zone), lang, today)


def clock_at(at: datetime, lang: str, zone: str = ZONE) -> str:
    """An aware moment: 10.00."""
    return clock(moment_to_local(at, zone), lang)


@lru_cache(maxsize=4096)
def number(value: float, lang: str, digits: int = 1) -> str:
    """2,4 in Dutch, 2.4 in English; no empty digits behind the mark, and never "-0"."""
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = "0" if text == "-0" else text
    return text.replace(".", ",") if lang == "nl" else text


@lru_cache(maxsize=4096)
def km(distance_m: float, lang: str) -> str:
    """2,4 km; under a kilometre in metres, by tens: 350 m."""
    tens = round(distance_m / 10) * 10
    return f"{tens} m" if tens < 1000 else f"{number(distance_m / 1000, lang)} km"


@lru_cache(maxsize=1024)
def minutes(count: int, lang: str) -> str:
    """45 minuten; 1 uur; 1 uur en 10 minuten"""
    hours, rest = divmod(count, 60)
    nl = lang == "nl"
    whole = f"{hours} uur" if nl else f"{hours} hour{'s' if hours != 1 else ''}"
    part = (
        f"{rest} {('minuut' if rest == 1 else 'minuten') if nl else ('minute' if rest == 1 else 'minutes')}"
    )
    if not hours:
        return part
    return f"{whole} {'en' if nl else 'and'} {part}" if rest else whole


def listed(words: list[str], lang: str) -> str:
    """a, b en c"""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {'en' if lang == 'nl' else 'and'} {words[-1]}"


def upper_first(text: str) -> str:
    """A sentence that starts with a day: Dinsdag 1 december. The other letters stay (English days and months)."""
    return text[:1].upper() + text[1:]


DATED: tuple[Callable[..., str], ...] = (day_long, day_short, moment, moment_short, moment_at)
FILTERS: tuple[Callable[..., str], ...] = (
    day_year,
    date_long,
    day_tiny,
    month_year,
    clock,
    clock_words,
    clock_at,
    km,
    minutes,
    listed,
)


def _in_page_language(word: Callable[..., str]) -> Callable[..., str]:
    def filtered(value: Any, *more: Any) -> str:
        return "" if value is None else word(value, language(), *more)

    return filtered


def _read_today(word: Callable[..., str]) -> Callable[..., str]:
    def filtered(value: Any) -> str:
        return "" if value is None else word(value, language(), today())

    return filtered


def register_words(app: Flask) -> None:
    """Every function above as a filter that knows the page's language and day; None gives an empty text."""
    for word in FILTERS:
        app.jinja_env.filters[word.__name__] = _in_page_language(word)
    for word in DATED:
        app.jinja_env.filters[word.__name__] = _read_today(word)
    app.jinja_env.filters.update(
        day_near=lambda on, today: day_near(on, today, language()),
        number=lambda value, digits=1: number(value, language(), digits),
        iso_week=lambda on: str(week_of(on)),
        upper_first=upper_first,
    )
    app.jinja_env.globals["without_year"] = without_year
