"""What the coach turns on for a client's page, and what comes back: one line, one mark, one tap."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from planner.domain.answers import PAGE_ASKS, SIGNS
from planner.domain.practices import WorkingHours
from planner.services.clients import answers, consents
from planner.services.people import practices
from planner.services.people.practices import ChangePractice
from planner.services.walks import walks
from tests import makers
from tests.conftest import World
from tests.counting import questions
from tests.page_client import Page, PageClient
from tests.web.answering import CANNOT, COMING, WEDNESDAY, Side, change, side, walked
from tests.web.planning import let_weather_come, sign_in_again
from tests.web.test_slots import sky

WORDS = {
    "coming": "knop ‘Ik kom’",
    "lengths": "hoe lang de wandeling mag zijn",
    "check_in": "functioneren in de afgelopen week",
    "signs": "vier korte vragen na een wandeling",
    "titles": "itels van oefeningen",
}


@pytest.fixture
def sanne(world: World) -> Side:
    return side(world, " ".join(PAGE_ASKS), starts="2026-11-25T10:00")


# Turning on


def test_everything_is_off_at_first(coach: PageClient, world: World) -> None:
    client = makers.make_client(world)
    page = coach.get(f"/clients/{client}/edit")
    assert [tag["value"] for tag in page.select("[name=page_asks]")] == list(PAGE_ASKS)
    assert not page.select("[name=page_asks][checked]")
    assert "Ook op de pagina" not in coach.get(f"/clients/{client}").main


@pytest.mark.parametrize("ask", PAGE_ASKS)
def test_each_is_turned_on_alone_and_told_in_the_file(coach: PageClient, world: World, ask: str) -> None:
    client = makers.make_client(world)
    page = coach.get(f"/clients/{client}/edit").submit(page_asks=[ask])
    assert re.search(rf"Ook op de pagina van Sanne: .*{WORDS[ask]}", page.main, re.IGNORECASE)
    form = coach.get(f"/clients/{client}/edit")
    assert [tag["value"] for tag in form.select("[name=page_asks][checked]")] == [ask]
    form.submit(page_asks=None)
    assert "Ook op de pagina" not in coach.get(f"/clients/{client}").main


def test_other_forms_leave_it_on(coach: PageClient, world: World) -> None:
    client = makers.make_client(world, consent_health=True, page_asks=frozenset({"signs"}))
    coach.get(f"/clients/{client}/intake").submit(goal="Elke dag even naar buiten")
    assert "vier korte vragen" in coach.get(f"/clients/{client}").main.lower()


def test_a_second_tab_is_told_and_an_unknown_one_is_refused(coach: PageClient, world: World) -> None:
    client = makers.make_client(world)
    tab = coach.get(f"/clients/{client}/edit")
    coach.get(f"/clients/{client}/edit").submit(page_asks=["coming", "signs"])
    page = tab.submit(last_name="Bakker")
    assert page.status == 409
    assert "knop ‘Ik kom’" in page.one(".note-box dl").get_text().replace("Een k", "k")
    refused = coach.get(f"/clients/{client}/edit").submit(page_asks=["everything"])
    assert (refused.status, list(refused.errors)) == (422, ["page_asks"])


def test_a_new_client_may_have_it_at_once(coach: PageClient) -> None:
    page = coach.get("/clients/new").submit(first_name="Sanne", page_asks=["coming"], texts_seen="1")
    assert "Ook op de pagina van Sanne" in page.main


# What comes back


def line(page: Page) -> str:
    return " ".join(" ".join(tag.get_text().split()) for tag in page.select(".said"))


def test_one_quiet_line_and_a_mark(coach: PageClient, sanne: Side) -> None:
    assert line(coach.get("/")) == ""
    mark = side(sanne.world, "coming", name="Mark", starts="2026-11-24T09:00")
    mark.send("answer", COMING)
    sanne.send("answer", CANNOT)
    page = coach.get("/")
    assert line(page) == "Van cliënten: Sanne kan niet (wo 25 nov), Mark komt (di 24 nov)"
    tag = page.one(f'.week [data-walk="{sanne.walk}"]')
    assert (tag["data-status"], "kan niet" in tag.get_text()) == ("planned", True)
    assert "komt" in page.one(f'.week [data-walk="{mark.walk}"]').get_text()
    assert line(coach.get("/?week=2027-W10")), "whatever week is looked at"
    assert line(sanne.world.browser("cor").get("/")) == "", "a colleague's clients are no news"


def test_the_line_goes_when_it_is_settled(coach: PageClient, sanne: Side) -> None:
    sanne.send("answer", CANNOT)
    sanne.send("answer", COMING)
    assert line(coach.get("/")) == "Van cliënten: Sanne komt (wo 25 nov)"
    sanne.send("answer", CANNOT)
    change(sanne.world, sanne, "2026-11-26T10:00")
    assert line(coach.get("/")) == ""
    sanne.send("answer", CANNOT)
    walks.cancel(sanne.world.store, sanne.world.coach(), sanne.walk, "client", sanne.world.now)
    assert line(coach.get("/")) == ""


def test_the_line_goes_when_the_walk_is_over(sanne: Side) -> None:
    sanne.send("answer", CANNOT)
    for at, there in (("2026-11-25T10:39", True), ("2026-11-25T10:41", False)):
        sanne.world.set_clock(at)
        assert bool(line(sign_in_again(sanne.world).get("/"))) == there


def test_the_file_and_the_list_say_who_cannot_come(coach: PageClient, sanne: Side) -> None:
    later = makers.make_walk(sanne.world, sanne.client, "2026-12-02T10:00")
    address = f"/clients/{sanne.client}"
    for one in ("/clients/", address):
        assert "kan niet" not in coach.get(one).main
    sanne.send("answer", CANNOT)
    sanne.send("answer", CANNOT, later)
    assert "kan niet" in coach.get("/clients/").main
    page = coach.get(address)
    words = page.one(f'[data-walk="{sanne.walk}"]').get_text()
    assert "Sanne kan niet." in words and "Gaat door" not in words
    assert "kan niet" in page.one(f'[data-walk="{later}"]').get_text()
    assert page.follow("Ander moment").path == "/slots"


def test_the_walk_offers_both_in_one_tap(coach: PageClient, sanne: Side) -> None:
    address = f"/walks/{sanne.walk}"
    assert "kan niet" not in coach.get(address).main
    sanne.send("answer", CANNOT | {"length": "short"})
    page = coach.get(address)
    assert "Sanne kan niet." in page.main
    assert "Gezegd op maandag 23 november" in page.main
    assert "Sanne koos: liever kort. De wandeling duurt nu 25 minuten in plaats van 40 minuten." in page.main
    assert page.one("[data-walk]")["data-status"] == "planned"
    assert page.follow("Ander moment").path == "/slots"
    done = page.submit(f"{address}/cancel")
    assert (done.path, done.one("[data-walk]")["data-status"]) == (address, "cancelled")
    assert "De cliënt kan niet" in done.main
    assert "Sanne kan niet." not in done.main
    assert "gaat niet door" in sanne.page.main


@pytest.mark.parametrize(
    ("said", "handled", "outcome"),
    [
        ("2026-11-23T20:00", "2026-11-25T09:00", "cancelled_in_time"),
        ("2026-11-24T10:00:30", "2026-11-25T09:00", "cancelled_late"),
    ],
)
def test_in_time_is_when_the_client_said_so(sanne: Side, said: str, handled: str, outcome: str) -> None:
    """Not when the coach got round to it."""
    world, anna = sanne.world, sanne.world.coach()
    world.set_clock(said)
    sanne.send("answer", CANNOT)
    world.set_clock(handled)
    browser = sign_in_again(world)
    form = browser.get(f"/walks/{sanne.walk}/note")
    assert not form.select("[name=outcome][checked]"), "not over yet"
    browser.get(f"/walks/{sanne.walk}").submit(f"/walks/{sanne.walk}/cancel")
    with world.store.db.reading(anna.scope) as session:
        assert walks.open_walk(world.store, session, sanne.walk).outcome == outcome


def test_a_note_does_not_presume_that_they_walked(sanne: Side) -> None:
    sanne.send("answer", CANNOT)
    sanne.world.set_clock("2026-11-25T11:00")
    page = sign_in_again(sanne.world).get(f"/walks/{sanne.walk}/note")
    assert page.one("[name=outcome][checked]")["value"] == "cancelled_in_time"


def test_the_note_begins_with_the_numbers_of_the_page(sanne: Side) -> None:
    world = sanne.world
    world.set_clock("2026-11-24T10:00")
    sanne.send("check-in", {"energy_week": "4"})
    world.set_clock("2026-11-25T11:00")
    browser = sign_in_again(world)
    page = browser.get(f"/walks/{sanne.walk}/note")
    assert "Sanne vulde de week voor de wandeling zelf in" in page.main
    assert page.one("[name=energy_week][checked]")["value"] == "4"
    assert page.one("[name=functioning_week][checked]")["value"] == ""
    assert page.one("details:has([name=energy_week])").has_attr("open"), "nothing is saved unseen"
    numbers = {str(tag["name"]) for tag in page.select("[type=radio][value='10']")}
    of_a_moment = {"boundary_tension"}  # written when there was such a moment, not asked every time
    assert len(numbers - of_a_moment) == 6
    page.submit(f"/walks/{sanne.walk}/note", energy_week="6", tool_for_today="Zuchten")
    again = browser.get(f"/walks/{sanne.walk}/note")
    assert again.one("[name=energy_week][checked]")["value"] == "6", "the note wins from then on"
    assert "Sanne vulde de week voor de wandeling zelf in" not in again.main


def test_the_note_takes_nothing_over_without_consent(sanne: Side, coach: PageClient) -> None:
    world = sanne.world
    world.set_clock("2026-11-23T12:00")
    sanne.send("check-in", {"energy_week": "4"})
    consents.decide(
        world.store, world.coach(), sanne.client, "health", "no", consents.text_version("health"), world.now
    )
    page = coach.get(f"/walks/{sanne.walk}/note")
    assert "vulde de week zelf in" not in page.main
    assert page.one("[name=energy_week][checked]")["value"] == ""


# The four signs


def test_h_the_signs_stand_in_words_in_the_file_only(coach: PageClient, sanne: Side) -> None:
    walk = walked(sanne)
    makers.give_signs(sanne.world, sanne.link, walk, usable="a_bit", look_forward=None)
    file = coach.get(f"/clients/{sanne.client}")
    fold = file.one('details:has(summary:-soup-contains("Past deze manier"))')
    pairs = dict(
        zip(
            (tag.get_text() for tag in fold.select("dt")),
            (tag.get_text() for tag in fold.select("dd")),
            strict=True,
        )
    )
    assert pairs == {
        "Ik ging energieker weg": "ja",
        "Ik kon er meteen iets mee": "een beetje",
        "Ik merkte verschil in mijn lijf": "ja",
        "Ik kijk uit naar de volgende keer": "overgeslagen",
    }
    assert "20 november 2026" in fold.get_text()
    assert not re.search(r"\d+ (van|/) ?8|score|punten", fold.get_text())
    for page in ("/", f"/walks/{sanne.walk}", f"/walks/{walk}"):
        assert "energieker" not in coach.get(page).main


TALK = "Praat er samen over"


@pytest.mark.parametrize(
    ("given", "talk"),
    [
        ([("no", "no"), ("a_bit", "no")], True),
        ([("yes", "yes"), ("no", "no"), ("no", "no")], True),
        ([("no", "no"), ("yes", "yes")], False),
        ([("no", "no")], False),
        ([("no", "no"), (None, "no"), ("no", "no")], True),
        ([("no", None), ("no", "no")], False),
        ([("yes", "no"), ("yes", "no")], False),
    ],
)
def test_h_two_low_ones_in_a_row_are_a_reason_to_talk(
    coach: PageClient, sanne: Side, given: list[tuple[str | None, str | None]], talk: bool
) -> None:
    """Three signs alike and the fourth. Each walk is answered on its own day."""
    for number, (three, last) in enumerate(given):
        walk = walked(sanne, f"2026-11-{17 + number}T10:00")
        signs = dict.fromkeys(SIGNS, three) | {"look_forward": last}
        makers.give_signs(sanne.world, sanne.link, walk, **signs)
    assert (TALK in coach.get(f"/clients/{sanne.client}").main) == talk
    assert TALK not in sanne.page.main


def test_h_without_consent_the_signs_stay_shut(coach: PageClient, sanne: Side) -> None:
    world = sanne.world
    makers.give_signs(world, sanne.link, walked(sanne), **dict.fromkeys(SIGNS, "no"))
    consents.decide(
        world.store, world.coach(), sanne.client, "health", "no", consents.text_version("health"), world.now
    )
    file = coach.get(f"/clients/{sanne.client}").main
    assert "energieker" not in file and TALK not in file
    with world.store.db.reading(world.coach().scope) as session:
        client = walks.open_client(world.store, session, sanne.client)
        assert answers.signs_of(world.store, session, client) == ()


def hours(page: Page) -> list[str]:
    return [str(tag["data-slot"]) for tag in page.select("[data-slot]")]


def test_another_moment_has_the_hours_ready(coach: PageClient, sanne: Side) -> None:
    """Near the hour of the walk, and not on the day on which the client cannot."""
    assert any(one.startswith(WEDNESDAY[:10]) for one in hours(coach.get(f"/slots?walk={sanne.walk}")))
    sanne.send("answer", CANNOT)
    page = coach.get(f"/walks/{sanne.walk}").follow("Ander moment")
    assert "Sanne kan niet: woensdag 25 november, 10.00 uur" in page.main
    assert "Dit zijn de beste uren op andere dagen." in page.main
    found = hours(page)
    assert found == [
        "2026-11-26T10:00", "2026-11-24T10:00", "2026-11-27T10:00", "2026-11-30T10:00", "2026-12-01T10:00"
    ], "about the same time on the nearest days, and none today"  # fmt: skip
    form = coach.get(str(page.one(f'[data-slot="{found[0]}"] a')["href"]))
    assert form.path == f"/walks/{sanne.walk}/edit"
    moved = form.submit(press="action=save")
    assert moved.one("[data-walk]")["data-starts-local"] == found[0]
    assert not coach.get(f"/slots?walk={sanne.walk}").select("#cannot-title"), "that was about another hour"
    assert page.follow("Zelf dag en tijd kiezen").path == f"/walks/{sanne.walk}/edit"


def test_an_hour_need_not_be_better_than_one_that_cannot_be(coach: PageClient, sanne: Side) -> None:
    """Rough weather all week but at the hour of the walk: that one is no measure any more."""
    world = sanne.world
    days = [f"2026-11-{day}T{hour:02}:00" for day in (24, 25) for hour in range(8, 18)]
    rough = {at: {"precip_mm": 0.6} for at in days if at != WEDNESDAY}
    route = makers.make_route(world, line=True)
    coach.get(f"/walks/{sanne.walk}/edit").submit(press="action=save", route_id=str(route))
    let_weather_come(world, sky(world, rough))
    assert "Geen vrij uur heeft beter weer" in coach.get(f"/slots?walk={sanne.walk}").main
    sanne.send("answer", CANNOT)
    page = coach.get(f"/slots?walk={sanne.walk}")
    assert "Geen vrij uur heeft beter weer" not in page.main
    assert len(hours(page)) == 5


def test_not_on_a_day_on_which_they_walk_already(coach: PageClient, sanne: Side) -> None:
    makers.make_walk(sanne.world, sanne.client, "2026-11-26T14:00")
    sanne.send("answer", CANNOT)
    assert hours(coach.get(f"/slots?walk={sanne.walk}"))[0] == "2026-11-24T10:00"


def test_looking_further_asks_no_more_of_the_database(coach: PageClient, sanne: Side) -> None:
    sanne.send("answer", CANNOT)
    world, asked, days = sanne.world, [], []
    for weekdays in (range(5), range(1)):
        kept = practices.open_practice(world.store, world.coach())
        settings = replace(
            kept.settings, working_hours=tuple(WorkingHours(one, "09:00", "17:00") for one in weekdays)
        )
        practices.change(world.store, world.coach(), ChangePractice(settings, "", kept.version), world.now)
        with questions(world) as found:
            days.append([one[:10] for one in hours(coach.get(f"/slots?walk={sanne.walk}"))])
        asked.append(len(found))
    assert days[1] == ["2026-11-30", "2026-12-07"], "mondays only"
    assert days[0] != days[1]
    assert asked[0] >= asked[1] > 0, "the first time also writes down that the coach is there"


def test_a_coach_who_knows_better_asks_for_the_day(coach: PageClient, sanne: Side) -> None:
    sanne.send("answer", CANNOT)
    page = coach.get(f"/slots?walk={sanne.walk}").submit("/slots", time="")
    assert not page.select("#cannot-title")
    assert any(one.startswith(WEDNESDAY[:10]) for one in hours(page))


def test_the_day_itself_when_there_is_no_other(coach: PageClient, sanne: Side) -> None:
    coach.get("/settings/agenda").submit(off_first_0="2026-11-26", off_last_0="2027-01-31")
    sanne.send("answer", CANNOT)
    sanne.world.set_clock("2026-11-24T18:00")
    page = sign_in_again(sanne.world).get(f"/slots?walk={sanne.walk}")
    assert "Op een andere dag is geen uur vrij. Deze zijn op dezelfde dag." in page.main
    assert hours(page) and all(one.startswith(WEDNESDAY[:10]) for one in hours(page))
