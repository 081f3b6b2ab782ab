"""Makers straight through the services, for tests about the house itself: they need no page to be right."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from planner.domain import busy
from planner.domain.answers import SIGNS
from planner.domain.clients import ClientDetails, ClientName, HealthDetails
from planner.domain.exercises import ExerciseFacts, ExerciseTexts
from planner.domain.messages import Text
from planner.domain.notes import BoundaryMoment, NoteContent
from planner.domain.privacy import (
    BREACHES,
    PROCESSING,
    PROCESSORS,
    BreachLine,
    Line,
    ProcessingLine,
    ProcessorLine,
)
from planner.domain.progress import Measure, ReviewContent
from planner.domain.routes import RouteFacts, RouteTexts, WaypointTexts
from planner.domain.walks import PlannedPart, WalkDetails
from planner.domain.when import local_to_moment
from planner.models import Account, Scope
from planner.services.calendars import busy_calendars, busy_jobs, coach_feeds
from planner.services.clients import client_answers, clients, passing_on, sharing
from planner.services.clients.client_answers import CheckIn, Say
from planner.services.messages import message_pages, outbox_orders
from planner.services.notes import note_addenda, note_drafts, note_wishes, notes
from planner.services.people import colleagues, invitations, practices, set_up, sign_in
from planner.services.privacy import privacy_requests, registers
from planner.services.progress import external_measures, held_reviews, progress
from planner.services.routes import route_changes, route_points
from planner.services.store import SignedIn
from planner.services.toolkit import toolkit
from planner.services.walks import walks

if TYPE_CHECKING:
    from tests.conftest import World

LINE = ((52.0840, 5.1720), (52.0862, 5.1765), (52.0845, 5.1811), (52.0821, 5.1777), (52.0840, 5.1720))
"""A round of about a kilometre."""


def make_client(world: World, first_name: str = "Sanne", *, who: str = "anna", **given: Any) -> int:
    """A client of this coach. Fields of ClientName, ClientDetails and HealthDetails by name; who has something about
    health has consented."""
    about_health = _taken(HealthDetails, given)
    command = clients.SaveClient(
        name=ClientName(first_name, given.pop("last_name", "")),
        details=ClientDetails(**_taken(ClientDetails, given)),
        health=HealthDetails(**about_health),
        consent_health=given.pop("consent_health", bool(about_health)),
        **given,
    )
    return clients.create(world.store, world.coach(who), command, world.now, reads_texts=True)


def make_route(
    world: World, name: str = "Rondje bos", *, who: str = "anna", line: bool = False, **given: Any
) -> int:
    """A route of this coach's practice: in words, or with a line. Fields of RouteTexts and RouteFacts by name."""
    command = route_changes.WriteRoute(
        texts=RouteTexts(name, **_taken(RouteTexts, given)),
        facts=RouteFacts(**_taken(RouteFacts, given)),
        gpx=gpx() if line else None,
        **given,
    )
    return route_changes.create(world.store, world.coach(who), command, world.now).id


def gpx() -> bytes:
    """A small file with a line, as a phone writes it."""
    points = "".join(f'<trkpt lat="{lat}" lon="{lon}"><ele>4.0</ele></trkpt>' for lat, lon in LINE)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="test" '
        f'xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{points}</trkseg></trk></gpx>'
    ).encode()


def make_point(
    world: World, route_id: int, name: str = "Bankje", *, road: str = "", who: str = "anna", **where: float
) -> None:
    """A place on a route. `where`: latitude and longitude, or along_m."""
    command = route_points.WritePoint("bench", WaypointTexts(name, nearest_road=road), **where)
    route_points.add(world.store, world.coach(who), route_id, command, world.now)


def an_exercise(world: World, key: str | None = None, *, who: str = "anna") -> int:
    """The id of a shipped exercise of this coach's practice; any that may be done outdoors, or the one with this
    key."""
    found = toolkit.listing(world.store, world.coach(who))
    return next(one.id for one in found if (one.key == key if key else one.facts.allows("outdoors")))


