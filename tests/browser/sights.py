"""Every kind of page of the example practice: where it is, and how it is made to refuse a form."""

from __future__ import annotations

from dataclasses import dataclass

from tests.browser.acts import (
    Act,
    answer_red,
    cancel,
    cannot_come,
    close_without_script,
    decide,
    expired,
    fill,
    no_kind,
    stale,
    withdraw_consent,
)
from tests.browser.whereabouts import Practice


@dataclass(frozen=True)
class Sight:
    """A page to look at. `act`: what a person does there; then the page that comes is the sight."""

    name: str
    address: str
    status: int = 200
    act: Act | None = None
    signed_in: bool = True
    by_machine: bool = False
    language: str | None = None
    office: bool = False
    """Seen by who plans for the practice."""


def people(p: Practice) -> list[Sight]:
    """Clients, and what is asked of them."""
    return _as_they_open(
        {
            "clients": "/clients/",
            "nobody found": "/clients/?q=xyz",
            "ended clients": "/clients/?show=ended",
            "new client": "/clients/new",
            "clients from a file": "/clients/import",
            "client": p.client,
            "all walks": p.client + "?walks=all",
            "change client": p.client + "/edit",
            "intake": p.client + "/intake",
            "consent": p.client + "/consent",
            "safety": p.client + "/safety",
            "emergency": p.client + "/emergency",
            "progress": p.client + "/progress",
            "timeline": p.client + "/timeline",
            "review": p.client + "/reviews/new",
            "review that was held": p.review,
            "a score of somebody else": p.client + "/measures/new",
            "a score that is kept": p.measure,
            "safety again": p.client + "/safety?ask=again",
            "all of safety again": p.client + "/safety?ask=all&then=review",
            "link": p.client + "/link",
            "card": p.client + "/link/card?name=1",
            "messages to a client": p.client + "/messages",
            "what helps": p.client + "/helps",
            "report": p.client + "/report",
            "dates for whoever pays": p.client + "/sponsor-report",
            "notes about a client": p.client + "/notes",
            "a word in the notes": p.client + "/notes?q=bankje",
            "limits of a client": p.client + "/boundaries",
            "who looked at a file": p.client + "/log",
            "requests of a client": p.client + "/requests",
            "take everything along": p.client + "/export",
            "erase": p.client + "/erase",
        }
    )


def colleagues(p: Practice) -> list[Sight]:
    """The people of a practice, for whoever leads it; and what somebody sees who plans for its coaches."""
    client, walk = (one.replace("/", "/office/", 1) for one in (p.client, p.coming_walk))
    addresses = {
        "clients, to plan for": "/office/clients",
        "a client, to plan for": client,
        "plan for a coach": client + "/plan",
        "a walk, planned for a coach": walk,
        "weeks, to plan in": "/agenda",
    }
    return [
        *_as_they_open(
            {
                "hand a client over": p.client + "/hand-over",
                "share a client": p.client + "/share",
                "colleagues": "/colleagues/",
                "invite a colleague": "/colleagues/invite",
                "a colleague": p.colleague,
                "an invitation": p.colleague + "/invitation",
                "weeks of everybody": "/agenda?coach=all&week=2026-W48",
            }
        ),
        *(Sight(name, address, language="nl", office=True) for name, address in addresses.items()),
    ]


def library(p: Practice) -> list[Sight]:
    """Routes and exercises."""
    return _as_they_open(
        {
            "routes": "/routes/",
            "routes, none fits": "/routes/?search=xyz",
            "routes, on one map": "/routes/?view=map",
            "routes, near no place": "/routes/?within=2&place=Zeist",
            "import routes": "/routes/import",
            "new route": "/routes/new",
            "have a loop made": "/routes/loops",
            "other line": p.route.replace("/routes/", "/routes/new?replace="),
            "route": p.route,
            "big map": p.route + "/map",
            "draw": p.route + "/draw",
            "draw a new route": "/routes/draw",
            "change route": p.route + "/edit",
            "new place": p.route + "/points/new",
            "photo of a route": p.route + "/photo/edit",
            "place": p.place,
            "toolkit": "/toolkit/",
            "hidden exercises": "/toolkit/?hidden=1",
            "new exercise": "/toolkit/new",
            "exercise": p.exercise,
            "change exercise": p.exercise + "/edit",
        }
    )


