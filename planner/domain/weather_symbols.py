"""The weather symbols we have a picture and a word for: MET Norway's 41 ids, as its legend lists them, and one of ours
for glaze, which MET does not have."""

from __future__ import annotations

from itertools import product

_SUFFIXES = ("_day", "_night", "_polartwilight")
_STRENGTHS = ("light", "", "heavy")
_KINDS = ("rain", "sleet", "snow")
_MISSPELT = {
    "lightssleetshowersandthunder": "lightsleetshowersandthunder",
    "lightssnowshowersandthunder": "lightsnowshowersandthunder",
}
"""Two official ids with a double s; both spellings mean the same."""

_SUFFIXED = {"clearsky", "fair", "partlycloudy"} | {
    f"{strength}{kind}showers{thunder}"
    for strength, kind, thunder in product(_STRENGTHS, _KINDS, ("", "andthunder"))
}
FREEZING_RAIN = "freezingrain"
_PLAIN = {"cloudy", "fog", FREEZING_RAIN} | {
    f"{strength}{kind}{thunder}"
    for strength, kind, thunder in product(_STRENGTHS, _KINDS, ("", "andthunder"))
}
SYMBOLS = frozenset(_SUFFIXED | _PLAIN)
"""Ids without suffix."""


def spelt_right(symbol: str) -> str:
    """The id with its suffix, the two misspellings put right; what we do not know stays as it is."""
    base, mark, suffix = symbol.partition("_")
    return _MISSPELT.get(base, base) + mark + suffix


def known_symbol(symbol: str | None) -> str | None:
    """The id without day, night or twilight; None for one we do not know: numbers without a picture."""
    base, mark, suffix = spelt_right(symbol or "").partition("_")
    if base in _SUFFIXED and mark + suffix in _SUFFIXES:
        return base
    return base if base in SYMBOLS and not mark else None
