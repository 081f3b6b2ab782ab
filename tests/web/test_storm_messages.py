"""What clients hear of a storm day, and where the coach finds it."""

from __future__ import annotations

from tests import makers
from tests.conftest import World
from tests.mail_server import ready
from tests.page_client import PageClient
from tests.web.answering import CANNOT, buttons, side
from tests.web.test_storm import DAY, look


def test_the_messages_of_what_was_changed_come_first(world: World, coach: PageClient) -> None:
    """In view, also for who has no address; the texts of all others are folded away."""
    for number in range(3):
        client = makers.make_client(world, f"Eerder {number}", email=f"e{number}@example.org")
        makers.make_walk(world, client, f"2026-11-26T{10 + number}:00")
    makers.make_walk(world, makers.make_client(world, "Zonder"), "2026-11-26T15:00")
    changed = [
        makers.make_walk(world, makers.make_client(world, name), f"2026-11-24T{hour}:00")
        for name, hour in (("Sanne", 10), ("Piet", 12))
    ]
    page = look(coach.get(DAY), **{f"choice_{walk}": "online" for walk in changed})
    page = page.submit(DAY, press="action=save")
    cards = page.select("section[data-message]")
    names = [one.get_text() for one in cards]
    assert "Sanne" in names[0] and "Piet" in names[1]
    assert [bool(one.find_parent("details")) for one in cards] == [False] * 5 + [True], (
        "but who was not changed"
    )
    assert [bool(one.select("details .lines")) for one in cards] == [False] * 2 + [True] * 4
    page = page.submit(f"/messages/{cards[0]['data-message']}/copied")
    assert "Piet" in page.select("section[data-message]")[0].get_text(), "the rest stays in its place"
    assert coach.get("/messages/?walks=x,,-1").status == 200


def test_who_saw_the_older_time_reads_that_it_changed(world: World, coach: PageClient) -> None:
    """Their page showed it, though no message ever left."""
    client = makers.make_client(world, "Sanne", email="sanne@example.org")
    makers.make_link(world, client)
    walk = makers.make_walk(world, client, "2026-11-24T10:00")
    world.set_clock("2026-11-23T10:00")
    page = look(coach.get(DAY), **{f"choice_{walk}": "move", f"to_{walk}": "2026-11-24T15:00"})
    page = page.submit(DAY, press="action=save")
    said = page.one("[data-message][data-kind=change]").get_text(" ")
    assert "Je wandeling is veranderd." in said and "Het was dinsdag 24 november, 10.00 uur." in said
    assert [one.kind for one in ready(world)] == ["change"]


def test_who_could_not_come_is_asked_again_in_another_setting(world: World, coach: PageClient) -> None:
    """They said so of a walk outdoors; on the phone at the same hour is another question."""
    sanne = side(world, starts="2026-11-24T10:00")
    piet = side(world, name="Piet", starts="2026-11-24T12:00")
    coach.get(f"/clients/{sanne.client}/edit").submit(f"/clients/{sanne.client}/edit", phone="06 12345678")
    for one in (sanne, piet):
        one.send("answer", CANNOT)
    world.set_clock("2026-11-23T10:00")
    page = coach.get(DAY)
    assert "Beide wandelingen met" in page.main
    page = look(page, **{f"choice_{sanne.walk}": "phone", f"choice_{piet.walk}": "shorten"})
    cards = [" ".join(one.get_text(" ").split()) for one in page.select("[data-change]")]
    assert "Sanne liet weten niet te kunnen. Dat antwoord vervalt door deze verandering." in cards[0]
    assert "Piet liet weten niet te kunnen. Daarom staat er straks geen bericht" in cards[1]
    assert "iedere cliënt" not in page.main
    page = page.submit(DAY, press="action=save")
    assert "Er is nog niets verstuurd. Wat klaarstaat, vind je hier." in page.main
    said = [one.get_text(" ") for one in page.select("section[data-message]")]
    assert len(said) == 1 and "Sanne" in said[0] and "Ik bel je op je eigen nummer." in said[0]
    assert "Je kunt niet." not in sanne.page.main and buttons(sanne.page) == ["Laat het je coach weten"]
    assert "Je kunt niet." in piet.page.main
    sanne.send("answer", CANNOT)
    assert "Je kunt niet." in sanne.page.main, "of the talk by phone it stands"
