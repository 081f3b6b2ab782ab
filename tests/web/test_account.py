"""Setting up, signing in and out: through the front door."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from planner import create_app
from planner.migrations import run as migrations
from planner.services.people import set_up
from planner.settings import Settings
from tests.conftest import KEYS, MONDAY, PASSWORD, World
from tests.page_client import PageClient


@pytest.fixture
def fresh(tmp_path: Path) -> World:
    """A planner on its first day."""
    settings = Settings(
        instance=tmp_path, database_url=f"sqlite:///{tmp_path}/new.sqlite", environment="test", **KEYS
    )
    migrations.upgrade(settings.database_url)
    world = World(create_app(settings), {})
    world.set_clock(MONDAY)
    return world


def test_set_up_makes_a_coach_who_is_signed_in(fresh: World) -> None:
    key = set_up.first_setup_key(fresh.store, fresh.now)
    page = fresh.browser().get(f"/setup/{key}")
    assert "autoriteitpersoonsgegevens.nl" in page.main
    week = page.submit(name="Anna de Wit", email="Anna@Example.org", password=PASSWORD)
    assert (week.status, week.path) == (200, "/")
    assert fresh.browser().get(f"/setup/{key}").status == 404, "the address works once"
    assert set_up.first_setup_key(fresh.store, fresh.now) is None


def test_set_up_offers_a_second_step(fresh: World) -> None:
    key = set_up.first_setup_key(fresh.store, fresh.now)
    page = fresh.browser().get(f"/setup/{key}")
    page = page.submit(name="Anna de Wit", email="anna@example.org", password=PASSWORD, second_step="1")
    assert (page.status, page.path) == (200, "/account/security")


def test_set_up_keeps_what_was_typed(fresh: World) -> None:
    key = set_up.first_setup_key(fresh.store, fresh.now)
    page = fresh.browser().get(f"/setup/{key}").submit(name="Anna", email="geen adres", password="kort")
    assert page.status == 422
    assert set(page.errors) == {"email", "password"}
    assert page.one('input[name="name"]')["value"] == "Anna"
    assert page.soup.title.string.startswith("Fout: ")


def test_who_was_added_chooses_a_password_and_keeps_name_and_address(fresh: World) -> None:
    """What cannot be changed here is not asked here."""
    new = set_up.NewCoach("Els Vos", "els@example.org", None)
    practice_id, coach_id = set_up.add_coach(fresh.store, new, fresh.now)
    key = set_up.key_for(fresh.store, coach_id, practice_id, fresh.now)
    page = fresh.browser().get(f"/setup/{key}")
    assert "Els Vos" in page.main and "els@example.org" in page.main
    assert not page.select("[name=name], [name=email], [name=contact]")
    assert page.submit(password="kort").errors.keys() == {"password"}
    assert page.submit(name="Iemand", email="ander@example.org", password=PASSWORD).path == "/"
    again = fresh.browser().get("/login").submit(email="els@example.org", password=PASSWORD)
    assert again.path == "/"
    assert "Els Vos" in again.client.get("/account").main


@pytest.mark.parametrize("password", ["wachtwoord123", "password1234", "aaaaaaaaaaaaaa", "anna@example.org"])
def test_weak_passwords_are_refused(fresh: World, password: str) -> None:
    key = set_up.first_setup_key(fresh.store, fresh.now)
    page = fresh.browser().get(f"/setup/{key}")
    page = page.submit(name="Anna", email="anna@example.org", password=password)
    assert "password" in page.errors


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        ("kort twaalf", False),
        ("precies twaalf"[:12], True),
        ("wandel " * 18 + "xy", True),
        ("wandel " * 18 + "xyz", False),
    ],
    ids=["11", "12", "128", "129"],
)
def test_how_long_a_password_is(fresh: World, password: str, taken: bool) -> None:
    """6.2.1, 6.2.9: twelve signs at least, a hundred and twenty-eight at most."""
    key = set_up.first_setup_key(fresh.store, fresh.now)
    page = (
        fresh.browser().get(f"/setup/{key}").submit(name="Anna", email="anna@example.org", password=password)
    )
    assert ("password" not in page.errors) is taken


def test_a_password_is_what_was_typed(fresh: World) -> None:
    """6.2.5 to 6.2.8: any signs, none of them taken off, turned round or left out; and it may be pasted."""
    key, password = set_up.first_setup_key(fresh.store, fresh.now), "  Wandel-é-🌲-naar " + "buiten " * 8
    page = fresh.browser().get(f"/setup/{key}")
    assert page.one('[name="password"]')["autocomplete"] == "new-password", "a program may fill it in"
    assert page.submit(name="Anna", email="anna@example.org", password=password).path == "/"
    for other in (password.strip(), password.lower(), password[:64], password.replace("é", "e")):
        assert fresh.browser().get("/login").submit(email="anna@example.org", password=other).status == 422
    assert fresh.browser().get("/login").submit(email="anna@example.org", password=password).path == "/"


def test_an_old_or_unknown_set_up_address_is_not_there(fresh: World) -> None:
    key = set_up.first_setup_key(fresh.store, fresh.now)
    assert fresh.browser().get("/setup/something").status == 404
    fresh.set_clock(MONDAY + timedelta(days=3))
    assert fresh.browser().get(f"/setup/{key}").status == 404


def test_sign_in_and_out(world: World, visitor: PageClient) -> None:
    page = visitor.get("/account", follow=True)
    assert page.path == "/login"
    page = page.submit(email="anna@example.org", password=PASSWORD)
    assert page.path == "/account", "goes where one wanted to be"
    cookie = visitor.http.get_cookie("session")
    assert page.submit("/logout").path == "/login"
    thief = world.browser()
    thief.http.set_cookie("session", cookie.value)
    assert thief.get("/account").status == 303, "a copied cookie dies at sign-out"


@pytest.mark.parametrize(
    ("email", "password"), [("anna@example.org", "nee nee nee nee"), ("niemand@example.org", PASSWORD)]
)
def test_wrong_address_and_wrong_password_look_the_same(
    visitor: PageClient, email: str, password: str
) -> None:
    page = visitor.get("/login").submit(email=email, password=password)
    assert (page.status, list(page.errors)) == (422, ["password"])
    assert page.one('input[name="email"]')["value"] == email
    assert page.one('input[name="password"]').get("value", "") == ""


def test_guessing_is_slowed_down_and_elsewhere_the_coach_gets_in(world: World, visitor: PageClient) -> None:
    for _ in range(6):
        visitor.get("/login").submit(email="anna@example.org", password="nee nee nee nee")
    page = visitor.get("/login").submit(email="anna@example.org", password=PASSWORD)
    assert page.status == 429
    elsewhere = world.browser()
    login = elsewhere.get("/login")
    token = login.one('main input[name="csrf_token"]')["value"]
    data = {"csrf_token": token, "email": "anna@example.org", "password": PASSWORD}
    answer = elsewhere.post("/login", data, environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert answer.status == 303
    world.set_clock(MONDAY + timedelta(minutes=30))
    assert visitor.get("/login").submit(email="anna@example.org", password=PASSWORD).status == 200


def test_a_session_ends_when_idle_and_after_a_week(world: World, coach: PageClient) -> None:
    assert coach.get("/account").status == 200
    world.set_clock(MONDAY + timedelta(hours=8, minutes=1))
    assert coach.get("/account").status == 303


def test_use_keeps_a_session_alive_until_its_week_is_over(world: World, coach: PageClient) -> None:
    for hours in range(0, 168, 7):
        world.set_clock(MONDAY + timedelta(hours=hours))
        assert coach.get("/account").status == 200, hours
    world.set_clock(MONDAY + timedelta(hours=169))
    assert coach.get("/account").status == 303


def test_changing_the_password_signs_other_devices_out(world: World, coach: PageClient) -> None:
    phone = world.browser()
    phone.get("/login").submit(email="anna@example.org", password=PASSWORD)
    page = coach.get("/account/password")
    assert page.submit(
        old_password="iets anders dan", new_password="nieuwe zin om te lopen"
    ).errors.keys() == {"old_password"}
    assert page.submit(old_password=PASSWORD, new_password="nieuwe zin om te lopen").status == 200
    assert coach.get("/account").status == 200
    assert phone.get("/account").status == 303


def test_language_and_phone(coach: PageClient) -> None:
    page = coach.get("/account").submit(language="en", phone="06 12345678")
    assert page.soup.html["lang"] == "en"
    assert page.one('input[name="phone"]')["value"] == "06 12345678"


def test_before_sign_in_the_browser_chooses_the_language(world: World) -> None:
    assert world.browser().get("/login").h1 == "Inloggen"
    assert world.browser(language="en-GB").get("/login").h1 == "Sign in"
    assert world.browser(language="fr").get("/login").h1 == "Inloggen"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/ok\r\nSet-Cookie: a=b",
        "\\evil",
    ],
)
def test_signing_in_never_leads_elsewhere(visitor: PageClient, target: str) -> None:
    page = visitor.get("/login")
    answer = page.submit(email="anna@example.org", password=PASSWORD, next=target, follow=False)
    location = answer.response.headers["Location"]
    assert location.startswith("/") and not location.startswith(("//", "/\\"))


def test_a_change_from_another_site_is_refused(coach: PageClient) -> None:
    token = coach.get("/account").one('main input[name="csrf_token"]')["value"]
    answer = coach.post(
        "/account", {"csrf_token": token, "language": "en"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status == 400


def test_a_post_without_its_token_gives_the_text_back(coach: PageClient) -> None:
    answer = coach.post("/account", {"language": "en", "phone": "06 12345678"})
    assert answer.status == 400
    assert answer.one('input[name="phone"]')["value"] == "06 12345678"
    assert answer.submit().status == 200, "and it can be sent again"


def test_another_practice_is_another_world(world: World) -> None:
    assert world.coach("anna").owner_id == world.coach("cor").owner_id
    assert world.coach("anna").owner_id != world.coach("bram").owner_id