def make_exercise(world: World, title: str = "Drie bomen", *, who: str = "anna") -> int:
    """An exercise of the coach's own."""
    texts = ExerciseTexts(title_nl=title, title_en=title, steps_nl=(title,), steps_en=(title,))
    facts = ExerciseFacts("senses", ("feeling",), 3, 6, ("walking",))
    command = toolkit.WriteExercise(facts, texts)
    return toolkit.create(world.store, world.coach(who), command, world.now)


def make_walk(
    world: World,
    client_id: int,
    starts: datetime | str | None = None,
    *,
    who: str = "anna",
    minutes: int = 40,
    exercises: tuple[int, ...] = (),
    for_client: bool = False,
    **given: Any,
) -> int:
    """A planned walk; tomorrow at this hour unless told. Fields of WalkDetails and PlanWalk by name."""
    if isinstance(starts, str):
        starts = datetime.fromisoformat(starts)
    parts = tuple(PlannedPart("exercise", 5, one, for_client) for one in exercises)
    details = WalkDetails(**_taken(WalkDetails, given))
    command = walks.PlanWalk(
        client_id,
        starts or _tomorrow(world),
        minutes,
        parts=(PlannedPart("walk_talk", minutes - 5 * len(parts)), *parts),
        details=details,
        **({"keep_clash": True} | given),
    )
    result = walks.plan(world.store, world.coach(who), command, world.now)
    assert result.walk_id is not None, result
    return result.walk_id


def make_note(
    world: World,
    walk_id: int,
    *,
    who: str = "anna",
    outcome: str | None = "walked",
    close: bool = False,
    **content: Any,
) -> None:
    """The note of a walk. Fields of NoteContent by name; anything in it asks for consent to health."""
    command = notes.SaveNote(outcome, NoteContent(**content), close=close)
    notes.save(world.store, world.coach(who), walk_id, command, world.now)


def make_long_note(world: World, walk_id: int, text: str) -> None:
    """A closed note that was changed before, with something added later, and a draft that was left; each says this."""
    coach = world.coach()
    make_note(world, walk_id, felt_text=text, energy_before=3)
    left = note_drafts.Typed((("felt_text", text),), ("felt_text",), 1, "another form")
    note_drafts.keep(world.store, coach, walk_id, left, world.now)
    content = NoteContent(
        felt_text=f"{text}.",
        energy_before=3,
        tool_text="zuchten",
        boundary=BoundaryMoment(text, 6),
        client_words="ja",
    )
    notes.save(world.store, coach, walk_id, notes.SaveNote("walked", content, 1, close=True), world.now)
    make_addendum(world, walk_id, text)


def make_review(
    world: World, client_id: int, kind: str = "between", *, who: str = "anna", **content: Any
) -> int:
    """A talk about how it goes, held now. Fields of ReviewContent by name."""
    coach = world.coach(who)
    command = held_reviews.WriteReview(kind, ReviewContent(**content))
    held_reviews.hold(world.store, coach, client_id, command, world.now)
    return progress.page(world.store, coach, client_id, world.now).held[0].id


def make_measure(world: World, client_id: int, *, who: str = "anna", **measure: Any) -> int:
    """A score that somebody else took today. Fields of Measure by name."""
    coach = world.coach(who)
    given = {"name": "Vragenlijst", "taken_on": world.now.date(), "score": 12.0, "taken_by": "gp"} | measure
    external_measures.add(world.store, coach, client_id, Measure(**given), world.now)
    return progress.page(world.store, coach, client_id, world.now).measures[0].id


def make_request(
    world: World, client_id: int, text: str = "", *, who: str = "anna", kind: str = "access"
) -> int:
    """A request about data, asked today; gives its id."""
    coach = world.coach(who)
    privacy_requests.add(world.store, coach, client_id, kind, world.now.date(), text, world.now)
    return privacy_requests.of_client(world.store, coach, client_id)[0].id


