"""The week is home."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from planner.services.weather import forecast_jobs
from tests.conftest import World
from tests.counting import questions
from tests.domain.weather_makers import day
from tests.factories import make_client, make_route, make_walk
from tests.page_client import PageClient
from tests.web.planning import let_weather_come, let_weather_fail, send, sign_in_again, walks_on

WEDNESDAY = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
def sanne(world: World) -> int:
    return make_client(world, first_name="Sanne")


def test_a_new_coach_begins_with_a_client(coach: PageClient) -> None:
    page = coach.get("/")
    assert page.h1 == "Deze week"
    assert page.select('a[href="/clients/new"]')
    assert "Dat is ook goed" in page.main


def test_seven_days_from_monday(world: World, sanne: int) -> None:
    world.set_clock("2026-11-25T09:00")
    page = sign_in_again(world).get("/")
    days = [str(tag.get_text(" ", strip=True)) for tag in page.select(".week h2")]
    assert [one.split()[0] for one in days] == ["ma", "di", "wo", "do", "vr", "za", "zo"]
    assert days[2].endswith("vandaag")
    free = [str(tag["href"]) for tag in page.select("a.free")]
    assert free == [f"/walks/new?date=2026-11-{number}" for number in range(25, 30)], "not on days gone by"


def test_a_walk_stands_on_its_day_with_its_hooks(coach: PageClient, world: World, sanne: int) -> None:
    walk = make_walk(world, sanne, date="2026-12-01", time="10:00", minutes=45)
    page = coach.get("/?week=2026-W49")
    tag = page.one("[data-walk]")
    assert {name: tag[name] for name in tag.attrs if name.startswith("data-")} == {
        "data-walk": str(walk),
        "data-starts-local": "2026-12-01T10:00",
        "data-minutes": "45",
        "data-status": "planned",
    }
    assert "Sanne" in page.one(".day:nth-child(2)").get_text()
    assert not walks_on(coach.get("/?week=2026-W48"))


def test_only_my_own(coach: PageClient, world: World, sanne: int) -> None:
    make_walk(world, make_client(world, "cor"), "cor", date="2026-11-24", time="10:00")
    make_walk(world, make_client(world, "bram"), "bram", date="2026-11-24", time="10:00")
    assert not walks_on(coach.get("/"))


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("2026-W48", 200),
        ("2026W48", 200),
        ("2026-W53", 200),
        ("2027-W53", 404),
        ("2026-W00", 404),
        ("0000-W01", 404),
        ("9999-W01", 404),
        ("x", 404),
        ("2026-48", 404),
        ("", 200),
        ("%00", 404),
        ("1970-W01", 200),
        ("2999-W52", 200),
    ],
)
def test_any_week_or_a_kind_page(coach: PageClient, asked: str, status: int) -> None:
    assert coach.get(f"/?week={asked}").status == status


def test_previous_and_next(coach: PageClient) -> None:
    page = coach.get("/?week=2026-W53")
    assert page.follow("Volgende").h1 == "Week 1 van 2027"
    assert page.follow("Vorige").h1 == "Week 52 van 2026"
    assert page.follow("Deze week").h1 == "Deze week"


def test_first_the_next_walk_then_its_note(coach: PageClient, world: World, sanne: int) -> None:
    mark = make_client(world, first_name="Mark")
    early = make_walk(world, sanne, date="2026-11-23", time="10:00", minutes=40)
    late = make_walk(world, mark, date="2026-11-23", time="14:00", minutes=40)
    expected = [
        ("09:30", f"/walks/{early}"),
        ("10:20", f"/walks/{early}"),
        ("10:45", f"/walks/{early}/note"),
        ("13:40", f"/walks/{late}"),
        ("15:00", f"/walks/{late}/note"),
    ]
    for at, address in expected:
        world.set_clock(f"2026-11-23T{at}")
        assert coach.get("/").one(".first a.primary")["href"] == address, at


def test_still_to_write_is_quiet_and_goes(coach: PageClient, world: World, sanne: int) -> None:
    walk = make_walk(world, sanne, date="2026-11-19", time="10:00")
    page = coach.get("/")
    assert page.one(f'.unwritten a[href="/walks/{walk}/note"]').get_text() == "Sanne (do 19 nov)"
    send(coach, f"/walks/{walk}/note", {"outcome": "walked"})
    assert not coach.get("/").select(".unwritten")


def test_cancelled_walks_ask_for_nothing(coach: PageClient, world: World, sanne: int) -> None:
    walk = make_walk(world, sanne, date="2026-11-24", time="10:00")
    send(coach, f"/walks/{walk}/cancel", {"reason": "weather"})
    world.set_clock("2026-11-24T12:00")
    page = sign_in_again(world).get("/")
    assert walks_on(page) == {"2026-11-24T10:00": "cancelled"}
    assert not page.select(".unwritten, .first")


def test_weather_on_the_week_the_form_and_the_walk(coach: PageClient, world: World, sanne: int) -> None:
    route = make_route(world)
    wet = make_walk(world, sanne, date="2026-11-25", time="12:00", minutes=40, route_id=route)
    dry = make_walk(world, sanne, date="2026-11-25", time="15:00", minutes=40, route_id=route)
    page = coach.get("/")
    assert [tag["data-verdict"] for tag in page.select(".week [data-verdict]")] == ["unknown", "unknown"]
    assert "data-pending" in coach.get(f"/walks/{wet}").one("#weather").attrs
    says = day({11: {"precip_mm": 6.0, "symbol": "heavyrain"}}, on=WEDNESDAY)
    sky = let_weather_come(world, says)
    assert len(sky.asked) == 1, "one place, asked once"
    page = coach.get("/")
    found = {
        tag["data-walk"]: tag.select_one("[data-verdict]")["data-verdict"]  # type: ignore[index]
        for tag in page.select("[data-walk]")
        if tag.select_one("[data-verdict]")
    }
    assert found == {str(wet): "move", str(dry): "go"}
    assert "MET Norway" in page.main
    walk = coach.get(f"/walks/{wet}")
    reason = walk.one('#weather [data-reason="rain"]')
    assert (reason["data-value"], reason["data-unit"]) == ("6", "mm/h")
    form = coach.get(f"/walks/new?client={sanne}")
    looked = form.submit(date="2026-11-25", time="09:00", route_id=route, press="action=preview")
    assert looked.status == 200
    assert looked.one("#look [data-verdict]")["data-verdict"] == "go"
    looked = looked.submit(time="12:30", press="action=preview")
    assert looked.one("#look [data-verdict]")["data-verdict"] == "move"


def test_a_look_has_the_forecast_fetched(coach: PageClient, world: World, sanne: int) -> None:
    form = coach.get(f"/walks/new?client={sanne}")
    calm = day(on=WEDNESDAY)
    assert not let_weather_come(world, calm).asked, "nobody asked yet"
    looked = form.submit(date="2026-11-25", time="12:00", press="action=preview")
    assert "data-pending" in looked.one("#look").attrs
    assert let_weather_come(world, calm).asked
    looked = looked.submit(press="action=preview")
    assert "data-pending" not in looked.one("#look").attrs
    assert looked.one("#look [data-verdict]")["data-verdict"] == "go"


def test_online_and_past_walks_have_no_weather(coach: PageClient, world: World, sanne: int) -> None:
    make_walk(world, sanne, date="2026-11-24", time="10:00", setting="online")
    world.set_clock("2026-11-25T09:00")
    page = sign_in_again(world).get("/")
    assert walks_on(page)
    assert not page.select(".week [data-verdict]")


@pytest.mark.parametrize(
    ("week", "words"), [("2026-W48", "zon op 8.1"), ("2026-W26", "zon op 5."), ("2026-W52", "zon onder 16.")]
)
def test_when_the_sun_is_up(coach: PageClient, week: str, words: str) -> None:
    assert words in coach.get(f"/?week={week}").main


def test_a_week_is_a_few_questions_however_full(coach: PageClient, world: World, sanne: int) -> None:
    """No question per walk."""

    def asked() -> int:
        with questions(world) as found:
            coach.get("/?week=2026-W49")
        return len(found)

    make_walk(world, sanne, date="2026-12-01", time="10:00")
    few = asked()
    for hour in range(11, 19):
        make_walk(world, sanne, date="2026-12-01", time=f"{hour}:00")
    assert asked() == few


def test_the_week_waits_for_weather_and_says_when_it_fails(
    coach: PageClient, world: World, sanne: int
) -> None:
    make_walk(world, sanne, date="2026-11-25", time="10:00")
    assert "data-pending" in coach.get("/").one("#agenda").attrs
    let_weather_fail(world)
    page = coach.get("/")
    assert "data-pending" not in page.one("#agenda").attrs
    assert "Het weer laden lukt nu niet" in page.main
    assert page.select(".week [data-walk]"), "nothing else changes"


def test_the_verdict_at_the_start_stays(world: World, sanne: int) -> None:
    walk = make_walk(world, sanne, date="2026-11-25", time="12:00")
    let_weather_come(world, day({11: {"precip_mm": 6.0, "symbol": "heavyrain"}}, on=WEDNESDAY))
    world.set_clock("2026-11-25T12:01")
    forecast_jobs.keep_verdicts_at_start(world.store, world.now)
    let_weather_come(world, day(on=WEDNESDAY))
    world.set_clock("2026-11-26T09:00")
    page = sign_in_again(world).get(f"/walks/{walk}")
    assert page.one("#weather [data-verdict]")["data-verdict"] == "move"
    assert "Zoals het was bij het begin" in page.main
