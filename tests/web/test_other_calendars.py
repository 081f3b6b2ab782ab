"""The coach's other calendars, as the coach meets them: their page, the week, better hours and planning."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from planner.domain.busy import (
    CALENDAR_PROBLEMS,
    MOST_CALENDARS,
    UNSURE,
    Busy,
    CalendarAccess,
    CalendarFailed,
)
from planner.domain.when import local_to_moment
from planner.formats.busy_ical import busy_times
from planner.outside.calendars import Calendars
from planner.outside.open_door import OpenDoor, public_or_home
from planner.services.calendars import busy_calendars, busy_jobs
from tests.caldav_server import calendar, event
from tests.conftest import World
from tests.makers import KnownTimes, a_time, make_calendar, make_client, make_walk
from tests.page_client import Page, PageClient

PAGE, ACCOUNT = "/settings/calendars", "/settings/calendars/account"
SECRET = "https://agenda.example.org/prive-geheim123/basic.ics"


def busy(world: World, *spans: tuple[str, str], who: str = "anna") -> int:
    """A calendar that says these wall times; gives its id."""
    times = tuple(Busy(*(local_to_moment(a_time(text)) for text in span)) for span in spans)
    busy_calendars.add(world.store, world.coach(who), "ics", CalendarAccess(SECRET, "Thuis"), world.now)
    busy_jobs.read_due(world.store, KnownTimes(times), world.now)
    return busy_calendars.listing(world.store, world.coach(who), world.now)[0].id


def blocks(page: Page) -> dict[str, str]:
    return {str(tag["data-busy"]): tag.get_text() for tag in page.select("[data-busy]")}


class Fails:
    """A CalendarSource that cannot."""

    def __init__(self, problem: str) -> None:
        self.problem = problem

    def read(self, *asked: object) -> None:
        raise CalendarFailed(self.problem)  # type: ignore[arg-type]


# The page


def test_added_by_address_read_and_removed(coach: PageClient, world: World) -> None:
    page = coach.get("/settings").follow("Je andere agenda's")
    assert "nog geen andere agenda" in page.main
    page = page.submit(PAGE, name="Thuis", address=" webcal://agenda.example.org/prive-geheim123/basic.ics ")
    assert page.status == 200, page.errors
    assert page.one("[data-calendar] h2").get_text() == "Thuis"
    assert "agenda.example.org" in page.main and "Hij wordt nu gelezen" in page.main
    assert page.one("#calendars").has_attr("data-pending")
    with world.store.db.reading(world.coach().scope) as session:
        assert busy_calendars.between(session, world.now, world.now + timedelta(days=99)) == ()
    busy_jobs.read_due(world.store, KnownTimes((Busy(world.now, world.now + timedelta(hours=1)),)), world.now)
    page = coach.get(PAGE)
    assert "Het laatst gelezen: maandag 23 november, 9.00 uur" in page.main
    assert "één bezette tijd" in page.main and not page.one("#calendars").has_attr("data-pending")
    assert "geheim123" not in page.text
    (one,) = [str(tag["data-calendar"]) for tag in page.select("[data-calendar]")]
    assert "wordt gelezen" in page.submit(f"{PAGE}/{one}/look").main
    gone = coach.get(PAGE).submit(f"{PAGE}/{one}/remove")
    assert "nog geen andere agenda" in gone.main and not blocks(coach.get("/"))


def test_an_account_with_a_password_that_is_never_shown(coach: PageClient, world: World) -> None:
    sent = {
        "name": "",
        "address": "https://caldav.icloud.com",
        "user": "anna@example.org",
        "password": "Geheim 9!",
    }
    refused = coach.get(PAGE).follow("CalDAV-account").submit(ACCOUNT, **{**sent, "user": ""})
    assert list(refused.errors) == ["user"]
    assert refused.one("[name=address]")["value"] == "https://caldav.icloud.com"
    assert "Geheim 9!" not in refused.text
    page = refused.submit(ACCOUNT, **sent)
    assert page.one("[data-calendar] h2").get_text() == "caldav.icloud.com"
    assert "CalDAV-account" in page.main
    assert "Geheim 9!" not in page.text and "anna@example.org" not in page.main
    asked: list[CalendarAccess] = []

    class Remembers(KnownTimes):
        def read(self, *given: object) -> object:  # type: ignore[override]
            asked.append(given[1])  # type: ignore[arg-type]
            return super().read()

    busy_jobs.read_due(world.store, Remembers(()), world.now)  # type: ignore[arg-type]
    assert asked[0].password == "Geheim 9!", "as it was typed"
    assert "Vanaf nu staat er niets in" in coach.get(PAGE).main


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "Vul het adres"),
        ("agenda.example.org/x.ics", "https://"),
        ("http://agenda.example.org/x.ics", "https:// of webcal://"),
        ("ftp://agenda.example.org/x.ics", "https://"),
        ("https://anna:geheim@agenda.example.org/x.ics", "zonder naam en wachtwoord"),
        ("https://[::1", "https://"),
        ("https://agenda.example.org/" + "x" * 1000, "te lang"),
        ("javascript:alert(1)", "https://"),
    ],
)
def test_an_address_that_is_none(coach: PageClient, address: str, said: str) -> None:
    page = coach.get(PAGE).submit(PAGE, name="Thuis", address=address)
    assert page.status == 422 and said in page.errors["address"]
    assert page.one("[name=name]")["value"] == "Thuis"
    assert page.one("[name=address]")["value"] == address


def test_twice_or_too_many_is_said_beside_the_field(coach: PageClient, world: World) -> None:
    for number in range(MOST_CALENDARS):
        address = f"https://agenda.example.org/{number}.ics"
        busy_calendars.add(world.store, world.coach(), "ics", CalendarAccess(address), world.now)
    page = coach.get(PAGE).submit(PAGE, address="https://agenda.example.org/3.ics")
    assert page.status == 422 and "staat er al" in page.errors["address"]
    page = page.submit(PAGE, address="https://agenda.example.org/nieuw.ics")
    assert page.status == 422 and "al 10 agenda's" in page.errors["address"]


def test_two_calendars_have_two_names(coach: PageClient, world: World) -> None:
    """No name is no name: those go by their host."""
    for number, name in enumerate(("Thuis", "", "")):
        page = coach.get(PAGE).submit(PAGE, name=name, address=f"https://agenda.example.org/{number}.ics")
        assert page.status == 200
    sent = {"name": " thuis ", "address": "https://cal.example.org", "user": "anna", "password": "Geheim 9!"}
    page = coach.get(ACCOUNT).submit(ACCOUNT, **sent)
    assert page.status == 422 and list(page.errors) == ["name"] and "deze naam" in page.errors["name"]
    assert page.one("[name=address]")["value"] == sent["address"]
    assert page.submit(ACCOUNT, **{**sent, "name": "Werk"}).status == 200


def unread(page: Page) -> list[str]:
    assert all(tag.select_one(f"a[href='{PAGE}']") for tag in page.select("[data-unread]"))
    return [tag.get_text().strip() for tag in page.select("[data-unread]")]


@pytest.mark.parametrize(("hours", "said"), [(23, []), (25, ["Je agenda “Thuis” kon niet worden gelezen."])])
def test_one_that_cannot_be_read_for_a_day_is_said_on_the_week_and_the_settings(
    coach: PageClient, world: World, hours: int, said: list[str]
) -> None:
    """Quietly, in one line; not before, not to a colleague, and no more when all goes well."""
    read_at = world.now - timedelta(hours=hours)
    busy_calendars.add(world.store, world.coach(), "ics", CalendarAccess(SECRET, "Thuis"), read_at)
    assert not unread(coach.get("/")), "on its way"
    busy_jobs.read_due(world.store, KnownTimes(()), read_at)
    assert not unread(coach.get("/")), "old, and it did not fail"
    busy_jobs.read_due(world.store, Fails("unreachable"), world.now - timedelta(hours=1))  # type: ignore[arg-type]
    assert [unread(coach.get(at)) for at in ("/", "/?week=2026-W49", "/settings")] == [said] * 3
    assert not unread(world.browser("cor").get("/"))
    busy_jobs.read_due(world.store, KnownTimes(()), world.now + timedelta(hours=1))
    assert not unread(coach.get("/")) and not unread(coach.get("/settings"))


def test_one_that_was_never_read_is_said_as_soon_as_it_fails(coach: PageClient, world: World) -> None:
    for number, said in enumerate(("Je agenda “agenda.example.org”", "2 van je agenda's")):
        address = f"https://agenda.example.org/{number}.ics"
        busy_calendars.add(world.store, world.coach(), "ics", CalendarAccess(address), world.now)
        before = unread(coach.get("/"))
        busy_jobs.read_due(world.store, Fails("login"), world.now)  # type: ignore[arg-type]
        (line,) = unread(coach.get("/"))
        assert line.startswith(said) and line.endswith("niet worden gelezen.") and [line] != before


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("problem", [one for one in CALENDAR_PROBLEMS if one != UNSURE])
def test_what_went_wrong_stands_in_words(world: World, problem: str, language: str) -> None:
    busy(world, ("2026-11-24T10:00", "2026-11-24T11:00"))
    later = world.now + timedelta(hours=1)
    busy_jobs.read_due(world.store, Fails(problem), later)  # type: ignore[arg-type]
    coach = world.browser("anna")
    page = coach.get(PAGE)
    assert page.one("[data-calendar]")["data-problem"] == problem
    said = page.one(".note-box.note").get_text()
    assert "blijft staan" in said
    assert ("Haal dit adres weg en vul een ander in." in said) is (problem == "not_allowed")
    assert ("probeert het vanzelf opnieuw" in said) is (problem != "not_allowed")
    assert blocks(coach.get("/")), "and it does"


def test_one_event_that_cannot_be_read_is_told_and_not_free(
    coach: PageClient, world: World, httpserver: HTTPServer
) -> None:
    """It keeps its hour on every day; the server says "not modified", and still it is told; set right, it is over."""
    other = event("DTSTART:20261124T130000Z", "DURATION:PT1H", uid="een-ander")
    odd = event("DTSTART:20261117T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;UNTIL=banaan")
    good = event("DTSTART:20261117T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY")
    told = [calendar(other, odd), calendar(other, good)]

    def answer(request: Request) -> Response:
        known = request.headers.get("If-None-Match") == '"1"'
        return Response(status=304) if known else Response(told[0], headers={"ETag": '"1"'})

    httpserver.expect_request("/a.ics").respond_with_handler(answer)
    access = CalendarAccess(httpserver.url_for("/a.ics"), "Thuis")
    busy_calendars.add(world.store, world.coach(), "ics", access, world.now)
    source = Calendars(OpenDoor(public_or_home), busy_times)
    tens = [f"2026-11-{day}T10:00" for day in range(23, 30)]
    for hours in (0, 1):
        assert busy_jobs.read_due(world.store, source, world.now + timedelta(hours=hours)) == 1
        assert sorted(blocks(coach.get("/"))) == sorted([*tens, "2026-11-24T14:00"])
        for page in (coach.get("/"), coach.get("/settings")):
            assert "Eén afspraak in “Thuis” kon niet worden gelezen." in page.one("[data-unsure]").get_text()
        said = coach.get(PAGE).one('[data-problem="unsure_event"] .note-box').get_text()
        assert "elke dag" in said and "opnieuw in je eigen agenda" in said and "vanzelf" not in said
    told.pop(0)
    assert busy_jobs.read_due(world.store, source, world.now + timedelta(hours=2)) == 1
    assert sorted(blocks(coach.get("/"))) == ["2026-11-24T10:00", "2026-11-24T14:00"]
    assert not coach.get("/").select("[data-unsure]") and not coach.get(PAGE).select("[data-problem]")


# The week


def test_grey_blocks_in_the_week_in_order_and_without_a_title(coach: PageClient, world: World) -> None:
    busy(
        world,
        ("2026-11-24T10:00", "2026-11-24T11:00"),
        ("2026-11-25T22:00", "2026-11-26T01:30"),
        ("2026-11-27T00:00", "2026-11-28T00:00"),
        ("2026-12-01T10:00", "2026-12-01T11:00"),
    )
    client = make_client(world)
    for at in ("2026-11-24T09:00", "2026-11-24T12:00"):
        make_walk(world, client, at)
    page = coach.get("/")
    assert blocks(page) == {
        "2026-11-24T10:00": "Bezet 10.00–11.00",
        "2026-11-25T22:00": "Bezet 22.00–0.00",
        "2026-11-26T00:00": "Bezet 0.00–1.30",
        "2026-11-27T00:00": "Bezet, hele dag",
    }
    tuesday = page.select(".day")[1]
    order = [
        str(tag.get("data-starts-local") or tag["data-busy"])
        for tag in tuesday.select("[data-walk], [data-busy]")
    ]
    assert order == ["2026-11-24T09:00", "2026-11-24T10:00", "2026-11-24T12:00"]
    assert blocks(coach.get("/?week=2026-W49")) == {"2026-12-01T10:00": "Bezet 10.00–11.00"}
    assert "Thuis" not in page.main


@pytest.mark.parametrize(
    ("week", "span", "said"),
    [
        ("2026-W43", ("2026-10-25T00:30", "2026-10-25T10:00"), "Bezet 0.30–10.00"),
        ("2026-W43", ("2026-10-25T00:00", "2026-10-26T00:00"), "Bezet, hele dag"),
        ("2027-W12", ("2027-03-28T00:30", "2027-03-28T10:00"), "Bezet 0.30–10.00"),
        ("2027-W12", ("2027-03-28T00:00", "2027-03-29T00:00"), "Bezet, hele dag"),
    ],
)
def test_on_the_day_of_a_clock_change(
    coach: PageClient, world: World, week: str, span: tuple[str, str], said: str
) -> None:
    busy(world, span)
    assert list(blocks(coach.get(f"/?week={week}")).values()) == [said]


def test_nobody_else_sees_them(world: World) -> None:
    """Not a colleague in the same practice either, in the week or among better hours."""
    busy(world, ("2026-11-24T09:00", "2026-11-24T17:00"))
    for who in ("cor", "bram"):
        browser = world.browser(who)
        assert not blocks(browser.get("/")) and not browser.get(PAGE).select("[data-calendar]")
        client = make_client(world, who=who)
        page = browser.get(f"/slots?client={client}&minutes=40&date=2026-11-24&time=10:00")
        assert any(str(tag["data-slot"]).startswith("2026-11-24") for tag in page.select("[data-slot]"))


# Better hours and planning


def slots(coach: PageClient, client: int, on: str) -> list[str]:
    page = coach.get(f"/slots?client={client}&minutes=40&date={on}&time=10:00")
    return [str(tag["data-slot"]) for tag in page.select("[data-slot]")]


def test_no_better_hour_in_them_nor_without_time_around(coach: PageClient, world: World) -> None:
    """A walk of 40 minutes, with a quarter before and after."""
    client = make_client(world)
    one = busy(world, ("2026-11-24T09:00", "2026-11-24T12:00"), ("2026-11-24T13:00", "2026-11-24T17:00"))
    assert "2026-11-24" not in {start[:10] for start in slots(coach, client, "2026-11-24")}
    busy_calendars.remove(world.store, world.coach(), one, world.now)
    assert "2026-11-24" in {start[:10] for start in slots(coach, client, "2026-11-24")}
    busy(world, ("2026-11-24T09:00", "2026-11-24T12:00"), ("2026-11-24T13:30", "2026-11-24T17:00"))
    assert [start for start in slots(coach, client, "2026-11-24") if start[:10] == "2026-11-24"] == [
        "2026-11-24T12:15",
    ]


def test_planning_then_asks_once_as_with_another_walk(coach: PageClient, world: World) -> None:
    client = make_client(world)
    busy(world, ("2026-11-24T10:30", "2026-11-24T12:00"))
    form = coach.get(f"/walks/new?client={client}")
    address = str(form.one("form.plan")["action"])
    chosen = {"date": "2026-11-24", "time": "10:00", "proposed_date": None, "proposed_time": None}
    look = form.submit(address, press="action=preview", minutes="40", **chosen)
    assert "Een andere agenda zegt: bezet 10.30–12.00." in look.one("#look").get_text(" ", strip=True)
    refused = form.submit(address, press="action=save", date="2026-11-24", time="10:00", minutes="40")
    assert refused.status == 422
    assert "bezet 10.30–12.00" in refused.errors["time"]
    kept = refused.submit(address, press="action=save", keep_clash="1")
    assert kept.path.startswith("/walks/") and kept.path != "/walks/new"
    free = coach.get(f"/walks/new?client={client}")
    done = free.submit(address, press="action=save", date="2026-11-24", time="12:00", minutes="40")
    assert done.path != "/walks/new", "it may begin when the other ends"


def test_changing_asks_only_when_it_moves(coach: PageClient, world: World) -> None:
    walk = make_walk(world, make_client(world), "2026-11-24T10:00")
    busy(world, ("2026-11-24T10:00", "2026-11-24T11:00"), ("2026-11-25T10:00", "2026-11-25T11:00"))
    address = f"/walks/{walk}/edit"
    assert coach.get(address).submit(address, press="action=save", focus="Adem").path == f"/walks/{walk}"
    moved = coach.get(address).submit(address, press="action=save", date="2026-11-25")
    assert moved.status == 422 and "bezet 10.00–11.00" in moved.errors["time"]
    assert moved.submit(address, press="action=save", keep_clash="1").path == f"/walks/{walk}"


def test_a_walk_that_was_is_written_down_without_a_question(coach: PageClient, world: World) -> None:
    client = make_client(world)
    busy(world, ("2026-11-20T10:00", "2026-11-20T11:00"))
    form = coach.get(f"/walks/new?client={client}")
    address = str(form.one("form.plan")["action"])
    assert form.submit(address, press="action=save", date="2026-11-20", time="10:00").path != "/walks/new"


def test_our_own_feed_added_by_mistake_blocks_nothing(
    coach: PageClient, world: World, httpserver: HTTPServer
) -> None:
    """As it is served; with an appointment of somebody else beside it."""
    client = make_client(world)
    make_walk(world, client, "2026-11-24T10:00")
    ours = world.browser().get(make_calendar(world)).response.data
    theirs = event("DTSTART:20261125T090000Z", "DURATION:PT1H", uid="van-een-ander")
    both = ours.replace(b"END:VCALENDAR", theirs.encode() + b"END:VCALENDAR")
    assert b"20261124T100000" in both and calendar(theirs)
    httpserver.expect_request("/a.ics").respond_with_data(both)
    access = CalendarAccess(httpserver.url_for("/a.ics"))
    busy_calendars.add(world.store, world.coach(), "ics", access, world.now)
    source = Calendars(OpenDoor(public_or_home), busy_times)
    assert busy_jobs.read_due(world.store, source, world.now) == 1
    assert blocks(coach.get("/")) == {"2026-11-25T10:00": "Bezet 10.00–11.00"}
