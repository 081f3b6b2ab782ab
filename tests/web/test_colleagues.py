"""A practice with colleagues: inviting, roles, closing an account, handing a client over, sharing one for a period."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import Connection, event, select

from planner.models import EVERYONE, AuditEntry
from planner.outside.mail import SmtpMail
from planner.services.clients import passing_on, safety
from planner.services.people import colleagues, invitations, letters, set_up, sign_in
from planner.services.people.letters import Letters
from planner.web.messages.writing import letter_writer
from tests import makers
from tests.conftest import PASSWORD, World
from tests.ground import Ground, canary
from tests.mail_server import plain, running
from tests.page_client import Page, PageClient

NEW = {"name": "Dora Dekker", "email": "dora@example.org", "language": "nl", "role": "coach"}


def audited(world: World, *kinds: str) -> list[tuple[str, str]]:
    with world.store.db.reading(EVERYONE) as session:
        rows = session.execute(
            select(AuditEntry.kind, AuditEntry.action)
            .where(AuditEntry.kind.in_(kinds))
            .order_by(AuditEntry.at, AuditEntry.id)
        )
        return [(kind, action) for kind, action in rows]


def invite(lead: PageClient, **other: str) -> Page:
    return lead.get("/colleagues/invite").submit("/colleagues/invite", **(NEW | other))


def address_on(page: Page) -> str:
    return str(page.one("[data-invitation]")["data-invitation"]).partition("//")[2].partition("/")[2]


def test_alone_there_is_one_page_and_nothing_else_of_it(world: World) -> None:
    bram = world.browser("bram")
    client = makers.make_client(world, who="bram")
    page = bram.get("/colleagues/")
    assert "Je werkt alleen" in page.main
    assert page.one('main a[href="/colleagues/invite"]')
    for path in ("/", "/clients/", f"/clients/{client}"):
        page = bram.get(path)
        assert not page.select(
            'a[href^="/agenda"], a[href$="/share"], a[href$="/hand-over"], a[href^="/colleagues"]'
        )
    assert bram.get("/settings").one('main a[href="/colleagues/"]')


def test_a_colleague_is_invited_and_begins(world: World) -> None:
    lead = world.browser("anna")
    page = invite(lead)
    path = address_on(page)
    assert address_on(lead.get(page.path)) == path, "shown as long as it works"
    dora = world.browser()
    setup = dora.get(f"/{path}")
    assert "dora@example.org" in setup.text
    assert "teksten van je praktijk" in setup.main and "onder Instellingen" not in setup.main
    assert setup.submit(password=PASSWORD, contact="", second_step=None).status == 200
    assert dora.get("/").h1 == "Deze week"
    assert dora.get("/colleagues/").one('[data-standing="active"] .tag').get_text() == "jij"
    assert world.browser().get(f"/{path}").status == 404, "it works once"
    assert lead.get(page.path).status == 404, "there is nothing left to show"


def test_the_office_is_not_asked_what_clients_see(world: World) -> None:
    """Neither the texts for clients, nor a number that they can ring."""
    setup = world.browser().get(f"/{address_on(invite(world.browser('anna'), role='office'))}")
    assert not setup.select("details") and "Teksten" not in setup.main
    makers.hire(world, "olga", "office")
    olga = world.browser("olga")
    account = olga.get("/account")
    assert not account.select("[name=phone]") and account.submit(language="en").path == "/account"
    assert olga.get("/account").follow("Colleagues").h1 == "Colleagues"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "naam"),
        ("email", "dora", "e-mailadres"),
        ("email", "cor@example.org", "al een coach"),
        ("role", "boss", "een van deze"),
    ],
)
def test_an_invitation_that_is_refused_loses_nothing(world: World, field: str, value: str, says: str) -> None:
    page = invite(world.browser("anna"), **{field: value})
    assert page.status == 422 and says in page.errors[field]
    assert page.one('main input[name="name"]')["value"] == ("" if field == "name" else NEW["name"])


def test_an_invitation_ends_by_itself_is_renewed_or_withdrawn(world: World) -> None:
    lead = world.browser("anna")
    first = address_on(page := invite(lead))
    number = page.path.split("/")[2]
    renewed = page.submit(f"/colleagues/{number}/invitation/renew")
    second = address_on(renewed)
    assert world.browser().get(f"/{first}").status == 404
    assert world.browser().get(f"/{second}").status == 200
    world.set_clock(world.now + set_up.SETUP_KEY_LIFE + timedelta(minutes=1))
    assert world.browser().get(f"/{second}").status == 404
    lead = signed_in_again(world)
    page = lead.get(f"/colleagues/{number}/invitation")
    assert "werkt niet meer" in page.main and not page.select("[data-invitation]")
    page.submit(f"/colleagues/{number}/invitation/withdraw")
    assert lead.get(f"/colleagues/{number}").status == 404
    assert invite(lead).status == 200, "the address is free again"
    assert audited(world, "setup_key") == [
        ("setup_key", "created"), ("setup_key", "created"), ("setup_key", "removed"), ("setup_key", "created"),
    ]  # fmt: skip


def test_an_invitation_goes_by_mail(world: World) -> None:
    """The very address of the page, with nothing about anybody in it; a mailbox that is full is tried again."""
    server, number = running(), makers.invite(world)
    try:
        with_what = Letters(
            SmtpMail(server.address), letter_writer(world.app), "https://wandelen.example.org"
        )
        assert letters.send_due(world.store, with_what, lambda: world.now) == 0, "nobody asked"
        server.box.script["RCPT"] = ["452 later"]
        invitations.ask_mail(world.store, world.coach(), number, world.now)
        assert letters.send_due(world.store, with_what, lambda: world.now) == 0
        assert letters.send_due(world.store, with_what, lambda: world.now) == 0, "not at once"
        world.set_clock(world.now + letters.CLAIM_FOR)
        assert letters.send_due(world.store, with_what, lambda: world.now) == 1
        message = server.box.taken[-1]
    finally:
        server.stop()
    assert (message["Subject"], message["To"]) == ("Je uitnodiging", "dora@example.org")
    key = invitations.open_one(world.store, world.coach(), number, world.now).key
    assert f"https://wandelen.example.org/setup/{key}" in plain(message)
    assert "Anna" not in plain(message) and "Dora" not in plain(message)
    assert "tot woensdag 25 november, 9.00 uur" in plain(message), "not two days from when it is read"
    assert letters.send_due(world.store, with_what, lambda: world.now) == 0, "once"


def test_an_invitation_that_is_renewed_meanwhile_is_mailed_with_the_new_address(world: World) -> None:
    """Asked for while another page holds the database: read when it is ours."""
    number, lead, asks = makers.invite(world), world.coach(), Event()

    def note(_connection: Connection, _cursor: Any, sql: str, *_: Any) -> None:
        if "IMMEDIATE" in sql or "advisory" in sql:
            asks.set()

    mailing = Thread(target=lambda: invitations.ask_mail(world.store, lead, number, world.now))
    with world.store.db.transaction(lead.practice_scope, world.now) as session:
        event.listen(world.store.db.engine, "before_cursor_execute", note)
        mailing.start()
        assert asks.wait(20)
        invitations._make_key(world.store, session, lead.owner_id, number, world.now)
    event.remove(world.store.db.engine, "before_cursor_execute", note)
    mailing.join()
    assert mailed_key(world) == invitations.open_one(world.store, lead, number, world.now).key


def mailed_key(world: World) -> str:
    """In the letter that leaves now."""
    server = running()
    try:
        with_what = Letters(
            SmtpMail(server.address), letter_writer(world.app), "https://wandelen.example.org"
        )
        assert letters.send_due(world.store, with_what, lambda: world.now)
        return plain(server.box.taken[-1]).partition("/setup/")[2].split()[0]
    finally:
        server.stop()


def signed_in_again(world: World, who: str = "anna") -> PageClient:
    """After a day or more nobody is."""
    token = sign_in.begin(world.store, world.coach(who).scope, world.now)
    return PageClient(world.app, token, "nl")


def test_what_is_sensitive_asks_who_is_there(world: World) -> None:
    lead = world.browser("anna")
    page = lead.get("/colleagues/invite")
    world.set_clock(world.now + timedelta(minutes=11))
    asked = page.submit("/colleagues/invite", **NEW)
    assert asked.status == 403 and not audited(world, "setup_key")
    done = asked.submit("/colleagues/invite", confirm_password=PASSWORD)
    assert done.status == 200 and address_on(done), "what was typed went on"


def test_the_last_lead_stays(world: World) -> None:
    lead, anna, cor = world.browser("anna"), world.coach("anna"), world.coach("cor")
    page = lead.get(f"/colleagues/{anna.id}").submit(f"/colleagues/{anna.id}/role", role="coach")
    assert page.status == 422 and "leiden" in page.errors["role"]
    assert not page.select("main .note-box:not(.err)"), "it is said once, beside its field"
    assert lead.get(f"/colleagues/{cor.id}").submit(f"/colleagues/{cor.id}/role", role="lead").status == 200
    assert (
        lead.get(f"/colleagues/{anna.id}").submit(f"/colleagues/{anna.id}/role", role="coach").status == 200
    )
    assert lead.get(f"/colleagues/{cor.id}").status == 404, "she leads no more"
    again = world.browser("cor").get(f"/colleagues/{cor.id}")
    assert not again.select(f'form[action="/colleagues/{cor.id}/close"]'), "nor does he close his own"
    assert audited(world, "role") == [("role", "changed")] * 2


def test_an_account_is_closed_once_its_clients_are_handed_over(ground: Ground) -> None:
    world, cor = ground.world, ground.colleague.coach
    lead, open_elsewhere = world.browser("anna"), world.browser("cor")
    page = lead.get(f"/colleagues/{cor}")
    assert not page.select(f'form[action="/colleagues/{cor}/close"]') and "Draag ze eerst over" in page.main
    sent = {"csrf_token": str(page.select('input[name="csrf_token"]')[0]["value"])}
    kept = lead.post(f"/colleagues/{cor}/close", sent)
    assert kept.status == 422 and "Draag ze eerst over" in kept.one(".note-box").get_text()
    assert page.submit(f"/colleagues/{cor}/hand-over", colleague=str(ground.own.coach)).status == 422, (
        "asks the clients"
    )
    page = page.submit(f"/colleagues/{cor}/hand-over", colleague=str(ground.own.coach), agrees="1")
    assert canary("cor") in lead.get(f"/clients/{ground.colleague.client}").text
    page.submit(f"/colleagues/{cor}/close")
    assert open_elsewhere.get("/").status == 303, "signed out at once"
    assert open_elsewhere.get("/login").submit(email="cor@example.org", password=PASSWORD).status == 422
    lead.get(f"/colleagues/{cor}").submit(f"/colleagues/{cor}/reopen")
    assert open_elsewhere.get("/login").submit(email="cor@example.org", password=PASSWORD).status == 200


def test_a_client_goes_over_with_everything(ground: Ground) -> None:
    world, own, cor = ground.world, ground.own, ground.colleague.coach
    anna = world.browser("anna")
    page = anna.get(f"/clients/{own.client}/hand-over")
    form = f"/clients/{own.client}/hand-over"
    assert page.submit(form, colleague=str(cor)).errors.keys() == {"agrees"}
    assert page.submit(form, colleague=str(ground.stranger.coach), agrees="1").status == 422
    assert page.submit(form, colleague=str(cor), agrees="1").path == "/clients/"
    for path in (
        f"/clients/{own.client}",
        f"/walks/{own.walk}",
        f"/walks/{own.walk}/note",
        f"/clients/{own.client}/progress",
    ):
        assert canary("anna") in world.browser("cor").get(path).text
        assert anna.get(path).status == 404
    assert world.browser().get(own.link).status == 200, "the client's link still works"
    assert ("client", "handed") in audited(world, "client")


def share(world: World, client: int, until: date | str, **other: str) -> Page:
    cor = str(world.coach("cor").id)
    given = {"colleague": cor, "until": str(until), "reason": "Vakantie", "agrees": "1"}
    return (
        world.browser("anna")
        .get(f"/clients/{client}/share")
        .submit(f"/clients/{client}/share", **(given | other))
    )


def test_a_client_is_shared_until_a_day(ground: Ground) -> None:
    world, own = ground.world, ground.own
    assert world.browser("cor").get(f"/clients/{own.client}").status == 404
    assert share(world, own.client, world.now.date() + timedelta(days=2)).status == 200
    cor = world.browser("cor")
    file = cor.get(f"/clients/{own.client}")
    assert "Anna de Wit" in file.one("[data-shared]").get_text() and "25 november" in file.main
    assert not file.select('a[href$="/share"], a[href$="/hand-over"]')
    for path in ("/share", "/hand-over"):
        assert cor.get(f"/clients/{own.client}{path}").status == 404, "only her own coach passes her on"
    assert "gedeeld" in cor.get("/clients/").main
    assert "gedeeld" in cor.get("/?week=2026-W48").one(f'.walk[data-walk="{own.walk}"]').get_text()
    note = cor.get(f"/walks/{own.walk}/note")
    assert note.submit(felt_text="Gezien door Cor").status == 200
    assert "Gezien door Cor" in world.browser("anna").get(f"/walks/{own.walk}/note").text
    assert cor.get(f"/clients/{ground.own.client}/progress").status == 200
    world.set_clock("2026-11-25T23:59")
    assert signed_in_again(world, "cor").get(f"/clients/{own.client}").status == 200
    world.set_clock("2026-11-26T00:00")
    assert signed_in_again(world, "cor").get(f"/clients/{own.client}").status == 404


def test_what_is_under_a_shared_client_stays_with_its_coach(ground: Ground) -> None:
    """A review, a score, a walk and the safety questions of a colleague hang on the client's own coach."""
    world, own = ground.world, ground.own
    share(world, own.client, world.now.date())
    walk = makers.make_walk(world, own.client, "2026-12-09T10:00", who="cor")
    review = makers.make_review(world, own.client, who="cor")
    measure = makers.make_measure(world, own.client, who="cor")
    safety.ask(world.store, world.coach("cor"), own.client, {"S3": "no"}, world.now, world.now.date())
    tables, made = ground.dump(), {walk, review, measure}
    rows = [row for name in ("walk", "review", "external_measure") for row in tables[name] if made & {*row}]
    rows += [row for row in tables["screening"] if own.client in row]
    assert len(rows) == 5 and all(own.coach in row and ground.colleague.coach not in row for row in rows)


