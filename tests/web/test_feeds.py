"""The calendar feeds of a client and of a coach: what a calendar program shows, when it hears of a change, and to whom
an address opens."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from planner.domain.clients import ClientName
from planner.domain.routes import RouteFacts, RouteTexts
from planner.domain.walks import WalkDetails
from planner.services import clients, coach_feeds, route_changes, sharing, walks
from tests import makers
from tests.calendars import Entry, Subscriber, shown
from tests.conftest import MONDAY, World
from tests.ground import Ground, canary
from tests.page_client import Page, PageClient

MACHINES = (
    {"User-Agent": "Google-Calendar-Importer"},
    {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
    {"User-Agent": "iOS/19.0 (23A1) dataaccessd/1.0", "Sec-Fetch-Mode": "no-cors"},
    {"User-Agent": "WhatsApp/2.23"},
    {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Purpose": "prefetch"},
    {},
)


@dataclass
class Feeds:
    """Sanne, a client of Anna's, and both calendars that show her walks."""

    world: World
    client: int
    feed: str
    calendar: str

    def subscriber(self, path: str) -> Subscriber:
        return Subscriber(self.world.browser(), path)

    @property
    def both(self) -> list[Subscriber]:
        return [self.subscriber(self.feed), self.subscriber(self.calendar)]

    def entries(self, path: str) -> list[Entry]:
        return shown(self.world.browser().get(path).response.get_data())

    def move(self, walk: int, starts: str, **details: str) -> None:
        command = walks.PlanWalk(
            self.client, datetime.fromisoformat(starts), 40, details=WalkDetails(**details), keep_clash=True
        )
        assert walks.change(self.world.store, self.world.coach(), walk, command, self.world.now).walk_id


@pytest.fixture
def feeds(world: World) -> Feeds:
    client = makers.make_client(world, "Sanne", last_name="van Dijk")
    return Feeds(world, client, makers.make_feed(world, client), makers.make_calendar(world))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def path_in(page: Page) -> str:
    """The calendar address on a page of the coach."""
    return re.sub(r"^https?://[^/]+", "", str(page.one("[data-feed-url]")["data-feed-url"]))


@pytest.mark.parametrize(
    ("where", "base"), [("/clients/{}/link", "/clients/{}/feed"), ("/settings", "/settings/feed")]
)
def test_made_shown_renewed_and_turned_off(
    world: World, coach: PageClient, visitor: PageClient, where: str, base: str
) -> None:
    client = makers.make_client(world)
    makers.make_walk(world, client)
    where, base = where.format(client), base.format(client)
    assert not coach.get(where).select("[data-feed-url]"), "off until asked for"
    page = coach.get(where).submit(base)
    first = path_in(page)
    assert "dag achterlopen" in page.main
    assert "De maker van die agenda krijgt" in page.main
    assert page.one('a[href^="webcal:"]')["href"] == f"webcal://localhost{first}"
    answer = visitor.get(first)
    assert (answer.status, len(shown(answer.response.get_data()))) == (200, 1)
    assert answer.response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert path_in(coach.get(where)) == first, "shown again"
    assert "werkt sinds 23 november 2026" in page.main
    second = path_in(coach.get(where).submit(base))
    assert [visitor.get(path).status for path in (first, second)] == [404, 200]
    page = coach.get(where).submit(f"{base}/revoke")
    assert not page.select("[data-feed-url]")
    assert visitor.get(second).status == 404
    third = path_in(coach.get(where).submit(base))
    assert [visitor.get(path).status for path in (first, second, third)] == [404, 404, 200]


