"""What somebody who means harm, a double press or a bad moment would try."""

from __future__ import annotations

import pytest

from planner.services.clients import consents
from planner.services.people import set_up
from tests.conftest import MONDAY, PASSWORD, World
from tests.factories import make_client, make_walk
from tests.page_client import PageClient

TYPED = "Lang verhaal dat niet weg mag, ook niet na een hele middag buiten zonder bereik."


@pytest.fixture
def walk(world: World) -> int:
    """A walk of this morning, of a client who agreed to notes."""
    made = make_walk(world, make_client(world, consent=True), date="2026-11-23", time="10:00")
    world.set_clock("2026-11-23T11:30")
    return made


def signed_in(world: World, who: str = "anna") -> PageClient:
    browser = world.browser()
    browser.get("/login").submit(email=f"{who}@example.org", password=PASSWORD)
    return browser


# Another site


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("who", ["anna", None])
def test_a_form_of_another_site_gets_no_cookie_and_nothing_to_press_on(
    world: World, site: str, who: str | None
) -> None:
    """The browser leaves our cookie out there, so a new one would sign the coach out; and a page that offers to send
    it again would do the other site's bidding after one press."""
    address = f"/clients/{make_client(world)}/end"
    page = world.browser(who).post(address, {"reason": TYPED}, headers={"Sec-Fetch-Site": site})
    assert page.status == 400
    assert "Set-Cookie" not in page.response.headers
    assert TYPED not in page.text
    assert not page.select("form[method=post]")


# Signing in


def test_a_copied_cookie_dies_at_a_change_of_password(world: World) -> None:
    coach, thief = signed_in(world), world.browser()
    cookie = coach.http.get_cookie("session")
    assert cookie is not None
    thief.http.set_cookie("session", cookie.value)
    assert thief.get("/account").status == 200
    page = coach.get("/account/password")
    assert page.submit(old_password=PASSWORD, new_password="nieuwe zin om te lopen").path == "/account"
    assert thief.get("/account").status == 303
    assert coach.get("/account").status == 200


def test_guessing_the_password_of_an_open_session_is_slowed_down(coach: PageClient) -> None:
    page = coach.get("/account/password")
    tries = [page.submit(old_password=f"gok {n}", new_password="nieuwe zin om te lopen") for n in range(7)]
    assert [one.status for one in tries[:5]] == [422] * 5
    assert tries[-1].status == 429
    assert tries[-1].errors.keys() == {"old_password"}


def test_what_was_typed_outlives_the_sign_in(world: World, walk: int) -> None:
    """Back from a long afternoon: the note is sent, the sign-in is over."""
    page = signed_in(world).get(f"/walks/{walk}/note")
    world.set_clock("2026-11-23T21:00")
    refused = page.submit(felt_text=TYPED, energy_before="3")
    assert (refused.status, refused.path) == (403, f"/walks/{walk}/note")
    assert TYPED in refused.text
    assert refused.select('a[href="/login"]')
    assert refused.submit().status == 403, "not yet signed in: still there"
    page.client.get("/login").submit(email="anna@example.org", password=PASSWORD)
    again = refused.submit()
    saved = again.submit() if again.status == 400 else again
    assert saved.status == 200
    assert TYPED in page.client.get(f"/walks/{walk}/note").text


def test_a_stranger_is_sent_to_the_door(visitor: PageClient) -> None:
    token = visitor.get("/login").one('main input[name="csrf_token"]')["value"]
    assert visitor.post("/settings", {"csrf_token": token}).response.headers["Location"].startswith("/login")


def test_a_long_address_does_not_keep_anybody_out(visitor: PageClient) -> None:
    asked = "/routes/?search=" + "bos%20" * 60
    page = visitor.get(asked, follow=True)
    assert page.path == "/login"
    assert page.submit(email="anna@example.org", password=PASSWORD).path == "/routes/"


def test_an_address_without_end_leads_to_the_week(visitor: PageClient) -> None:
    page = visitor.get("/login?next=/" + "a" * 2000)
    assert page.submit(email="anna@example.org", password=PASSWORD).path == "/"


def test_a_set_up_address_works_while_somebody_guesses(world: World) -> None:
    new = set_up.NewCoach("Dirk", "dirk@example.org", None)
    owner_id, coach_id = set_up.add_coach(world.store, new, MONDAY)
    key = set_up.key_for(world.store, coach_id, owner_id, MONDAY)
    browser = world.browser()
    for _ in range(6):
        browser.get("/login").submit(email="dirk@example.org", password="nee nee nee nee")
    page = browser.get(f"/setup/{key}").submit(password="samen door het bos")
    assert (page.status, page.path) == (200, "/")


# Two tabs, double presses


def test_another_outcome_in_a_second_tab_does_not_overwrite(coach: PageClient, walk: int) -> None:
    first, second = coach.get(f"/walks/{walk}/note"), coach.get(f"/walks/{walk}/note")
    assert first.submit(outcome="walked", tool_for_today="", home_step="").status == 200
    page = second.submit(outcome="no_show", tool_for_today="", home_step="")
    assert page.status == 409
    assert coach.get(f"/walks/{walk}/note").one("[name=outcome][checked]")["value"] == "walked"


def test_the_same_note_many_times_is_one_note(coach: PageClient, walk: int) -> None:
    page = coach.get(f"/walks/{walk}/note")
    assert [page.submit(felt_text=TYPED).status for _ in range(5)] == [200] * 5
    page = coach.get(f"/walks/{walk}/note")
    assert page.one("[name=version]")["value"] == "1"
    closed = [page.submit(tool_for_today="Zuchten", press="close=1").status for _ in range(3)]
    assert closed == [200] * 3


def test_the_same_settings_twice_are_no_conflict(coach: PageClient) -> None:
    page = coach.get("/settings")
    assert [page.submit("/settings", notice_hours="36").status for _ in range(3)] == [200] * 3


@pytest.mark.parametrize(("first", "stands"), [("yes", "withdrawn"), ("no", "refused")])
def test_no_twice_is_one_no(world: World, first: str, stands: str) -> None:
    """The second press comes from the same page, on which the consent still stood."""
    client, coach = make_client(world), world.coach()
    version = consents.text_version("health")
    said = [
        consents.decide(world.store, coach, client, "health", answer, version, world.now)
        for answer in (first, "no", "no")
    ]
    assert said[1:] == [stands, stands]
    with world.store.db.reading(coach.scope) as session:
        past = consents.history(session, client)
    assert consents.answers(past)[0].state == stands
    assert len(past) == (2 if first == "yes" else 1)
