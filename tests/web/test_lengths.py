"""Short, usual or long: what the coach sees, what the client may choose, and what a choice does on both sides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from planner.domain.messages import Text
from planner.models import EVERYONE, Message
from planner.services.messages import message_pages, outbox_orders
from planner.services.walks import walks
from tests import makers
from tests.calendars import shown
from tests.conftest import World
from tests.page_client import Page, PageClient
from tests.test_addresses import state
from tests.web.answering import CANNOT, Side, change, side
from tests.web.planning import send

SHORT, NORMAL, LONG = ({"length": code} for code in ("short", "normal", "long"))


@pytest.fixture
def sanne(world: World) -> Side:
    return side(world, "lengths")


def hooks(page: Page) -> dict[str, tuple[str, str]]:
    """Each length with its minutes and metres."""
    return {
        str(tag["data-length"]): (str(tag["data-minutes"]), str(tag["data-distance-m"]))
        for tag in page.select("[data-length]")
    }


def minutes(page: Page) -> str:
    return str(page.select("[data-walk]")[0]["data-minutes"])


def offers(page: Page) -> list[str]:
    return [str(tag["value"]) for tag in page.select("button[name=length]")]


def tell(world: World, walk: int) -> None:
    """The coach sends what is ready to be told."""
    coach = world.coach()
    for one in message_pages.of_walk(world.store, coach, walk, world.now, "", mails=True).ready:
        text = Text("Wandelafspraak", "Woensdag", "<p>Woensdag</p>")
        outbox_orders.sent_by_hand(world.store, coach, one.id, None, text, "", world.now)


def ready(world: World, walk: int) -> list[str]:
    """Kinds of the messages that wait for the coach."""
    board = message_pages.of_walk(world.store, world.coach(), walk, world.now, "", mails=True)
    return [one.kind for one in board.ready]


# What the coach sees


def test_the_coach_sees_three_lengths_with_their_times(world: World, coach: PageClient) -> None:
    client = makers.make_client(world)
    route = makers.make_route(world, line=True)
    kit = (makers.make_exercise(world),)
    walk = makers.make_walk(world, client, "2026-11-25T10:00", route_id=route, minutes=40, exercises=kit)
    page = coach.get(f"/walks/{walk}")
    assert list(hooks(page)) == ["short", "normal", "long"]
    assert [found[0] for found in hooks(page).values()] == ["25", "40", "55"]
    said = page.main
    assert "tot 10.25 uur. Heen en terug." in said
    assert "tot 10.40 uur. Zoals gepland." in said
    assert "tot 10.55 uur. Aan het eind een stuk opnieuw." in said
    assert page.one("[data-length][aria-current]")["data-length"] == "normal"


def test_a_longer_route_from_the_same_place_is_named(world: World, coach: PageClient) -> None:
    own = makers.make_route(world, "Rondje", distance_m=2000, latitude=52.1, longitude=5.1, is_loop=True)
    makers.make_route(world, "Grote ronde", distance_m=3000, latitude=52.1004, longitude=5.1, is_loop=True)
    makers.make_route(world, "Elders", distance_m=2600, latitude=52.2, longitude=5.1, is_loop=True)
    walk = makers.make_walk(world, makers.make_client(world), route_id=own)
    assert "Een langere route vanaf dezelfde plek: Grote ronde." in coach.get(f"/walks/{walk}").main
    elsewhere = makers.make_walk(
        world, makers.make_client(world), route_id=own, meeting_point="Bij het station"
    )
    assert "Grote ronde" not in coach.get(f"/walks/{elsewhere}").main, "one does not meet there this time"


@pytest.mark.parametrize("setting", ["indoors", "online"])
def test_elsewhere_there_are_no_lengths(world: World, coach: PageClient, setting: str) -> None:
    one = side(world, "lengths")
    walk = makers.make_walk(world, one.client, "2026-11-24T10:00", setting=setting)
    assert hooks(coach.get(f"/walks/{walk}")) == {}
    assert offers(one.page) == []
    assert one.send("answer", SHORT, walk).status == 422


# What the client chooses


def test_a_choice_changes_the_walk_on_both_sides(sanne: Side, coach: PageClient) -> None:
    world, address = sanne.world, f"/walks/{sanne.walk}"
    feeds = [makers.make_feed(world, sanne.client), makers.make_calendar(world)]
    before = [shown(world.browser().get(feed).response.get_data())[0] for feed in feeds]
    assert offers(sanne.page) == ["short", "normal", "long"]
    for chosen, lasts in ((SHORT, 25), (LONG, 55), (NORMAL, 40), (LONG, 55), (SHORT, 25)):
        assert sanne.send("answer", chosen).status == 303
        assert minutes(sanne.page) == minutes(coach.get(address)) == str(lasts)
        assert minutes(coach.get("/?week=2026-W48")) == str(lasts)
    assert "Je koos: liever kort, ongeveer 25 minuten." in sanne.page.main
    page = coach.get(address)
    assert "Sanne koos: liever kort. De wandeling duurt nu 25 minuten in plaats van 40 minuten." in page.main
    assert page.one("[data-length][aria-current]")["data-length"] == "short"
    assert [found[0] for found in hooks(page).values()] == ["25", "40", "55"], (
        "worked out from what was planned"
    )
    assert "Sanne koos: liever kort" in coach.get("/").one(".said").get_text()
    for feed, old in zip(feeds, before, strict=True):
        (new,) = shown(world.browser().get(feed).response.get_data())
        assert new.sequence == old.sequence + 5
        assert (old.ends_at - old.starts_at, new.ends_at - new.starts_at) == (
            timedelta(minutes=40),
            timedelta(minutes=25),
        )
        assert new.uid == old.uid
    with world.store.db.reading(EVERYONE) as session:
        assert session.execute(select(walks.Walk.id)).all() == [(sanne.walk,)], "no new walk"


def test_choosing_normal_puts_it_back(sanne: Side, coach: PageClient) -> None:
    sanne.send("answer", SHORT)
    assert "Sanne koos" in coach.get("/").main
    sanne.send("answer", NORMAL)
    assert minutes(sanne.page) == "40"
    assert "Je koos" not in sanne.page.main
    assert "Sanne koos" not in coach.get("/").main
    assert "in plaats van" not in coach.get(f"/walks/{sanne.walk}").main


def test_twice_is_once(sanne: Side) -> None:
    sanne.send("answer", SHORT)
    before = state(sanne.world)
    assert sanne.send("answer", SHORT).status == 303
    assert state(sanne.world) == before


def test_a_button_gives_the_length_that_stood_on_it(sanne: Side, coach: PageClient) -> None:
    """The coach changed the minutes after the page was opened: what stood there is not what it would be."""
    old = sanne.page
    edited(coach, sanne.walk, minutes="90")
    page = old.client.post(
        f"{sanne.link}walks/{sanne.walk}/answer",
        {"length": "short", "minutes": str(old.select("form [name=minutes]")[0]["value"])},
    )
    assert page.status == 409 and "Deze wandeling is veranderd." in page.main
    assert minutes(sanne.page) == "90"


def test_nothing_is_told_about_an_own_choice(sanne: Side) -> None:
    world, walk = sanne.world, sanne.walk
    tell(world, walk)
    assert ready(world, walk) == []
    for chosen in (SHORT, LONG, NORMAL, SHORT):
        sanne.send("answer", chosen)
        assert ready(world, walk) == []
    with world.store.db.reading(EVERYONE) as session:
        assert len(session.execute(select(Message.id)).all()) == 2, "told once, chosen; however often"
    change(world, sanne, "2026-11-25T11:00")  # with 40 minutes, typed by the coach
    assert ready(world, walk) == ["change"], "what the coach does is told"
    tell(world, walk)
    sanne.send("answer", SHORT)
    assert ready(world, walk) == []
    walks.cancel(world.store, world.coach(), walk, "coach", world.now)
    assert ready(world, walk) == ["cancellation"]


def test_a_reminder_comes_once_and_says_what_was_chosen(world: World) -> None:
    client = makers.make_client(
        world, "Sanne", email="sanne@example.org", reminders=True, page_asks=frozenset({"lengths"})
    )
    world.browser("anna").get("/settings").submit("/settings", reminder_early="1", reminder_hours="24")
    one = Side(
        world, client, makers.make_link(world, client), makers.make_walk(world, client, "2026-11-25T10:00")
    )
    for chosen in (SHORT, LONG, SHORT):
        one.send("answer", chosen)
        with world.store.db.reading(EVERYONE) as session:
            rows = session.execute(select(Message.told_sequence).where(Message.kind == "reminder")).all()
            (row,) = session.execute(select(walks.Walk.sequence)).all()
        assert rows == [row], "the one that waits follows the walk"


def test_what_was_owed_before_the_choice_is_still_owed(sanne: Side) -> None:
    world = sanne.world
    assert ready(world, sanne.walk) == ["confirmation"]
    sanne.send("answer", SHORT)
    assert ready(world, sanne.walk) == ["confirmation"], "nobody told them anything yet"
    tell(world, sanne.walk)
    world.set_clock("2026-11-23T10:00")
    change(world, sanne, "2026-11-25T11:00")
    sanne.send("answer", LONG)
    assert ready(world, sanne.walk) == ["change"], "they do not know the other hour yet"
    with world.store.db.reading(EVERYONE) as session:
        rows = session.execute(
            select(Message.state, Message.problem).where(Message.problem == "own_choice")
        ).all()
    assert rows == [("dropped", "own_choice")]


def test_it_can_be_chosen_until_the_start(sanne: Side) -> None:
    sanne.world.set_clock("2026-11-25T09:59:50")
    assert offers(sanne.page) and sanne.send("answer", SHORT).status == 303
    sanne.world.set_clock("2026-11-25T10:00:10")
    assert offers(sanne.page) == []
    page = sanne.send("answer", NORMAL)
    assert (page.status, list(page.errors)) == (422, ["answer"])
    assert minutes(sanne.page) == "25"


def test_the_next_walk_of_the_coach_is_in_the_way_of_a_long_one(sanne: Side) -> None:
    world = sanne.world
    other = makers.make_walk(world, makers.make_client(world, "Mark"), "2026-11-25T10:45")
    assert offers(sanne.page) == ["short", "normal"]
    before = state(world)
    page = sanne.send("answer", LONG)
    assert (page.status, page.errors["answer"]) == (
        422,
        "Dat past niet in de dag van je coach. Er veranderde niets.",
    )
    assert "Mark" not in page.text
    assert state(world) == before
    walks.cancel(world.store, world.coach(), other, "coach", world.now)
    assert sanne.send("answer", LONG).status == 303


def test_what_came_in_the_freed_time_stays(sanne: Side) -> None:
    world = sanne.world
    sanne.send("answer", SHORT)
    makers.make_walk(world, makers.make_client(world, "Mark"), "2026-11-25T10:30")
    assert offers(sanne.page) == []
    assert sanne.send("answer", NORMAL).status == 422
    assert sanne.send("answer", SHORT).status == 303, "the same again is no question"
    assert minutes(sanne.page) == "25"


def test_who_cannot_come_chooses_nothing_and_nobody_else_chooses(sanne: Side) -> None:
    sanne.send("answer", CANNOT)
    assert offers(sanne.page) == []
    other = side(sanne.world, "lengths", name="Mark", starts="2026-11-25T14:00")
    before = state(sanne.world)
    assert other.send("answer", SHORT, sanne.walk).status == 404
    assert state(sanne.world) == before


def test_the_choice_is_off_until_the_coach_turns_it_on(world: World) -> None:
    one = side(world)
    assert offers(one.page) == []
    assert one.send("answer", SHORT).status == 422


# What the coach does afterwards


def edited(coach: PageClient, walk: int, **fields: str) -> Page:
    address = f"/walks/{walk}/edit"
    return coach.get(address).submit(address, press="action=save", **fields)


def test_minutes_typed_by_the_coach_win(sanne: Side, coach: PageClient) -> None:
    sanne.send("answer", SHORT)
    page = edited(coach, sanne.walk, minutes="60")
    assert minutes(page) == minutes(sanne.page) == "60"
    assert "Je koos" not in sanne.page.main
    assert "Sanne wil graag lopen: liever kort." in page.main, "the coach still sees the wish"
    assert [found[0] for found in hooks(page).values()] == ["40", "60", "80"]
    sanne.send("answer", SHORT)
    assert minutes(sanne.page) == "40"
    sanne.send("answer", NORMAL)
    assert minutes(sanne.page) == "60"


def test_the_form_says_what_was_chosen(sanne: Side, coach: PageClient) -> None:
    address = f"/walks/{sanne.walk}/edit"
    assert "Sanne koos" not in coach.get(address).main
    sanne.send("answer", SHORT)
    page = coach.get(address)
    assert page.one("[name=minutes]")["value"] == "25"
    assert "Kort. De wandeling duurt nu 25 minuten in plaats van 40 minuten." in page.main
    assert "Andere minuten die je invult, gelden vanaf dan." in page.main


def test_what_falls_away_is_not_on_the_clients_page(world: World) -> None:
    one = side(world, "lengths titles")
    kit = tuple(makers.make_exercise(world, title) for title in ("Drie bomen", "Vier wolken"))
    walk = makers.make_walk(world, one.client, "2026-11-24T10:00", minutes=30, exercises=kit, for_client=True)
    assert "Drie bomen" in one.page.main and "Vier wolken" in one.page.main
    one.send("answer", SHORT, walk)
    page = world.browser("anna").get(f"/walks/{walk}/sheet")
    for main in (one.page.main, page.main):
        assert "Drie bomen" in main and "Vier wolken" not in main
    one.send("answer", NORMAL, walk)
    assert "Vier wolken" in one.page.main


def test_a_walk_without_a_route_has_a_length_and_no_name(world: World) -> None:
    one = side(world, "lengths")
    walk = makers.make_walk(world, one.client, "2026-11-24T10:00", meeting_point="Voor de bibliotheek")
    one.send("answer", SHORT, walk)
    lines = [tag.get_text(strip=True) for tag in one.page.select("p")]
    assert [line for line in lines if "Heen en terug" in line] == ["1,3 km. Heen en terug."]


# What the coach chooses


def test_what_the_coach_chose_after_the_client_is_the_coachs(sanne: Side, coach: PageClient) -> None:
    sanne.send("answer", SHORT)
    tell(sanne.world, sanne.walk)
    send(coach, f"/walks/{sanne.walk}/length", LONG)
    page = coach.get(f"/walks/{sanne.walk}")
    assert "Lang. De wandeling duurt nu 55 minuten" in page.main
    assert "Sanne wil graag lopen: liever kort." in page.main
    assert ready(sanne.world, sanne.walk) == ["change"]


def test_the_client_sees_which_length_it_is(sanne: Side, coach: PageClient) -> None:
    def marked() -> list[str]:
        return [
            str(tag["value"])
            for tag in sanne.page.select("button[aria-pressed=true]")
            if "(gekozen)" in tag.text
        ]

    assert marked() == ["normal"]
    sanne.send("answer", SHORT)
    assert marked() == ["short"]
    send(coach, f"/walks/{sanne.walk}/length", LONG)
    assert marked() == ["long"]


def test_another_change_leaves_the_choice_alone(sanne: Side, coach: PageClient) -> None:
    sanne.send("answer", SHORT)
    page = edited(coach, sanne.walk, message="Neem thee mee", date="2026-11-26")
    assert minutes(page) == "25"
    assert "Je koos: liever kort" in sanne.page.main
    sanne.send("answer", NORMAL)
    assert minutes(sanne.page) == "40"


def test_a_form_that_was_open_meanwhile_shows_both(sanne: Side, coach: PageClient) -> None:
    address = f"/walks/{sanne.walk}/edit"
    form = coach.get(address)
    sanne.send("answer", SHORT)
    assert form.submit(address, press="action=save", focus="Rust").status == 409


def test_no_longer_outdoors_there_is_no_length(sanne: Side, coach: PageClient) -> None:
    sanne.send("answer", SHORT)
    edited(coach, sanne.walk, setting="indoors")
    assert minutes(sanne.page) == "25"
    assert "Je koos" not in sanne.page.main


def test_cancelled_and_put_back_it_is_as_long_as_was_chosen(sanne: Side, coach: PageClient) -> None:
    sanne.send("answer", SHORT)
    walks.cancel(sanne.world.store, sanne.world.coach(), sanne.walk, "coach", sanne.world.now)
    assert sanne.send("answer", NORMAL).status == 409
    assert walks.put_back(sanne.world.store, sanne.world.coach(), sanne.walk, sanne.world.now)
    assert minutes(coach.get(f"/walks/{sanne.walk}")) == "25"


def test_the_next_walk_is_planned_as_long_as_usual(sanne: Side, coach: PageClient) -> None:
    sanne.send("answer", SHORT)
    for query in (f"client={sanne.client}", f"client={sanne.client}&like={sanne.walk}"):
        assert coach.get(f"/walks/new?{query}").one("[name=minutes]")["value"] == "40"


def test_a_choice_follows_the_route_that_is_walked(world: World, coach: PageClient) -> None:
    """Long by another route: its name, distance and drawing on both sides; and back again."""
    own = makers.make_route(world, "Rondje", distance_m=800, latitude=52.084, longitude=5.172, is_loop=True)
    makers.make_route(world, "Bosroute", line=True)
    one = side(world, "lengths")
    walk = makers.make_walk(world, one.client, "2026-11-24T10:00", route_id=own, minutes=45)
    address = f"/walks/{walk}"
    assert not one.page.select("svg.sketch") and "Rondje, 800 m" in one.page.main
    assert one.send("answer", LONG, walk).status == 303
    assert "Je koos: liever wat langer, ongeveer" in one.page.main
    for page in (one.page, coach.get(address), coach.get(f"{address}/sheet")):
        assert "Bosroute" in page.main and page.select("svg.sketch")
    one.send("answer", NORMAL, walk)
    assert "Rondje, 800 m" in one.page.main and not coach.get(address).select("svg.sketch")
