"""The contract cannot drift from the product: every row of the tables in docs/contract.md is tried."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from planner.domain.answers import PAGE_ASKS
from planner.domain.geo import Point
from planner.domain.notes import NOTE_PARTS, Practised
from planner.domain.privacy import REGISTERS
from planner.services.messages import message_pages
from planner.services.notes import note_wishes
from planner.settings import from_environment
from tests.conftest import World
from tests.counting import count
from tests.factories import LINE, make_client, make_route, make_walk
from tests.mail_server import wait
from tests.makers import (
    an_exercise,
    make_calendar,
    make_feed,
    make_link,
    make_measure,
    make_note,
    make_other_calendar,
    make_register_line,
    make_request,
    make_review,
    make_sentence,
)
from tests.makers import make_walk as made_in_one_go
from tests.mapping import make_photo, make_pictures
from tests.page_client import Page, PageClient
from tests.tile_places import tile_at
from tests.web.test_weather_watch import ROUGH, weather

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "contract.md").read_text()


def table(heading: str) -> list[list[str]]:
    """The rows of the table under a heading, cell by cell, without its head."""
    part = TEXT.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def codes(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


EVERY = [(codes(first)[0], codes(fields)) for first, fields in table("Addresses")]
OF_MAPS = [pattern for pattern, _ in EVERY if "/tiles/" in pattern or "/picture" in pattern]
ADDRESSES = [one for one in EVERY if one[0] not in OF_MAPS]
HOOKS = [(hook, codes(values)) for name, _on, values in table("Hooks") for hook in codes(name)]
SETTINGS = [name for row in table("Settings") for name in codes(row[0])]
COMMANDS = [code for row in table("Commands") for code in codes(row[0])]


POST_ONLY = (
    "/revoke", "/feed", "/mail", "/send", "/copied", "/decline", "/remind", "/remove", "/look", "/seen", "/reopen",
    "/discard", "/anyway", "/done", "/withdraw",
)  # fmt: skip
WHEN_IT_APPLIES = {
    "/clients/<id>/hand-over": {
        "colleague",
        "agrees",
    },  # only with a colleague, see tests/web/test_colleagues.py
    "/clients/<id>/share": {"colleague", "until", "reason", "agrees"},
    "/login": {"code"},  # only where a second step is on, see tests/web/test_second_step.py
    "/account/email": {"email"},  # only where a mail can go, see tests/web/test_email_change.py
    "/reset": {"email"},  # only where a mail can go, see tests/web/test_reset.py
    "/clients/<id>/edit": {"consent_health"},  # only while there is no consent
    "/walks/<id>/edit": {"which"},  # only in a series, see tests/web/test_series.py
    "/walks/<id>/cancel": {"which"},
    "/walks/<id>/note": {"home_step_result"},  # only when a step was agreed last time
    "/walks/<id>/note/revisions": {"version"},  # only once it was changed, see tests/web/test_note_drafts.py
    "/messages/send": {"one"},  # only from two messages on, see tests/web/test_messages.py
}


@dataclass(frozen=True)
class Things:
    """One of everything, to fill the holes of an address."""

    client: int
    route: int
    exercise: int
    walk: int
    past: int
    link: str
    feed: str
    calendar: str
    message: int
    inner: dict[str, int]
    """What comes second in an address: reviews, measures, sentences, calendars."""

    def address(self, pattern: str) -> str:
        section = pattern.split("/")[1]
        for name, number in self.inner.items():
            pattern = pattern.replace(f"{name}/<id>", f"{name}/{number}")
        kinds = {
            "clients": self.client,
            "routes": self.route,
            "toolkit": self.exercise,
            "messages": self.message,
        }
        number = kinds.get(
            section, self.past if pattern.endswith(("/reopen", "/self-check", "/correct")) else self.walk
        )
        if "<feed-token>" in pattern:
            return self.feed if section == "s" else self.calendar
        if section == "s":
            one = self.past if pattern.endswith("/signs") else self.walk
            return pattern.replace("/s/<token>/", self.link).replace("<id>", str(one))
        return pattern.replace("<id>", str(number)).replace("<key>", "no-such-key").replace("<size>", "page")


@pytest.fixture
def things(world: World) -> Things:
    client = make_client(world, consent=True, email="sanne@example.org", page_asks=list(PAGE_ASKS))
    route = make_route(world)
    make_photo(world, route)
    exercise = an_exercise(world)
    walk = make_walk(
        world,
        client,
        date="2026-11-24",
        time="10:00",
        route_id=route,
        exercise_ids=[exercise],
        client_exercise_ids=[exercise],
    )
    past = made_in_one_go(world, client, "2026-11-20T10:00")
    make_note(world, past, felt_text="Rust", tool_text="Zuchten", close=True)
    note_wishes.choose_parts(world.store, world.coach(), NOTE_PARTS, world.now)
    link, feed, calendar = make_link(world, client), make_feed(world, client), make_calendar(world)
    inner = {
        "calendars": make_other_calendar(world),
        "sentences": make_sentence(world),
        "reviews": make_review(world, client),
        "measures": make_measure(world, client),
        "requests": make_request(world, client),
        **{kind: make_register_line(world, kind) for kind in REGISTERS},
    }
    message = message_pages.of_walk(world.store, world.coach(), walk, world.now, "", mails=True).ready[0].id
    return Things(client, route, exercise, walk, past, link, feed, calendar, message, inner)


def names_on(page: Page) -> set[str]:
    return {str(tag["name"]) for tag in page.select("form [name]")}


@pytest.mark.parametrize(("pattern", "fields"), ADDRESSES, ids=[pattern for pattern, _ in ADDRESSES])
def test_every_address_answers_with_its_fields(
    world: World, coach: PageClient, things: Things, pattern: str, fields: list[str]
) -> None:
    count("addresses tried")
    address = things.address(pattern)
    if pattern in ("/setup/<key>", "/reset/<key>", "/email/<key>"):
        assert world.browser().get(address).status == 404
        return
    if pattern == "/s/<token>/withdraw":
        assert world.browser().get(address).status == 405, "changes by POST only"
        assert world.browser().post(address).status == 200
        return
    if pattern == "/logout" or pattern.endswith(POST_ONLY):
        assert coach.get(address).status == 405, "changes by POST only"
        token = coach.get("/").one('form[action="/logout"] input')["value"]
        assert coach.post(address, {"csrf_token": token}).status == 303
        return
    if pattern == "/walks/<id>/note/draft":
        assert coach.get(address).status == 405, "changes by POST only"
        token = coach.get("/").one('form[action="/logout"] input')["value"]
        assert coach.post(address, {"csrf_token": token, "felt_text": "Rust"}).response.json["said"]
        return
    if pattern in ("/walks/<id>/length", "/routes/<id>/line"):
        assert coach.get(address).status == 405, "changes by POST only"
        page = coach.get(f"/walks/{things.walk}" if "walks" in pattern else f"/routes/{things.route}/draw")
        assert set(fields) <= {str(tag["name"]) for tag in page.form(address).select("[name]")}
        assert page.submit(address, press="length=short", change="reverse").status == 200
        return
    if pattern.endswith(("/addenda", "/sentences")):
        address = address.replace(str(things.walk), str(things.past))
        assert coach.get(address).status == 405, "changes by POST only"
        page = coach.get(address.rsplit("/", 1)[0])
        assert set(fields) <= {str(tag["name"]) for tag in page.form(address).select("[name]")}
        assert page.submit(address, text="Nog iets").status == 200
        return
    if pattern.endswith("/titles"):
        page = coach.get("/settings" if "settings" in pattern else f"/clients/{things.client}/link")
        assert set(fields) <= {str(tag["name"]) for tag in page.form(address).select("[name]")}
        assert page.submit(address).status == 200
        return
    if pattern.startswith("/s/") and pattern.endswith(("/answer", "/check-in", "/signs")):
        assert coach.get(address).status == 405, "changes by POST only"
        forms = world.browser().get(things.link).select(f'form[action="{address}"]')
        assert set(fields) <= {str(tag["name"]) for form in forms for tag in form.select("[name]")}
        return
    open_to_all = pattern in ("/login", "/healthz") or pattern.startswith(("/s/", "/calendar/"))
    browser = world.browser() if open_to_all else coach
    page = browser.get(
        f"{address}?client={things.client}" if pattern in ("/walks/new", "/slots") else address
    )
    assert page.status == 200
    if pattern == "/toolkit/<id>":
        page = browser.get(f"{address}/edit")
    assert not set(fields) - names_on(page) - WHEN_IT_APPLIES.get(pattern, set())


@pytest.mark.parametrize("pattern", OF_MAPS)
def test_every_address_of_maps_answers(world: World, coach: PageClient, things: Things, pattern: str) -> None:
    """Pictures of the route, and the tiles they were made of."""
    make_pictures(world)
    tile = tile_at(Point(*LINE[0]), 15)
    address = things.address(pattern).replace("<z>/<x>/<y>", f"{tile.z}/{tile.x}/{tile.y}")
    page = (world.browser() if pattern.startswith("/s/") else coach).get(address)
    assert page.status == 200
    assert page.response.content_type.startswith("image/")


def test_the_table_is_read() -> None:
    """The detector: a table that is not found, or read as empty, would prove nothing."""
    assert len(ADDRESSES) > 25
    assert len(HOOKS) >= 8
    assert "PLANNER_DATA_KEY" in SETTINGS
    with pytest.raises(IndexError):
        table("No such heading")


HOOK_PAGES = {
    "data-walk": ("/", "/clients/<id>", "/s/<token>/"),
    "data-verdict": ("/", "/walks/<id>", "/slots?walk=<id>"),
    "data-reason": ("/walks/<id>", "/slots?walk=<id>", "/walks/<id>/edit"),
    "data-slot": ("/slots?walk=<id>",),
    "data-turn": ("/walks/<id>/series",),
    "data-route": ("/routes/", "/routes/<id>", "/walks/<id>/edit"),
    "data-exercise": ("/toolkit/", "/toolkit/<id>", "/walks/<id>"),
    "data-note": ("/clients/<id>/notes",),
    "data-off": ("/?week=2026-W52",),
    "data-share-url": ("/clients/<id>/link",),
    "data-feed-url": ("/clients/<id>/link", "/settings"),
    "data-busy": ("/",),
    "data-calendar": ("/settings/calendars",),
    "data-message": ("/messages/", "/walks/<id>"),
    "data-length": ("/walks/<id>",),
    "data-review": ("/clients/<id>/progress",),
    "data-evaluation": ("/clients/<id>/progress",),
    "data-horizon": ("/clients/<id>/progress",),
    "data-need": ("/clients/<id>/progress",),
    "data-look": ("/walks/<id>/self-check",),
    "data-without-walk": ("/practice",),
    "data-talk": ("/practice",),
    "data-long-ago": ("/practice",),
    "data-tool": ("/clients/<id>/helps",),
    "data-helps": ("/clients/<id>/helps",),
    "data-too-few": ("/clients/<id>/helps",),
    "data-moment": ("/clients/<id>/timeline",),
    "data-part": ("/clients/<id>/report",),
    "data-chosen": ("/walks/<id>",),
    "data-entry": ("/walks/<id>", "/walks/<id>/sheet"),
}
ALWAYS = {
    "data-look": ("data-seen",),
    "data-busy": ("data-until",),
    "data-evaluation": ("data-on",),
    "data-walk": ("data-starts-local", "data-minutes", "data-status"),
    "data-route": ("data-distance-m", "data-points", "data-minutes"),
    "data-exercise": ("data-key",),
    "data-message": ("data-kind", "data-state"),
    "data-length": ("data-minutes", "data-distance-m"),
    "data-entry": ("data-minute", "data-metres"),
}


@pytest.mark.parametrize("hook", [hook for hook, _ in HOOKS])
def test_every_hook_is_on_its_pages(world: World, coach: PageClient, things: Things, hook: str) -> None:
    if hook == "data-hindrance":
        coach.get("/settings/agenda").submit(off_first_0="2026-11-01", off_last_0="2027-11-01")
        assert coach.get(things.address("/slots?walk=<id>")).one("[data-hindrance]")
        return
    if hook == "data-closed":
        coach.get("/settings/agenda").submit(off_first_0="2026-12-03")
        page = coach.get(f"/slots?client={things.client}&minutes=40&date=2026-12-03&time=10:00")
        assert page.one("[data-closed]")["data-closed"] == "day_off"
        return
    if hook == "data-warning":
        page = coach.get(things.address("/walks/<id>/edit")).submit(minutes="20", press="action=preview")
        assert page.one('[data-warning="time_over"]')
        return
    if hook in ("data-error", "data-reason-score", "data-change"):
        made = {"data-error": refused_page, "data-change": storm_preview}
        page = made[hook](coach) if hook in made else noted_walk(world, coach, things)
        assert page.select(f"[{hook}]")
        return
    if hook == "data-alert":
        for day, energy in (("01", 6), ("08", 6), ("09", 6), ("20", 2), ("27", 2)):
            walk = made_in_one_go(world, things.client, f"2026-10-{day}T10:00")
            make_note(world, walk, energy_week=energy)
        page = coach.get(things.address("/clients/<id>/progress"))
        assert page.one("[data-alert]")["data-alert"] == "energy"
        return
    if hook == "data-weather-line":
        weather(world)
        wait(world, minutes=30)
        weather(world, ROUGH)
        line = coach.get("/").one("[data-weather-line]")
        assert line["data-of-walk"] == str(things.walk) and line.select("[data-hour]")
        return
    make_ready(world, coach, things, hook)
    for pattern in HOOK_PAGES[hook]:
        browser = world.browser() if pattern.startswith("/s/") else coach
        found = browser.get(things.address(pattern)).select(f"[{hook}]")
        assert found, pattern
        missing = [name for name in ALWAYS.get(hook, ()) if not any(tag.has_attr(name) for tag in found)]
        assert not missing, pattern


OF_EARLIER_WALKS = (
    "data-talk",
    "data-long-ago",
    "data-without-walk",
    "data-tool",
    "data-helps",
    "data-too-few",
)


def make_ready(world: World, coach: PageClient, things: Things, hook: str) -> None:
    """What a hook asks that one of everything has not."""
    if hook == "data-chosen":
        coach.get(f"/walks/{things.walk}").submit(f"/walks/{things.walk}/length", press="length=short")
    if hook in OF_EARLIER_WALKS:
        earlier_walks(world, things)


def earlier_walks(world: World, things: Things) -> None:
    """Someone walked long ago, and the client often enough for one exercise and for another not."""
    emma = make_client(world, consent=True, first_name="Emma")
    for client, days, exercise in (
        (emma, 95, things.exercise),
        *((things.client, 7 * week, things.exercise) for week in range(1, 5)),
        (things.client, 40, an_exercise(world, "five-senses")),
    ):
        walk = made_in_one_go(world, client, f"{world.now - timedelta(days=days):%Y-%m-%dT10:00}")
        make_note(world, walk, energy_before=3, energy_after=5, practised=(Practised(exercise, "yes"),))


def refused_page(coach: PageClient) -> Page:
    return coach.get("/clients/new").submit("/clients/new", first_name="")


def storm_preview(coach: PageClient) -> Page:
    page = coach.get("/storm?date=2026-11-24&until=2026-11-24")
    name = str(page.select("[name^=choice_]")[0]["name"])
    return page.submit("/storm?date=2026-11-24&until=2026-11-24", press="action=preview", **{name: "online"})


def noted_walk(world: World, coach: PageClient, things: Things) -> Page:
    world.set_clock("2026-11-24T11:30")
    address = f"/walks/{things.walk}/note"
    browser = world.browser()
    browser.get("/login").submit(email="anna@example.org", password="rustig wandelen door het bos")
    browser.get(address).submit(address, movement=3, tool_for_today="Zuchten", press="close=1")
    page = browser.get(address)
    assert page.one('[data-reason-score="movement"]')["data-value"] == "3"
    return page


def test_no_verdict_under_a_clients_link(world: World, things: Things) -> None:
    assert world.browser().get(things.link).select("[data-verdict], [data-reason]") == []


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_read(name: str, tmp_path: Path) -> None:
    """A setting nobody reads would be a promise without effect."""
    asked: set[str] = set()

    class Asked(dict[str, str]):
        def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
            asked.add(key)
            return super().get(key, default)  # type: ignore[call-overload]

    from_environment(Asked({"PLANNER_INSTANCE": str(tmp_path)}))
    assert name in asked


def test_every_command_exists(world: World) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for command in COMMANDS:
        words = command.replace(".venv/bin/flask --app wsgi ", "… ").split()
        if words[0] == "make":
            assert words[1] in targets
        elif words[0] == "…":
            assert words[1] in world.app.cli.commands
