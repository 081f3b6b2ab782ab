"""What pages are to reach, as ratios in one run: what passes, and what the parts allow at best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.over_http import OverHttp
from bench.rounds import Compared
from bench.turns import Measured, Ratio, ratio, series


@dataclass(frozen=True)
class Run:
    """What was measured. `ours`, `least`: the names of the product with many and with few walks. `starts`: CPU
    milliseconds by subject. `jobs`: by name."""

    ours: str
    least: str
    measured: Measured
    starts: dict[str, list[float]]
    jobs: dict[str, Compared]
    http: OverHttp


Reached = Callable[[Run], Ratio | None]


@dataclass(frozen=True)
class Goal:
    """`reached`: None when it was not measured."""

    name: str
    passes: float
    aims: float
    reached: Reached


def _page(page: str, other: str, other_page: str = "agenda", unit: str = "cpu_us") -> Reached:
    def reached(run: Run) -> Ratio | None:
        if (other, other_page) not in run.measured:
            return None
        ours = series(run.measured, run.ours, page, unit)
        return ratio(ours, series(run.measured, other, other_page, unit))

    return reached


def _grown(page: str) -> Reached:
    def reached(run: Run) -> Ratio | None:
        if run.ours == run.least:
            return None
        return ratio(series(run.measured, run.ours, page), series(run.measured, run.least, page))

    return reached


def _dossier(other: str) -> Reached:
    def reached(run: Run) -> Ratio | None:
        return ratio(series(run.measured, "product:1000", "dossier"), series(run.measured, other, "dossier"))

    return reached


def _start(other: str) -> Reached:
    def reached(run: Run) -> Ratio | None:
        return ratio(run.starts[run.ours], run.starts[other]) if other in run.starts else None

    return reached


def _per_answer(page: str, other: str) -> Reached:
    """Time that one answer takes of a server that is never idle: the other's answers a second ÷ ours."""

    def reached(run: Run) -> Ratio | None:
        ours, others = run.http.loads.get((run.ours, page)), run.http.loads.get((other, "agenda"))
        return ratio([one.per_s for one in others], [one.per_s for one in ours]) if ours and others else None

    return reached


def _p99(other: str) -> Reached:
    def reached(run: Run) -> Ratio | None:
        ours, others = run.http.loads.get((run.ours, "agenda")), run.http.loads.get((other, "agenda"))
        return (
            ratio([one.p99_ms for one in ours], [one.p99_ms for one in others]) if ours and others else None
        )

    return reached


def _spread(run: Run) -> Ratio | None:
    ours = run.http.loads.get((run.ours, "agenda"))
    return ratio([one.p99_ms for one in ours], [one.p50_ms for one in ours]) if ours else None


def _beside(writes: str) -> Reached:
    def reached(run: Run) -> Ratio | None:
        with_writes, alone = run.http.beside.get(writes), run.http.beside.get("alone")
        if not with_writes or not alone:
            return None
        return ratio([one.p99_ms for one in with_writes], [one.p99_ms for one in alone])

    return reached


def _memory(other: str) -> Reached:
    def reached(run: Run) -> Ratio | None:
        ours, others = run.http.memory_mb.get(run.ours), run.http.memory_mb.get(other)
        return ratio(ours[:1], others[:1]) if ours and others else None

    return reached


def _memory_growth(run: Run) -> Ratio | None:
    ours = run.http.memory_mb.get(run.ours)
    return ratio(ours[1:], ours[:1]) if ours else None


def _job(name: str) -> Reached:
    def reached(run: Run) -> Ratio | None:
        found = run.jobs.get(name)
        return Ratio(found.ratio, found.low, found.high) if found else None

    return reached


GROWN = ("agenda", "dossier", "plan", "walk", "note", "client page", "client feed", "coach feed", "clients")
GOALS = (
    Goal("1 agenda ÷ ordinary stack", 0.32, 0.20, _page("agenda", "ordinary")),
    Goal("1 agenda ÷ hand-made page", 5.5, 3.5, _page("agenda", "by hand")),
    Goal("2 agenda ÷ Django", 0.17, 0.13, _page("agenda", "django")),
    Goal("2 agenda ÷ peer", 0.05, 0.037, _page("agenda", "peer")),
    Goal("2 HTTP: time per agenda ÷ Django", 0.17, 0.13, _per_answer("agenda", "django")),
    Goal("2 HTTP: time per agenda ÷ peer", 0.05, 0.037, _per_answer("agenda", "peer")),
    Goal("2 HTTP: p99 of the agenda ÷ peer", 0.06, 0.035, _p99("peer")),
    Goal("3 client feed, unchanged ÷ ordinary stack", 0.06, 0.005, _page("client feed again", "ordinary")),
    Goal("3 coach feed, unchanged ÷ ordinary stack", 0.06, 0.005, _page("coach feed again", "ordinary")),
    Goal("3 HTTP: time per unchanged feed ÷ raw WSGI", 1.82, 1.11, _per_answer("coach feed again", "raw")),
    *(Goal(f"4 {page}, many walks ÷ few", 1.15, 1.10, _grown(page)) for page in GROWN),
    Goal("5 note saved ÷ ordinary POST, wall", 0.40, 0.25, _page("note", "ordinary", "note", "wall_us")),
    Goal("5 note saved ÷ one durable insert, wall", 5, 3, _page("note", "insert", "note", "wall_us")),
    Goal("6 HTTP: p99 beside 50 durable writes a second ÷ alone", 1.10, 1.05, _beside("50 writes/s")),
    Goal("6 HTTP: p99 beside writes without a pause ÷ alone", 2.5, 2.0, _beside("writes without pause")),
    Goal("6 HTTP: p99 ÷ p50 of the agenda", 2.0, 1.3, _spread),
    Goal("7 memory of the server ÷ peer", 0.50, 0.42, _memory("peer")),
    Goal("7 memory of the server ÷ ordinary stack", 0.95, 0.78, _memory("ordinary")),
    Goal("7 memory after many requests ÷ after 1,000", 1.05, 1.02, _memory_growth),
    Goal("8 start and first answer ÷ peer", 0.50, 0.39, _start("peer")),
    Goal("8 start and first answer ÷ Flask with SQLAlchemy", 1.30, 1.10, _start("orm")),
    Goal("9 dossier of 40 notes ÷ in clear", 1.35, 1.25, _dossier("product:1000:clear")),
    Goal("9 dossier of 40 notes ÷ by Fernet", 0.45, 0.36, _dossier("product:1000:fernet")),
    Goal("10 better hours for 200 clients ÷ plain rules", 0.12, 0.075, _job("better hours")),
    Goal("10 GPX of 5,000 points ÷ gpxpy", 0.12, 0.05, _job("gpx")),
    Goal("10 ICS of 200 walks ÷ icalendar, bare", 0.10, 0.06, _job("ics")),
)
