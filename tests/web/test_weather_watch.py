"""The weather watch from the forecast to the agenda and the message: said once, in words, with better hours."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import msgspec
import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import func, select, update

from planner.models import EVERYONE, Database, ForecastRow, Message, WeatherWatch
from planner.scheduler import Jobs, one_pass
from planner.services.messages import outbox, outbox_orders
from planner.services.store import Store
from planner.services.walks import walks
from planner.services.weather import weather_watch
from tests import makers
from tests.conftest import World
from tests.counting import questions
from tests.mail_server import Office, anna, move, ready, running, states, wait
from tests.page_client import Page, PageClient
from tests.services.met_service import MetService
from tests.web.planning import let_weather_come, send
from tests.web.test_slots import GALE, POURS, sky

TUESDAY = "2026-11-24T10:00"
ROUGH = {f"2026-11-24T{hour:02}:00": {**POURS, **GALE} for hour in (9, 10, 11)}
WET = {f"2026-11-24T{hour:02}:00": {"precip_mm": 2.0} for hour in (9, 10, 11)}


def weather(world: World, changes: dict[str, dict[str, Any]] | None = None) -> int:
    """A new forecast comes, and the jobs look."""
    with world.store.db.transaction(EVERYONE, world.now) as session:
        session.execute(update(ForecastRow).values(expires_at=world.now))
    let_weather_come(world, sky(world, changes))
    return weather_watch.watch(world.store, world.now)


def lines(page: Page) -> dict[str, str]:
    """Walk to line, as they stand on the agenda."""
    found = page.select("[data-weather-line]")
    return {str(tag["data-of-walk"]): str(tag["data-weather-line"]) for tag in found}


def hours(page: Page) -> list[str]:
    return [str(tag["data-hour"]) for tag in page.select("[data-weather-line] [data-hour]")]


def weather_messages(world: World) -> list[tuple[str, str | None]]:
    return [(state, problem) for kind, state, problem in states(world) if kind == "weather"]


@pytest.fixture
def walk(world: World) -> int:
    """Tuesday at ten, planned under a calm sky, with a client who is mailed by itself."""
    client = makers.make_client(
        world, "Sanne", email="sanne@example.org", mails_by_itself=True, reminders=False
    )
    route = makers.make_route(world, line=True)
    made = makers.make_walk(world, client, TUESDAY, route_id=route)
    assert weather(world) == 0
    wait(world, minutes=30)
    return made


def test_worse_weather_is_said_once_with_better_hours(world: World, coach: PageClient, walk: int) -> None:
    assert lines(coach.get("/")) == {}
    assert weather(world, ROUGH) == 1
    page = coach.get("/")
    assert lines(page) == {str(walk): "worse"}
    line = page.one("[data-weather-line]").get_text()
    assert "Sanne" in line and "het weer is slechter geworden" in line
    rain = "6 mm regen in een uur. Jouw grens is 4."
    above = " ".join(page.one("section.first").get_text(" ").split())
    assert rain in above and rain not in " ".join(line.split()), "said once, with what comes first"
    assert "Gaat door" in line, "what the sky does at those hours"
    assert hours(page)[0] == "2026-11-24T12:00" and len(hours(page)) == 3
    assert "MET Norway" in page.main
    assert weather_messages(world) == [("held", None)], "also for who is mailed by itself"
    assert (weather(world, ROUGH), weather_messages(world)) == (0, [("held", None)])
    assert lines(coach.get("/?week=2026-W50")) == {}


def test_an_hour_is_one_tap_and_then_all_begins_anew(world: World, coach: PageClient, walk: int) -> None:
    weather(world, ROUGH)
    form = coach.get(str(coach.get("/").select("[data-hour]")[0]["href"]))
    assert form.path == f"/walks/{walk}/edit"
    done = form.submit(press="action=save")
    assert done.one("[data-walk]")["data-starts-local"] == "2026-11-24T12:00"
    assert lines(coach.get("/")) == {}
    assert weather_messages(world) == [("dropped", "outdated")], "the ordinary change tells it"
    assert [kind for kind, state, _why in states(world) if state != "dropped"] == ["confirmation"]
    assert weather(world, ROUGH) == 0
    assert lines(coach.get("/")) == {}


def test_weather_that_recovers_says_so(world: World, coach: PageClient, walk: int) -> None:
    weather(world, ROUGH)
    wait(world, hours=2)
    assert weather(world) == 1
    page = coach.get("/")
    assert lines(page) == {str(walk): "recovered"}
    assert "het weer ziet er weer beter uit" in page.main and hours(page) == []
    assert weather_messages(world) == [("dropped", "outdated")]
    assert not coach.get("/messages/").select("[data-kind=weather]")


def test_what_is_put_away_stays_away_for_the_day(world: World, coach: PageClient, walk: int) -> None:
    weather(world, WET)
    page = coach.get("/").submit(f"/walks/{walk}/weather/seen")
    assert (page.path, lines(page)) == ("/", {})
    assert weather(world, ROUGH) == 0 and weather(world) == 0
    assert lines(coach.get("/")) == {}


def test_it_may_be_said_again_on_another_day(world: World) -> None:
    client = makers.make_client(world)
    made = makers.make_walk(world, client, "2026-11-25T10:00")
    rough = {f"2026-11-25T{hour:02}:00": {**POURS, **GALE} for hour in (9, 10, 11)}
    weather(world)
    wait(world, minutes=30)
    assert weather(world, rough) == 1
    weather_watch.put_line_away(world.store, world.coach(), made, world.now)
    assert weather(world) == 0
    world.set_clock("2026-11-24T07:00")
    assert weather(world) == 1, "recovered"
    weather_watch.put_line_away(world.store, anna(world), made, world.now)
    assert weather(world, rough) == 0
    world.set_clock("2026-11-25T07:00")
    assert weather(world, rough) == 1


@pytest.mark.parametrize("gone", ["cancelled", "indoors", "begun", "unknown"])
def test_no_line_where_there_is_nothing_to_do(world: World, coach: PageClient, walk: int, gone: str) -> None:
    if gone == "unknown":
        with world.store.db.transaction(EVERYONE, world.now) as session:
            session.execute(update(ForecastRow).values(body=None, fetched_at=None))
        assert weather_watch.watch(world.store, world.now) == 0
        assert lines(coach.get("/")) == {}
        return
    weather(world, ROUGH)
    assert lines(coach.get("/")) == {str(walk): "worse"}
    if gone == "cancelled":
        walks.cancel(world.store, anna(world), walk, "weather", world.now)
    elif gone == "indoors":
        coach.get(f"/walks/{walk}/edit").submit(press="action=save", setting="indoors")
    else:
        world.set_clock("2026-11-24T10:05")
    assert lines(world.browser("anna").get("/")) == {}
    assert "held" not in [state for state, _why in weather_messages(world)] or gone == "begun"
    assert weather_watch.watch(world.store, world.now) == 0


def test_what_was_seen_while_planning_is_no_news(world: World) -> None:
    client, route = makers.make_client(world), makers.make_route(world, line=True)
    makers.make_walk(world, client, "2026-11-26T10:00", route_id=route)
    weather(world, ROUGH)
    makers.make_walk(world, client, TUESDAY, route_id=route)
    assert weather_watch.watch(world.store, world.now) == 0


def test_weather_to_stay_home_in_is_said_of_a_walk_planned_long_ago(world: World) -> None:
    makers.make_walk(world, makers.make_client(world), TUESDAY)
    wait(world, hours=3)
    assert weather(world, ROUGH) == 1


def test_the_message_is_true_when_it_leaves(world: World, coach: PageClient, walk: int) -> None:
    server = running()
    office = Office(world, server)
    office.tick()
    before = len(office.box.taken)
    weather(world, ROUGH)
    office.tick()
    assert len(office.box.taken) == before, "never by itself"
    page = coach.get("/messages/")
    card = page.one("[data-kind=weather]")
    assert "Het kan dan ruw weer zijn." in card.get_text()
    page.submit(str(card.select("form[action$='/send']")[0]["action"]))
    assert office.tick() == 1
    assert "dinsdag 24 november, 10.00 uur" in office.box.texts[-1]
    assert "Je hoeft nu niets te doen." in office.box.texts[-1]
    weather(world)
    assert [state for state, _why in weather_messages(world)] == ["sent", "held"]
    for one in coach.get("/messages/").select("[data-kind=weather] form[action$='/send']"):
        coach.get("/messages/").submit(str(one["action"]))
    assert office.tick() == 1
    assert "Het weer ziet er nu beter uit." in office.box.texts[-1]
    weather(world, ROUGH)
    assert [state for state, _why in weather_messages(world)] == ["sent", "sent", "held"]
    log = coach.get(
        coach.get(f"/walks/{walk}").select("a[href^='/clients/']")[-1]["href"].split("/link")[0] + "/messages"
    )
    assert len(log.select("[data-kind=weather]")) == 2
    server.stop()


def test_news_of_the_weather_is_no_confirmation(world: World) -> None:
    """Who heard of the weather only, is still owed when and where."""
    server = running()
    office = Office(world, server)
    client = makers.make_client(world, "Sanne", email="sanne@example.org", reminders=False)
    made = makers.make_walk(world, client, TUESDAY)
    weather(world)
    wait(world, minutes=30)
    weather(world, ROUGH)
    (one,) = [one for one in ready(world) if one.kind == "weather"]
    assert outbox_orders.send(world.store, anna(world), one.id, None, "", world.now) == "done"
    assert office.tick() == 1
    move(world, made, client, TUESDAY, meeting_point="Bij het bord")
    assert [one.kind for one in ready(world)] == ["confirmation"]
    server.stop()


def test_yes_and_then_the_weather_turns(world: World, walk: int) -> None:
    """What was not sent yet is not sent any more."""
    server = running()
    office = Office(world, server)
    office.tick()
    before = len(office.box.taken)
    weather(world, ROUGH)
    with world.store.db.reading(EVERYONE) as session:
        held = session.scalars(select(Message.id).where(Message.kind == "weather")).one()
    assert outbox_orders.send(world.store, anna(world), held, None, "", world.now) == "done"
    weather(world)
    office.tick()
    assert len(office.box.taken) == before
    server.stop()


def test_what_the_coach_declined_is_not_asked_again(world: World, coach: PageClient, walk: int) -> None:
    server = running()
    Office(world, server)
    weather(world, ROUGH)
    page = coach.get("/messages/")
    page.submit(str(page.one("[data-kind=weather] form[action$='/decline']")["action"]))
    assert weather_messages(world) == [("dropped", "declined")]
    move(world, walk, _client_of(world, walk), TUESDAY, meeting_point="Bij het bord")
    assert weather_messages(world) == [("dropped", "declined")]
    weather(world)
    assert weather_messages(world) == [("dropped", "declined")]
    server.stop()


def _client_of(world: World, walk: int) -> int:
    with world.store.db.reading(EVERYONE) as session:
        return session.scalars(select(WeatherWatch.client_id).where(WeatherWatch.walk_id == walk)).one()


def test_two_nodes_say_it_once(world: World, walk: int) -> None:
    client = _client_of(world, walk)
    for hour in (9, 11):
        makers.make_walk(world, client, f"2026-11-24T{hour:02}:00")
    weather(world)
    let_weather_come_again(world)
    stores = [Store(Database(world.settings.database_url), world.store.vault) for _ in range(2)]
    together, said = Barrier(2), [0, 0]

    def node(number: int) -> None:
        together.wait()
        said[number] = weather_watch.watch(stores[number], world.now)

    threads = [Thread(target=node, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.db.dispose()
    assert sum(said) == 3
    assert [state for state, _why in weather_messages(world)] == ["held"] * 3


def let_weather_come_again(world: World) -> None:
    wait(world, minutes=30)
    with world.store.db.transaction(EVERYONE, world.now) as session:
        session.execute(update(ForecastRow).values(expires_at=world.now))
    let_weather_come(world, sky(world, ROUGH))


def test_what_is_kept_says_nothing_about_health(world: World) -> None:
    """The same air: bad for one client's airways, fine for another. What is kept is the same of both."""
    route = makers.make_route(world, line=True)
    for flags in ((), ("lungs",)):
        client = makers.make_client(world, health_flags=flags)
        makers.make_walk(world, client, TUESDAY, route_id=route)
    weather(world)
    wait(world, minutes=30)
    assert weather(world, {f"2026-11-24T{hour:02}:00": {"air_index": 50.0} for hour in (9, 10, 11)}) == 0
    with world.store.db.reading(EVERYONE) as session:
        kept = session.scalars(select(WeatherWatch.known)).all()
        assert len(kept) == 2 and len({msgspec.json.decode(one)["code"] for one in kept}) == 1


