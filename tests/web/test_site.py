"""Pages about the planner itself: open to all, with our texts; for a coach in the practice's own words."""

from __future__ import annotations

import pytest

from tests.conftest import World
from tests.page_client import PageClient


@pytest.mark.parametrize(
    ("path", "dutch", "english"),
    [("/help", "Hulp", "Help"), ("/privacy", "bewaard", "kept"), ("/licences", "Licenties", "Licences")],
)
def test_open_to_all_in_two_languages(world: World, path: str, dutch: str, english: str) -> None:
    assert dutch in world.browser().get(path).h1
    page = world.browser(language="en").get(path)
    assert (page.soup.html["lang"], english in page.h1) == ("en", True)


def test_texts_carry_their_version_and_date(visitor: PageClient) -> None:
    assert "Versie 1" in visitor.get("/help").main
    assert "Versie 2" in visitor.get("/privacy").main


def test_only_a_coach_reads_how_the_planner_works(coach: PageClient, visitor: PageClient) -> None:
    headings = [one.get_text() for one in coach.get("/help").select("section h2")]
    assert headings[0] == "Zo werkt de planner" and headings[1].startswith("Wanneer is therapie")
    assert "Zo werkt de planner" not in visitor.get("/help").main


def test_a_practice_reads_its_own_privacy_text(coach: PageClient, visitor: PageClient) -> None:
    coach.get("/settings").submit("/settings", privacy_nl="Wij schrijven weinig op.\n\nEn geven niets door.")
    assert "Wij schrijven weinig op." in coach.get("/privacy").main
    assert "Wij schrijven weinig op." not in visitor.get("/privacy").main


def test_nothing_is_indexed(visitor: PageClient) -> None:
    assert "Disallow: /" in visitor.get("/robots.txt").text