def test_sharing_ends_when_its_coach_says_so(ground: Ground) -> None:
    world, own = ground.world, ground.own
    page = share(world, own.client, world.now.date() + timedelta(days=9))
    access = page.one("[data-access]")["data-access"]
    page = page.submit(f"/clients/{own.client}/share/{access}/end")
    assert not page.select("[data-access]") and "Vakantie" in page.main, "it stays written down"
    assert world.browser("cor").get(f"/clients/{own.client}").status == 404
    assert ("client_access", "created") in audited(world, "client_access")


def test_sharing_ends_with_whoever_coaches_no_more(ground: Ground) -> None:
    """Also when they coach again, within the days that were agreed."""
    world, own, cor = ground.world, ground.own, ground.colleague.coach
    share(world, own.client, world.now.date() + timedelta(days=9))
    passing_on.hand_over_all(world.store, world.coach("anna"), cor, own.coach, world.now)
    for role in ("office", "coach"):
        colleagues.set_role(world.store, world.coach("anna"), cor, role, world.now)
    assert world.browser("cor").get(f"/clients/{own.client}").status == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [("until", "2026-11-22"), ("until", "2028-01-01"), ("reason", ""), ("agrees", ""), ("colleague", "7")],
)
def test_sharing_that_is_refused(world: World, field: str, value: str) -> None:
    client = makers.make_client(world)
    page = share(world, client, **({"until": world.now.date().isoformat()} | {field: value}))
    assert page.status == 422 and page.errors.keys() == {field}
    assert not page.select("[data-access]")