def test_many_walks_few_questions(world: World) -> None:
    """A pass with nothing new reads once, whatever the number of walks, and takes no writers' lock."""
    client, route = makers.make_client(world), makers.make_route(world, line=True)
    for minute in range(0, 60, 5):
        makers.make_walk(world, client, f"2026-11-24T10:{minute:02}", route_id=route)
    weather(world)
    with questions(world) as asked:
        assert weather_watch.watch(world.store, world.now) == 0
    assert len([text for text in asked if " FROM " in " ".join(text.split())]) <= 3
    assert not [text for text in asked if text.lstrip().upper().startswith(("INSERT", "UPDATE", "BEGIN IMM"))]
    assert not [text for text in asked if "advisory" in text]
    with world.store.db.reading(EVERYONE) as session:
        assert session.scalar(select(func.count()).select_from(WeatherWatch)) == 12


def test_another_coach_cannot_put_it_away(world: World, walk: int) -> None:
    weather(world, ROUGH)
    assert send(world.browser("cor"), f"/walks/{walk}/weather/seen", {}, follow=False).status == 404
    assert lines(world.browser("anna").get("/")) == {str(walk): "worse"}


def test_the_jobs_watch_and_ask_the_service_no_more_than_before(
    world: World, httpserver: HTTPServer, walk: int
) -> None:
    """From the weather service itself to the agenda."""
    met = MetService(httpserver, world.now)
    met.weather, met.modified = {"rain": 6.0, "symbol": "heavyrain"}, met.now
    with world.store.db.transaction(EVERYONE, world.now) as session:
        session.execute(update(ForecastRow).values(expires_at=world.now, last_modified=None))
    assert one_pass(Jobs(world.store, met.source, lambda: world.now), sweeping=False)
    assert len(met.asked) == 1
    assert lines(world.browser("anna").get("/")) == {str(walk): "worse"}


