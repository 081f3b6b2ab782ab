"""How a calendar feed answers: when a program hears of a change, what it need not fetch again, and to whom an address
opens."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from planner.domain.clients import ClientName
from planner.domain.routes import RouteFacts, RouteTexts
from planner.models import Coach, Practice
from planner.services.calendars import coach_feeds
from planner.services.clients import clients, sharing
from planner.services.routes import route_changes
from planner.services.vault import Place
from planner.services.walks import walks
from tests import makers
from tests.calendars import shown
from tests.conftest import World
from tests.ground import Ground, canary
from tests.page_client import PageClient
from tests.web.feeding import Feeds, with_feeds

MACHINES = (
    {"User-Agent": "Google-Calendar-Importer"},
    {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
    {"User-Agent": "iOS/19.0 (23A1) dataaccessd/1.0", "Sec-Fetch-Mode": "no-cors"},
    {"User-Agent": "WhatsApp/2.23"},
    {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Purpose": "prefetch"},
    {},
)


@pytest.fixture
def feeds(world: World) -> Feeds:
    return with_feeds(world)


Change = Callable[[Feeds, int, int], object]


def rename_route(
    feeds: Feeds, _walk: int, route: int, name: str = "Anders", place: str = "Bij het hek"
) -> None:
    """By a colleague: routes belong to the practice."""
    command = route_changes.WriteRoute(RouteTexts(name, place), RouteFacts())
    route_changes.edit(feeds.world.store, feeds.world.coach("cor"), route, command, feeds.world.now)


def rename_client(feeds: Feeds, _walk: int, _route: int) -> None:
    command = clients.SaveClient(ClientName("Zoë", "van Dijk"))
    clients.update(feeds.world.store, feeds.world.coach(), feeds.client, command, feeds.world.now)


def plan_another(feeds: Feeds, _walk: int, _route: int) -> None:
    makers.make_walk(feeds.world, feeds.client, "2026-12-08T10:00")


def choose(feeds: Feeds, _walk: int, _route: int) -> None:
    world = feeds.world
    sharing.choose_titles(world.store, world.coach(), feeds.client, "first_name", world.now)
    coach_feeds.choose_titles(world.store, world.coach(), "first_name", world.now)


def cancel(feeds: Feeds, walk: int, _route: int) -> None:
    walks.cancel(feeds.world.store, feeds.world.coach(), walk, "ill", feeds.world.now)


def note(feeds: Feeds, walk: int, _route: int) -> None:
    makers.make_note(feeds.world, walk, outcome="ill")


def in_english(feeds: Feeds, _walk: int, _route: int) -> None:
    feeds.world.browser("anna").get("/account").submit(language="en")
    command = clients.SaveClient(ClientName("Sanne", "van Dijk"), language="en")
    clients.update(feeds.world.store, feeds.world.coach(), feeds.client, command, feeds.world.now)


CHANGES: dict[str, Change] = {
    "another hour": lambda feeds, walk, _: feeds.move(walk, "2026-12-01T11:00"),
    "another place": lambda feeds, walk, _: feeds.move(walk, "2026-12-01T10:00", meeting_point="Bij het hek"),
    "cancelled": cancel,
    "cancelled in its note": note,
    "one more walk": plan_another,
    "the name of its route": lambda feeds, walk, route: rename_route(
        feeds, walk, route, place="Bij het bord"
    ),
    "the meeting point of its route": lambda feeds, walk, route: rename_route(
        feeds, walk, route, "Rondje bos"
    ),
    "the titles": choose,
    "another language": in_english,
    "the client's name": rename_client,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_heard_of(feeds: Feeds, change: str) -> None:
    """By whoever it is about; and Bram's calendar, and Mark's, stay as they were."""
    world = feeds.world
    route = makers.make_route(world, "Rondje bos", meeting_point="Bij het bord")
    walk = makers.make_walk(world, feeds.client, "2026-12-01T10:00", route_id=route)
    mark = makers.make_client(world, "Mark", who="bram")
    makers.make_walk(world, mark, "2026-12-01T10:00", who="bram")
    others = [makers.make_feed(world, mark, who="bram"), makers.make_calendar(world, who="bram")]
    readers, untouched = feeds.both, [feeds.subscriber(path) for path in others]
    assert [reader.look() for reader in (*readers, *untouched)] == [200] * 4
    before = [reader.entries for reader in readers]
    CHANGES[change](feeds, walk, route)
    heard = [reader.look() for reader in readers]
    assert heard == [200, 200]
    shows = [reader.entries != old for reader, old in zip(readers, before, strict=True)]
    of_the_coach_only = change in ("the client's name", "the name of its route")
    assert shows == [not of_the_coach_only, True]
    assert [reader.look() for reader in untouched] == [304, 304]


def test_the_coachs_own_name_is_heard_of(feeds: Feeds) -> None:
    """Sealed anew under another name, as setting up again does."""
    world, coach = feeds.world, feeds.world.coach()
    makers.make_walk(world, feeds.client)
    sharing.choose_titles(world.store, coach, feeds.client, "first_name", world.now)
    reader = feeds.subscriber(feeds.feed)
    reader.look()
    with world.store.db.transaction(coach.scope, world.now) as session:
        row = session.scalars(select(Coach).where(Coach.id == coach.id)).one()
        key = session.scalars(select(Practice.wrapped_key)).one()
        place = Place("coach", "name_sealed", coach.id, coach.owner_id)
        row.name_sealed = world.store.vault.seal(key, place, "Annemiek de Wit")
    assert reader.look() == 200
    assert reader.only.title == "Wandelen met Annemiek"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("{}", 304), ("W/{}", 304), ('"a", {}', 304), ('W/"a" , W/{},"b"', 304), ("*", 304), ('"a"', 200), ("", 200),
        ('"', 200), ("{}x", 200), ("a, b", 200), ("\N{SNOWMAN}", 200),
    ],
)  # fmt: skip
def test_who_has_it_gets_nothing_again(feeds: Feeds, said: str, status: int) -> None:
    makers.make_walk(feeds.world, feeds.client)
    browser = feeds.world.browser()
    for path in (feeds.feed, feeds.calendar):
        etag = browser.get(path).response.headers["ETag"]
        assert re.fullmatch(r'"[0-9a-f]{32}"', etag), "a strong one"
        for method in ("GET", "HEAD"):
            value = said.replace("{}", etag).encode().decode("latin-1")
            answer = browser.open(method, path, headers={"If-None-Match": value})
            assert answer.status == status, method
            assert answer.response.headers["ETag"] == etag
            assert answer.response.headers["Cache-Control"] == "private, no-cache"
            assert bool(answer.response.get_data()) == (status == 200 and method == "GET")


@pytest.mark.parametrize("headers", MACHINES, ids=[str(headers) for headers in MACHINES])
def test_programs_get_the_calendar(feeds: Feeds, headers: dict[str, str]) -> None:
    """They are no person's navigation; unlike the page, a calendar is for them."""
    world = feeds.world
    walk = makers.make_walk(world, feeds.client)
    page = makers.make_link(world, feeds.client)
    for path in (feeds.feed, feeds.calendar, f"{page}walks/{walk}.ics"):
        got = world.browser().get(path, headers=dict(headers))
        head = world.browser().open("HEAD", path, headers=dict(headers))
        assert len(shown(got.response.get_data())) == 1
        assert (head.status, head.response.get_data()) == (200, b"")
        same = ("Content-Type", "Content-Length", "ETag", "Cache-Control")
        assert [head.response.headers.get(name) for name in same] == [
            got.response.headers.get(name) for name in same
        ]


