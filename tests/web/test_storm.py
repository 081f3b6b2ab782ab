"""The storm day through the front door: choose for every walk, look, save, and let the messages go one by one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from planner.models import EVERYONE, Walk
from planner.services.walks import walks
from planner.services.weather import weather_watch
from tests import makers
from tests.conftest import World
from tests.mail_server import Office, anna, move, ready, running, say_yes, states, wait
from tests.page_client import Page, PageClient
from tests.web.planning import let_weather_come, walks_on
from tests.web.test_slots import GALE, POURS, sky
from tests.web.test_weather_watch import weather

DAY = "/storm?date=2026-11-24&until=2026-11-24"
ROUGH = {f"2026-11-24T{hour:02}:00": {**POURS, **GALE} for hour in (8, 9, 10, 11, 12, 13)}
NAMES = ("Sanne", "Piet", "Noor", "Karim", "Els")


@pytest.fixture
def five(world: World) -> dict[str, int]:
    """Five walks of five clients on one rough morning; all mailed by themselves, and all know of their walk."""
    route, found = makers.make_route(world, line=True, meeting_point="Bij het bord"), {}
    for number, name in enumerate(NAMES):
        client = makers.make_client(
            world,
            name,
            email=f"{name}@example.org".lower(),
            phone="06 12345678",
            reminders=False,
            mails_by_itself=True,
        )
        starts = f"2026-11-24T{9 + number:02}:00"
        found[name] = makers.make_walk(world, client, starts, route_id=route)
    let_weather_come(world, sky(world, ROUGH))
    return found


@pytest.fixture
def told(world: World, five: dict[str, int]) -> Iterator[Office]:
    """The same, and the confirmations have left."""
    server = running()
    office = Office(world, server)
    assert office.tick() == 5
    server.box.taken.clear()
    yield office
    server.stop()


def choices(page: Page, walk: int) -> list[str]:
    return [str(tag["value"]) for tag in page.select(f"[name=choice_{walk}]")]


def hour(page: Page, walk: int) -> str:
    return str(page.one(f"[name=to_{walk}]")["value"])


def chosen(page: Page, walk: int) -> str:
    return str(page.one(f"[name=choice_{walk}][checked]")["value"])


def look(page: Page, **changes: object) -> Page:
    return page.submit(DAY, press="action=preview", **changes)


def of(world: World, walk: int) -> Walk:
    with world.store.db.reading(EVERYONE) as session:
        return session.scalars(select(Walk).where(Walk.id == walk)).one()


def test_every_walk_with_its_weather_and_an_hour_of_its_own(
    world: World, coach: PageClient, five: dict[str, int]
) -> None:
    before = states(world)
    page = coach.get(DAY)
    assert page.h1 == "Stormdag" and len(walks_on(page)) == 5
    assert "Dinsdag 24 november" in page.main and "24 november –" not in page.main, "one day is one day"
    verdicts = [tag["data-verdict"] for tag in page.select("[data-walk] [data-verdict]")]
    assert verdicts == ["move"] * 5
    assert "MET Norway" in page.main
    label = page.one(f"[name=choice_{five['Sanne']}][value=move]").parent
    assert label is not None and "Naar di 24 nov, 14.15 Gaat door" in " ".join(label.get_text(" ").split())
    starts = sorted(datetime.fromisoformat(hour(page, walk)) for walk in five.values())
    assert all(later - one >= timedelta(minutes=70) for one, later in itertools.pairwise(starts))
    assert choices(page, five["Piet"]) == ["keep", "move", "shorten", "indoors", "online", "phone", "cancel"]
    assert {chosen(page, walk) for walk in five.values()} == {"keep"}
    assert states(world) == before


def test_an_hour_beyond_the_hours_that_are_known_is_provisional(world: World, coach: PageClient) -> None:
    """Here and on the agenda, as on the page of better hours."""
    route = makers.make_route(world, line=True)
    walk = makers.make_walk(world, makers.make_client(world), "2026-11-25T13:00", route_id=route)
    weather(world)
    wait(world, minutes=30)
    weather(world, {f"2026-11-25T{hour:02}:00": {**POURS, **GALE} for hour in range(8, 17)})
    label = coach.get("/storm?date=2026-11-25&until=2026-11-25").one(f"[name=choice_{walk}][value=move]")
    assert label.parent is not None
    for said in (label.parent, *coach.get("/").select("[data-hour]")):
        later = " ".join(said.get_text(" ").split())
        assert ("Gaat door, voorlopig" in later) == ("di 24" not in later), later


def test_one_of_each(world: World, coach: PageClient, five: dict[str, int], told: Office) -> None:
    """Preview shows it, saving does it, and five messages wait; nobody's address stands in another's."""
    page = coach.get(DAY)
    wanted = dict(zip(five.values(), ("move", "shorten", "indoors", "phone", "cancel"), strict=True))
    to = hour(page, five["Sanne"])
    changes = {f"choice_{walk}": choice for walk, choice in wanted.items()}
    seen = look(page, **changes, **{f"minutes_{five['Piet']}": 25, f"place_{five['Noor']}": "Buurthuis"})
    assert seen.status == 200 and seen.h1 == "Dit verandert er"
    assert [str(tag["data-change"]) for tag in seen.select("[data-change]")] == list(wanted.values())
    assert "25 minuten in plaats van 40 minuten" in seen.main and "Buurthuis" in seen.main
    assert "06 12345678" in seen.main
    assert of(world, five["Sanne"]).starts_local == datetime(2026, 11, 24, 9)
    done = seen.submit(DAY, press="action=save")
    assert (done.path, "5 wandelingen zijn veranderd." in done.main) == ("/messages/", True)
    assert of(world, five["Sanne"]).starts_local == datetime.fromisoformat(to)
    assert of(world, five["Piet"]).minutes == 25
    noor, karim, els = (of(world, five[name]) for name in ("Noor", "Karim", "Els"))
    assert (noor.setting, noor.route_id, karim.setting) == ("indoors", None, "phone")
    assert (els.status, els.outcome) == ("cancelled", "weather")
    assert told.tick() == 0, "nothing leaves without the coach"
    assert len(done.select("[data-kind=change]")) == 4 and len(done.select("[data-kind=cancellation]")) == 1
    sent = done.submit("/messages/send")
    assert "5 berichten zijn onderweg." in sent.main
    assert told.tick() == 5
    everybody = {f"{name}@example.org".lower() for name in NAMES}
    for _sender, to_whom in told.box.envelopes[-5:]:
        assert len(to_whom) == 1 and to_whom[0] in everybody
    texts = "\n".join(told.box.texts)
    assert "Telefonisch. Ik bel je op je eigen nummer." in texts and "Buurthuis" in texts
    assert "weer" not in texts.replace("weer bij", ""), "why is not told"
    assert "Om het weer" in coach.get(f"/clients/{els.client_id}?walks=all").main


def test_the_same_for_all_of_a_kind(world: World, coach: PageClient, five: dict[str, int]) -> None:
    page = coach.get(DAY)
    filled = page.submit(DAY, press="action=fill", all_move="move", **{f"choice_{five['Els']}": "cancel"})
    assert filled.status == 200
    assert {chosen(filled, walk) for walk in five.values()} == {"move"}
    kept = look(filled, **{f"choice_{five['Els']}": "keep"})
    back = kept.submit(DAY, press="action=choose")
    assert [chosen(back, five[name]) for name in ("Sanne", "Els")] == ["move", "keep"]
    kept.submit(DAY, press="action=save")
    week = walks_on(coach.get("/"))
    assert len(week) >= 1 and of(world, five["Els"]).starts_local == datetime(2026, 11, 24, 13)
    new = sorted(of(world, walk).starts_at for walk in five.values())
    assert all(later - one >= timedelta(minutes=40) for one, later in itertools.pairwise(new))


def test_a_walk_that_was_changed_meanwhile(world: World, coach: PageClient, five: dict[str, int]) -> None:
    """It says so beside that walk, keeps what was typed, and saves nothing; sent again, it is on purpose."""
    page = coach.get(DAY)
    piet, sanne = five["Piet"], five["Sanne"]
    move(world, piet, of(world, piet).client_id, "2026-11-27T10:00")
    changes = {f"choice_{piet}": "shorten", f"minutes_{piet}": 25, f"choice_{sanne}": "cancel"}
    refused = look(page, **changes)
    assert refused.status == 409
    assert (
        set(refused.errors) == {f"choice_{piet}"} and "intussen veranderd" in refused.errors[f"choice_{piet}"]
    )
    assert (chosen(refused, piet), chosen(refused, sanne)) == ("shorten", "cancel")
    assert refused.one(f"[name=minutes_{piet}]")["value"] == "25"
    assert "vr 27 nov" in refused.main, "where it is now"
    assert of(world, sanne).status == "planned"
    look(refused).submit(DAY, press="action=save")
    assert (of(world, piet).minutes, of(world, sanne).status) == (25, "cancelled")


def test_an_hour_that_was_given_away_meanwhile(world: World, coach: PageClient, five: dict[str, int]) -> None:
    page = coach.get(DAY)
    sanne, to = five["Sanne"], hour(page, five["Sanne"])
    makers.make_walk(world, makers.make_client(world, "Nieuw"), to)
    refused = look(page, **{f"choice_{sanne}": "move"})
    assert refused.status == 422 and "niet meer vrij" in refused.errors[f"choice_{sanne}"]
    assert hour(refused, sanne) != to and chosen(refused, sanne) == "move"
    assert look(refused).status == 200


def test_two_moves_to_the_same_hour_are_refused(
    world: World, coach: PageClient, five: dict[str, int]
) -> None:
    page = coach.get(DAY)
    one, other = five["Sanne"], five["Piet"]
    changes = {f"choice_{one}": "move", f"choice_{other}": "move", f"to_{other}": hour(page, one)}
    refused = look(page, **changes)
    assert refused.status == 422 and set(refused.errors) == {f"choice_{one}", f"choice_{other}"}


def test_into_the_hour_that_another_leaves(world: World, coach: PageClient, five: dict[str, int]) -> None:
    page = coach.get(DAY)
    changes = {f"choice_{five['Sanne']}": "move", f"to_{five['Sanne']}": "2026-11-24T13:00"}
    assert look(page, **changes).status == 422
    assert look(page, **changes, **{f"choice_{five['Els']}": "cancel"}).status == 200


def test_the_same_press_twice_is_one(world: World, coach: PageClient, five: dict[str, int]) -> None:
    every = dict(zip(five.values(), ("move", "shorten", "online", "phone", "cancel"), strict=True))
    seen = look(coach.get(DAY), **{f"choice_{walk}": choice for walk, choice in every.items()})
    seen.submit(DAY, press="action=save")
    versions = [of(world, walk).version for walk in five.values()]
    again = seen.submit(DAY, press="action=save")
    assert again.path == "/messages/"
    assert [of(world, walk).version for walk in five.values()] == versions


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"minutes": "60"}, "minutes"), ({"minutes": "5"}, "minutes"), ({"minutes": "kort"}, "minutes"),
     ({"minutes": ""}, "minutes"), ({"choice": "vanish"}, "choice")],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_walk(
    world: World, coach: PageClient, typed: dict[str, str], field: str
) -> None:
    """Where no route says how short it may be, the coach does."""
    walk = makers.make_walk(world, makers.make_client(world, phone="06 12345678"), "2026-11-24T10:00")
    sent = {f"{name}_{walk}": value for name, value in ({"choice": "shorten"} | typed).items()}
    refused = look(coach.get(DAY), **sent)
    assert refused.status == 422 and f"{field}_{walk}" in refused.errors
    fine = look(coach.get(DAY), **{f"minutes_{walk}": "kort", f"choice_{walk}": "phone"})
    assert fine.status == 200, "what is not asked is not read"


def test_nothing_chosen(world: World, coach: PageClient, five: dict[str, int]) -> None:
    refused = look(coach.get(DAY))
    assert refused.status == 422 and "Er is nog niets gekozen" in refused.main


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ("date=2026-11-24&until=2026-12-08", "until", "hooguit 14 dagen"),
        ("date=2026-11-24&until=2026-11-23", "until", "komt na de eerste"),
        ("date=morgen&until=2026-11-23", "date", "dag die bestaat"),
        ("date=2026-11-24&until=2026-11-24&time=14:00&until_time=13:00", "until_time", "na het begin"),
        ("date=2027-03-28&time=02:30&until=2027-03-28", "time", "bestaat niet"),
    ],
)
def test_a_period_that_cannot_be(coach: PageClient, asked: str, field: str, said: str) -> None:
    page = coach.get(f"/storm?{asked}")
    assert page.status == 422 and said in page.errors[field]


def test_the_period_is_of_hours_too(world: World, coach: PageClient, five: dict[str, int]) -> None:
    page = coach.get(f"{DAY}&time=10:00&until_time=12:00")
    assert set(walks_on(page)) == {"2026-11-24T10:00", "2026-11-24T11:00"}
    assert len(walks_on(coach.get("/storm"))) == 5, "today and two days more"
    assert coach.get("/storm").form("/storm?date=2026-11-23&until=2026-11-25"), "also after midnight"
    assert len(walks_on(coach.get("/storm?date=2026-11-22"))) == 5
    assert coach.get("/storm?date=2026-11-24&until=2026-12-07").status == 200


def test_empty_without_forecast_and_not_outdoors(world: World, coach: PageClient) -> None:
    assert "In deze dagen staat geen wandeling." in coach.get(DAY).main
    client = makers.make_client(world, phone="06 12345678")
    makers.make_walk(world, client, "2026-11-24T10:00", setting="online")
    page = coach.get(DAY)
    assert not page.select("[name^=choice_]") and "Niet buiten" in page.main
    walk = makers.make_walk(world, client, "2026-11-24T12:00")
    page = coach.get(DAY)
    assert "De verwachting is onderweg." in page.main
    assert page.one("[data-walk] [data-verdict]")["data-verdict"] == "unknown"
    assert look(page, **{f"choice_{walk}": "phone"}).submit(DAY, press="action=save").path == "/messages/"
    assert of(world, walk).setting == "phone"


def test_no_other_hour(world: World, coach: PageClient, five: dict[str, int]) -> None:
    off = {"off_first_0": "2026-11-23", "off_last_0": "2026-12-31"}
    coach.get("/settings/agenda").submit("/settings/agenda", **off)
    page = coach.get(DAY)
    assert "move" not in choices(page, five["Sanne"]) and "Er is geen ander vrij uur." in page.main
    refused = look(page, **{f"choice_{five['Sanne']}": "move"})
    assert refused.status == 422


def test_a_storm_counts_as_nobodys_cancellation(
    world: World, coach: PageClient, five: dict[str, int], told: Office
) -> None:
    seen = look(coach.get(DAY), **{f"choice_{walk}": "cancel" for walk in five.values()})
    assert "Het telt voor niemand als afzegging." in seen.main
    seen.submit(DAY, press="action=save")
    assert {(of(world, walk).status, of(world, walk).outcome) for walk in five.values()} == {
        ("cancelled", "weather")
    }
    assert [one.kind for one in ready(world)] == ["cancellation"] * 5
    assert set(say_yes(world)) == {"done"} and told.tick() == 5


def test_exercises_that_cannot_be_done_there_fall_away(world: World, coach: PageClient) -> None:
    client = makers.make_client(world)
    outdoors = makers.an_exercise(world, "find-your-pace")
    walk = makers.make_walk(world, client, "2026-11-24T10:00", exercises=(outdoors,))
    seen = look(coach.get(DAY), **{f"choice_{walk}": "online"})
    assert "Valt weg:" in seen.main
    seen.submit(DAY, press="action=save")
    assert not coach.get(f"/walks/{walk}").select("ol.parts [data-exercise]")


def test_another_coachs_walk_is_not_there(world: World, coach: PageClient, five: dict[str, int]) -> None:
    page = world.browser("cor").get(DAY)
    assert not walks_on(page)
    cors = makers.make_client(world, "Cors", who="cor", phone="06 12345678")
    own = makers.make_walk(world, cors, "2026-11-24T10:00", who="cor")
    walk = five["Sanne"]
    page = world.browser("cor").get(DAY)
    done = look(page, **{f"choice_{own}": "phone", f"choice_{walk}": "cancel", f"version_{walk}": 1})
    assert done.status == 200 and "Sanne" not in done.main
    done.submit(DAY, press="action=save")
    assert (of(world, walk).status, of(world, own).setting) == ("planned", "phone")


def test_from_the_agenda(world: World, coach: PageClient, five: dict[str, int]) -> None:
    weather_watch.watch(world.store, world.now)
    wait(world, minutes=30)
    walks.cancel(world.store, anna(world), five["Els"], "weather", world.now)
    makers.make_walk(world, makers.make_client(world, "Vroeg"), "2026-12-01T10:00")
    weather(world)
    wait(world, minutes=30)
    weather(world, {f"2026-11-24T{h:02}:00": {**POURS, **GALE} for h in range(7, 18)})
    page = coach.get("/").follow("Alle wandelingen in dit weer samen")
    assert page.path == "/storm" and len(walks_on(page)) == 4


def test_a_walk_that_is_done_already_is_in_the_way(world: World, coach: PageClient) -> None:
    """Sent again with another choice beside it: nobody comes to stand in the hour of a walk that was moved there."""
    one, other = (
        makers.make_walk(world, makers.make_client(world, name), f"2026-11-24T{hour}:00")
        for name, hour in (("Sanne", "09"), ("Piet", "11"))
    )
    there = {f"choice_{one}": "move", f"to_{one}": "2026-11-24T15:00"}
    page = coach.get(DAY)
    look(page, **there).submit(DAY, press="action=save")
    again = {f"choice_{other}": "move", f"to_{other}": "2026-11-24T15:00"}
    refused = look(page, **there, **again)
    assert (refused.status, set(refused.errors)) == (422, {f"choice_{other}"})


def test_an_hour_that_another_calendar_has(world: World, coach: PageClient) -> None:
    walk = makers.make_walk(world, makers.make_client(world), "2026-11-24T14:00")
    makers.make_other_calendar(world)
    page = coach.get(DAY)
    wanted = {f"choice_{walk}": "move", f"to_{walk}": "2026-11-24T09:30"}
    refused = look(page, **wanted)
    assert refused.status == 422 and "niet meer vrij" in refused.errors[f"choice_{walk}"]
    assert look(page, **wanted | {f"to_{walk}": "2026-11-24T10:00"}).status == 200


def test_nobody_is_called_without_a_number(world: World, coach: PageClient) -> None:
    client = makers.make_client(world)
    walk = makers.make_walk(world, client, "2026-11-24T10:00")
    refused = look(coach.get(DAY), **{f"choice_{walk}": "phone"})
    assert refused.status == 422 and "nog geen telefoonnummer" in refused.errors[f"choice_{walk}"]
    assert refused.select(f'[data-walk] a[href="/clients/{client}/edit"]')
    coach.get(f"/clients/{client}/edit").submit(phone="06 12345678")
    assert look(refused, **{f"choice_{walk}": "phone"}).status == 200


def test_shorter_is_the_short_one_of_its_route(world: World, coach: PageClient) -> None:
    """As the client could choose it: the plan stays, and it fits its route."""
    route = makers.make_route(world, distance_m=2400)
    exercise = makers.an_exercise(world, "find-your-pace")
    walk = makers.make_walk(
        world, makers.make_client(world), "2026-11-24T10:00", route_id=route, exercises=(exercise,)
    )
    page = coach.get(DAY)
    label = page.one(f"[name=choice_{walk}][value=shorten]").parent
    assert label is not None and "25 minuten. Heen en terug" in label.get_text(" ")
    seen = look(page, **{f"choice_{walk}": "shorten"})
    assert "25 minuten in plaats van 40 minuten" in seen.main
    seen.submit(DAY, press="action=save")
    kept = of(world, walk)
    assert (kept.length, kept.minutes, kept.normal_minutes, kept.version) == ("short", 25, 40, 2)
    assert [one.kind for one in ready(world)] == ["confirmation"]
    seen.submit(DAY, press="action=save")
    assert of(world, walk).version == 2
    assert coach.get(f"/walks/{walk}").select("ol.parts [data-exercise]")
    assert "shorten" not in choices(coach.get(DAY), walk)