def make_register_line(world: World, kind: str, text: str = "", *, who: str = "anna") -> int:
    """A line of a register of this coach's practice; gives its id."""
    lines: dict[str, Line] = {
        PROCESSING: ProcessingLine(text),
        PROCESSORS: ProcessorLine(text),
        BREACHES: BreachLine(world.now, text),
    }
    coach = world.coach(who)
    before = {one.id for one in registers.listing(world.store, coach, kind)}
    registers.write(world.store, coach, kind, None, lines[kind], world.now)
    return next(
        one.id for one in registers.listing(world.store, coach, kind) if one.id and one.id not in before
    )


def make_addendum(world: World, walk_id: int, text: str, *, who: str = "anna") -> None:
    """Something under a note that is closed."""
    note_addenda.add(world.store, world.coach(who), walk_id, text, world.now)


def make_sentence(world: World, text: str = "Even stilgestaan.", *, who: str = "anna") -> int:
    """A sentence this coach often writes; gives its id."""
    note_wishes.add_sentence(world.store, world.coach(who), text, world.now)
    kept = note_wishes.of_coach(world.store, world.coach(who)).sentences
    return next(one.id for one in kept if one.text == text)


def make_link(world: World, client_id: int, *, who: str = "anna") -> str:
    """The path of a new personal link for this client."""
    coach = world.coach(who)
    sharing.make_or_renew(world.store, coach, client_id, world.now)
    link = sharing.state_of(world.store, coach, client_id, world.now).link
    assert link is not None
    return link.path


def make_feed(world: World, client_id: int, *, who: str = "anna") -> str:
    """The path of a new calendar feed for this client."""
    coach = world.coach(who)
    sharing.make_or_renew(world.store, coach, client_id, world.now, sharing.FEED)
    feed = sharing.state_of(world.store, coach, client_id, world.now).feed
    assert feed is not None
    return feed.path


def make_calendar(world: World, *, who: str = "anna") -> str:
    """The path of a new feed of this coach's own walks."""
    coach_feeds.make_or_renew(world.store, world.coach(who), world.now)
    feed = coach_feeds.state_of(world.store, world.coach(who))
    assert feed is not None
    return feed.path


def make_other_calendar(world: World, name: str = "Thuis", *, who: str = "anna", **access: str) -> int:
    """Another calendar of this coach, by address unless told, in which one hour is busy: tomorrow's from nine, or the
    one that begins `at`; gives its id."""
    at = access.pop("at", None)
    begins = local_to_moment(datetime.fromisoformat(at)) if at else _tomorrow_at_nine(world)
    kind = access.pop("kind", busy.ICS)
    address = access.pop("address", f"https://agenda.example.org/{name}.ics")
    source = KnownTimes((busy.Busy(begins, begins + timedelta(hours=1)),))
    before = {one.id for one in busy_calendars.listing(world.store, world.coach(who), world.now)}
    calendar = busy.CalendarAccess(address, name, **access)
    busy_calendars.add(world.store, world.coach(who), kind, calendar, world.now)  # type: ignore[arg-type]
    busy_jobs.read_due(world.store, source, world.now)
    after = {one.id for one in busy_calendars.listing(world.store, world.coach(who), world.now)}
    return (after - before).pop()


@dataclass(frozen=True)
class KnownTimes:
    """A CalendarSource that says these times of every calendar."""

    times: tuple[busy.Busy, ...]

    def read(self, *asked: object) -> busy.CalendarRead:
        return busy.CalendarRead(self.times)


def answer(world: World, link: str, walk_id: int, said: str = "", **given: Any) -> None:
    """What a client says behind their link about a coming walk: coming or cannot; a `length`; energy_week and
    functioning_week."""
    opened = sharing.by_token(world.store, link.split("/")[2], world.now)
    assert opened is not None
    length = given.pop("length", "")
    if said or length:
        client_answers.say(world.store, opened, walk_id, Say(said, length), world.now)
    if given:
        client_answers.check_in(world.store, opened, walk_id, CheckIn(given), world.now)


