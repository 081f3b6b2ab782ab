"""Requests of clients about their data, with the day on which they are answered."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from planner.models import EVERYONE, Erasure
from planner.services.privacy import erasure, privacy_requests
from tests.conftest import World
from tests.makers import make_client
from tests.page_client import Page, PageClient


def ask(coach: PageClient, client: int, kind: str = "access", **given: str) -> Page:
    address = f"/clients/{client}/requests"
    return coach.get(address).submit(address, kind=kind, **given)


def test_p13_a_request_waits_until_its_day_and_is_done(world: World, coach: PageClient) -> None:
    client = make_client(world, "Sanne", last_name="de Vries")
    ask(coach, client, "rectification", asked_on="2026-10-31", text="De naam van de partner klopt niet.")
    ask(coach, client, "access", asked_on="2026-11-10")
    page = coach.get("/privacy/requests")
    cards = page.select("[data-request]")
    assert [(card["data-kind"], card["data-due"]) for card in cards] == [
        ("rectification", "2026-11-30"),
        ("access", "2026-12-10"),
    ]
    assert "Sanne de Vries" in page.main and "partner klopt niet" in page.main
    assert "Antwoord uiterlijk 30 november 2026" in page.main
    done = page.submit(f"/privacy/requests/{cards[0]['data-request']}/done")
    assert "Gedaan op 23 november 2026" in done.main
    left = coach.get("/privacy/requests")
    assert [card["data-kind"] for card in left.select("[data-request]")] == ["access", "rectification"]
    back = coach.get(f"/clients/{client}/requests").submit(
        f"/privacy/requests/{cards[0]['data-request']}/done"
    )
    assert "Gedaan op" not in back.main


def test_p13_late_is_the_day_after_and_done_is_the_first_time(world: World, coach: PageClient) -> None:
    client = make_client(world, "Sanne")
    form = f"/clients/{client}/requests"
    page = coach.get(form)
    for _twice in range(2):
        answer = page.submit(form, kind="access", asked_on="2026-10-23")
    assert len(answer.select("[data-request]")) == 1, "the same form twice is one request"
    assert "Over de datum" not in answer.main
    assert "Over de datum" in ask(coach, client, asked_on="2026-10-22").main
    (request, _late) = privacy_requests.of_client(world.store, world.coach(), client)
    for day in (24, 25):
        privacy_requests.settle(world.store, world.coach(), request.id, date(2026, 11, day), world.now)
    assert "Gedaan op 24 november 2026" in coach.get(form).main


def test_what_is_not_complete_comes_back(world: World, coach: PageClient) -> None:
    client = make_client(world, "Sanne")
    page = ask(coach, client, "", text="Inzage graag")
    assert page.status == 422 and set(page.errors) == {"kind"} and "Inzage graag" in page.text
    assert set(ask(coach, client, asked_on="2026-12-24").errors) == {"asked_on"}
    assert "Niets wacht op antwoord" in coach.get("/privacy/requests").main


def test_an_erasure_that_was_asked_keeps_its_day(world: World, coach: PageClient) -> None:
    client = make_client(world, "Sanne")
    for asked_on in ("2026-11-21", "2026-11-19", "2026-11-20"):
        ask(coach, client, "erasure", asked_on=asked_on, text="Alles weg graag")
    done = next(
        one
        for one in privacy_requests.of_client(world.store, world.coach(), client)
        if one.asked_on.day == 19
    )
    privacy_requests.settle(world.store, world.coach(), done.id, world.now.date(), world.now)
    erasure.erase(world.store, world.coach(), client, erasure.ledger_of(world.settings), world.now)
    with world.store.db.reading(EVERYONE) as session:
        stone = session.scalars(select(Erasure)).one()
    assert str(stone.asked_on) == "2026-11-20", "the first that was not done yet"
    assert "Alles weg" not in coach.get("/privacy/requests").main
