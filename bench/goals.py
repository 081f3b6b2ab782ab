"""What pages are to reach, as ratios in one run: what passes, and what the parts allow at best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.turns import Measured, Ratio, ratio, series

Starts = dict[str, list[float]]


@dataclass(frozen=True)
class Goal:
    """`reached`: from the names of the product with many and with few walks; None when it was not measured."""

    name: str
    passes: float
    aims: float
    reached: Callable[[str, str, Measured, Starts], Ratio | None]


def _page(
    page: str, other: str, other_page: str = "agenda", unit: str = "cpu_us"
) -> Callable[..., Ratio | None]:
    def reached(ours: str, _least: str, measured: Measured, _starts: Starts) -> Ratio | None:
        if (other, other_page) not in measured:
            return None
        return ratio(series(measured, ours, page, unit), series(measured, other, other_page, unit))

    return reached


def _grown(page: str) -> Callable[..., Ratio | None]:
    def reached(ours: str, least: str, measured: Measured, _starts: Starts) -> Ratio | None:
        if ours == least:
            return None
        return ratio(series(measured, ours, page), series(measured, least, page))

    return reached


def _dossier(other: str) -> Callable[..., Ratio | None]:
    def reached(_ours: str, _least: str, measured: Measured, _starts: Starts) -> Ratio | None:
        return ratio(series(measured, "product:1000", "dossier"), series(measured, other, "dossier"))

    return reached


def _start(other: str) -> Callable[..., Ratio | None]:
    def reached(ours: str, _least: str, _measured: Measured, starts: Starts) -> Ratio | None:
        return ratio(starts[ours], starts[other]) if other in starts else None

    return reached


GROWN = ("agenda", "dossier", "plan", "walk", "note", "client page", "client feed", "coach feed", "clients")
GOALS = (
    Goal("1 agenda ÷ ordinary stack", 0.32, 0.20, _page("agenda", "ordinary")),
    Goal("1 agenda ÷ hand-made page", 5.5, 3.5, _page("agenda", "by hand")),
    Goal("2 agenda ÷ Django", 0.17, 0.13, _page("agenda", "django")),
    Goal("2 agenda ÷ peer", 0.05, 0.037, _page("agenda", "peer")),
    Goal("3 client feed, unchanged ÷ ordinary stack", 0.06, 0.005, _page("client feed again", "ordinary")),
    Goal("3 coach feed, unchanged ÷ ordinary stack", 0.06, 0.005, _page("coach feed again", "ordinary")),
    *(Goal(f"4 {page}, many walks ÷ few", 1.15, 1.10, _grown(page)) for page in GROWN),
    Goal("5 note saved ÷ ordinary POST, wall", 0.40, 0.25, _page("note", "ordinary", "note", "wall_us")),
    Goal("5 note saved ÷ one durable insert, wall", 5, 3, _page("note", "insert", "note", "wall_us")),
    Goal("8 start and first answer ÷ peer", 0.50, 0.39, _start("peer")),
    Goal("8 start and first answer ÷ Flask with SQLAlchemy", 1.30, 1.10, _start("orm")),
    Goal("9 dossier of 40 notes ÷ in clear", 1.35, 1.25, _dossier("product:1000:clear")),
    Goal("9 dossier of 40 notes ÷ by Fernet", 0.45, 0.36, _dossier("product:1000:fernet")),
)
