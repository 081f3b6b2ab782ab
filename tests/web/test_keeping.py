"""Backups and keys on the pages: how it stands, and the sheet for the drawer that is shown to fit."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import update

from planner.models import Account
from planner.services.keeping import backup_nights
from tests.conftest import MONDAY, PASSWORD, World
from tests.page_client import Page, PageClient


@pytest.fixture
def only_one(world: World) -> World:
    """Nobody of another practice has begun: the keys are of one practice alone."""
    with world.store.db.unowned_write() as connection:
        others = update(Account).where(Account.owner_id != world.coach().owner_id)
        connection.execute(others.values(password_hash=None))
    return world


def test_how_it_stands_with_the_backups(world: World, coach: PageClient) -> None:
    """Calm words when there is none, or none of the last two days."""
    assert "nog geen reservekopie" in coach.get("/settings").main
    assert coach.get("/settings").follow("De reservekopieën").select(".note-box.note")
    backup_nights.make_due(world.store, world.settings, world.now)
    page = coach.get("/settings")
    assert "Nieuwste reservekopie: maandag 23 november, 9.0" in page.main
    page = page.follow("De reservekopieën")
    assert "Maandag 23 november" in page.main and not page.select(".note-box.note")
    assert "Ja: weer geopend" in page.main
    world.set_clock(MONDAY + timedelta(hours=7))
    assert not coach.get("/settings/copies").select(".note-box.note")


def test_an_old_backup_is_told_on_the_settings_page(world: World, coach: PageClient) -> None:
    world.set_clock(MONDAY - timedelta(days=3))
    backup_nights.make_due(world.store, world.settings, world.now)
    world.set_clock(MONDAY)
    assert "De nieuwste reservekopie is van vrijdag 20 november" in coach.get("/settings").main
    assert coach.get("/settings/copies").select(".note-box.note")


def made_sheet(coach: PageClient) -> tuple[Page, str]:
    """The page with the sheet, and what somebody types over from it."""
    page = coach.get("/settings/keys").submit("/settings/keys/sheet")
    page = page.submit(confirm_password=PASSWORD) if page.status == 403 else page
    assert page.h1 == "Het blad voor in de la", page.main
    lines = [tag.get_text() for tag in page.select("[data-line]")]
    numbered = "\n".join(f"{number} {line}" for number, line in enumerate(lines, 1))
    return page, f"{numbered.lower()}\n{page.one('[data-backup-key]').get_text()}"


def test_the_keys_are_a_reminder_not_a_wall(only_one: World) -> None:
    coach = only_one.browser("anna")
    page = coach.get("/")
    assert page.one("details.keys")
    line = coach.get("/privacy/check").one('[data-check="keys"]')
    assert line["data-waiting"] == "1" and coach.get(str(line.a["href"])).h1 == "De sleutels"
    cor = only_one.browser("cor")
    assert not cor.get("/privacy/check").select('[data-check="keys"]'), "who does not lead has none"
    page = page.submit("/keys-kept")
    assert page.path == "/"
    assert not page.select("details.keys")


def test_where_several_practices_share_the_keys_nobody_is_asked_to_keep_them(coach: PageClient) -> None:
    assert not coach.get("/").select("details.keys")
    assert not coach.get("/privacy/check").select('[data-check="keys"]')


def test_the_sheet_is_made_typed_over_and_fits(only_one: World) -> None:
    coach = only_one.browser("anna")
    assert "nog geen blad nagekeken" in coach.get("/settings/keys").main
    assert coach.get("/").select("details.keys"), "a reminder"
    only_one.set_clock(MONDAY + timedelta(minutes=11))
    _page, typed = made_sheet(coach)
    page = coach.get("/settings/keys").submit("/settings/keys", sheet=typed)
    assert page.status == 200 and page.one("[data-verified]") and "Het blad past" in page.text
    assert not (only_one.settings.instance / "backup.key").exists()
    assert not coach.get("/").select("details.keys")
    again = coach.get("/settings/keys/sheet")
    assert not again.select("[data-backup-key]") and "alleen op je eerdere blad" in again.main
    assert "het blad in de la" in coach.get("/settings/copies").main


def test_the_sheet_as_a_file(only_one: World) -> None:
    coach = only_one.browser("anna")
    _page, typed = made_sheet(coach)
    file = (io.BytesIO(typed.encode()), "blad.txt")
    assert coach.get("/settings/keys").submit("/settings/keys", file=file).one("[data-verified]")


def test_what_is_too_large_to_be_a_sheet_is_not_read(only_one: World) -> None:
    coach = only_one.browser("anna")
    page = coach.get("/settings/keys").submit(
        "/settings/keys", file=(io.BytesIO(b"\n" * 900_000), "blad.txt")
    )
    assert page.status == 422 and "te groot voor een blad" in page.errors["file"]


def test_a_sheet_that_is_sent_twice_fits_twice(only_one: World) -> None:
    """A second press while the first one is on its way."""
    coach = only_one.browser("anna")
    _page, typed = made_sheet(coach)
    page = coach.get("/settings/keys")
    token = page.one('form[action="/settings/keys"] [name=csrf_token]')["value"]
    cookie = coach.http.get_cookie("session")
    assert cookie is not None
    start = Barrier(3)

    def press(_number: int) -> int:
        other = only_one.browser("anna")
        other.http.set_cookie("session", cookie.value)
        start.wait(30)
        return other.http.post("/settings/keys", data={"csrf_token": token, "sheet": typed}).status_code

    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(press, range(3))) == {303}


def test_a_sheet_that_does_not_fit_says_where(only_one: World) -> None:
    coach = only_one.browser("anna")
    _page, typed = made_sheet(coach)
    third = typed.splitlines()[2]
    wrong = typed.replace(third, third[:2] + ("a" if third[2] != "a" else "b") + third[3:])
    other = typed.rsplit("\n", 1)[0]
    for sheet, said in ((wrong, "Regel 3"), ("", "Typ de genummerde"), (other, "De eerste sleutel past")):
        page = coach.get("/settings/keys").submit("/settings/keys", sheet=sheet)
        assert page.status == 422 and said in page.errors["sheet"]
        assert not page.select("[data-verified]")
    assert typed.split()[1] in page.one("textarea").get_text(), "what was typed stays"


def test_the_keys_of_several_practices_are_with_whoever_runs_the_computer(
    world: World, coach: PageClient
) -> None:
    assert "Meer praktijken" in coach.get("/settings/keys").main
    assert str(world.settings.backups) not in coach.get("/settings/copies").text
    assert coach.get("/settings/keys/sheet").status == 303
    token = coach.get("/account").one('main input[name="csrf_token"]')["value"]
    for address in ("/settings/keys/sheet", "/settings/keys"):
        assert coach.post(address, {"csrf_token": token}).status == 303
    assert not (world.settings.instance / "backup.key").exists()
