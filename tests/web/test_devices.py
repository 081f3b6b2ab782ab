"""Devices that are signed in, being asked again before what is sensitive, and a coach who is never locked out."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from planner.models import SignIn
from tests.conftest import PASSWORD, World
from tests.page_client import Page, PageClient
from tests.web.signing import (
    ANNA,
    Authenticator,
    add_passkey,
    at_once,
    at_the_same_moment,
    audited,
    first_step,
    later,
    question_of,
    turn_on,
)

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Mobile Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
WEAK_AFTER = 11


def signed_in_as(world: World, agent: str, email: str = ANNA) -> PageClient:
    browser = world.browser()
    at_once(world, email=email, browser=browser, headers={"User-Agent": agent})
    return browser


def names(page: Page) -> dict[str, str]:
    """What each device is called, and what its form calls it."""
    return {
        card.h2.get_text(" ").strip().split("  ")[0]: str(card["data-device"])
        for card in page.select("[data-device]")
    }


def test_the_list_says_which_devices_there_are_and_ends_them(world: World, coach: PageClient) -> None:
    """7.5.2."""
    phone, tablet, desk = (signed_in_as(world, agent) for agent in (IPHONE, EDGE, FIREFOX))
    page = desk.get("/account/devices")
    text = page.main
    for said in (
        "Safari op iPhone",
        "Edge op Windows",
        "Firefox op Linux",
        "Een ander apparaat",
        "dit apparaat",
    ):
        assert said in text
    assert len(page.select("[data-here]")) == 1 and "Firefox" in page.one("[data-here]").get_text()
    ours = next(name for kind, name in names(page).items() if "iPhone" in kind)
    token = page.select('main input[name="csrf_token"]')[0]["value"]
    assert desk.post("/account/devices/end", {"csrf_token": token, "device": ours}).status == 303
    assert [one.get("/account").status for one in (phone, tablet, desk)] == [303, 200, 200]
    assert desk.get("/account/devices").submit("/account/devices/end-others").status == 200
    assert [one.get("/account").status for one in (coach, tablet, desk)] == [303, 303, 200]
    assert "Er is geen ander apparaat ingelogd." in desk.get("/account/devices").main
    assert audited(world).count(("device", "removed")) == 2


@pytest.mark.parametrize("who", ["cor", "bram"])
def test_anothers_device_is_not_there(world: World, coach: PageClient, who: str) -> None:
    signed_in_as(world, IPHONE)
    device = next(name for kind, name in names(coach.get("/account/devices")).items() if "iPhone" in kind)
    other = world.browser(who)
    token = other.get("/account").one('main input[name="csrf_token"]')["value"]
    for name in (device, "nothing", ""):
        assert other.post("/account/devices/end", {"csrf_token": token, "device": name}).status == 404
    assert len(names(coach.get("/account/devices"))) == 2
    assert "iPhone" not in other.get("/account/devices").main


SENSITIVE = ("/account/second-step", "/account/recovery-codes", "/account/passkeys")


@pytest.mark.parametrize("address", SENSITIVE)
def test_after_ten_minutes_it_is_asked_again(world: World, coach: PageClient, address: str) -> None:
    """7.5.1."""
    later(world, minutes=9)
    assert coach.get(address).status == 200
    later(world, minutes=2)
    page = coach.get(address, follow=True)
    assert page.path == "/account/confirm"
    wrong = page.submit(confirm_password="niet mijn wachtwoord")
    assert (wrong.status, list(wrong.errors)) == (422, ["confirm_password"])
    assert page.submit().errors.keys() == {"confirm_password"}, "nothing is no proof"
    assert page.submit(confirm_password=PASSWORD).path == address
    later(world, minutes=9)
    assert coach.get(address).status == 200, "not again for ten minutes"


def test_proving_it_gives_another_token(world: World, coach: PageClient) -> None:
    """7.2.4: a cookie from before the proof counts no more."""
    cookie, thief = coach.http.get_cookie("session"), world.browser()
    later(world, minutes=WEAK_AFTER)
    coach.get("/account/second-step", follow=True).submit(confirm_password=PASSWORD)
    thief.http.set_cookie("session", cookie.value)
    assert [one.get("/account").status for one in (coach, thief)] == [200, 303]


def test_each_sign_in_has_a_token_of_its_own(world: World) -> None:
    """7.2.3, 7.2.4: 256 bits of chance, of which the database holds a digest."""
    desk, tokens = world.browser(), set()
    for _ in range(3):
        first_step(world, desk)
        with desk.http.session_transaction() as session:
            tokens.add(session["token"])
        desk.http.delete_cookie("session")
    assert len(tokens) == 3 and all(re.fullmatch(r"[\w-]{43}", one) for one in tokens)
    with world.store.db.unowned() as connection:
        kept = repr(connection.execute(select(SignIn.__table__)).all())
    assert not [one for one in tokens if one in kept]


def test_signing_out_takes_away_what_the_browser_keeps(coach: PageClient) -> None:
    """14.3.1."""
    gone = coach.get("/account").submit("/logout", follow=False)
    assert gone.response.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_a_change_that_was_refused_goes_on_after_the_proof(world: World, coach: PageClient) -> None:
    """What was typed is not lost, short or long, and a wrong password does not lose it either."""
    phone = world.browser()
    first_step(world, phone)
    page, long = coach.get("/account/devices"), "Een lange tekst die blijft staan. " * 3
    later(world, minutes=WEAK_AFTER)
    token = page.select('main input[name="csrf_token"]')[0]["value"]
    asked = coach.post(
        "/account/devices/end-others", {"csrf_token": token, "short": "kort", "long": [long, "twee"]}
    )
    assert (asked.status, asked.h1) == (403, "Ben jij het?")
    for page in (asked, asked.submit(confirm_password="verkeerd wachtwoord")):
        assert page.one('[name="short"]')["value"] == "kort"
        assert page.select('[name="long"]')[0].get_text().strip() == long.strip()
        assert page.select('[name="long"]')[1]["value"] == "twee"
    assert phone.get("/account").status == 200
    assert page.submit(confirm_password=PASSWORD).path == "/account/devices"
    assert phone.get("/account").status == 303, "and it was done"


def test_a_code_or_a_passkey_is_a_proof_too(world: World, coach: PageClient) -> None:
    app, codes = turn_on(world, coach)
    key = add_passkey(coach)
    cor = Authenticator()
    add_passkey(world.browser("cor"), key=cor)
    later(world, minutes=WEAK_AFTER)
    page = coach.get("/account/second-step", follow=True)
    others = page.submit(confirm_answer=cor.signed(question_of(coach)))
    assert others.errors.keys() == {"confirm_password"}, "a colleague's passkey proves nothing"
    proofs = (
        lambda: {"confirm_code": app.code()},
        lambda: {"confirm_code": codes[0]},
        lambda: {"confirm_answer": key.signed(question_of(coach))},
    )
    for proof in proofs:
        later(world, minutes=WEAK_AFTER)
        page = coach.get("/account/second-step", follow=True)
        assert page.path == "/account/confirm"
        assert page.submit(**proof()).path == "/account/second-step"


def test_guessing_the_proof_is_slowed_down(world: World, coach: PageClient) -> None:
    later(world, minutes=WEAK_AFTER)
    page = coach.get("/account/second-step", follow=True)
    statuses = [
        page.submit(confirm_password="niet mijn wachtwoord").status for _ in at_the_same_moment(world, 6)
    ]
    assert statuses == [422] * 5 + [429]


def test_the_coach_gets_in_while_somebody_beside_them_guesses(world: World) -> None:
    """6.1.1: a device that signed in before is counted by itself, whatever comes from its own network."""
    desk, stranger = world.browser(), world.browser()
    first_step(world, desk)
    desk.get("/account").submit("/logout")
    for _ in at_the_same_moment(world, 8):
        page = first_step(world, stranger, "niet mijn wachtwoord")
    assert page.status == 429
    assert first_step(world, world.browser()).status == 429, "another device here waits"
    assert first_step(world, desk).path == "/"


def test_a_known_device_may_not_guess_for_ever_either(world: World) -> None:
    desk = world.browser()
    first_step(world, desk)
    desk.get("/account").submit("/logout")
    statuses = [first_step(world, desk, "niet mijn wachtwoord").status for _ in at_the_same_moment(world, 6)]
    assert statuses == [422] * 5 + [429]
    assert first_step(world, world.browser()).path == "/", "and keeps nobody else out"


def test_the_mark_of_a_device_counts_for_its_own_coach_only(world: World) -> None:
    desk = world.browser()
    first_step(world, desk)
    mark = desk.http.get_cookie("known").value
    assert "anna" not in mark
    for forged in (mark, mark.replace(".", "x."), "a.b", ".", "x" * 400, mark + " " + mark):
        stranger = world.browser()
        stranger.http.set_cookie("known", forged)
        page = stranger.get("/login")
        for _ in at_the_same_moment(world, 6):
            page = page.submit(email="bram@example.org", password="niet mijn wachtwoord")
    assert page.status == 429


def test_two_coaches_on_one_device_are_both_known(world: World) -> None:
    desk = world.browser()
    for email in (ANNA, "bram@example.org", ANNA):
        desk.get("/login").submit(email=email, password=PASSWORD)
        desk.get("/account").submit("/logout")
    assert len(desk.http.get_cookie("known").value.strip('"').split(" ")) == 2


def test_changing_the_password_keeps_the_second_step(world: World, coach: PageClient) -> None:
    app, _ = turn_on(world, coach)
    page = coach.get("/account/password")
    assert page.submit(old_password=PASSWORD, new_password="nieuwe zin om te lopen").status == 200
    assert coach.get("/account").status == 200
    assert at_once(world, password="nieuwe zin om te lopen").response.headers["Location"].startswith("/login")
    assert at_once(world, app.code(), "nieuwe zin om te lopen").status == 303
    assert ("password", "changed") in audited(world)


def test_without_a_proxy_nobody_says_where_they_come_from(world: World) -> None:
    """4.1.3: on this computer alone no header counts."""
    browser, statuses = world.browser(), []
    for number in at_the_same_moment(world, 6):
        page = at_once(
            world,
            password="niet mijn wachtwoord",
            browser=browser,
            headers={"X-Forwarded-For": f"203.0.{number}.7", "X-Forwarded-Host": "evil.example"},
        )
        statuses.append(page.status)
    assert statuses == [422] * 5 + [429]
    assert "evil.example" not in page.text


def test_the_mark_of_kept_sheets_stays_until_a_script_took_them_away(coach: PageClient) -> None:
    """While a note of another coach waits, the storage stays; if the page after signing out never comes, the next page
    of whoever signs in brings the script again."""
    coach.http.set_cookie("waits", "0a0b.5")
    coach.http.set_cookie("copies", "1")
    coach.get("/account").submit("/logout", follow=False)
    assert coach.http.get_cookie("copies")