def test_no_two_lines_offer_the_same_hour_first(world: World, coach: PageClient) -> None:
    for hour in (9, 10, 11):
        client = makers.make_client(world, f"Cliënt {hour}")
        makers.make_walk(world, client, f"2026-11-24T{hour:02}:00")
    weather(world)
    wait(world, minutes=30)
    assert weather(world, ROUGH) == 3
    found = coach.get("/").select("[data-weather-line]")
    first = [str(one.select("[data-hour]")[0]["data-hour"]) for one in found]
    assert len(set(first)) == 3
    reasons = [one.get_text().count("mm regen") for one in found]
    assert reasons == [0, 1, 1], "of the first walk it stands above"


def test_nothing_about_a_walk_that_the_client_hears_of_later(world: World, coach: PageClient) -> None:
    """The second of a series waits its turn; its weather too."""
    client = makers.make_client(world, "Sanne", email="sanne@example.org")
    first = makers.make_walk(world, client, TUESDAY)
    page = coach.get(f"/walks/{first}/series").submit(every_weeks="1", until_on="2026-12-01")
    later = int(str(page.one('[data-starts-local="2026-12-01T10:00"]')["data-walk"]))
    move(world, later, client, "2026-11-25T10:00")
    weather(world)
    wait(world, minutes=30)
    rough = {f"2026-11-25T{hour:02}:00": {**POURS, **GALE} for hour in (9, 10, 11)}
    assert weather(world, rough) == 1
    assert len(lines(coach.get("/"))) == 1, "the coach knows"
    assert weather_messages(world) == []
    world.set_clock("2026-11-24T11:00")
    outbox.note_everyone(world.store, world.now)
    assert weather_messages(world) == [("held", None)]


def test_more_lines_ask_no_more_of_the_database(world: World, coach: PageClient, walk: int) -> None:
    """One look around for all better hours on the page."""
    asked, clients = [], [makers.make_client(world, f"Cliënt {number}") for number in range(3)]
    weather(world, ROUGH)
    for more in ((), zip(clients, (9, 11, 12), strict=True)):
        for client, hour in more:
            makers.make_walk(world, client, f"2026-11-24T{hour:02}:00")
        wait(world, minutes=30)
        weather(world, ROUGH | {"2026-11-24T12:00": POURS})
        coach.get("/")
        with questions(world) as found:
            page = coach.get("/")
        asked.append(len(found))
    assert len(page.select("[data-weather-line]")) == 4
    assert asked[0] == asked[1]
