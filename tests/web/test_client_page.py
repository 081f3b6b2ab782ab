"""A client's link and the page behind it: calm, narrow, and closed in every way it should be."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from icalendar import Calendar

from tests.conftest import MONDAY, World
from tests.factories import make_client, make_exercise, make_route, make_walk
from tests.makers import an_exercise
from tests.page_client import Page, PageClient

SECRET = "MARKERSECRET"


@pytest.fixture
def sanne(world: World) -> int:
    return make_client(
        world, first_name="Sanne", last_name="van Dijk", consent_health="1", help_question=SECRET
    )


def link_of(coach: PageClient, client: int) -> str:
    """Make a link and give its path."""
    page = coach.get(f"/clients/{client}/link").submit(f"/clients/{client}/link")
    return re.sub(r"^https?://[^/]+", "", str(page.one("[data-share-url]")["data-share-url"]))


def words_of(page: Page) -> str:
    soup = BeautifulSoup(page.text, "html.parser")
    for tag in soup.select("style, svg"):
        tag.decompose()
    return " ".join(soup.get_text(" ").split())


def test_the_coach_makes_shows_renews_and_withdraws(world: World, coach: PageClient, sanne: int) -> None:
    first = link_of(coach, sanne)
    assert world.browser().get(first).status == 200
    shown = coach.get(f"/clients/{sanne}/link")
    assert first in shown.text, "the link can be shown again"
    assert shown.select("svg.qr path")
    second = link_of(coach, sanne)
    assert second != first
    assert world.browser().get(first).status == 404
    coach.get(f"/clients/{sanne}/link").submit(f"/clients/{sanne}/link/revoke")
    assert world.browser().get(second).status == 404


def test_the_next_walk_comes_first(world: World, coach: PageClient, visitor: PageClient, sanne: int) -> None:
    route = make_route(world, name="Schaapskooi", meeting_point="Bij het houten bord")
    make_walk(world, sanne, date="2026-12-08", time="13:30", route_id=route)
    walk = make_walk(
        world, sanne, date="2026-12-01", time="10:00", minutes=45, route_id=route, message="Neem thee mee."
    )
    page = visitor.get(link_of(coach, sanne))
    first = page.select("[data-walk]")[0]
    assert first["data-walk"] == str(walk)
    assert first["data-starts-local"] == "2026-12-01T10:00"
    text = words_of(page)
    said = ("Dinsdag 1 december", "10.00 uur", "45 minuten", "Bij het houten bord", "Neem thee mee.", "Anna")
    assert [words for words in said if words not in text] == []
    assert page.select("svg.sketch polyline")
    assert page.h1 == "Je wandelingen"


def test_nothing_planned_is_a_kind_page(coach: PageClient, visitor: PageClient, sanne: int) -> None:
    page = visitor.get(link_of(coach, sanne))
    assert "Er staat nu geen wandeling. Je hoeft niets te doen." in page.main


def test_a_cancelled_walk_is_said_kindly(
    world: World, coach: PageClient, visitor: PageClient, sanne: int
) -> None:
    walk = make_walk(world, sanne, date="2026-12-01", time="10:00")
    link = link_of(coach, sanne)
    coach.get(f"/walks/{walk}/cancel").submit(f"/walks/{walk}/cancel", reason="ill")
    page = visitor.get(link)
    assert "gaat niet door" in page.main
    assert page.one(f'[data-walk="{walk}"]')["data-status"] == "cancelled"
    assert "ziek" not in words_of(page).lower()


def test_what_is_off_stands_in_the_order_of_the_days(
    world: World, coach: PageClient, visitor: PageClient, sanne: int
) -> None:
    """The next walk is not pushed down by one that is weeks ahead and off."""
    days = {name: make_walk(world, sanne, date=day) for name, day in OFF_AND_ON.items()}
    link = link_of(coach, sanne)
    for off in ("off_before", "off_after"):
        coach.get(f"/walks/{days[off]}/cancel").submit(f"/walks/{days[off]}/cancel", reason="ill")
    shown = [node["data-walk"] for node in visitor.get(link).select("[data-walk]")]
    assert shown == [str(days[name]) for name in OFF_AND_ON]


OFF_AND_ON = {
    "off_before": "2026-11-30",
    "next": "2026-12-01",
    "later": "2026-12-08",
    "off_after": "2026-12-15",
}


def test_p17_only_the_whitelist_is_shown(world: World, coach: PageClient, visitor: PageClient) -> None:
    """Every field of the client, the walk, the route and the note holds a marker of its own."""
    client = make_client(
        world, first_name="Voornaam", last_name="M-ACHTERNAAM", email="m-mail@example.org", phone="06 99999999",
        help_question="M-HULPVRAAG", recovery_phase="crisis", health_flags=["panic"], consent_health="1",
        environment_avoid=["beach"],
    )  # fmt: skip
    seen = make_exercise(world, title="Zichtbare oefening", steps="Zichtbare stap")
    unseen = make_exercise(world, title="M-ONZICHTBAAR", steps="M-STAP")
    route = make_route(world, name="Zichtbare route", meeting_point="Zichtbare plek", notes="M-ROUTENOTITIE")
    make_walk(
        world, client, date="2026-12-01", time="10:00", route_id=route, focus="M-FOCUS", message="Zichtbaar bericht",
        exercise_ids=[seen, unseen], client_exercise_ids=[seen],
    )  # fmt: skip
    past = make_walk(world, client, date="2026-11-20", time="10:00", focus="M-OUD")
    coach.get(f"/walks/{past}/note").submit(
        felt_text="M-GEVOELD",
        home_step="M-THUIS",
        next_focus="M-VOLGENDE",
        energy_before=3,
        tool_for_today="M-TOOL",
    )
    page = visitor.get(link_of(coach, client))
    assert not re.search(r"M-[A-Z]{3}", page.text)
    for words in ("Zichtbare oefening", "Zichtbare stap", "Zichtbare plek", "Zichtbaar bericht"):
        assert words in page.text
    assert "Voornaam" not in page.text, "the first name only when it is ticked"
    for hidden in ("data-verdict", "m-mail", "99999999", "2026-11-20", "crisis"):
        assert hidden not in page.text


def test_first_name_and_home_step_when_ticked(world: World, coach: PageClient, visitor: PageClient) -> None:
    client = make_client(world, first_name="Sanne", consent_health="1", show_first_name="1")
    past = make_walk(world, client, date="2026-11-20", time="10:00")
    coach.get(f"/walks/{past}/note").submit(home_step="Vijf minuten naar buiten", show_home_step="1")
    text = words_of(visitor.get(link_of(coach, client)))
    assert "Hoi Sanne" in text
    assert "Vijf minuten naar buiten" in text


def test_p16_headers_and_metadata_leak_nothing(
    world: World, coach: PageClient, visitor: PageClient, sanne: int
) -> None:
    make_walk(world, sanne, date="2026-12-01", time="10:00")
    page = visitor.get(link_of(coach, sanne))
    headers = page.response.headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]
    assert "Set-Cookie" not in headers
    assert "'sha256-" in headers["Content-Security-Policy"]
    metadata = str(page.soup.head) + page.path + str(headers)
    assert not re.search(r"burn-?out|therapie|coach|psych|diagnos|klacht", metadata, re.IGNORECASE)
    assert [str(tag["src"]).split("/")[1] for tag in page.select("script")] == ["static"]


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "WhatsApp/2.23"},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"User-Agent": "TelegramBot (like TwitterBot)"},
        {"Sec-Fetch-Mode": "no-cors"},
        {"Sec-Purpose": "prefetch"},
    ],
)
def test_machines_get_a_page_without_facts(
    world: World, coach: PageClient, visitor: PageClient, sanne: int, headers: dict[str, str]
) -> None:
    make_walk(world, sanne, date="2026-12-01", time="10:00")
    link = link_of(coach, sanne)
    page = visitor.get(link, headers=headers)
    assert page.status == 200
    assert "X-Planner-Page" not in page.response.headers
    assert "december" not in page.text
    assert visitor.open("HEAD", link).status == 200
    assert visitor.get(link, headers={"User-Agent": "curl/8"}).response.headers["X-Planner-Page"] == "walks"


def test_p15_every_closed_link_looks_the_same(
    world: World, coach: PageClient, visitor: PageClient, sanne: int
) -> None:
    old = link_of(coach, sanne)
    withdrawn = link_of(coach, sanne)
    coach.get(f"/clients/{sanne}/link").submit(f"/clients/{sanne}/link/revoke")
    answers = [visitor.get(path) for path in (old, withdrawn, "/s/unknown/", f"/s/{'A' * 43}/")]
    assert {answer.status for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert "Vraag je coach om een nieuwe" in answers[0].main


def test_the_life_of_a_link(world: World, coach: PageClient, visitor: PageClient, sanne: int) -> None:
    """60 days after the last walk, at most a year after it was made."""
    make_walk(world, sanne, date="2026-12-01", time="10:00")
    link = link_of(coach, sanne)
    world.set_clock("2027-01-29T10:00")
    assert visitor.get(link).status == 200
    world.set_clock("2027-01-31T10:00")
    assert visitor.get(link).status == 404
    world.set_clock(MONDAY + timedelta(hours=1))
    make_walk(world, sanne, date="2027-11-22", time="10:00")
    world.set_clock("2027-11-22T08:00")
    assert visitor.get(link).status == 200, "a new walk moves it on"
    world.set_clock("2027-11-24T10:00")
    assert visitor.get(link).status == 404, "at most a year"


def test_ending_the_programme_ends_the_link(coach: PageClient, visitor: PageClient, sanne: int) -> None:
    link = link_of(coach, sanne)
    coach.get(f"/clients/{sanne}").submit(f"/clients/{sanne}/end")
    assert visitor.get(link).status == 404


def test_the_client_gives_the_link_back(coach: PageClient, visitor: PageClient, sanne: int) -> None:
    link = link_of(coach, sanne)
    page = visitor.get(link).submit(f"{link}withdraw")
    assert page.status == 200
    assert visitor.get(link).status == 404
    assert "gaf de link terug" in coach.get(f"/clients/{sanne}/link").main
    assert "gaf de link terug" in coach.get(f"/clients/{sanne}").main


def test_giving_back_is_refused_from_another_site(coach: PageClient, visitor: PageClient, sanne: int) -> None:
    link = link_of(coach, sanne)
    assert visitor.post(f"{link}withdraw", headers={"Sec-Fetch-Site": "cross-site"}).status == 400
    assert visitor.get(link).status == 200


def test_one_walk_for_the_calendar(world: World, coach: PageClient, visitor: PageClient, sanne: int) -> None:
    route = make_route(world, meeting_point="Bij het houten bord")
    walk = make_walk(world, sanne, date="2026-12-01", time="10:00", minutes=45, route_id=route)
    link = link_of(coach, sanne)
    answer = visitor.get(f"{link}walks/{walk}.ics")
    assert answer.response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    first = Calendar.from_ical(answer.response.get_data()).walk("VEVENT")[0]
    assert str(first["SUMMARY"]) == "Wandelafspraak"
    assert first.decoded("DTSTART").isoformat() == "2026-12-01T10:00:00+01:00"
    assert str(first["LOCATION"]) == "Bij het houten bord"
    coach.get(f"/walks/{walk}/edit").submit(f"/walks/{walk}/edit", time="11:00")
    second = Calendar.from_ical(visitor.get(f"{link}walks/{walk}.ics").response.get_data()).walk("VEVENT")[0]
    assert second["UID"] == first["UID"]
    assert second["SEQUENCE"] > first["SEQUENCE"]


def test_a_link_opens_nobody_elses_walk(
    world: World, coach: PageClient, visitor: PageClient, sanne: int
) -> None:
    mark = make_client(world, first_name="Mark")
    his = make_walk(world, mark, date="2026-12-01", time="10:00")
    past = make_walk(world, sanne, date="2026-11-20", time="10:00")
    link = link_of(coach, sanne)
    assert visitor.get(f"{link}walks/{his}.ics").status == 404
    assert visitor.get(f"{link}walks/{past}.ics").status == 404


def test_guessing_tokens_is_slowed_down(visitor: PageClient) -> None:
    found = [
        visitor.get(f"/s/guess{number}/", environ_overrides={"REMOTE_ADDR": "203.0.113.7"}).status
        for number in range(35)
    ]
    assert set(found[:30]) == {404}
    assert found[-1] == 429


def test_in_the_clients_language_with_a_way_to_the_other(
    world: World, coach: PageClient, visitor: PageClient
) -> None:
    client = make_client(world, first_name="Emma", language="en")
    link = link_of(coach, client)
    page = visitor.get(link)
    assert (page.soup.html["lang"], page.h1) == ("en", "Your walks")
    assert page.follow("Nederlands").h1 == "Je wandelingen"


def test_an_online_talk_shows_its_video_link(
    world: World, coach: PageClient, visitor: PageClient, sanne: int
) -> None:
    make_walk(
        world,
        sanne,
        date="2026-12-01",
        time="10:00",
        setting="online",
        video_url="https://video.example.org/a",
    )
    page = visitor.get(link_of(coach, sanne))
    assert page.one('a[href="https://video.example.org/a"]')["rel"] == ["noreferrer"]


def test_a_talk_by_phone_says_who_calls(
    world: World, coach: PageClient, visitor: PageClient, sanne: int
) -> None:
    make_walk(world, sanne, date="2026-12-01", time="10:00", setting="phone")
    link = link_of(coach, sanne)
    page = visitor.get(link)
    assert "Je volgende gesprek per telefoon" in page.main
    assert "Telefonisch. Je coach belt je." in page.main, "on which number nobody knows yet"
    coach.get(f"/clients/{sanne}/edit").submit(phone="06 12345678")
    assert "Telefonisch. Je coach belt je op je eigen nummer." in visitor.get(link).main
    assert "hoor je van je coach" not in page.main and "schoenen" not in page.main


def test_the_page_has_a_budget_for_attention(
    world: World, coach: PageClient, visitor: PageClient, sanne: int
) -> None:
    """What stands open: at most 150 words and short sentences; and the whole page is light."""
    route = make_route(world, name="Schaapskooi", meeting_point="Bij het houten bord")
    make_walk(world, sanne, date="2026-12-01", time="10:00", route_id=route)
    page = visitor.get(link_of(coach, sanne))
    soup = BeautifulSoup(page.text, "html.parser")
    for tag in soup.select("style, svg, details, .skip"):
        tag.decompose()
    words = soup.body.get_text(" ").split()
    assert len(words) <= 150
    assert len(page.select("main a.btn, main button.btn")) <= 3
    assert len(page.text.encode()) < 15_000


MOVED = "De tijd is veranderd."


def test_a_moved_walk_says_so(world: World, coach: PageClient, visitor: PageClient, sanne: int) -> None:
    walk = make_walk(world, sanne, date="2026-12-01", time="10:00")
    link = link_of(coach, sanne)
    assert MOVED not in visitor.get(link).main
    world.set_clock(MONDAY + timedelta(hours=1))
    for date, time, said in (
        ("2026-12-01", "11:00", "Het was 10.00 uur."),
        ("2026-12-02", "11:00", "Het was dinsdag 1 december, 10.00 uur."),
    ):
        coach.get(f"/walks/{walk}/edit").submit(f"/walks/{walk}/edit", date=date, time=time)
        page = visitor.get(link)
        assert MOVED in page.main
        assert said in page.main, "moved twice: what stands in the agenda is the first time"
    coach.get(f"/walks/{walk}/edit").submit(f"/walks/{walk}/edit", date="2026-12-01", time="10:00")
    assert MOVED not in visitor.get(link).main, "back where it was"


def test_what_was_corrected_at_once_or_never_seen_did_not_move(
    world: World, coach: PageClient, visitor: PageClient, sanne: int
) -> None:
    unseen = make_walk(world, sanne, date="2026-12-08", time="10:00")
    world.set_clock(MONDAY + timedelta(hours=1))
    coach.get(f"/walks/{unseen}/edit").submit(f"/walks/{unseen}/edit", time="11:00")
    link = link_of(coach, sanne)
    corrected = make_walk(world, sanne, date="2026-12-01", time="10:00")
    world.set_clock(MONDAY + timedelta(minutes=65))
    coach.get(f"/walks/{corrected}/edit").submit(f"/walks/{corrected}/edit", time="09:30")
    page = visitor.get(link)
    assert "9.30 uur" in page.main
    assert MOVED not in page.main


def test_a_sensitive_title_is_not_said(
    world: World, coach: PageClient, visitor: PageClient, sanne: int
) -> None:
    exercise = an_exercise(world, "worry-bench")
    make_walk(
        world, sanne, date="2026-12-01", time="10:00", exercise_ids=[exercise], client_exercise_ids=[exercise]
    )
    page = visitor.get(link_of(coach, sanne))
    assert "Kleine oefening" in page.main
    assert "piekerbankje" not in page.text