def test_headers_that_keep_an_address_to_itself(feeds: Feeds, coach: PageClient) -> None:
    for browser in (feeds.world.browser(), coach):
        for path in (feeds.feed, feeds.calendar, "/s/none/calendar.ics", "/calendar/none.ics"):
            headers = browser.get(path).response.headers
            assert headers["Referrer-Policy"] == "no-referrer"
            assert "noindex" in headers["X-Robots-Tag"]
            assert "Set-Cookie" not in headers
            assert headers["Cache-Control"] in ("private, no-cache", "no-store")
    assert "Disallow: /" in feeds.world.browser().get("/robots.txt").text.splitlines()


def test_everybody_gets_their_own(ground: Ground) -> None:
    """Three coaches, two in one practice, and their clients: no entry, no word and no tag of another."""
    world, answers = ground.world, {}
    for who, file in ground.files.items():
        makers.make_walk(world, file.client, who=who, meeting_point=canary(who))
        for kind, path in (("feed", file.feed), ("calendar", file.calendar)):
            answers[who, kind] = world.browser().get(path).response
    assert len({answer.headers["ETag"] for answer in answers.values()}) == len(answers)
    uids = {key: {entry.uid for entry in shown(answer.get_data())} for key, answer in answers.items()}
    for (who, kind), answer in answers.items():
        for other in ground.files.keys() - {who}:
            assert canary(other) not in answer.get_data(as_text=True)
            assert not uids[who, kind] & (uids[other, "feed"] | uids[other, "calendar"])
    tag = answers["anna", "calendar"].headers["ETag"]
    again = world.browser().get(ground.colleague.calendar, headers={"If-None-Match": tag})
    assert again.status == 200, "Anna's tag says nothing about Cor's"