def test_an_appointment_from_its_first_day_to_its_last(feeds: Feeds) -> None:
    """Planned, moved over both clock changes, cancelled and put back: one entry, always at the right moment."""
    world, coach = feeds.world, feeds.world.coach()
    walk = makers.make_walk(world, feeds.client, "2027-03-27T10:00", meeting_point="Bij het hek")
    readers = feeds.both
    seen: list[tuple[str, bool]] = []
    uids, sequences = set(), []

    def look() -> None:
        assert [reader.look() for reader in readers] == [200, 200]
        one, other = (reader.only for reader in readers)
        assert (one.uid, one.sequence, one.starts_at) == (other.uid, other.sequence, other.starts_at)
        assert one.ends_at - one.starts_at == timedelta(minutes=40)
        uids.add(one.uid)
        sequences.append(one.sequence)
        seen.append((f"{one.starts_at:%Y-%m-%dT%H:%M}", one.cancelled))
        assert [reader.look() for reader in readers] == [304, 304]

    look()
    for starts in ("2027-03-28T10:00", "2027-03-28T01:30", "2027-10-30T10:00", "2027-10-31T10:00"):
        feeds.move(walk, starts)
        look()
    walks.cancel(world.store, coach, walk, "weather", world.now)
    look()
    walks.put_back(world.store, coach, walk, world.now)
    look()
    assert seen == [
        ("2027-03-27T09:00", False),
        ("2027-03-28T08:00", False),
        ("2027-03-28T00:30", False),
        ("2027-10-30T08:00", False),
        ("2027-10-31T09:00", False),
        ("2027-10-31T09:00", True),
        ("2027-10-31T09:00", False),
    ]
    assert len(uids) == 1
    assert sequences == sorted(set(sequences))


def test_the_feed_and_the_file_of_one_walk_are_the_same_entry(feeds: Feeds) -> None:
    world = feeds.world
    route = makers.make_route(world, line=True, meeting_point="Bij het bord")
    walk = makers.make_walk(world, feeds.client, route_id=route)
    page = makers.make_link(world, feeds.client)
    (file,) = shown(world.browser().get(f"{page}walks/{walk}.ics").response.get_data())
    (entry,) = feeds.entries(feeds.feed)
    assert (entry.uid, entry.sequence, entry.starts_at) == (file.uid, file.sequence, file.starts_at)
    assert (entry.place, entry.text, entry.where) == (file.place, file.text, file.where)


@pytest.mark.parametrize(
    ("titles", "of_client", "of_coach"),
    [
        ("neutral", "Wandelafspraak", "Wandelafspraak"),
        ("initials", "Wandelen met A.", "Wandelen met S.D."),
        ("first_name", "Wandelen met Anna", "Wandelen met Sanne"),
    ],
)
def test_titles_are_chosen(
    feeds: Feeds, coach: PageClient, titles: str, of_client: str, of_coach: str
) -> None:
    """And the address stays as it was."""
    makers.make_walk(feeds.world, feeds.client)
    for where, base in (
        (f"/clients/{feeds.client}/link", f"/clients/{feeds.client}/feed/titles"),
        ("/settings", "/settings/feed/titles"),
    ):
        page = coach.get(where).submit(base, titles=titles)
        assert page.one(f'[name=titles][value="{titles}"][checked]')
    assert [entry.title for path in (feeds.feed, feeds.calendar) for entry in feeds.entries(path)] == [
        of_client,
        of_coach,
    ]


def test_titles_before_anything_is_chosen(feeds: Feeds) -> None:
    makers.make_walk(feeds.world, feeds.client)
    found = [feeds.entries(path)[0].title for path in (feeds.feed, feeds.calendar)]
    assert found == ["Wandelafspraak", "Wandelen met S.D."]


@pytest.mark.parametrize("titles", ["", "surname", "x" * 500])
def test_another_title_is_refused(feeds: Feeds, coach: PageClient, titles: str) -> None:
    makers.make_walk(feeds.world, feeds.client)
    for where, base in (
        (f"/clients/{feeds.client}/link", f"/clients/{feeds.client}/feed"),
        ("/settings", "/settings/feed"),
    ):
        page = coach.get(where).submit(f"{base}/titles", titles=titles)
        assert (page.status, list(page.errors)) == (422, ["titles"])
        assert page.select("[data-feed-url]")
    assert feeds.entries(feeds.feed)[0].title == "Wandelafspraak"


def test_no_titles_without_a_feed(world: World, coach: PageClient) -> None:
    client = makers.make_client(world)
    token = coach.get("/settings").select('input[name="csrf_token"]')[0]["value"]
    for base in (f"/clients/{client}/feed", "/settings/feed"):
        sent = {"csrf_token": token, "titles": "initials"}
        assert coach.post(f"{base}/titles", sent).status == 404
        assert coach.post(f"{base}/revoke", sent).status == 303, "it is off already"