def give_signs(world: World, link: str, walk_id: int, **given: str | None) -> None:
    """The four signs after a walk; yes, unless told."""
    opened = sharing.by_token(world.store, link.split("/")[2], world.now)
    assert opened is not None
    signs = dict.fromkeys(SIGNS, "yes") | given
    client_answers.signs(world.store, opened, walk_id, signs, world.now)


def make_sent_message(world: World, walk_id: int, place: str, *, who: str = "anna") -> int:
    """The confirmation of a coming walk, which the coach sent by hand; gives the message's id."""
    coach = world.coach(who)
    (one,) = message_pages.of_walk(world.store, coach, walk_id, world.now, "", mails=True).ready
    text = Text("Wandelafspraak", f"Waar: {place}", f"<p>{place}</p>")
    outbox_orders.sent_by_hand(world.store, coach, one.id, None, text, "", world.now)
    return one.id


def make_access(
    world: World,
    client_id: int,
    reason: str = "Vakantie",
    *,
    who: str = "anna",
    reader: str | None = None,
    until_on: date | None = None,
) -> int:
    """A client shared with a colleague, the first one unless told, for a week unless told; gives the id of the row."""
    coach = world.coach(who)
    to = world.coach(reader).id if reader else colleagues.others(world.store, coach, world.now)[0].id
    last = until_on or world.now.date() + timedelta(days=7)
    passing_on.share(world.store, coach, client_id, to, last, reason, world.now)
    return passing_on.standing(world.store, coach, client_id, world.now).accesses[0].id


def invite(world: World, *, who: str = "anna", email: str = "dora@example.org", role: str = "coach") -> int:
    """A colleague who has not begun yet."""
    new = set_up.NewCoach("Dora Dekker", email, None, role=role)
    return invitations.invite(world.store, world.coach(who), new, world.now)


def hire(world: World, who: str, role: str, *, beside: str = "anna") -> SignedIn:
    """Somebody more in the practice of a coach, signed in."""
    email = f"{who}@example.org"
    new = set_up.NewCoach(who.capitalize(), email, None, role=role)
    owner_id, coach_id = set_up.add_coach(world.store, new, world.now, world.coach(beside).owner_id)
    with world.store.db.unowned_write() as connection:  # a password nobody knows: hashing one takes long
        signs_in = update(Account).where(Account.coach_id == coach_id).values(password_hash="-")
        connection.execute(signs_in)
    token = sign_in.begin(world.store, Scope(owner_id, coach_id, "coach", coach_id), world.now)
    world.tokens = {**world.tokens, who: token}
    return world.coach(who)


def a_time(text: str) -> datetime:
    """A wall time, as the services take it."""
    return datetime.fromisoformat(text)


def _taken(kind: type, given: dict[str, Any]) -> dict[str, Any]:
    """Takes the fields of this kind of value out of what was given."""
    return {one.name: given.pop(one.name) for one in fields(kind) if one.name in given}


def _tomorrow_at_nine(world: World) -> datetime:
    return local_to_moment(_tomorrow(world).replace(hour=9, minute=0))


def _tomorrow(world: World) -> datetime:
    from tests.conftest import AMSTERDAM

    return (world.now + timedelta(days=1)).astimezone(AMSTERDAM).replace(second=0, microsecond=0, tzinfo=None)


def move_practice(world: World, zone: str, who: str = "anna") -> None:
    """Its days and hours are those of this zone from now on."""
    coach = world.coach(who)
    kept = practices.open_practice(world.store, coach)
    changed = practices.ChangePractice(replace(kept.settings, zone=zone), kept.contact, kept.version)
    practices.change(world.store, coach, changed, world.now)
