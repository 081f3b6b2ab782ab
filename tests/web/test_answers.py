"""What a client answers behind the link: from buttons, changeable, only what is asked; looking does nothing."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from planner.domain.answers import PAGE_ASKS, SIGNS
from planner.models import EVERYONE, WalkAnswer
from tests import makers
from tests.conftest import World
from tests.page_client import PageClient
from tests.test_addresses import state
from tests.web.answering import (
    CANNOT,
    COMING,
    HEALTHY,
    KINDS,
    YES,
    Side,
    buttons,
    side,
    walked,
)
from tests.web.test_bad_days import locked


@pytest.fixture
def sanne(world: World) -> Side:
    return side(world)


@pytest.fixture
def asked(world: World) -> Side:
    """Everything is turned on, the client agreed, and a walk was walked on Friday."""
    return side(world, " ".join(PAGE_ASKS))


# By default


def test_by_default_there_is_one_button_more(sanne: Side) -> None:
    page = sanne.page
    assert buttons(page) == ["Ik kan niet"]
    assert "Liefst 24 uur vooraf. Later mag ook." in page.main
    assert page.select("main input:not([type=hidden])") == []


def test_cannot_is_kept_and_said_and_taken_back(sanne: Side) -> None:
    answer = sanne.send("answer", CANNOT)
    assert (answer.status, answer.response.headers["Location"]) == (303, sanne.link)
    page = sanne.page
    assert (
        "Je kunt niet. Je coach ziet dit in de planner. Dat geeft niet."
        in page.one("section.card").get_text()
    )
    assert not page.select('a[href$=".ics"]'), "what they do not come to need not be in their calendar"
    assert page.one("[data-walk]")["data-status"] == "planned", "the walk stays"
    assert buttons(page) == ["Ik kan toch wel"]
    assert (
        "Kun je toch wel?" in page.main and "Lukt het niet?" not in page.main and "kleding" not in page.main
    )
    assert "Is het dringend? Stuur een bericht." in page.main and "niets meer te doen" not in page.main
    page = page.submit(f"{sanne.link}walks/{sanne.walk}/answer", press="answer=coming")
    assert "Je komt. Je coach ziet dit in de planner." in page.main
    assert buttons(page) == ["Ik kan niet"]


def test_twice_is_once(sanne: Side) -> None:
    sanne.send("answer", CANNOT)
    before, first = state(sanne.world), sanne.kept()
    sanne.world.set_clock("2026-11-23T10:00")
    assert sanne.send("answer", CANNOT).status == 303
    assert state(sanne.world) == before
    assert first is not None and first.answered_at is not None


@pytest.mark.parametrize(
    ("now", "words", "early"),
    [
        ("2026-11-24T09:59:50", "Ik kan niet", True),
        ("2026-11-24T10:00:01", "Laat het je coach weten", False),
        ("2026-11-25T10:20", "Laat het je coach weten", False),
    ],
)
def test_near_the_walk_the_button_reads_otherwise(sanne: Side, now: str, words: str, early: bool) -> None:
    """Nothing is refused, nothing threatens, and the hours are not said any more."""
    sanne.world.set_clock(now)
    page = sanne.page
    assert buttons(page) == [words]
    assert ("24 uur" in page.main) == early
    assert not re.search(r"te laat|kosten|betalen", page.main)
    assert sanne.send("answer", CANNOT).status == 303
    assert "Je kunt niet. Je coach ziet dit in de planner." in sanne.page.main


def test_the_notice_period_is_that_of_the_practice(sanne: Side, coach: PageClient) -> None:
    coach.get("/settings").submit("/settings", notice_hours="48")
    assert "Liefst 48 uur vooraf." in sanne.page.main
    coach.get("/settings").submit("/settings", notice_hours="0")
    assert "uur vooraf" not in sanne.page.main
    sanne.world.set_clock("2026-11-25T09:59")
    assert buttons(sanne.page) == ["Ik kan niet"]


def test_a_later_walk_has_its_button_behind_the_fold(sanne: Side) -> None:
    later = makers.make_walk(sanne.world, sanne.client, "2026-12-02T10:00")
    page = sanne.page
    assert page.select("details:not([open]) button[value=cannot]")
    address = f"{sanne.link}walks/{later}/answer?later=1"
    back = page.submit(address, press="answer=cannot", follow=False)
    assert back.response.headers["Location"] == f"{sanne.link}#walk-{later}"
    fold = sanne.page.one(f'details [data-walk="{later}"][id="walk-{later}"]').get_text()
    assert "Je kunt niet. Je coach ziet dit in de planner." in fold and "Ik kan toch wel" in fold
    assert sanne.kept() is None


# What is turned on


def test_coming_and_lengths(asked: Side) -> None:
    page = asked.page
    fold = page.one("details:has(button[value=coming])")
    assert not fold.has_attr("open")
    assert len([tag for tag in page.select("main .btn") if not tag.find_parent("details")]) == 3
    page = asked.send("answer", COMING, follow=True)
    assert "Je komt. Je coach ziet dit in de planner." in page.main
    assert asked.send("answer", {"length": "short"}, follow=True).status == 200
    assert "Je koos: liever kort" in asked.page.main
    assert asked.send("answer", {"answer": "cannot", "length": "long"}).status == 303
    kept = asked.kept()
    assert kept is not None and (kept.answer, kept.length) == ("cannot", "long")
    page = asked.page
    assert "Je koos" not in page.main and not page.select("[name=length]"), "who cannot come walks no length"


@pytest.mark.parametrize(
    ("asks", "what", "data"),
    [
        ("", "answer", COMING),
        ("", "answer", {"length": "short"}),
        ("coming", "answer", {"answer": "coming", "length": "long"}),
        ("lengths", "answer", COMING),
        ("", "answer", {}),
        ("coming", "answer", {"answer": "maybe"}),
        ("lengths", "answer", {"length": "endless"}),
        ("coming lengths signs", "check-in", HEALTHY),
        ("coming lengths check_in", "signs", YES),
        ("check_in", "check-in", {"energy_week": "11"}),
        ("check_in", "check-in", {"energy_week": "-1", "functioning_week": "5"}),
        ("signs", "signs", {"energised": "very"}),
    ],
)
def test_what_is_not_asked_is_refused_with_a_sentence(
    world: World, asks: str, what: str, data: dict[str, str]
) -> None:
    one = side(world, asks)
    walk = walked(one) if what == "signs" else one.walk
    before = state(world)
    page = one.send(what, data, walk)
    assert page.status == 422
    assert len(page.errors) == 1 and next(iter(page.errors)) in {"answer", "length", *HEALTHY, *YES}
    assert page.soup.title.string.startswith("Fout: ")
    assert "X-Planner-Page" not in page.response.headers, "no device keeps this page"
    assert state(world) == before


def test_what_was_chosen_stays_when_one_number_cannot_be(asked: Side) -> None:
    asked.world.set_clock("2026-11-24T10:00")
    page = asked.send("check-in", {"energy_week": "7", "functioning_week": "99"})
    assert page.status == 422
    assert page.one("[name=energy_week][checked]")["value"] == "7"
    assert page.one("details:has([name=energy_week])").has_attr("open")


# Whose


@pytest.mark.parametrize("what", KINDS)
@pytest.mark.parametrize("who", ["anna", "cor", "bram"])
def test_nobody_answers_for_another(asked: Side, who: str, what: str) -> None:
    """Not another client of the same coach either; as if the walk never was."""
    other = side(asked.world, " ".join(PAGE_ASKS), name="Mark", starts="2026-11-25T14:00", who=who)
    walk = walked(asked) if what == "signs" else asked.walk
    before = state(asked.world)
    found, never = (other.send(what, KINDS[what], number) for number in (walk, 987_654_321))
    assert (found.status, found.text) == (404, never.text)
    assert "Deze wandeling staat hier niet." in found.main
    assert state(asked.world) == before


@pytest.mark.parametrize("what", KINDS)
def test_another_site_answers_nothing_and_no_cookie_is_set(asked: Side, what: str) -> None:
    walk = walked(asked) if what == "signs" else asked.walk
    asked.world.set_clock("2026-11-23T10:30")
    address, before = f"{asked.link}walks/{walk}/{what}", state(asked.world)
    for site in ("cross-site", "same-site"):
        assert (
            asked.world.browser().post(address, KINDS[what], headers={"Sec-Fetch-Site": site}).status == 400
        )
    assert state(asked.world) == before
    answer = asked.world.browser().post(address, KINDS[what], headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status == 303
    assert "Set-Cookie" not in answer.response.headers
    assert state(asked.world) != before


def test_a_busy_moment_loses_nothing_and_sets_no_cookie(sanne: Side) -> None:
    browser, engine = sanne.world.browser(), sanne.world.store.db.engine
    if engine.dialect.name != "sqlite":
        pytest.skip("the short wait is set the way of SQLite")
    with locked(sanne.world):
        with engine.connect() as connection:  # the one that the page will get
            connection.exec_driver_sql("PRAGMA busy_timeout = 10")
        page = browser.post(f"{sanne.link}walks/{sanne.walk}/answer", CANNOT)
    assert (page.status, page.response.headers["Retry-After"]) == (503, "5")
    assert "Set-Cookie" not in page.response.headers
    assert sanne.kept() is None
    assert "Je kunt niet. Je coach ziet dit in de planner." in page.submit().main


# Reading along


def test_p17_looking_changes_nothing(asked: Side) -> None:
    """A scanner that fetches whatever an address on the page says, in every state; answers are the only writes."""
    walked(asked)
    for said in ({}, CANNOT, COMING):
        if said:
            asked.send("answer", said)
        page, before = asked.page, state(asked.world)
        found = {str(tag.get("href") or tag.get("action")) for tag in page.select("[href], form[action]")}
        found = {one for one in found if one.startswith("/")}
        assert len(found) >= 5
        for address in found:
            for method in ("GET", "HEAD"):
                assert asked.world.browser().open(method, address).status in (200, 405)
        assert state(asked.world) == before


def test_p17_what_was_answered_and_noted_stays_out_of_the_page(world: World) -> None:
    """Markers: numbers and words of notes, signs and check-in, of this client and of another."""
    one = side(world, " ".join(PAGE_ASKS))
    walk = walked(one, felt_text="M-GEVOELD", tool_text="M-TOOL", energy_week=7)
    world.set_clock("2026-11-23T10:30")
    one.send("check-in", {"energy_week": "3", "functioning_week": "8"})
    one.send("signs", dict.fromkeys(SIGNS, "no"), walk)
    page = one.page
    assert "M-" not in page.main
    assert not re.search(r"data-(verdict|reason)|20 november|2026-11-20", page.text)
    assert not page.select('main input[checked]:not([value=""])')
    head = f"{page.soup.head} {page.path}"
    assert not re.search(r"energie|lijf|week", head)


def test_in_english_and_the_chosen_language_stays(asked: Side) -> None:
    walked(asked)
    page = asked.world.browser().get(f"{asked.link}?lang=en")
    for words in ("I cannot come", "I am coming", "Rather short", "I left with more energy"):
        assert words in page.main
    action = f"{asked.link}walks/{asked.walk}/answer?lang=en"
    form = page.select(f'form[action="{action}"]')[0]
    assert form
    done_page = asked.world.browser().post(action, CANNOT, follow=True)
    assert "You cannot come. Your coach sees this in the planner." in done_page.main


def test_what_was_answered_is_sealed(asked: Side) -> None:
    asked.send("answer", {"answer": "cannot", "length": "short"})
    with asked.world.store.db.reading(EVERYONE) as session:
        row = session.scalars(select(WalkAnswer)).one()
    assert not [code for code in (b"cannot", b"short") if code in repr(vars(row)).encode()]