def walks(p: Practice) -> list[Sight]:
    """The week, its walks, and the coach's own pages."""
    return _as_they_open(
        {
            "week": "/",
            "another week": "/?week=2026-W40",
            "for whom": "/walks/new",
            "new walk": p.client.replace("/clients/", "/walks/new?client="),
            "walk": p.coming_walk,
            "past walk": p.past_walk,
            "sheet": p.coming_walk + "/sheet",
            "change walk": p.coming_walk + "/edit",
            "cancel walk": p.coming_walk + "/cancel",
            "series": p.coming_walk + "/series",
            "note": p.coming_walk + "/note",
            "closed note": p.past_walk + "/note",
            "self-check": p.past_walk + "/self-check",
            "how what helps is counted": "/what-helps",
            "how it stands": "/practice",
            "note on the way": p.coming_walk + "/note?on_the_way=1",
            "earlier texts": p.past_walk + "/note/revisions",
            "today's walk": "/walks/today",
            "log a walk": p.client.replace("/clients/", "/walks/log?client="),
            "better hours": p.coming_walk.replace("/walks/", "/slots?walk="),
            "better hours for a new walk": p.client.replace("/clients/", "/slots?minutes=40&client="),
            "storm day": "/storm?date=2026-11-23&until=2026-12-06",
            "storm day, nothing planned": "/storm?date=2030-01-01&until=2030-01-02",
            "messages": "/messages/",
            "settings": "/settings",
            "days off": "/settings/agenda",
            "what notes ask": "/settings/notes",
            "client experiences": "/quotes",
            "backups": "/settings/copies",
            "keys": "/settings/keys",
            "the sheet for the drawer": "/settings/keys/sheet",
            "other calendars": "/settings/calendars",
            "a calendar account": "/settings/calendars/account",
            "account": "/account",
            "this device": "/account/device",
            "password": "/account/password",
            "another e-mail address": "/account/email",
            "signing in": "/account/security",
            "an app for codes": "/account/second-step",
            "recovery codes": "/account/recovery-codes",
            "passkeys": "/account/passkeys",
            "signed-in devices": "/account/devices",
            "is it you": "/account/confirm?next=/account/devices",
            "requests about data": "/privacy/requests",
            "how long it is kept": "/privacy/retention",
            "privacy in order": "/privacy/check",
            "record of processing": "/privacy/processing",
            "a line of the record": "/privacy/processing/new?from=planning",
            "a line of one's own": p.processing,
            "processors": "/privacy/processors",
            "a new processor": "/privacy/processors/new",
            "a processor": p.processor,
            "breaches": "/privacy/breaches",
            "a new breach": "/privacy/breaches/new",
            "a breach": p.breach,
            "correct a note": p.past_walk + "/note/correct",
            "help": "/help",
            "privacy": "/privacy",
            "licences": "/licences",
        }
    )


def _as_they_open(addresses: dict[str, str]) -> list[Sight]:
    return [Sight(name, address) for name, address in addresses.items()]


def refused(p: Practice) -> list[Sight]:
    """Forms that come back."""
    return [
        Sight("new client, refused", "/clients/new", 422, fill(first_name="", email="geen adres")),
        Sight("change client, refused", p.client + "/edit", 422, fill(first_name="")),
        Sight("new route, refused", "/routes/new", 422, fill(name="")),
        Sight("have a loop made, refused", "/routes/loops", 422, fill("main form .primary", minutes="9")),
        Sight("a path engine that is silent", "/routes/loops", 503, fill("main form .primary")),
        Sight("a whole line, refused", p.route + "/draw", 422, fill("form[action$='/line'] [type=submit]")),
        Sight("new place, refused", p.route + "/points/new", 422, fill()),
        Sight("photo of a route, refused", p.route + "/photo/edit", 422, fill()),
        Sight("new exercise, refused", "/toolkit/new", 422, fill(title="")),
        Sight("walk, refused", p.coming_walk + "/edit", 422, fill(minutes="900")),
        Sight("cancel walk, refused", p.coming_walk + "/cancel", 422, fill()),
        Sight("series, refused", p.coming_walk + "/series", 422, fill(every_weeks="90")),
        Sight(
            "log, refused", p.client.replace("/clients/", "/walks/log?client="), 422, fill(date="2027-01-05")
        ),
        Sight("report, refused", p.client + "/report?chosen=1&parts=x", 422),
        Sight("safety, refused", p.client + "/safety", 422, fill()),
        Sight("a breach, refused", "/privacy/breaches/new", 422, fill()),
        Sight("terms, refused", "/privacy/retention", 422, fill(notes_months="13")),
        Sight("request, refused", p.client + "/requests", 422, fill(asked_on="")),
        Sight("review, refused", p.client + "/reviews/new", 422, no_kind),
        Sight("a score, refused", p.client + "/measures/new", 422, fill(score="veel")),
        Sight("settings, refused", "/settings", 422, fill(home="zuid")),
        Sight(
            "days off, refused", "/settings/agenda", 422, fill(off_last_0="2027-01-05", minutes_before="-")
        ),
        Sight(
            "other calendars, refused",
            "/settings/calendars",
            422,
            fill("main form .primary", address="thuis"),
        ),
        Sight("a calendar account, refused", "/settings/calendars/account", 422, fill()),
        Sight("better hours, refused", p.coming_walk.replace("/walks/", "/slots?minutes=9&walk="), 422),
        Sight("better hours in a plan", p.coming_walk + "/edit", act=fill("main [name=move][value=hours]")),
        Sight("storm day, what changes", "/storm?date=2026-11-23&until=2026-12-06", act=decide),
        Sight("storm day, refused", "/storm?date=2026-11-23&until=2027-11-23", 422),
        Sight("the sheet, refused", "/settings/keys", 422, fill("main form .primary", sheet="geen blad")),
        Sight("password, refused", "/account/password", 422, fill()),
        Sight(
            "a sentence, refused", "/settings/notes", 422, fill("form[action$='/sentences'] [type=submit]")
        ),
        Sight(
            "an addition, refused", p.past_walk + "/note", 422, fill("form[action$='/addenda'] [type=submit]")
        ),
        Sight("form expired", p.route + "/edit", 400, expired),
        Sight("not here", "/routes/1", 404),
    ]