def test_two_clients_of_one_coach(feeds: Feeds) -> None:
    """Neither sees anything of the other, nor when something of the other changes; the coach sees both."""
    world = feeds.world
    mark = makers.make_client(world, "Mark")
    marks = makers.make_feed(world, mark)
    walk = makers.make_walk(world, feeds.client, "2026-12-01T10:00", meeting_point="Bij het hek")
    makers.make_walk(world, mark, "2026-12-01T11:00", meeting_point="Bij de brug")
    readers = [feeds.subscriber(path) for path in (feeds.feed, marks, feeds.calendar)]
    assert [reader.look() for reader in readers] == [200] * 3
    places = [sorted(entry.place for entry in reader.entries.values()) for reader in readers]
    assert places == [["Bij het hek"], ["Bij de brug"], ["Bij de brug", "Bij het hek"]]
    feeds.move(walk, "2026-12-01T12:00")
    assert [reader.look() for reader in readers] == [200, 304, 200]


def test_in_the_readers_language(world: World, coach: PageClient) -> None:
    client = makers.make_client(world, "Emma", language="en")
    makers.make_walk(world, client, meeting_point="By the gate")
    path = makers.make_feed(world, client)
    answer = world.browser(language="nl").get(path).response
    (entry,) = shown(answer.get_data())
    assert entry.title == "Walking appointment"
    assert entry.text.endswith("Can't make it? Let your coach know. That is fine.")
    other = world.browser().get(f"{path}?lang=nl", headers={"If-None-Match": answer.headers["ETag"]})
    assert (other.status, shown(other.response.get_data())[0].title) == (200, "Wandelafspraak")
    coach.get("/account").submit(language="en")
    (entry,) = shown(world.browser(language="nl").get(makers.make_calendar(world)).response.get_data())
    assert entry.title == "Walking with E."


def test_guessing_is_slowed_down_and_a_right_address_is_not(feeds: Feeds) -> None:
    visitor, network = feeds.world.browser(), {"REMOTE_ADDR": "203.0.113.9"}
    paths = [f"/calendar/guess{number}.ics" for number in range(20)]
    paths += [f"/s/guess{number}/calendar.ics" for number in range(20)]
    found = [visitor.get(path, environ_overrides=network).status for path in paths]
    assert found[:30] == [404] * 30
    assert found[-1] == 429
    for path in (feeds.feed, feeds.calendar):
        assert visitor.get(path, environ_overrides=network).status == 200


def test_what_is_remembered_is_nobody_elses(world: World) -> None:
    """Two coaches, with two links each: whoever fetches in turns gets their own, before and after a change."""
    files = {}
    for who in ("anna", "bram"):
        coach = world.coach(who)
        route = route_changes.WriteRoute(RouteTexts(f"Route van {who}", f"Bank van {who}"), RouteFacts())
        at = route_changes.create(world.store, coach, route, world.now).id
        for number in (1, 2):
            name = f"{who.capitalize()}{number}"
            client = makers.make_client(world, name, who=who)
            makers.make_walk(
                world, client, f"2026-12-0{number}T10:00", who=who, meeting_point=f"Hek {name}", route_id=at
            )
            files[name] = (client, makers.make_feed(world, client, who=who))
    calendars = {who: makers.make_calendar(world, who=who) for who in ("anna", "bram")}

    def fetched(path: str) -> str:
        return world.browser().get(path).response.get_data(as_text=True)

    for _again in range(2):
        for name, (_client, feed) in files.items():
            found = fetched(feed)
            assert f"Hek {name}" in found
            assert not any(f"Hek {other}" in found for other in files if other != name)
        for who, calendar in calendars.items():
            found = fetched(calendar)
            assert found.count("BEGIN:VEVENT") == 2
            assert [name for name in files if f"Hek {name}" in found] == [
                f"{who.capitalize()}{n}" for n in (1, 2)
            ]
    makers.make_walk(world, files["Anna1"][0], "2026-12-03T10:00", meeting_point="Hek nieuw")
    assert "Hek nieuw" in fetched(files["Anna1"][1])
    assert "Hek nieuw" in fetched(calendars["anna"])
    assert "Hek nieuw" not in fetched(files["Anna2"][1]) + fetched(calendars["bram"])
