"""The progress of a client: what the numbers say, never more; and what it leads to."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from planner.models import EVERYONE
from planner.services.clients import consents
from planner.services.progress import progress as service
from tests import makers
from tests.conftest import World
from tests.makers import answer, make_client, make_link, make_note, make_walk
from tests.page_client import Page, PageClient
from tests.web.progressing import START, Row, progress, told, walked

UP: list[Row] = [(0, 3, 4), (14, 3, 4), (28, 4, 4), (56, 5, 5), (70, 5, 6), (84, 6, 6)]
FLAT: list[Row] = [(0, 3, 4), (14, 3, 4), (28, 4, 4), (56, 4, 4), (70, 3, 5), (84, 4, 4)]
ONE_UP: list[Row] = [(0, 3, 4), (14, 3, 4), (60, 4, 4), (80, 4, 4)]
BORDER: list[Row] = [(0, 3, 3), (21, 3, 3), (60, 4, 4), (80, 4, 4)]
DOWN: list[Row] = [(0, 5, 5), (14, 5, 5), (60, 3, 5), (80, 3, 5)]
TEXTS = {
    "on_track": "Je cijfers voor energie en functioneren zijn hoger dan bij de start.",
    "mixed": "Eén van de twee is hoger. Bespreek samen wat nodig is.",
    "other_approach": "Na drie maanden zijn energie en functioneren niet duidelijk hoger. Tijd om samen een andere "
    "aanpak te bespreken, ook met de huisarts of bedrijfsarts.",
    "insufficient_data": "Te weinig cijfers om iets te zeggen. Vraag het de cliënt.",
}


def measure(page: Page, name: str) -> tuple[str, str | None, str | None]:
    tag = page.one(f'[data-review] [data-measure="{name}"]')
    return str(tag["data-change"]), tag.get("data-delta"), tag.get("data-noisy")  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("rows", "today", "verdict", "energy", "functioning"),
    [
        (UP, 91, "on_track", ("improved", "2.00", "false"), ("improved", "1.67", "false")),
        (FLAT, 91, "other_approach", ("no_clear_change", "0.33", "true"), ("no_clear_change", "0.33", "true")),
        (BORDER, 90, "on_track", ("improved", "1.00", "false"), ("improved", "1.00", "false")),
        (ONE_UP, 91, "mixed", ("improved", "1.00", "false"), ("no_clear_change", "0.00", "true")),
        ([*UP[:3], UP[5]], 91, "insufficient_data", ("insufficient", None, None), ("insufficient", None, None)),
        ([], 91, "insufficient_data", ("insufficient", None, None), ("insufficient", None, None)),
    ],
)  # fmt: skip
def test_the_three_month_review(
    coach: PageClient,
    world: World,
    rows: list[Row],
    today: int,
    verdict: str,
    energy: tuple[str, str | None, str | None],
    functioning: tuple[str, str | None, str | None],
) -> None:
    page = progress(coach, told(world, rows, today))
    assert page.one("[data-review]")["data-review"] == verdict
    assert TEXTS[verdict] in page.main
    assert (measure(page, "energy"), measure(page, "functioning")) == (energy, functioning)


def test_before_its_day_there_is_a_date_and_no_verdict(coach: PageClient, world: World) -> None:
    page = progress(coach, told(world, UP[:4], 60))
    assert page.one("[data-review]")["data-review"] == "not_due"
    assert not page.select("[data-measure]")
    assert "Het is op 12 april 2026." in page.main


def test_evaluation_dates_are_dates_and_no_promise(coach: PageClient, world: World) -> None:
    page = progress(coach, told(world, UP, 91, planned_end_on=date(2026, 9, 1)))
    shown = {str(tag["data-evaluation"]): tag["data-on"] for tag in page.select("[data-evaluation]")}
    assert shown == {"three_months": "2026-04-12", "six_months": "2026-07-12", "planned_end": "2026-09-01"}
    assert "Na zes maanden kijken we samen hoe het gaat. Herstel verschilt per persoon." in page.main
    assert page.one("[data-horizon]")["data-horizon"] == "not_due"


@pytest.mark.parametrize(("target", "result"), [(6, "reached"), (7, "progress"), (None, "progress")])
def test_the_six_month_horizon_is_the_clients_own(
    coach: PageClient, world: World, target: int | None, result: str
) -> None:
    rows: list[Row] = [*UP[:3], (150, 5, 6), (160, 5, 6)]
    page = progress(coach, told(world, rows, 181, target_functioning=target))
    assert page.one("[data-horizon]")["data-horizon"] == result
    assert f"Het eigen doel van de cliënt is {target or 7}." in page.main


def test_numbers_that_vary_as_much_say_so(coach: PageClient, world: World) -> None:
    page = progress(coach, told(world, [(0, 2, 3), (14, 4, 3), (60, 5, 5), (80, 5, 5)], 91))
    assert measure(page, "energy") == ("improved", "2.00", "true")
    noisy = "Je cijfers schommelen ongeveer evenveel als dit verschil."
    assert noisy in page.one('[data-measure="energy"]').get_text()
    assert noisy not in page.one('[data-measure="functioning"]').get_text()
    assert noisy not in progress(coach, told(world, FLAT, 91)).main, "nothing changed, so nothing to doubt"


def test_the_start_is_the_first_walk_that_was_walked(coach: PageClient, world: World) -> None:
    client = told(world, [], 0, started_on=date(2026, 1, 1))
    walked(world, client, 3, outcome="ill")
    walked(world, client, 10)
    shown = progress(coach, client).one('[data-evaluation="three_months"]')
    assert shown["data-on"] == "2026-04-22"


def test_what_the_client_filled_in_counts_once(coach: PageClient, world: World) -> None:
    """Beforehand, taken over into the note: one measurement. Without a note: it counts as it is."""
    client = told(world, UP[:3], 28, page_asks=frozenset({"check_in"}))
    link = make_link(world, client)
    for day, noted in ((56, True), (70, True), (84, False)):
        on = START + timedelta(days=day)
        world.set_clock(f"{on}T08:00")
        walk = make_walk(world, client, f"{on}T10:00")
        answer(world, link, walk, energy_week=6, functioning_week=6)
        if noted:
            world.set_clock(f"{on}T20:00")
            make_note(world, walk, energy_week=5, functioning_week=None)
    world.set_clock("2026-04-13T09:00")
    page = progress(coach, client)
    assert measure(page, "energy")[:2] == ("improved", "2.00"), "5, 5 and 6: the note counts where it has one"
    assert measure(page, "functioning")[:2] == ("improved", "2.00")
    cells = [
        [cell.get_text() for cell in row.select("td")] for row in page.select("table")[0].select("tbody tr")
    ]
    assert cells == [["6", "6"], ["5", "6"], ["5", "6"], ["4", "4"], ["3", "4"], ["3", "4"]]


def test_of_two_walks_on_a_day_the_last_entered_counts(coach: PageClient, world: World) -> None:
    client = told(world, FLAT[:5], 84)
    walked(world, client, 84, hour=15, energy_week=9, functioning_week=9)
    walked(world, client, 84, hour=9, at="21:00", energy_week=4, functioning_week=4)
    world.set_clock("2026-04-13T09:00")
    assert measure(progress(coach, client), "energy")[:2] == ("no_clear_change", "0.33")


# Feeling beside the numbers


@pytest.mark.parametrize(
    ("rows", "felt", "differ"),
    [
        (UP, {"felt_energy": "no", "felt_functioning": "a_bit"}, ["energy"]),
        (FLAT, {"felt_energy": "yes", "felt_functioning": "no"}, ["energy"]),
        (UP, {"felt_energy": "yes", "felt_functioning": "yes"}, []),
        ([], {"felt_energy": "yes", "felt_functioning": "no"}, []),
    ],
)
def test_numbers_and_feeling(
    coach: PageClient, world: World, rows: list[Row], felt: dict[str, str], differ: list[str]
) -> None:
    client = told(world, rows, 91)
    assert "Vraag ook: voelt de cliënt zelf verbetering?" in progress(coach, client).main
    form = progress(coach, client).follow("Schrijf een evaluatie op")
    assert form.one('[name="kind"][checked]')["value"] == "three_months"
    page = form.submit(agreed="Elke dag naar buiten", next_step="Huisarts bellen", **felt)
    assert page.path.endswith("/progress")
    shown = {str(tag["data-felt"]): tag["data-value"] for tag in page.select("[data-review] [data-felt]")}
    assert shown == {name.removeprefix("felt_"): value for name, value in felt.items()}
    assert [tag["data-disagrees"] for tag in page.select("[data-disagrees]")] == differ
    assert ("Cijfers en gevoel verschillen hier." in page.main) is bool(differ)
    assert "Elke dag naar buiten" in page.main and "Huisarts bellen" in page.main


def test_a_review_can_be_corrected_and_is_not_overwritten(coach: PageClient, world: World) -> None:
    client = told(world, [], 91)
    review = makers.make_review(world, client, "three_months", agreed="Eerst zo")
    path = f"/clients/{client}/reviews/{review}"
    first, second = coach.get(path), coach.get(path)
    assert "drie veiligheidsvragen" in first.main
    assert first.select("[name=ask][value=again]")
    assert "Anders dan eerst" in first.submit(path, agreed="Anders dan eerst").main
    clash = second.submit(path, agreed="Van de andere tab")
    assert clash.status == 409
    assert "Anders dan eerst" in clash.main and "Van de andere tab" in clash.main
    assert "Van de andere tab" in clash.submit(path).main


@pytest.mark.parametrize(
    ("day", "held", "kind"),
    [
        (70, (), "between"),
        (80, (), "three_months"),  # from the day it is named on the page over the practice
        (91, ("three_months",), "between"),
        (170, (), "six_months"),
        (190, ("six_months",), "between"),  # what is behind is not asked any more
    ],
)
def test_the_talk_that_is_due_is_the_one_the_form_begins_with(
    coach: PageClient, world: World, day: int, held: tuple[str, ...], kind: str
) -> None:
    client = told(world, [], day)
    for one in held:
        makers.make_review(world, client, one, felt_energy="yes", felt_functioning="no")
    due = coach.get("/practice").select(f'[data-talk="{client}"]')
    assert bool(due) is (kind != "between")
    form = coach.get(f"/clients/{client}/reviews/new")
    assert form.one('[name="kind"][checked]')["value"] == kind


def test_a_review_without_a_kind_keeps_what_was_typed(coach: PageClient, world: World) -> None:
    client = told(world, [], 91)
    page = coach.get(f"/clients/{client}/reviews/new").submit(kind="geen", agreed="Niet kwijtraken")
    assert (page.status, set(page.errors)) == (422, {"kind"})
    assert "Niet kwijtraken" in page.main
    for _ in range(2):
        done = page.submit(kind="between")
    assert not done.select("[data-felt]") and "staat nog niet wat" not in done.main
    assert len(done.select('details a[href*="/reviews/"]')) == 1, "the same form twice is one"


def test_an_empty_review_is_refused_and_one_without_the_feeling_leaves_its_day_open(
    coach: PageClient, world: World
) -> None:
    client = told(world, [], 91)
    path = f"/clients/{client}/reviews/new"
    page = coach.get(path).submit(kind="three_months")
    assert page.errors == {"felt_energy": "Vul minstens het gevoel of een afspraak in."}
    done = page.submit(path, agreed="Elke week een half uur")
    assert "staat nog niet wat de cliënt voelt" in done.main
    assert coach.get("/practice").select(f'[data-talk="{client}"]')
    assert coach.get(path).one('[name="kind"][checked]')["value"] == "three_months"
    review = done.follow("Vul het aan")
    emptied = review.submit(review.path, agreed="")
    assert emptied.status == 422 and set(emptied.errors) == {"felt_energy"}
    done = review.submit(review.path, felt_energy="no", felt_functioning="a_bit")
    assert "staat nog niet wat de cliënt voelt" not in done.main
    assert not coach.get("/practice").select(f'[data-talk="{client}"]')


# What asks for care


def test_going_down_opens_the_safety_questions_and_suggests_the_gp(coach: PageClient, world: World) -> None:
    client = told(world, DOWN, 80, page_asks=frozenset({"check_in", "signs"}))
    link = make_link(world, client)
    page = progress(coach, client)
    assert page.one("[data-alert]")["data-alert"] == "energy"
    assert "raad een bezoek aan de huisarts aan" in page.main
    questions = page.follow("Stel de drie vragen")
    assert [tag["id"] for tag in questions.select("[role=radiogroup]")] == ["f-S1", "f-S2", "f-S6"]
    assert "duidelijk lager dan bij de start: energie" in coach.get(f"/clients/{client}").main
    done = questions.submit(f"/clients/{client}/safety?ask=again&then=progress", S1="no", S2="no", S6="no")
    assert done.path == f"/clients/{client}/progress"
    assert "Gevraagd op 2 april 2026: Niets te regelen." in done.one("[data-alert]").get_text()
    theirs = world.browser().get(link)
    assert not re.search("start|huisarts aan|veiligheid", theirs.one("main").get_text())


def test_no_alert_while_one_of_the_last_two_is_well(coach: PageClient, world: World) -> None:
    assert not progress(coach, told(world, [*DOWN, (82, 5, 5)], 83)).select("[data-alert]")


@pytest.mark.parametrize(("last", "hint"), [((6, 5), True), ((5, 5), False)])
def test_two_walks_that_cost_energy_give_a_hint(
    coach: PageClient, world: World, last: tuple[int, int], hint: bool
) -> None:
    client = told(world, [], 0)
    walked(world, client, 0, energy_before=5, energy_after=4)
    walked(world, client, 7, energy_after=5)
    walked(world, client, 14, energy_before=last[0], energy_after=last[1])
    assert ("telkens minder energie" in progress(coach, client).main) is hint


# Charts


def test_fewer_than_three_walks_are_not_drawn(coach: PageClient, world: World) -> None:
    client = told(world, UP[:2], 20)
    page = progress(coach, client)
    assert "Nog te weinig wandelingen voor een grafiek. Dat komt vanzelf." in page.main
    assert not page.select("svg.chart")
    walked(world, client, 28, energy_week=4, functioning_week=4)
    assert progress(coach, client).select("svg.chart")


def test_dots_without_lines_and_the_same_numbers_as_a_table(coach: PageClient, world: World) -> None:
    client = told(world, [], 0)
    for day, (before, after) in enumerate([(3, 5), (4, 4), (5, 7)]):
        walked(
            world, client, 7 * day, energy_week=before, functioning_week=6, energy_before=before,
            energy_after=after, tension_before=8, tension_after=after,
        )  # fmt: skip
    page = progress(coach, client)
    assert "Na 2 van de 3 wandelingen was de energie hoger dan ervoor." in page.main
    assert "Na 3 van de 3 wandelingen was de spanning lager dan ervoor." in page.main
    charts = page.select("svg.chart")
    assert len(charts) == 3
    for chart in charts:
        assert str(chart["viewbox"]).startswith("0 0 360 ")
        assert chart["aria-label"] and not chart.select("polyline, line")
        assert len(chart.select("circle.c1")) == len(chart.select("rect.c2")) == 3
    assert [len(chart.select(".stem")) for chart in charts] == [0, 3, 3]
    tables = page.select("details table")
    assert [cell.get_text() for cell in tables[1].select("td")] == ["5", "7", "4", "4", "3", "5"]


def test_half_answers_leave_a_gap_not_a_zero(coach: PageClient, world: World) -> None:
    client = told(world, [(0, 3, None), (7, None, 5), (14, 4, 5)], 20)
    page = progress(coach, client)
    chart = page.select("svg.chart")[0]
    assert (len(chart.select("circle")), len(chart.select("rect"))) == (2, 2)
    cells = [cell.get_text() for cell in page.select("details table")[0].select("td")]
    assert cells == ["4", "5", "–", "5", "3", "–"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_never_says_what_caused_it(world: World, language: str) -> None:
    coach = world.browser("anna", language)
    if language == "en":
        coach.get("/account").submit("/account", language="en")
    said = progress(coach, told(world, UP, 181)).main
    assert ("since the start" if language == "en" else "sinds de start") in said
    forbidden = r"door de coaching|dankzij|because of|thanks to|by the coaching|genezen|garant|trend"
    assert not re.search(forbidden, said, re.IGNORECASE)


# Without consent


def test_p03_without_consent_nothing_of_it_opens(coach: PageClient, world: World) -> None:
    client = told(world, UP, 91)
    review = makers.make_review(world, client, agreed="Kanarie")
    measured = makers.make_measure(world, client, name="Kanarie")
    paths = [
        f"/clients/{client}/{end}"
        for end in (
            "progress",
            "timeline",
            "reviews/new",
            f"reviews/{review}",
            "measures/new",
            f"measures/{measured}",
        )
    ]
    forms = {path: coach.get(path) for path in paths[2:]}
    consent = coach.get(f"/clients/{client}/consent")
    form = next(one for one in consent.select("form") if one.select('[name="purpose"][value="health"]'))
    coach.post(str(form["action"]), {str(tag["name"]): str(tag["value"]) for tag in form.select("input")})
    for path in paths:
        page = coach.get(path)
        assert page.status == 200 and "Ze blijven hier dicht tot Sanne het goed vindt." in page.main
        assert not page.select("[data-review], svg.chart, [data-reason-score], main textarea")
        assert "Kanarie" not in page.text
    found = service.page(world.store, world.coach(), client, world.now)
    assert (found.held, found.measures, found.weeks) == ((), (), ()), "nor for a page that forgets to ask"
    given = {"taken_on": "2026-04-01", "taken_by": "gp", "score": 3}
    for path, form in forms.items():
        typed, beside = ("agreed", "kind") if "reviews" in path else ("name", "name")
        refused = form.submit(**(given if typed == "name" else {}) | {typed: "Niet kwijtraken"})
        assert (refused.status, set(refused.errors)) == (422, {beside})
        assert "Dit gaat over gezondheid." in refused.errors[beside]
        assert "Niet kwijtraken" in refused.text and "Kanarie" not in refused.text
    consents.decide(
        world.store, world.coach(), client, "health", "yes", consents.text_version("health"), world.now
    )
    page = progress(coach, client)
    assert "Kanarie" in page.main and "Niet kwijtraken" not in page.text


def test_after_a_yes_the_page_opens(coach: PageClient, world: World) -> None:
    client = make_client(world)
    page = progress(coach, client)
    form = page.select('form:has([name="answer"][value="yes"])')[0]
    done = coach.post(
        str(form["action"]),
        {str(tag["name"]): str(tag["value"]) for tag in form.select("input")},
        follow=True,
    )
    assert done.path == f"/clients/{client}/progress" and done.select("[data-review]")


def test_nothing_of_it_lies_in_clear(world: World) -> None:
    client = told(world, [], 91)
    review = makers.make_review(world, client, agreed="Kanariewoord", felt_energy="a_bit")
    measured = makers.make_measure(world, client, name="Kanarielijst")
    assert review and measured
    with world.store.db.reading(EVERYONE) as session:
        rows = [
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for table in ("review", "external_measure", "form_once", "audit_entry")
            for row in session.execute(text(f"SELECT * FROM {table}"))
            for value in row
        ]
    assert rows and not [one for one in rows if b"Kanarie" in one or b"a_bit" in one]


def test_a_walk_on_which_nothing_changed_is_neither_higher_nor_lower(coach: PageClient, world: World) -> None:
    client = told(world, [], 0)
    for day, after in ((1, 5), (2, 5), (3, 4)):
        walked(world, client, day, energy_before=5, energy_after=5, tension_before=5, tension_after=after)
    world.set_clock(f"{START + timedelta(days=4)}T20:30")
    page = progress(coach, client)
    assert "Na 1 van de 3 wandelingen was de spanning lager dan ervoor." in page.main
    assert "Na 0 van de 3 wandelingen was de energie hoger dan ervoor." in page.main
