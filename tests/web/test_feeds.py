"""The calendar feeds of a client and of a coach: what a calendar program shows."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from planner.services.clients import sharing
from planner.services.walks import walks
from tests import makers
from tests.calendars import shown
from tests.conftest import MONDAY, World
from tests.ground import Ground, canary
from tests.page_client import Page, PageClient
from tests.web.feeding import Feeds, with_feeds


@pytest.fixture
def feeds(world: World) -> Feeds:
    return with_feeds(world)


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
    (entry,) = [one for one in shown(text.encode()) if one.place == "Bij het hek"]
    assert (entry.title, entry.place) == ("Wandelen met Anna", "Bij het hek")
    assert entry.text == (
        "Bij het hek\nAnna: anna@example.org\nLukt het niet? Laat het je coach weten. Dat geeft niet."
    )
    places = text.count(canary("anna"))
    assert places == 2 * sum(event.place == canary("anna") for event in shown(text.encode()))
    assert "Cliënt" not in text
    assert "ORGANIZER" not in text and "ATTENDEE" not in text and "VALARM" not in text
    calendar = shown(world.browser().get(own.calendar).response.get_data())
    (entry,) = [one for one in calendar if one.place == "Bij het hek"]
    assert entry.title == "Wandelen met C.K.", "in the coach's own, the client's initials"
    assert entry.text == "Bij het hek\nRustig rondje"


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


def test_a_talk_by_phone_has_the_phone_for_a_place(feeds: Feeds) -> None:
    makers.make_walk(feeds.world, feeds.client, setting="phone")
    for path in (feeds.feed, feeds.calendar):
        (entry,) = feeds.entries(path)
        assert entry.place == "Telefonisch"


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
