"""The plan form: what it opens with, what its buttons do, and what it says about the plan."""

from __future__ import annotations

import re

import pytest

from tests.conftest import World
from tests.factories import id_in, make_client, make_exercise, make_route, make_walk
from tests.page_client import PageClient
from tests.web.planning import (
    exercises_on,
    part_minutes,
    plain_plan,
    plan_form,
    send,
    walk_ids,
)


@pytest.fixture
def sanne(world: World) -> int:
    return make_client(world, first_name="Sanne")


def test_moving_parts_saves_nothing(coach: PageClient, sanne: int) -> None:
    page = plan_form(coach, sanne)
    before, minutes = exercises_on(page), part_minutes(page)
    at = [
        n for n, tag in enumerate(page.select('[name="parts"]')) if str(tag["value"]).startswith("exercise")
    ]
    page = page.submit(date="2026-12-01", time="10:00", press=f"move=remove:{at[0]}")
    assert page.status == 200
    assert exercises_on(page) == before[1:]
    assert len(part_minutes(page)) == len(minutes) - 1
    page = page.submit(press=f"move=exercise:{before[0]}")
    assert exercises_on(page) == [before[1], before[0]], "it comes after what is there"
    rows = [str(tag["value"]) for tag in page.select('[name="parts"]')]
    page = page.submit(press=f"move=up:{rows.index(f'exercise:{before[0]}')}")
    assert [row for row in rows if "exercise" in row] != [
        str(tag["value"]) for tag in page.select('[name="parts"]')
    ]
    assert not walk_ids(coach.get("/?week=2026-W49")), "nothing was saved"
    page = page.submit(press="action=save")
    assert set(exercises_on(page)) == set(before)


@pytest.mark.parametrize(
    "move",
    [
        "minutes:999",
        "minutes:",
        "minutes:x",
        "up:0",
        "down:99",
        "remove:99",
        "exercise:5",
        "segment:dance",
        "lay",
        "x",
        "choose",
        "hour",
        "hour:202613451200",
        "hour:x",
    ],
)
def test_a_button_that_makes_no_sense_changes_nothing(coach: PageClient, sanne: int, move: str) -> None:
    page = plan_form(coach, sanne)
    moved = page.submit(press=f"move={move}")
    assert moved.status == 200
    assert part_minutes(moved) == part_minutes(page)
    assert moved.one("[name=minutes]")["value"] == page.one("[name=minutes]")["value"]


def test_own_minutes_stay_and_the_client_may_see_what_is_ticked(coach: PageClient, sanne: int) -> None:
    page = plan_form(coach, sanne)
    mine = [one + 1 for one in part_minutes(page)]
    ids = exercises_on(page)
    page = page.submit(
        date="2026-12-01", time="10:00", minutes=60, part_minutes=mine, client_exercise_ids=[ids[1]]
    )
    walk = id_in(page)
    page = coach.get(f"/walks/{walk}/edit")
    assert part_minutes(page) == mine, "the coach's own minutes are not laid out again"
    ticked = [int(str(tag["value"])) for tag in page.select('[name="client_exercise_ids"][checked]')]
    assert ticked == [ids[1]]


def test_as_last_time(coach: PageClient, world: World, sanne: int) -> None:
    route = make_route(world)
    make_walk(world, sanne, date="2026-11-17", time="13:45", minutes=55, route_id=route)
    make_walk(world, sanne, date="2026-11-24", time="13:45", minutes=25, setting="phone")
    page = plan_form(coach, sanne)
    assert page.one('[name="date"][checked]')["value"] == "2026-12-01", "a week after what is planned"
    assert page.one('[name="setting"][checked]')["value"] == "outdoors", "what is planned is no last time"
    assert page.one('[name="time"][checked]')["value"] == "13:45"
    assert page.one('[name="minutes"]')["value"] == "55"
    assert page.one('[name="route_id"] option[selected]')["value"] == str(route)
    assert page.one("[data-echo]").get_text() == "dinsdag 1 december, 13.45 uur"
    assert coach.get(f"/slots?client={sanne}").one("[name=minutes]")["value"] == "55"
    assert 2 <= len(page.select('[name="date"][type="radio"]')) <= 4