def test_only_what_a_calendar_needs(ground: Ground) -> None:
    """Every text of the file holds the canary: what a client's calendar shows is where to meet, and nothing else."""
    world, own = ground.world, ground.own
    sharing.choose_titles(world.store, world.coach(), own.client, "first_name", world.now)
    route = makers.make_route(world, "Rustig rondje")
    makers.make_walk(
        world, own.client, route_id=route, meeting_point="Bij het hek", focus=canary("anna"), message=canary("anna"),
        exercises=(own.exercise,), for_client=True,
    )  # fmt: skip
    text = world.browser().get(own.feed).response.get_data(as_text=True)
    entry = shown(text.encode())[-1]
    assert (entry.title, entry.place) == ("Wandelen met Anna", "Bij het hek")
    assert entry.text == "Bij het hek\nLukt het niet? Laat het je coach weten. Dat geeft niet."
    places = text.count(canary("anna"))
    assert places == 2 * sum(event.place == canary("anna") for event in shown(text.encode()))
    assert "Cliënt" not in text
    assert "ORGANIZER" not in text and "ATTENDEE" not in text and "VALARM" not in text
    calendar = shown(world.browser().get(own.calendar).response.get_data())
    assert calendar[-1].title == "Wandelen met C.K.", "in the coach's own, the client's initials"
    assert calendar[-1].text == "Bij het hek\nRustig rondje"


def test_an_online_talk_brings_its_link_until_it_is_cancelled(feeds: Feeds) -> None:
    world, address = feeds.world, "https://video.example.org/kamer?a=1&b=2"
    walk = makers.make_walk(world, feeds.client, setting="online", video_url=address)
    for path in (feeds.feed, feeds.calendar):
        (entry,) = feeds.entries(path)
        assert address in entry.text.split("\n")
        assert entry.url == address
    walks.cancel(world.store, world.coach(), walk, "client", world.now)
    (entry,) = feeds.entries(feeds.feed)
    assert (entry.cancelled, entry.url, entry.text) == (True, "", "")


def test_which_walks_a_feed_shows(feeds: Feeds) -> None:
    """A client's: what is not over, a cancelled one too. A coach's: thirty days back as well."""
    world, coach = feeds.world, feeds.world.coach()
    starts = {
        "long ago": "2026-10-24T09:59", "last month": "2026-10-24T10:01", "over": "2026-11-23T08:19",
        "busy": "2026-11-23T08:21", "next": "2026-11-23T11:00", "next year": "2027-11-23T11:00",
    }  # fmt: skip
    made = {name: makers.make_walk(world, feeds.client, moment) for name, moment in starts.items()}
    for name in ("over", "next"):
        walks.cancel(world.store, coach, made[name], "coach", world.now)
    world.set_clock(MONDAY)
    moments = {utc(f"{moment}") - timedelta(hours=1): name for name, moment in starts.items()}
    moments[utc("2026-10-24T09:59") - timedelta(hours=2)] = "long ago"
    moments[utc("2026-10-24T10:01") - timedelta(hours=2)] = "last month"

    def named(path: str) -> dict[str, bool]:
        return {moments[entry.starts_at]: entry.cancelled for entry in feeds.entries(path)}

    assert named(feeds.feed) == {"busy": False, "next": True, "next year": False}
    assert named(feeds.calendar) == {
        "last month": False, "over": True, "busy": False, "next": True, "next year": False,
    }  # fmt: skip


def test_time_itself_changes_a_feed(feeds: Feeds) -> None:
    """A walk that is over leaves the client's feed, and later the coach's: nobody has to save anything."""
    world = feeds.world
    makers.make_walk(world, feeds.client, "2026-11-24T10:00")
    own, calendar = feeds.both
    assert (own.look(), calendar.look()) == (200, 200)
    world.set_clock("2026-11-24T10:39")
    assert (own.look(), calendar.look()) == (304, 304)
    world.set_clock("2026-11-24T10:41")
    assert (own.look(), calendar.look()) == (200, 304)
    assert not own.entries
    world.set_clock("2026-12-24T10:01")
    assert (own.look(), calendar.look()) == (304, 200)
    assert not calendar.entries


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
    from sqlalchemy import select

    from planner.models import Coach, Practice
    from planner.services.vault import Place

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
