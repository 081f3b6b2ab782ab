"""The settings page: defaults shown, hard limits held, two tabs, and who else sees a change."""

from __future__ import annotations

import pytest

from planner.services.people import colleagues, practices
from tests.conftest import World
from tests.page_client import PageClient


def test_shows_what_holds(coach: PageClient) -> None:
    page = coach.get("/settings")
    assert page.status == 200
    assert page.one("[name=gust_adapt_kmh]")["value"] == "50"
    assert page.one("[name=rain_move_mm_h]")["value"] == "4"
    assert page.one("[name=wind_chill_move_c]")["value"] == "-10"
    assert page.one("[name=starts_0]")["value"] == "09:00"
    assert page.one("[name=starts_6]")["value"] == ""
    assert "Privacy" in page.one("[name=privacy_nl]").text or page.one("[name=privacy_nl]").text.strip()


def test_saved_and_shown_again(coach: PageClient, world: World) -> None:
    page = coach.get("/settings").submit(
        "/settings",
        rain_adapt_mm_h="0,5",
        gust_move_kmh="60",
        starts_5="10:00",
        ends_5="12.30",
        starts_0="",
        ends_0="",
        notice_hours="48",
        default_minutes="45",
        home="52.37, 4.90",
        intake=["help_question", "goal"],
        contact="weer@example.org",
    )
    assert page.status == 200, page.errors
    assert "bewaard" in page.main
    kept = practices.open_practice(world.store, world.coach())
    assert kept.settings.limits == {"rain_adapt_mm_h": 0.5, "gust_move_kmh": 60.0}
    days = {hours.weekday: (hours.starts, hours.ends) for hours in kept.settings.working_hours}
    assert days[5] == ("10:00", "12:30") and 0 not in days and days[1] == ("09:00", "17:00")
    assert (kept.settings.notice_hours, kept.settings.default_minutes) == (48, 45)
    assert (kept.settings.home_latitude, kept.settings.home_longitude) == (52.37, 4.9)
    assert kept.settings.intake_asked == ("help_question", "goal")
    assert kept.contact == "weer@example.org"
    assert kept.settings.texts.privacy_nl == "", "a text left as ours is not kept as their own"
    assert page.one("[name=rain_adapt_mm_h]")["value"] == "0,5"


def test_an_empty_limit_is_ours_again(coach: PageClient, world: World) -> None:
    coach.get("/settings").submit("/settings", rain_adapt_mm_h="0,5")
    page = coach.get("/settings").submit("/settings", rain_adapt_mm_h="")
    assert page.one("[name=rain_adapt_mm_h]")["value"] == "1"
    assert practices.open_practice(world.store, world.coach()).settings.limits == {}


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("gust_move_kmh", "90", "niet ruimer dan 75"),
        ("gust_trees_move_kmh", "76", "niet ruimer dan 75"),
        ("heat_move_c", "39", "niet ruimer dan 38"),
        ("wind_chill_move_c", "-16", "niet ruimer dan -15"),
        ("thunder_margin_min", "45", "niet ruimer dan 60"),
        ("stale_after_h", "7", "niet ruimer dan 6"),
        ("rain_adapt_mm_h", "5", "Aanpassen komt vóór verplaatsen"),
        ("wind_chill_adapt_c", "-12", "Aanpassen komt vóór verplaatsen"),
        ("rain_adapt_mm_h", "veel", "getal"),
        ("gust_adapt_kmh", "5000", "10 tot en met 150"),
        ("starts_0", "25:00", "10:00"),
        ("ends_0", "08:00", "einde komt na het begin"),
        ("ends_0", "", "tot hoe laat"),
        ("starts_0", "", "vanaf hoe laat"),
        ("default_minutes", "120", "20 tot en met 90"),
        ("notice_hours", "", "aantal uren"),
        ("home", "99.5, 5", "niet op de kaart"),
        ("home", "NaN", "twee getallen"),
        ("home", "", "twee getallen"),
        ("home", "https://maps.app.goo.gl/abc", "geen plek. Open hem"),
        ("contact", "geen adres", "e-mailadres"),
        ("contact", "naam@exämple.org", "e-mailadres"),
        ("intake", "birth_date", "Kies"),
    ],
)
def test_refused_with_a_sentence(coach: PageClient, world: World, field: str, typed: str, said: str) -> None:
    before = practices.open_practice(world.store, world.coach())
    page = coach.get("/settings").submit("/settings", **{field: typed})
    assert page.status == 422
    assert said in page.errors[field], page.errors
    if field != "intake":
        assert page.one(f"[name={field}]").get("value", "") == typed, "what was typed is shown again"
    assert practices.open_practice(world.store, world.coach()) == before


def test_two_tabs(coach: PageClient, world: World) -> None:
    first, second = coach.get("/settings"), coach.get("/settings")
    first.submit("/settings", notice_hours="12", privacy_nl="Onze eigen woorden.")
    page = second.submit("/settings", notice_hours="36", default_minutes="50")
    assert page.status == 409
    assert page.one("[name=notice_hours]")["value"] == "36"
    said = page.one("section.card").get_text(" ", strip=True)
    assert "12" in said and "Onze eigen woorden." in said
    assert practices.open_practice(world.store, world.coach()).settings.notice_hours == 12
    page = page.submit("/settings")
    assert page.status == 200
    assert practices.open_practice(world.store, world.coach()).settings.notice_hours == 36


def test_own_text_and_back_to_ours(coach: PageClient, world: World) -> None:
    ours = coach.get("/settings").one("[name=complaints_nl]").text.strip()
    page = coach.get("/settings").submit("/settings", complaints_nl="Bel mij.\n\nOf schrijf.")
    kept = practices.open_practice(world.store, world.coach()).settings
    assert practices.text_of(kept, "complaints", "nl") == "Bel mij.\n\nOf schrijf."
    page = page.submit("/settings", complaints_nl="")
    assert page.one("[name=complaints_nl]").text.strip() == ours


def test_a_colleague_shares_them_another_practice_does_not(world: World) -> None:
    world.browser("anna").get("/settings").submit("/settings", notice_hours="72")
    colleagues.set_role(world.store, world.coach(), world.coach("cor").id, "lead", world.now)
    assert world.browser("cor").get("/settings").one("[name=notice_hours]")["value"] == "72"
    assert world.browser("bram").get("/settings").one("[name=notice_hours]")["value"] == "24"


def test_english(world: World) -> None:
    browser = world.browser("anna")
    browser.get("/account").submit(language="en")
    page = browser.get("/settings")
    assert page.h1 == "Settings"
    page = page.submit("/settings", gust_move_kmh="90")
    assert "not looser than 75" in page.errors["gust_move_kmh"]
