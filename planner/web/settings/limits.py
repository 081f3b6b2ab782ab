"""The weather limits as rows of the settings page: what they are called, their unit, and what may be filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.domain.weather import Limits, limits_from
from planner.web.fields import DecimalNumber, Words
from planner.web.words import language, number

DEFAULTS = Limits()
ADAPT, MOVE = _l("Adapt from"), _l("Move from")


@dataclass(frozen=True, slots=True)
class Row:
    """One factor. `adapt` and `move` are names in domain.weather.Limits; `falling`: worse is lower."""

    title: Words
    unit: Words
    least: float
    most: float
    adapt: str = ""
    move: str = ""
    falling: bool = False
    digits: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in (self.adapt, self.move) if name)

    @property
    def usual(self) -> str:
        """Our own limits, in the page's language."""
        values = [number(getattr(DEFAULTS, name), language()) for name in self.names]
        if len(values) == 2:
            said = _(
                "Usual: %(first)s and %(second)s %(unit)s", first=values[0], second=values[1], unit=self.unit
            )
        else:
            said = _("Usual: %(value)s %(unit)s", value=values[0], unit=self.unit)
        return str(said).strip()


PER_HOUR, KMH, PERCENT = _l("mm per hour"), _l("km per hour"), "%"
MAIN = (
    Row(_l("Rain"), PER_HOUR, 0.1, 50, "rain_adapt_mm_h", "rain_move_mm_h", digits=1),
    Row(_l("Gusts"), KMH, 10, 150, "gust_adapt_kmh", "gust_move_kmh"),
    Row(_l("Gusts among trees"), KMH, 10, 150, "gust_trees_adapt_kmh", "gust_trees_move_kmh"),
    Row(
        _l("Cold, as it feels in the wind"),
        "°C",
        -40,
        10,
        "wind_chill_adapt_c",
        "wind_chill_move_c",
        falling=True,
    ),
    Row(_l("Heat"), "°C", 15, 45, "heat_adapt_c", "heat_move_c"),
)
MORE = (
    Row(_l("Chance of rain"), PERCENT, 5, 100, "rain_chance_adapt_pct"),
    Row(_l("Chance of thunder"), PERCENT, 1, 100, "thunder_prob_adapt_pct", "thunder_prob_move_pct"),
    Row(_l("Snow"), _l("cm per hour"), 0, 20, "snow_adapt_cm_h", "snow_move_cm_h", digits=1),
    Row(_l("Fog, share of the area"), PERCENT, 5, 100, "fog_adapt_pct"),
    Row(_l("Strength of the sun (UV)"), "", 1, 15, "uv_adapt_index"),
    Row(_l("Minutes away from thunder"), _l("minutes"), 30, 240, move="thunder_margin_min"),
    Row(_l("Age of the weather report"), _l("hours"), 1, 24, move="stale_after_h"),
)
INDEX, GRAINS = "", _l("grains in a cubic metre")
OPEN_METEO = (
    Row(
        _l("Fog, how far you can see"),
        _l("metres"),
        50,
        5000,
        "visibility_adapt_m",
        "visibility_move_m",
        falling=True,
    ),
    Row(_l("Air quality, European index"), INDEX, 10, 150, "air_adapt_index", "air_move_index"),
    Row(_l("Air quality, for sensitive lungs"), INDEX, 10, 150, "air_airways_adapt_index"),
    Row(
        _l("Grass pollen, for an allergy"),
        GRAINS,
        1,
        500,
        "grass_pollen_adapt_grains",
        "grass_pollen_move_grains",
    ),
    Row(_l("Birch pollen, for an allergy"), GRAINS, 1, 5000, "birch_pollen_adapt_grains"),
)
"""What only Open-Meteo can feed."""
ROWS = MAIN + MORE + OPEN_METEO
NAMES = tuple(name for row in ROWS for name in row.names)


def fields() -> dict[str, Any]:
    """A field for each limit, to hang on the form. Empty goes back to ours."""
    return {
        name: DecimalNumber(
            ADAPT if name == row.adapt else MOVE, least=row.least, most=row.most, digits=row.digits
        )
        for row in ROWS
        for name in row.names
    }


def shown(wishes: Mapping[str, float]) -> dict[str, float]:
    """Every limit as it holds now."""
    limits, _refused = limits_from(wishes)
    return {name: getattr(limits, name) for name in NAMES}


def wishes(values: Mapping[str, float | None], before: Mapping[str, float]) -> dict[str, float]:
    """What differs from ours. Limits that the page does not show stay as they were."""
    kept = {name: value for name, value in before.items() if name not in NAMES}
    for name in NAMES:
        value = values.get(name)
        if value is not None and value != getattr(DEFAULTS, name):
            kept[name] = value
    return kept


def refusals(values: Mapping[str, float | None]) -> dict[str, str]:
    """Sentence per field that is looser than the hard limit, or in which adapt comes after move."""
    filled = {name: value for name, value in values.items() if name in NAMES and value is not None}
    limits, refused = limits_from(filled)
    lang = language()
    found = {
        wish.name: _(
            "%(what)s: this may be stricter, but not looser than %(limit)s.",
            what=_title(wish.name),
            limit=number(wish.used if wish.used is not None else 0, lang),
        )
        for wish in refused
    }
    for row in ROWS:
        if row.adapt and row.move and not {row.adapt, row.move} & found.keys():
            adapt, move = getattr(limits, row.adapt), getattr(limits, row.move)
            if adapt < move if row.falling else adapt > move:
                found[row.adapt] = _(
                    "Adapting comes before moving. Choose %(limit)s or a milder number.",
                    limit=number(move, lang),
                )
    return found


def _title(name: str) -> str:
    return next(str(row.title) for row in ROWS if name in row.names)
