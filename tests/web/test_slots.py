"""Better hours through the front door: what is proposed, why, and what a tap on it opens."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from planner.domain.weather import Forecast
from planner.domain.when import local_to_moment
from planner.services.people import practices
from tests.conftest import World
from tests.domain.weather_makers import forecast, step
from tests.makers import make_client, make_route, make_walk
from tests.page_client import Page, PageClient
from tests.web.planning import let_weather_come, let_weather_fail

HOURS_KNOWN = 55
POURS = {"precip_mm": 6.0, "symbol": "heavyrain"}
GALE = {"gust_ms": 19.0}


def sky(world: World, changes: dict[str, dict[str, Any]] | None = None) -> Forecast:
    """As the real one: hours for about two days, then blocks of six hours to nine days on. `changes`: by the Dutch wall
    time at which an hour begins."""
    special = {
        local_to_moment(datetime.fromisoformat(text)): change for text, change in (changes or {}).items()
    }
    first = world.now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=world.now.hour)
    hours = [first + timedelta(hours=number) for number in range(HOURS_KNOWN + world.now.hour)]
    calm = {"gust_ms": 4.0}
    steps = [step(at, **{**calm, **special.get(at, {})}) for at in hours]
    until = hours[-1] + timedelta(hours=1)
    steps += [step(until + timedelta(hours=6 * number), 6, **calm) for number in range(28)]
    steps.append(step(until + timedelta(hours=6 * 28), 0))
    return forecast(*steps, fetched_at=world.now)


def slots(page: Page) -> list[str]:
    return [str(tag["data-slot"]) for tag in page.select("[data-slot]")]


def reasons(page: Page, start: str) -> list[str]:
    return [str(tag["data-reason"]) for tag in page.select(f'[data-slot="{start}"] [data-reason]')]


def test_the_dry_hour_of_a_wet_day(world: World, coach: PageClient, client: int, route: int) -> None:
    walk = make_walk(world, client, "2026-11-24T10:00", route_id=route)
    let_weather_come(
        world, sky(world, {f"2026-11-24T{hour:02}:00": {**POURS, **GALE} for hour in (9, 10, 11)})
    )
    page = coach.get(f"/slots?walk={walk}")
    asked = page.select("#asked-title ~ [data-verdict]")[0]
    assert asked["data-verdict"] == "move"
    first = page.select("[data-slot]")[0]
    assert first["data-slot"] == "2026-11-24T12:00"
    assert first.select("[data-verdict]")[0]["data-verdict"] == "go"
    assert reasons(page, "2026-11-24T12:00") == ["dry", "calmer", "same_day"]
    calmer = first.select('[data-reason="calmer"]')[0]
    assert (calmer["data-value"], calmer["data-instead"], calmer["data-unit"]) == ("14.4", "68.4", "km/h")
    assert "Windstoten tot 14 in plaats van 68 km/u." in first.get_text()
    assert len(slots(page)) == 5
    times = sorted(datetime.fromisoformat(text) for text in slots(page))
    assert all(later - one >= timedelta(hours=1) for one, later in itertools.pairwise(times))
    assert "MET Norway" in page.main


def test_another_hour_of_a_walk_in_two_taps(world: World, coach: PageClient, client: int, route: int) -> None:
    walk = make_walk(world, client, "2026-11-24T10:00", route_id=route, minutes=55)
    let_weather_come(world, sky(world, {f"2026-11-24T{hour:02}:00": POURS for hour in (9, 10, 11)}))
    page = coach.get(f"/walks/{walk}").follow("Betere uren")
    form = coach.get(str(page.select("[data-slot] a")[0]["href"]))
    assert form.path == f"/walks/{walk}/edit"
    assert form.one("[name=minutes]")["value"] == "55"
    done = form.submit(press="action=save")
    assert (done.path, done.one("[data-walk]")["data-starts-local"]) == (f"/walks/{walk}", "2026-11-24T12:00")


def test_a_walk_in_fine_weather_has_no_such_link(world: World, coach: PageClient, client: int) -> None:
    walk = make_walk(world, client, "2026-11-24T10:00")
    let_weather_come(world, sky(world))
    assert coach.get(f"/walks/{walk}").one("[data-verdict]")["data-verdict"] == "go"
    assert "Betere uren" not in coach.get(f"/walks/{walk}").main
    page = coach.get(f"/slots?walk={walk}")
    assert "Geen vrij uur heeft beter weer dan dit." in page.main
    assert all("as_good" in reasons(page, one) for one in slots(page))


def test_a_new_walk_opens_with_what_was_asked(
    world: World, coach: PageClient, client: int, route: int
) -> None:
    make_walk(world, client, "2026-11-17T14:00", minutes=30)
    let_weather_come(world, sky(world))
    page = coach.get(f"/slots?client={client}&minutes=50&route={route}")
    href = str(page.select("[data-slot] a")[0]["href"])
    asked = {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}
    assert (urlsplit(href).path, asked["client"]) == ("/walks/new", str(client))
    assert f"{asked['date']}T{asked['time']}" == slots(page)[0]
    form = coach.get(href)
    assert form.one("[name=minutes]")["value"] == "50"
    assert form.one("[name=route_id] [selected]")["value"] == str(route)
    done = form.submit(press="action=save")
    assert done.one("[data-walk]")["data-starts-local"] == slots(page)[0]
    assert done.one("[data-walk]")["data-minutes"] == "50"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-20", "Vrijdag 20 november kan niet: dat is voorbij."),
        ("2026-12-25", "Vrijdag 25 december kan niet: het is Eerste kerstdag, een vrije dag."),
        ("2026-11-29", "Zondag 29 november kan niet: je hebt die dag geen werktijden."),
        ("2026-11-24", None),
    ],
)
def test_a_day_that_cannot_be_is_told(coach: PageClient, client: int, day: str, said: str | None) -> None:
    """The hours that come are then on other days."""
    page = coach.get(f"/slots?client={client}&minutes=40&date={day}")
    assert [" ".join(one.get_text().split()) for one in page.select("#slots > [data-closed]")] == (
        [said] if said else []
    )
    assert any(one.startswith(day) for one in slots(page)) == (said is None)


def test_working_hours_walks_and_time_around_them(
    world: World, coach: PageClient, client: int, route: int
) -> None:
    """Tuesday and Wednesday from nine to one; a walk of another client at ten, with half an hour to get there."""
    far = make_route(world, "Ver weg", minutes_before=30, minutes_after=0)
    other = make_client(world, "Bo")
    make_walk(world, other, "2026-11-24T10:00", route_id=far, minutes=40)
    hours = {f"{name}_{day}": "" for day in range(7) for name in ("starts", "ends")}
    hours |= {f"starts_{day}": "09:00" for day in (1, 2)} | {f"ends_{day}": "13:00" for day in (1, 2)}
    coach.get("/settings").submit("/settings", **hours)
    world_slots = slots(
        coach.get(f"/slots?client={client}&minutes=40&route={route}&date=2026-11-24&time=10:00")
    )
    for at, code, said in (
        ("2026-11-24T10:00", "walk", "Dit tijdstip kan niet: daar staat al een wandeling, tot 10.40 uur"),
        ("2026-11-24T19:00", "dark", "het is dan donker, de zon is om 16.3"),
        ("2026-11-24T07:30", "dark_early", "het is dan nog donker, de zon is om 8.1"),
        ("2026-11-24T14:00", "outside_hours", "het valt buiten je werktijden, 9.00–13.00 uur."),
        ("2026-11-26T10:00", "no_hours_then", "je hebt die dag geen werktijden."),
        ("2026-12-25T10:00", "holiday", "het is Eerste kerstdag, een vrije dag."),
        ("2026-11-23T09:00", "over", "dat is voorbij"),
    ):
        day, time = at.split("T")
        page = coach.get(f"/slots?client={client}&minutes=40&route={route}&date={day}&time={time}")
        assert page.one("#slots [data-closed]")["data-closed"] == code and said in page.main
    open_ = coach.get(f"/slots?client={client}&minutes=40&route={route}&date=2026-11-24&time=11:05")
    assert not open_.select("[data-closed]"), "between quarters too"
    on_tuesday = [one for one in world_slots if one.startswith("2026-11-24")]
    assert on_tuesday == ["2026-11-24T11:00"], "40 + 30 minutes before ten is before nine"
    assert {datetime.fromisoformat(one).weekday() for one in world_slots} <= {1, 2}
    assert all("09:00" <= one[11:] <= "12:20" for one in world_slots)


def test_the_walk_itself_is_not_in_its_own_way(world: World, coach: PageClient, client: int) -> None:
    walk = make_walk(world, client, "2026-11-24T10:00", minutes=40)
    let_weather_come(world, sky(world))
    mine = slots(coach.get(f"/slots?walk={walk}"))
    assert "2026-11-24T09:00" in mine and "2026-11-24T11:00" in mine
    assert "2026-11-24T10:00" not in mine
    cancelled = make_walk(world, client, "2026-11-24T12:00", minutes=40)
    coach.get(f"/walks/{cancelled}/cancel").submit(reason="weather")
    assert "2026-11-24T12:00" in slots(coach.get(f"/slots?walk={walk}"))


def test_a_colleagues_walk_takes_none_of_my_time(world: World, coach: PageClient, client: int) -> None:
    theirs = make_client(world, "Do", who="cor")
    make_walk(world, client, "2026-11-24T16:00")
    let_weather_come(world, sky(world))
    for hour in (9, 11, 13, 15):
        make_walk(world, theirs, f"2026-11-24T{hour:02}:00", who="cor", minutes=90)
    found = slots(coach.get(f"/slots?client={client}&minutes=40&date=2026-11-24&time=12:00"))
    assert sum(one.startswith("2026-11-24") for one in found) == 5
    page = coach.get(f"/slots?client={client}&minutes=40&date=2026-11-24&time=12:00")
    assert page.one('[data-warning="same_day"]').get_text().strip() == "Sanne loopt die dag al om 16.00 uur."


def test_beyond_the_forecast_it_says_so(world: World, coach: PageClient, client: int, route: int) -> None:
    let_weather_come(world, sky(world))
    page = coach.get(f"/slots?client={client}&minutes=40&route={route}&date=2027-02-16&time=10:00")
    assert {tag["data-verdict"] for tag in page.select("[data-slot] [data-verdict]")} == {"unknown"}
    assert all("missing" in reasons(page, one) for one in slots(page))
    assert slots(page)[0].startswith("2027-02-16")
    assert len({one[:10] for one in slots(page)}) == 5, "spread over the days"
    assert {one[11:] for one in slots(page)[1:]} == {"10:00"}, "at the time that was asked"
    assert page.main.count("gekozen op agenda en daglicht") == 1
    assert "Nog onbekend" not in page.select("ol.cards")[0].get_text(), "said once, not at each hour"


def test_beyond_the_hours_it_is_provisional(world: World, coach: PageClient, client: int, route: int) -> None:
    make_walk(world, client, "2026-11-24T10:00", route_id=route)
    let_weather_come(world, sky(world))
    page = coach.get(f"/slots?client={client}&minutes=40&route={route}&date=2026-11-30")
    slot = page.select('[data-slot^="2026-11-30"]')[0]
    assert slot.select("[data-provisional=true]")
    assert "voorlopig" in slot.get_text()


def test_the_forecast_is_fetched_when_asked(world: World, coach: PageClient, client: int, route: int) -> None:
    address = f"/slots?client={client}&minutes=40&route={route}"
    page = coach.get(address)
    assert len(slots(page)) == 5
    assert {tag["data-verdict"] for tag in page.select("[data-slot] [data-verdict]")} == {"unknown"}
    waiting = page.submit(address)
    assert "onderweg" in waiting.main
    assert waiting.one("[data-pending]")["data-refresh-src"] == address
    assert len(let_weather_come(world, sky(world)).asked) == 1
    there = coach.get(address)
    assert {tag["data-verdict"] for tag in there.select("[data-slot] [data-verdict]")} == {"go"}
    assert all(reasons(there, one) for one in slots(there)), "each says something for itself"
    assert not there.select("[data-pending]")


def test_without_weather_everything_else_works(
    world: World, coach: PageClient, client: int, route: int
) -> None:
    address = f"/slots?client={client}&minutes=40&route={route}"
    coach.get(address).submit(address)
    let_weather_fail(world)
    page = coach.get(address)
    assert len(slots(page)) == 5
    assert "laden lukt nu niet" in page.main


NO_HOURS = {f"{name}_{day}": "" for day in range(7) for name in ("starts", "ends")}


@pytest.mark.parametrize(
    ("hours", "taken", "minutes", "code", "over", "said"),
    [
        (None, None, 40, "no_hours", None, "Er zijn nog geen werktijden ingesteld."),
        (
            ("10:00", "10:30"),
            None,
            45,
            "hours_short",
            15,
            "45 minuten is 15 minuten te lang voor je werktijd.",
        ),
        (
            ("16:30", "20:00"),
            None,
            90,
            "daylight_short",
            45,
            "1 uur en 30 minuten is 45 minuten te lang voor het daglicht in je werktijd. Hooguit passen 45 minuten.",
        ),
        (
            ("19:00", "22:00"),
            None,
            30,
            "daylight_short",
            30,
            "Geen van je werkuren valt bij daglicht. Het is licht van 8.1",
        ),
        (
            ("09:00", "12:00"),
            ("10:30", "12:00"),
            90,
            "busy",
            15,
            "1 uur en 30 minuten is 15 minuten te lang voor wat er vrij is in deze dagen, met de tijd eromheen.",
        ),
        (("09:00", "12:00"), ("08:00", "18:00"), 40, "busy", 40, "In deze dagen is niets vrij."),
    ],
)
def test_an_impossible_wish_says_which_and_by_how_much(
    world: World,
    coach: PageClient,
    client: int,
    hours: tuple[str, str] | None,
    taken: tuple[str, str] | None,
    minutes: int,
    code: str,
    over: int | None,
    said: str,
) -> None:
    """Among better hours, and where a walk is planned: working hours on Tuesday alone, and what takes them."""
    opens = dict(zip(("starts_1", "ends_1"), hours, strict=True)) if hours else {}
    coach.get("/settings").submit("/settings", **{**NO_HOURS, **opens})
    if taken:
        blocks = {"week_weekday_0": "tue", "week_starts_0": taken[0], "week_ends_0": taken[1]}
        coach.get("/settings/agenda").submit(**blocks)
    there = coach.get(f"/slots?client={client}&minutes={minutes}&date=2026-11-24")
    planned = coach.get(f"/walks/new?client={client}&minutes={minutes}&date=2026-11-24")
    assert slots(there) == []
    for page in (there, planned):
        found = page.one("#slots [data-hindrance], #plan-hour [data-hindrance]")
        assert found["data-hindrance"] == code
        assert found.get("data-value") == (None if over is None else str(over))
        assert said in " ".join(found.get_text().split())


def test_weather_that_spoils_every_hour_is_told(world: World, coach: PageClient, client: int) -> None:
    make_walk(world, client, "2026-11-24T10:00")
    coach.get("/settings").submit("/settings", **{**NO_HOURS, "starts_1": "09:00", "ends_1": "12:00"})
    wet = {f"2026-11-24T{hour:02}:00": POURS for hour in range(24)}
    held = sky(world, wet)
    storm = Forecast(held.source, held.updated_at, held.fetched_at, held.steps[:HOURS_KNOWN])
    let_weather_come(world, storm)
    page = coach.get(f"/slots?client={client}&minutes=40&date=2026-11-24")
    assert slots(page) and all(one.startswith("2026-12-01") for one in slots(page)), "the unknown week after"
    coach.get("/settings/agenda").submit(off_first_0="2026-11-25", off_last_0="2026-12-20")
    page = coach.get(f"/slots?client={client}&minutes=40&date=2026-11-24")
    assert page.one("[data-hindrance]")["data-hindrance"] == "weather"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("minutes=5", "minutes"),
        ("minutes=veel", "minutes"),
        ("minutes=40&date=2026-02-31", "date"),
        ("minutes=40&date=2026-11-24&time=25:00", "time"),
        ("minutes=40&date=2027-03-28&time=02:30", "time"),
    ],
)
def test_what_cannot_be_asked(coach: PageClient, client: int, query: str, field: str) -> None:
    page = coach.get(f"/slots?client={client}&{query}")
    assert page.status == 422
    assert list(page.errors) == [field]
    assert page.one(f"[name={field}]")["value"] == parse_qs(query)[field][0]


def test_in_the_crisis_phase_short_is_proposed(world: World, coach: PageClient) -> None:
    client = make_client(world, recovery_phase="crisis")
    make_walk(world, client, "2026-11-17T14:00", minutes=60)
    assert coach.get(f"/slots?client={client}").one("[name=minutes]")["value"] == "30"


def test_for_whom(coach: PageClient, client: int) -> None:
    page = coach.get("/slots")
    assert page.follow("Sanne").h1 == "Betere uren voor Sanne"


def test_indoors_neither_weather_nor_daylight_count(world: World, coach: PageClient, client: int) -> None:
    walk = make_walk(world, client, "2026-11-24T19:00", setting="online")
    coach.get("/settings").submit("/settings", **{**NO_HOURS, "starts_1": "18:00", "ends_1": "22:00"})
    page = coach.get(f"/slots?walk={walk}")
    assert slots(page)[0] == "2026-11-24T18:00"
    assert not page.select("[data-slot] [data-reason=missing]")


def test_over_the_clock_change(world: World, coach: PageClient, client: int) -> None:
    """The last Sunday of March: no start in the hour that is not there, and ten is ten."""
    world.set_clock("2027-03-26T09:00")
    browser = world.browser()
    browser.get("/login").submit(email="anna@example.org", password="rustig wandelen door het bos")
    every = {f"starts_{day}": "00:00" for day in range(7)} | {f"ends_{day}": "23:59" for day in range(7)}
    browser.get("/settings").submit("/settings", **every)
    browser.get("/settings/agenda").submit(holidays_off=None)
    page = browser.get(f"/slots?client={client}&minutes=40&date=2027-03-28&time=10:00")
    assert slots(page)[0] in ("2027-03-28T09:00", "2027-03-28T11:00")
    assert not any("2027-03-28T02" in one for one in slots(page))


def test_nothing_is_written_by_looking(world: World, coach: PageClient, client: int, route: int) -> None:
    before = practices.open_practice(world.store, world.coach())
    coach.get(f"/slots?client={client}&minutes=40&route={route}")
    assert len(let_weather_come(world, sky(world)).asked) == 0
    assert practices.open_practice(world.store, world.coach()) == before


def test_english(world: World, coach: PageClient, client: int, route: int) -> None:
    coach.get("/account").submit(language="en")
    walk = make_walk(world, client, "2026-11-24T10:00", route_id=route)
    let_weather_come(world, sky(world, {f"2026-11-24T{hour:02}:00": GALE for hour in (9, 10, 11)}))
    page = coach.get(f"/slots?walk={walk}")
    assert page.h1 == "Better hours for Sanne"
    assert "Gusts up to 14 instead of 68 km/h." in page.main
