"""What is not free: days off, blocked hours, holidays, and the minutes around a walk."""

from __future__ import annotations

from datetime import date

import pytest
from holidays import country_holidays

from planner.domain.practices import BlockedHours, DaysOff, PracticeSettings
from planner.services.calendars import public_holidays
from planner.services.people import practices
from tests.conftest import World
from tests.factories import make_route
from tests.makers import make_client
from tests.page_client import PageClient

ADDRESS = "/settings/agenda"


def kept(world: World) -> PracticeSettings:
    return practices.open_practice(world.store, world.coach()).settings


def test_saved_and_shown_again(coach: PageClient, world: World) -> None:
    page = coach.get(ADDRESS).submit(
        off_first_0="2026-12-24",
        off_last_0="3-1-2027",
        off_first_1="2026-12-01",
        day_on_0="2026-11-26",
        day_starts_0="9.00",
        day_ends_0="11:30",
        week_weekday_1="wed",
        week_starts_1="14:00",
        week_ends_1="15:30",
        minutes_before="20",
        minutes_after="0",
        holidays_off=None,
    )
    assert page.status == 200, page.errors
    found = kept(world)
    assert found.days_off == (
        DaysOff(date(2026, 12, 1), date(2026, 12, 1)),
        DaysOff(date(2026, 12, 24), date(2027, 1, 3)),
    )
    assert found.blocked_hours == (
        BlockedHours("09:00", "11:30", on=date(2026, 11, 26)),
        BlockedHours("14:00", "15:30", weekday=2),
    )
    assert (found.minutes_before, found.minutes_after, found.holidays_off) == (20, 0, False)
    assert page.one("[name=off_first_0]")["value"] == "2026-12-01"
    assert page.one("[name=week_weekday_0] [selected]")["value"] == "wed"
    assert len(page.select('[name^="off_first"]')) == 4, "two empty rows to go on with"
    emptied = page.submit(off_first_0="", off_last_0="", week_weekday_0="", week_starts_0="", week_ends_0="")
    assert emptied.status == 200
    assert [days.first_on for days in kept(world).days_off] == [date(2026, 12, 24)]
    assert [hours.on for hours in kept(world).blocked_hours] == [date(2026, 11, 26)]


def test_the_other_settings_page_leaves_them_alone(coach: PageClient, world: World) -> None:
    coach.get(ADDRESS).submit(off_first_0="2026-12-24", minutes_before="40")
    coach.get("/settings").submit("/settings", notice_hours="48")
    assert (kept(world).notice_hours, kept(world).minutes_before, len(kept(world).days_off)) == (48, 40, 1)


def test_what_is_over_goes(coach: PageClient, world: World) -> None:
    coach.get(ADDRESS).submit(off_first_0="2026-11-23", off_last_0="2026-11-24", day_on_0="2026-11-20",
                              day_starts_0="09:00", day_ends_0="10:00")  # fmt: skip
    page = coach.get(ADDRESS)
    assert page.one("[name=day_on_0]")["value"] == ""
    assert page.one("[name=off_first_0]")["value"] == "2026-11-23", "it ends tomorrow"
    page.submit()
    assert kept(world).blocked_hours == ()


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"off_last_0": "2026-12-24"}, "off_first_0", "eerste vrije dag"),
        ({"off_first_1": "2026-12-24", "off_last_1": "2026-12-23"}, "off_last_1", "na de eerste"),
        ({"off_first_0": "31-2-2027"}, "off_first_0", "dag die bestaat"),
        ({"day_starts_0": "09:00", "day_ends_0": "10:00"}, "day_on_0", "dag"),
        ({"day_on_0": "2026-12-01", "day_ends_0": "10:00"}, "day_starts_0", "vanaf hoe laat"),
        ({"day_on_0": "2026-12-01", "day_starts_0": "10:00"}, "day_ends_0", "tot hoe laat"),
        ({"week_weekday_0": "mon", "week_starts_0": "10:00", "week_ends_0": "10:00"}, "week_ends_0", "na het begin"),
        ({"week_starts_0": "10:00", "week_ends_0": "11:00"}, "week_weekday_0", "dag van de week"),
        ({"week_weekday_0": "payday", "week_starts_0": "10:00", "week_ends_0": "11:00"}, "week_weekday_0", "Kies"),
        ({"minutes_before": "500"}, "minutes_before", "0 tot en met 180"),
        ({"minutes_after": ""}, "minutes_after", "aantal minuten"),
    ],
)  # fmt: skip
def test_refused_with_a_sentence(
    coach: PageClient, world: World, typed: dict[str, str], field: str, said: str
) -> None:
    before = kept(world)
    page = coach.get(ADDRESS).submit(**typed)
    assert page.status == 422
    assert said in page.errors[field], page.errors
    for name, value in typed.items():
        if value != "payday" and not name.startswith("week_weekday"):
            assert page.one(f"[name={name}]")["value"] == value, "what was typed is shown again"
    assert kept(world) == before


