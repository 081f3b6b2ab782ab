"""The office plans for coaches: names, how to reach somebody, when and where. Nothing of what is written about a client
comes along, in whatever way it is asked for."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import aliased

from planner.models import AuditEntry, Base, Client, Consent, Forbidden, Note, Owned, Screening, Walk
from planner.services.clients import safety
from tests import makers
from tests.address_book import csrf
from tests.conftest import World
from tests.ground import Ground, canary
from tests.makers import hire
from tests.page_client import PageClient

OPEN = {
    "Client",
    "Walk",
    "BusyTime",
    "Route",
    "Waypoint",
    "RoutePicture",
    "RoutePhoto",
    "Exercise",
    "Coach",
    "FormOnce",
}
"""What planning needs; every other table is shut, and so is one that comes later."""


@pytest.fixture
def olga(ground: Ground) -> PageClient:
    hire(ground.world, "olga", "office")
    return ground.world.browser("olga")


def test_without_care_every_table_is_shut_but_what_planning_needs(ground: Ground, olga: PageClient) -> None:
    scope = ground.world.coach("olga").planning_scope
    owned = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Owned)]
    assert {kind.__name__ for kind in owned if kind.for_planning} == OPEN
    with ground.world.store.db.reading(scope) as session:
        for kind in owned:
            if kind.for_planning:
                session.scalars(select(kind)).all()
            else:
                with pytest.raises(Forbidden):
                    session.scalars(select(kind)).all()


WAYS: dict[str, Any] = {
    "the column": lambda s, g: s.scalars(select(Client.health_sealed)).all(),
    "the column of an alias": lambda s, g: s.scalars(select(aliased(Client).health_sealed)).all(),
    "the attribute": lambda s, g: s.get_one(Client, g.own.client).health_sealed,
    "in a condition": lambda s, g: s.scalars(
        select(Client.id).where(Client.health_sealed.is_not(None))
    ).all(),
    "a join": lambda s, g: s.scalars(select(Walk.id).join(Note, Note.walk_id == Walk.id)).all(),
    "exists": lambda s, g: s.scalars(select(Walk.id).where(select(Note.id).exists())).all(),
    "a subquery": lambda s, g: s.scalars(select(select(Screening.sealed).subquery().c.sealed)).all(),
    "core": lambda s, g: s.execute(select(Consent.__table__)).all(),
    "all columns": lambda s, g: s.execute(
        text("SELECT * FROM client WHERE client.owner_id = :o"), {"o": g.own.owner}
    ).all(),
    "who looked": lambda s, g: s.scalars(select(AuditEntry.client_id)).all(),
}


def test_health_and_notes_are_shut_in_every_way(ground: Ground, olga: PageClient) -> None:
    """And each question is one: who cares may ask it."""
    db, scope, coach = ground.world.store.db, ground.world.coach("olga").planning_scope, ground.world.coach()
    for way, ask in WAYS.items():
        with db.reading(scope) as session, pytest.raises((Forbidden, InvalidRequestError)):
            ask(session, ground)
            pytest.fail(way)
        if way != "core":
            with db.reading(coach.practice_scope) as session:
                ask(session, ground)


def test_the_office_sees_everybodys_clients_and_how_to_reach_them(ground: Ground, olga: PageClient) -> None:
    page = olga.get("/office/clients")
    assert canary("anna") in page.main and canary("cor") in page.main and canary("bram") not in page.text
    assert olga.get("/office/clients?q=Kanariecor").select("ul.plainlist > li").__len__() == 1
    file = olga.get(f"/office/clients/{ground.own.client}")
    assert "06 12345678" in file.main and "Anna de Wit" in file.main
    saw = select(AuditEntry).where(AuditEntry.action == "saw", AuditEntry.client_id == ground.own.client)
    who = ground.world.coach("olga").id
    with ground.world.store.db.reading(ground.world.coach().practice_scope) as session:
        assert [row.actor_id for row in session.scalars(saw) if row.actor == "office"] == [who]


def test_the_office_plans_moves_and_cancels(world: World) -> None:
    hire(world, "olga", "office")
    olga = world.browser("olga")
    client = makers.make_client(world, "Sanne", last_name="van Dijk")
    route = makers.make_route(world, "Rondje heide")
    taken = makers.make_walk(world, makers.make_client(world, "Piet"), "2026-12-01T10:00")
    form = f"/office/clients/{client}/plan"
    page = olga.get(form).submit(
        form, date="2026-12-01", time="10:15", meeting_point="Bij het hek", route_id=str(route)
    )
    assert page.status == 422 and "loopt Anna de Wit al met Piet" in page.errors["time"]
    page = page.submit(form, keep_clash="1")
    walk = int(page.path.rsplit("/", 1)[-1])
    seen = world.browser("anna").get(f"/walks/{walk}")
    assert "Bij het hek" in seen.main, "it stands in the coach's own week"
    page = page.submit(f"/office/walks/{walk}", time="14:00")
    assert page.one('select[name="route_id"] option[selected]').get_text() == "Rondje heide"
    assert "Rondje heide" in world.browser("anna").get(f"/walks/{walk}").main
    assert page.status == 200 and page.one('input[name="time"]')["value"] == "14:00"
    assert "De coach kan niet" in page.main and "Ik kan niet" not in page.main
    page = page.submit(f"/office/walks/{walk}", setting="phone", video_url="nergens")
    assert page.status == 200 and page.one('input[name="meeting_point"]').get("value", "") == "", (
        "nobody meets there"
    )
    page = page.submit(f"/office/walks/{walk}/cancel", reason="client")
    assert "Afgezegd" in page.main and not page.select(f'form[action="/office/walks/{walk}"]')
    assert taken


def test_a_form_of_the_office_that_was_saved_says_another_hour(world: World) -> None:
    """Somebody went back in the browser: the walk that came of it, with what stands in the form now."""
    hire(world, "olga", "office")
    olga, client = world.browser("olga"), makers.make_client(world, "Sanne")
    form = olga.get(f"/office/clients/{client}/plan")
    made = form.submit(date="2026-12-01", time="10:00", meeting_point="Bij het hek").path
    page = form.submit(date="2026-12-01", time="11:00", meeting_point="Bij het hek")
    assert page.status == 409 and page.one('input[name="time"]')["value"] == "11:00"
    assert page.submit(made).status == 200
    assert olga.get(made).one('input[name="time"]')["value"] == "11:00"


def test_what_holds_planning_holds_the_office_too_and_says_no_more(ground: Ground, olga: PageClient) -> None:
    world, own = ground.world, ground.own
    safety.ask(world.store, world.coach(), own.client, {"S1": "yes"}, world.now, world.now.date())
    form = f"/office/clients/{own.client}/plan"
    page = olga.get(form).submit(form, date="2026-12-15", time="10:00")
    assert page.status == 422 and "Vraag het aan Anna de Wit" in page.main
    assert "veiligheid" not in page.text.lower()


def test_the_weeks_of_the_practice(ground: Ground, olga: PageClient) -> None:
    """The lead sees initials; who plans sees names; who does neither sees no week but their own."""
    path = f"/agenda?coach={ground.colleague.coach}&week=2026-W48"
    lead, cor = ground.world.browser("anna"), ground.world.browser("cor")
    page = lead.get(path)
    assert "C.K." in page.main and canary("cor") not in page.text
    assert page.h1 == "Week van Cor"
    assert page.select('nav[aria-label="Wiens week"] a')[0].get_text().strip() == "Mijn week"
    assert canary("cor") in olga.get(path).main
    assert cor.get(f"/agenda?coach={ground.own.coach}").status == 404
    assert cor.get("/agenda?coach=all").status == 404
    assert cor.get(path).status == 303, "one's own is at home"
    everybody = lead.get("/agenda?coach=all&week=2026-W48")
    assert everybody.main.count("Cor") and everybody.main.count("Anna")
    assert not everybody.select('a[href^="/walks/"]'), "times and initials, no more"
    assert lead.get(f"/agenda?coach={ground.stranger.coach}").status == 404


def test_the_library_is_there_to_look_at(ground: Ground, olga: PageClient) -> None:
    """No page of it leads to one that is not there for the office, nor has anything to change."""
    links: dict[str, str] = {}
    for path in (f"/routes/{ground.own.route}", "/routes/", "/toolkit/", f"/toolkit/{ground.own.exercise}"):
        page = olga.get(path)
        assert page.status == 200
        assert not page.select("main form[method=post]"), path
        found = [str(link["href"]) for link in page.select('a[href^="/"]')]
        links |= {re.sub(r"[0-9]{4,}", "N", one): one for one in found}  # one of each kind
    assert [one for one in links.values() if olga.get(one).status == 404] == []


def test_the_library_is_not_there_to_change(ground: Ground, olga: PageClient) -> None:
    """Also where one address is looked at by everybody and takes a coach's change."""
    address = f"/toolkit/{ground.own.exercise}"
    page = ground.world.browser("anna").get(f"{address}/edit")
    typed = {str(one["name"]): str(one.get("value") or "") for one in page.select("main input[type=text]")}
    before, token = ground.dump(), csrf(olga)
    sent = typed | {"title": "Iets anders", "kind": "senses", "minutes_min": "1", "minutes_max": "2"}
    for path in (address, f"/routes/{ground.own.route}", "/toolkit/", "/colleagues/"):
        assert olga.post(path, sent | {"csrf_token": token}).status in (404, 405), path
    assert ground.dump() == before


def test_no_walk_of_today_is_promised_to_the_office(ground: Ground, olga: PageClient) -> None:
    todays = 'main a[href="/walks/today"]'
    assert not olga.get("/account/device").select(todays) and olga.get("/walks/today").status == 404
    assert ground.world.browser("anna").get("/account/device").select(todays)


def test_settings_of_the_practice_are_for_the_lead(ground: Ground) -> None:
    cor = ground.world.browser("cor")
    page = cor.get("/settings")
    assert "leiding" in page.main and not page.select('form[action="/settings"]')
    assert (
        cor.post("/settings", {"csrf_token": str(page.select('input[name="csrf_token"]')[0]["value"])}).status
        == 404
    )
    assert ground.world.browser("anna").get("/settings").select('form[action="/settings"]')