def after_writing(p: Practice) -> list[Sight]:
    """States that only come by changing something; the last one ends the link."""
    note = p.coming_walk + "/note"
    return [
        Sight("walk a client cannot come to", p.link, act=cannot_come(p.coming_walk)),
        Sight("hours instead of one that cannot be", p.coming_walk.replace("/walks/", "/slots?walk=")),
        Sight("week with an answer", "/"),
        Sight("note without a tool", note, 422, close_without_script),
        Sight("walk cancelled", p.coming_walk + "/cancel", act=cancel),
        Sight("saved elsewhere", p.route + "/edit", 409, stale),
        Sight("a client's calendar", p.client + "/link", act=fill("form[action$='/feed'] [type=submit]")),
        Sight("the coach's calendar", "/settings", act=fill("form[action$='/feed'] [type=submit]")),
        Sight(
            "a calendar added",
            "/settings/calendars",
            act=fill("main form .primary", name="Thuis", address="https://agenda.example.org/a.ics"),
        ),
        Sight("link withdrawn", p.client + "/link", act=fill("form[action$='link/revoke'] [type=submit]")),
        Sight("no link, no card", p.client + "/link/card"),
        Sight("a red answer", p.client + "/safety", act=answer_red),
        Sight("client with a red answer", p.client),
        Sight("safety after a red answer", p.client + "/safety"),
        Sight("no consent to health", p.client + "/consent", act=withdraw_consent),
        Sight("client without consent", p.client),
        Sight("progress without consent", p.client + "/progress"),
        Sight("client ended", p.client, act=fill("form[action$=end] [type=submit]")),
    ]


def without_sign_in(p: Practice) -> list[Sight]:
    """What somebody else sees."""
    gone = "/s/" + "A" * 43 + "/"
    return [
        Sight("sign in", "/login", signed_in=False),
        Sight("sign in, refused", "/login", 422, fill("main [type=submit]"), signed_in=False),
        Sight("begin", p.setup, signed_in=False),
        Sight("begin, refused", p.setup, 422, fill(), signed_in=False),
        Sight("begin, gone", "/setup/zomaar", 404, signed_in=False),
        Sight("forgot the password", "/reset", signed_in=False),
        Sight("another password", p.reset, signed_in=False),
        Sight("another password, refused", p.reset, 422, fill(), signed_in=False),
        Sight("another e-mail address, by mail", p.new_email, signed_in=False),
        Sight("client's page", p.link, signed_in=False, language="nl"),
        Sight("client's big map", p.client_map, signed_in=False, language="nl"),
        Sight("client's page, other language", p.link + "?lang=en", signed_in=False, language="en"),
        Sight("link gone", gone, 404, signed_in=False),
        Sight("lost link", "/s/", signed_in=False),
        Sight("lost link, refused", "/s/", 422, fill("main [type=submit]"), signed_in=False),
        Sight(
            "lost link, asked",
            "/s/",
            act=fill("main [type=submit]", email="sanne@example.org"),
            signed_in=False,
        ),
        Sight("link seen by a machine", p.link, signed_in=False, by_machine=True),
    ]