def test_warnings_are_three_at_most_and_never_a_wall(coach: PageClient, world: World) -> None:
    client = make_client(
        world, consent=True, recovery_phase="crisis", max_minutes="30", health_flags=["panic"]
    )
    route = make_route(world)
    make_walk(world, client, date="2026-11-24", time="10:00", route_id=route)
    page = send(
        coach,
        "/walks/new",
        plain_plan(client, minutes=90, route_id=route, action="preview"),
    )
    assert page.status == 200
    box = page.one("#look")
    assert len(box.select(".note-box.note")) == 3
    assert box.select("details li"), "the rest is behind a fold"
    saved = send(coach, "/walks/new", plain_plan(client, minutes=90, route_id=route))
    assert saved.one("[data-walk]")["data-minutes"] == "90"


def test_a_caution_is_talked_over_once(coach: PageClient, world: World) -> None:
    client = make_client(world, first_name="Sanne", consent=True, health_flags=["panic"])
    exercise = make_exercise(world, cautions=["panic"])
    data = plain_plan(client, exercise_ids=[str(exercise)], action="preview")
    page = send(coach, "/walks/new", data)
    assert page.one(f'[name="cautions_talked"][value="{exercise}"]')["type"] == "checkbox"
    page = page.submit(cautions_talked=[str(exercise)], press="action=save")
    page = coach.get(page.path + "/edit")
    assert page.one('[name="cautions_talked"]')["type"] == "hidden"


def test_a_red_answer_holds_planning(coach: PageClient, world: World) -> None:
    client = make_client(world, consent=True)
    page = coach.get(f"/clients/{client}/safety")
    names = re.findall(r'name="([Ss][1-6])"', page.text)
    assert names, "the safety questions are there"
    page.submit(f"/clients/{client}/safety", **{names[0]: "yes"})
    page = send(coach, "/walks/new", plain_plan(client))
    assert page.status == 422
    assert page.select(f'a[href="/clients/{client}/emergency"]'), "where the step is written"
    assert not walk_ids(coach.get("/?week=2026-W49"))
    past = send(coach, "/walks/new", plain_plan(client, date="2026-11-16"))
    assert past.status == 200, "what was walked may be written down"


def test_online_keeps_the_link_and_drops_the_route(coach: PageClient, world: World, sanne: int) -> None:
    route = make_route(world)
    data = plain_plan(sanne, setting="online", route_id=route, video_url="https://meet.example.org/anna")
    page = send(coach, "/walks/new", data)
    assert page.select('a[href="https://meet.example.org/anna"]')
    assert not page.select(f'[data-route="{route}"]')
    again = plan_form(coach, sanne)
    assert again.one('[name="video_url"]')["value"] == "https://meet.example.org/anna", (
        "offered the next time"
    )
    bad = send(
        coach, "/walks/new", plain_plan(sanne, time="15:00", setting="online", video_url="javascript:1")
    )
    assert (bad.status, list(bad.errors)) == (422, ["video_url"])


def test_by_phone_there_is_a_number_and_no_place(coach: PageClient, world: World) -> None:
    client, route = make_client(world, phone="06 12345678"), make_route(world)
    data = plain_plan(
        client,
        setting="phone",
        route_id=route,
        meeting_point="Bij het hek",
        video_url="https://x.example.org",
    )
    page = send(coach, "/walks/new", data)
    assert page.one('a[href="tel:0612345678"]')
    assert not page.select(f'[data-route="{route}"]') and "x.example.org" not in page.main
    assert "Bij het hek" not in page.main and not page.select("[data-verdict]")
    other = send(
        coach, "/walks/new", plain_plan(make_client(world, first_name="Piet"), time="15:00", setting="phone")
    )
    assert "Er is nog geen telefoonnummer van Piet." in other.main
    assert coach.get(f"{other.path}/edit").select("[data-warning=no_phone]"), "told, and never in the way"


def test_outdoors_an_odd_video_link_does_not_matter(coach: PageClient, sanne: int) -> None:
    page = send(coach, "/walks/new", plain_plan(sanne, video_url="nonsense"))
    assert page.status == 200


def test_for_whom_is_asked_first(coach: PageClient, world: World, sanne: int) -> None:
    page = coach.get("/walks/new?date=2026-12-01").follow("Sanne")
    assert page.one('[name="date"][checked]')["value"] == "2026-12-01"
    assert send(coach, "/walks/new", {"date": "2026-12-01"}).status == 422