def test_two_tabs(coach: PageClient, world: World) -> None:
    first, second = coach.get(ADDRESS), coach.get(ADDRESS)
    first.submit(off_first_0="2026-12-24")
    page = second.submit(off_first_0="2027-02-01")
    assert page.status == 409
    assert page.one("[name=off_first_0]")["value"] == "2027-02-01"
    assert "24 december" in page.one("section.card").get_text(" ", strip=True)
    assert page.submit().status == 200
    assert [days.first_on for days in kept(world).days_off] == [date(2027, 2, 1)]


def free_days(coach: PageClient, client: int, on: str) -> set[str]:
    page = coach.get(f"/slots?client={client}&minutes=40&date={on}&time=10:00")
    return {str(tag["data-slot"])[:10] for tag in page.select("[data-slot]")}


def test_they_take_hours_from_the_proposals(coach: PageClient, world: World) -> None:
    client = make_client(world)
    assert "2026-11-24" in free_days(coach, client, "2026-11-24")
    coach.get(ADDRESS).submit(off_first_0="2026-11-24")
    assert "2026-11-24" not in free_days(coach, client, "2026-11-24")
    coach.get(ADDRESS).submit(off_first_0="", day_on_0="2026-11-24", day_starts_0="09:00", day_ends_0="16:30")
    assert "2026-11-24" not in free_days(coach, client, "2026-11-24")


def test_a_public_holiday_is_a_day_off_until_the_coach_works_then(coach: PageClient, world: World) -> None:
    """25 December 2026 is a Friday."""
    client = make_client(world)
    assert "2026-12-25" not in free_days(coach, client, "2026-12-25")
    coach.get(ADDRESS).submit(holidays_off=None)
    assert "2026-12-25" in free_days(coach, client, "2026-12-25")


@pytest.mark.parametrize(
    ("on", "is_one"),
    [
        (date(2025, 4, 26), True),  # King's Day, a day early because of Sunday
        (date(2025, 4, 27), False),
        (date(2027, 3, 29), True),  # Easter Monday
        (date(2027, 5, 6), True),  # Ascension Day
        (date(2025, 5, 5), True),  # Liberation Day, once in five years
        (date(2026, 5, 5), False),
        (date(2026, 12, 24), False),
        (date(2027, 1, 1), True),
    ],
)
def test_dutch_public_holidays(on: date, is_one: bool) -> None:
    assert (on in public_holidays.between(date(2025, 1, 1), date(2027, 12, 31))) is is_one


def test_holidays_are_those_of_the_library_that_follows_the_law() -> None:
    for year in range(2014, 2060):
        for language, code in (("nl", "nl"), ("en", "en_US")):
            theirs = dict(country_holidays("NL", years=year, language=code))
            assert {
                on: public_holidays.name_of(on, language) for on in public_holidays.of_year(year)
            } == theirs


def test_a_route_has_minutes_of_its_own(coach: PageClient, world: World) -> None:
    route = make_route(world, minutes_before="30", minutes_after="0")
    page = coach.get(f"/routes/{route}")
    assert "30 minuten" in page.main and "0 minuten" in page.main
    form = coach.get(f"/routes/{route}/edit")
    assert form.one("[name=minutes_before]")["value"] == "30"
    refused = form.submit(minutes_before="999")
    assert list(refused.errors) == ["minutes_before"]
    assert "30 minuten" not in form.submit(minutes_before="").main


def test_the_week_shows_what_is_not_free(coach: PageClient) -> None:
    coach.get(ADDRESS).submit(
        off_first_0="2026-12-24",
        day_on_0="2026-12-22",
        day_starts_0="9.00",
        day_ends_0="11:30",
        week_weekday_0="wed",
        week_starts_0="14:00",
        week_ends_0="15:30",
    )
    week = coach.get("/?week=2026-W52")
    blocked = {str(tag["data-busy"]): tag["data-until"] for tag in week.select("[data-busy]")}
    assert blocked == {
        "2026-12-22T09:00": "2026-12-22T11:30",
        "2026-12-23T14:00": "2026-12-23T15:30",
    }
    off = [str(tag["data-off"]) for tag in week.select("[data-off]")]
    assert off == ["day_off", "holiday", "holiday"], "Thursday by hand, then Christmas"
    assert "Vrije dag" in week.main and "Feestdag" in week.main
    offered = [tag for tag in week.select("a.free") if "Vrij" in tag.get_text()]
    assert len(offered) == 4, "a day off is not offered as free"
