"""A week of a practice, hour by hour: thirty walks, weather that changes its mind, and what the planner says of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from pytest_httpserver import HTTPServer

from tests.conftest import AMSTERDAM, World
from tests.services.met_service import ModelRuns
from tests.services.replay import Replay, short, table

WEEK = Path(__file__).parents[1] / "samples" / "weather" / "week"
PLACES = {"utrecht": ("52.09", "5.12"), "hilversum": ("52.22", "5.18")}
SEPTEMBER = datetime(2027, 9, 6, 7, tzinfo=AMSTERDAM)
THERE_AFTER = timedelta(hours=1)
"""So long after its hour a run of the model can be asked for."""
Runs = dict[tuple[str, str], dict[datetime, str]]

SAID = """
ma 6 13 | Sanne di 7 9  | worse go > adapt       | heat              | vr 10 16.15, ma 6 16.15
ma 6 13 | Piet di 7 10  | worse go > adapt       | heat              | ma 6 16.15, wo 8 16.15
ma 6 13 | Noor di 7 11  | worse go > adapt       | heat              | wo 8 16.15
ma 6 13 | Karim di 7 13 | worse adapt > move     | heat              | ma 13 13, di 14 13, wo 15 13
ma 6 13 | Els di 7 14   | worse adapt > move     | heat              | ma 13 14.15, di 14 14, wo 15 14
ma 6 13 | Joris di 7 15 | worse adapt > move     | heat              | ...
ma 6 13 | Karim do 9 13 | worse go > move        | thunder,gust      | ...
ma 6 13 | Els do 9 14   | worse go > move        | thunder,gust,rain | ...
ma 6 13 | Joris do 9 15 | worse go > move        | thunder,gust,rain | ...
di 7 7  | Sanne di 7 9  | recovered adapt > go   | -                 | ...
di 7 7  | Piet di 7 10  | recovered adapt > go   | -                 | ...
di 7 7  | Noor di 7 11  | recovered adapt > go   | -                 | ...
di 7 7  | Karim di 7 13 | recovered move > adapt | heat              | ...
di 7 7  | Els di 7 14   | recovered move > adapt | heat              | ...
di 7 7  | Joris di 7 15 | recovered move > adapt | heat              | ...
di 7 7  | Sanne do 9 9  | worse go > move        | thunder,gust,rain | vr 10 16.15, do 9 16.15, wo 8 16.15
di 7 7  | Piet do 9 10  | worse go > move        | thunder,gust,rain | do 9 16.15, wo 8 16.15, di 7 16.15
di 7 7  | Noor do 9 11  | worse go > move        | thunder,gust,rain | wo 8 16.15, di 7 16.15, ma 13 9
di 7 7  | Joris do 9 15 | recovered move > adapt | rain              | ...
wo 8 7  | Els do 9 14   | recovered move > go    | -                 | -
do 9 7  | Karim do 9 13 | recovered move > go    | -                 | -
do 9 7  | Piet vr 10 10 | worse go > adapt       | fog               | ma 13 12.45, ma 13 13.45, ma 13 14.45
do 9 13 | Sanne vr 10 9 | worse go > adapt       | fog               | ma 13 9, ma 13 10, ma 13 11
vr 10 7 | Sanne vr 10 9 | recovered adapt > go   | -                 | -
vr 10 7 | Piet vr 10 10 | recovered adapt > go   | -                 | -
"""
"""When; about which walk; worse or recovered, from which verdict to which; why; the better hours, or that they stand
behind the link."""
MESSAGES = """
Sanne di 7 9 dropped outdated
Piet di 7 10 dropped outdated
Noor di 7 11 dropped outdated
Karim di 7 13 dropped outdated
Els di 7 14 copied
Els di 7 14 held
Joris di 7 15 dropped outdated
Sanne do 9 9 held
Piet do 9 10 held
Noor do 9 11 held
Karim do 9 13 dropped outdated
Els do 9 14 dropped outdated
Joris do 9 15 dropped outdated
Sanne vr 10 9 dropped outdated
Piet vr 10 10 dropped outdated
"""
"""Els heard of the heat on Monday, so that she is to hear of Tuesday; nobody else hears of weather that has passed."""


def test_a_week_of_weather(world: World, httpserver: HTTPServer) -> None:
    replay = Replay(world, ModelRuns(httpserver, SEPTEMBER, runs_of_the_week()))
    replay.plan(SEPTEMBER, (6,) * 5)
    for now in replay.hours(SEPTEMBER, 5):
        if short(now) == "ma 6 14":
            replay.tell("Els", "di 7 14")
    print("\n".join(replay.said))
    assert replay.said == table(SAID)
    assert replay.messages() == table(MESSAGES)
    replay.ends_well()


def runs_of_the_week() -> Runs:
    """The week of our own making, by place and by when each run of the model is there."""
    found: Runs = {place: {} for place in PLACES.values()}
    for path in sorted(WEEK.glob("*.json")):
        place, _, hour = path.stem.partition("_")
        at = datetime.strptime(f"{hour}+0000", "%Y-%m-%dT%HZ%z") + THERE_AFTER
        found[PLACES[place]][at] = path.read_text(encoding="ascii")
    return found