@pytest.mark.parametrize(
    "query",
    ["client=x", "client=1", "client=99999999999999999999", "date=soon", "like=7", "client=-1&time=99"],
)
def test_odd_addresses_do_not_break(coach: PageClient, query: str) -> None:
    assert coach.get(f"/walks/new?{query}").status in (200, 404)


def test_the_step_for_home_is_asked_about(coach: PageClient, world: World) -> None:
    client = make_client(world, consent=True)
    walk = make_walk(world, client, date="2026-11-16", time="10:00")
    coach.get(f"/walks/{walk}/note").submit(
        f"/walks/{walk}/note", home_step="Tien minuten buiten", next_focus="Nee zeggen", outcome="walked"
    )
    page = plan_form(coach, client)
    assert "Tien minuten buiten" in page.main
    assert page.one('[name="focus"]')["value"] == "Nee zeggen"


def test_a_plan_may_be_empty(coach: PageClient, sanne: int) -> None:
    page = plan_form(coach, sanne)
    for _part in part_minutes(page):
        page = page.submit(press="move=remove:0")
    page = page.submit(date="2026-12-01", time="10:00", press="action=save")
    assert "Er staat nog niets. Dat mag ook." in page.main
    assert not exercises_on(page)
    laid = coach.get(page.path + "/edit").submit(press="move=lay")
    assert part_minutes(laid), "one button lays out the usual parts again"


def test_a_route_says_when_it_was_walked(coach: PageClient, world: World, sanne: int) -> None:
    route, other = make_route(world, name="Heide"), make_route(world, name="Bos")
    make_walk(world, sanne, date="2026-11-17", time="10:00", route_id=route)
    words = {
        tag["value"]: tag.get_text() for tag in plan_form(coach, sanne).select('[name="route_id"] option')
    }
    assert "samen gelopen di 17 nov" in words[str(route)]
    assert "gelopen" not in words[str(other)]


def test_a_route_that_takes_longer_than_the_walk(world: World, coach: PageClient, sanne: int) -> None:
    """One tap makes it fit; until then every page says so."""
    route = make_route(world, line=False, distance_km="3,3")  # 50 minutes at an easy pace
    page = plan_form(coach, sanne, date="2026-12-01", time="10:00", minutes="40")
    page = page.submit(route_id=str(route), press="action=preview")
    said = "Met 5 minuten speling is dat 15 minuten te lang."
    assert said in page.one("#look").get_text(" ")
    walk = id_in(page.submit(press="action=save"))
    for address in (f"/walks/{walk}", f"/walks/{walk}/sheet"):
        assert said in coach.get(address).one('[data-warning="time_over"]').get_text(" ")
    page = coach.get(f"/walks/{walk}/edit")
    (button,) = page.select('#look button[value^="minutes:"]')
    assert button.get_text(strip=True) == "Maak er 55 minuten van"
    page = page.submit(press=f"move={button['value']}")
    assert page.one('[name="minutes"]')["value"] == "55"
    assert not page.select('#look button[value^="minutes:"]')
    page.submit(press="action=save")
    for address in (f"/walks/{walk}", f"/walks/{walk}/sheet"):
        assert not coach.get(address).select('[data-warning="time_over"]')


def test_a_day_that_is_over_says_so_and_leads_to_the_log(world: World, coach: PageClient, sanne: int) -> None:
    """It may be planned all the same (decision 28), with a word; what was typed goes along."""
    page = plan_form(coach, sanne, date="2026-12-01", time="10:00")
    assert not page.select("[data-day-over]")
    page = page.submit(date="2026-11-20", time="10:15", minutes="55", press="action=preview")
    look = page.one("#look")
    assert not look.select("[data-verdict]") and "Weer nog onbekend" not in look.get_text(" ")
    log = coach.get(str(page.one("[data-day-over] a")["href"]))
    typed = {
        name: str(log.one(f'[name="{name}"]:not([type="radio"])')["value"])
        for name in ("date", "time", "minutes")
    }
    assert typed == {"date": "2026-11-20", "time": "10:15", "minutes": "55"}
    saved = page.submit(press="action=save")
    assert (
        "Deze dag is voorbij" in saved.main
        and saved.one("[data-walk]")["data-starts-local"] == "2026-11-20T10:15"
    )
    again = coach.get(f"{saved.path}/edit")
    assert not again.select("[data-day-over]")
    assert "Deze dag is voorbij" not in again.submit(press="action=save").main
