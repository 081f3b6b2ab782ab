"""Everything that is kept about one client, in one value (GDPR article 15): each table, each column, opened. What is in
it does not hang on consent: who withdrew it may still see what lies there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.answers import AnswerContent
from planner.domain.clients import ClientDetails, ClientName, HealthDetails
from planner.domain.messages import Written
from planner.domain.notes import AddedText, DraftText, NoteContent
from planner.domain.privacy import RequestText
from planner.domain.progress import Measure, ReviewContent
from planner.domain.screening import ScreeningRecord
from planner.domain.walks import WalkDetails
from planner.models import Base, Client
from planner.models.audit import audit_entry
from planner.services.people import colleagues, letters
from planner.services.people.colleagues import Colleague
from planner.services.privacy import portability
from planner.services.routes import route_rows
from planner.services.store import SignedIn, Store, client_gate
from planner.services.toolkit import toolkit
from planner.services.vault import Place

EXPORTED: Mapping[str, tuple[str, ...]] = {
    "client": (
        "id", "name_sealed", "details_sealed", "health_sealed", "status", "language", "show_first_name", "page_asks",
        "reminders", "mails_by_itself", "started_on", "ended_on", "created_at",
    ),
    "consent": ("id", "purpose", "text_version", "given_at", "refused_at", "withdrawn_at"),
    "screening": ("id", "asked_at", "sealed"),
    "series": ("id", "every_weeks", "until_on"),
    "walk": (
        "id", "starts_local", "zone", "starts_at", "minutes", "setting", "status", "outcome", "route_id", "sealed",
        "weather", "moved_from_local", "series_id", "length", "normal_minutes", "created_at", "changed_at",
    ),
    "plan_item": (
        "id", "walk_id", "position", "segment", "minutes", "exercise_id", "for_client", "at_minute", "waypoint_id",
    ),
    "exercise_choice": ("id", "walk_id", "exercise_id", "taken", "chosen_at"),
    "walk_answer": ("id", "walk_id", "about_at", "sealed", "created_at", "changed_at"),
    "note": ("id", "walk_id", "sealed", "created_at", "changed_at", "closed_at"),
    "note_addendum": ("id", "walk_id", "sealed", "written_at"),
    "note_draft": ("id", "walk_id", "sealed", "saved_at"),
    "note_revision": ("id", "walk_id", "sealed", "saved_at", "replaced_at"),
    "correction": ("id", "kind", "object_id", "corrected_at"),
    "external_measure": ("id", "sealed", "created_at"),
    "review": ("id", "kind", "sealed", "held_at"),
    "message": (
        "id", "kind", "walk_id", "state", "due_at", "problem", "by_hand", "sealed", "sent_at", "created_at",
        "changed_at",
    ),
    "share_link": ("id", "kind", "titles", "created_at", "renewed_at", "withdrawn_at", "withdrawn_by"),
    "weather_watch": ("id", "walk_id", "about_at", "known", "line", "said_at", "seen_at"),
    "privacy_request": ("id", "kind", "asked_on", "done_on", "sealed", "created_at"),
    "client_access": ("id", "reader_id", "from_at", "until_at", "ended_at", "sealed", "created_at"),
    "audit_entry": ("id", "at", "actor", "action", "kind", "object_id"),
}  # fmt: skip
"""What is in it, by table. A column is here or in LEFT_OUT, and a test walks them all."""
LEFT_OUT: Mapping[str, str] = {
    "*.owner_id": "the practice: said once, at the top",
    "*.coach_id": "the coach: said once, at the top",
    "*.client_id": "the client whose file it is",
    "*.version": "counts how often it was saved, so that two tabs do not overwrite each other",
    "client.wrapped_key": "the key itself; all it opens is in here",
    "client.mail_digest": "made from the e-mail address, which is in here",
    "share_link.generation": "a number from which the secret of a link is made",
    "walk.sequence": "counts changes for calendars",
    "walk.asks_first": "whether a message waits for the coach; the message is in here",
    "message.claimed_until": "which machine is busy sending it",
    "message.attempts": "how often a machine tried to send it",
    "message.told_sequence": "counts changes for calendars",
    "audit_entry.actor_id": "a number of a coach or of nobody; `actor` says what kind of person it was",
    "audit_entry.seq": "its place in the chain that shows that nothing was taken out",
    "audit_entry.digest": "the link of that chain",
    "erasure.*": "only of clients who are not there any more",
}
"""What is not, and why."""
IN_ORDER_OF = (
    "starts_at",
    "at",
    "asked_at",
    "written_at",
    "held_at",
    "saved_at",
    "chosen_at",
    "created_at",
    "given_at",
)
"""The moment by which the rows of a table are put in order."""
SEALED: Mapping[str, type] = {
    "client.name_sealed": ClientName,
    "client.details_sealed": ClientDetails,
    "client.health_sealed": HealthDetails,
    "screening.sealed": ScreeningRecord,
    "walk.sealed": WalkDetails,
    "walk_answer.sealed": AnswerContent,
    "note.sealed": NoteContent,
    "note_addendum.sealed": AddedText,
    "note_draft.sealed": DraftText,
    "note_revision.sealed": NoteContent,
    "external_measure.sealed": Measure,
    "review.sealed": ReviewContent,
    "message.sealed": Written,
    "privacy_request.sealed": RequestText,
    "client_access.sealed": str,
}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ClientExport:
    """`tables`: name to rows, each a column to its value; a sealed one opened. `exercises`, `routes` and `colleagues`:
    number to the name that a row means by it."""

    format: str
    made_at: datetime
    coach: str
    language: str
    tables: dict[str, list[Row]]
    exercises: dict[str, str]
    routes: dict[str, str]
    colleagues: dict[str, str]

    def as_json(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=1)


@dataclass(frozen=True, slots=True)
class TakenAlong:
    """What a client takes along: all of it, and what they supplied themselves."""

    everything: ClientExport
    supplied: portability.PortableFile


def export(store: Store, coach: SignedIn, client_id: int, now: datetime, today: date) -> TakenAlong:
    """Raises NotFound. That it is exported is written down first; reading it all then holds nobody up."""
    with store.db.transaction(coach.scope, now) as session:
        session.add(audit_entry(coach.scope, now, "exported", client_gate(session, client_id)))
        letters.put_in(store, session, (coach.owner_id, coach.id), "exported", now)
    people = colleagues.listing(store, coach, now)
    with store.db.reading(coach.scope) as session:
        client = client_gate(session, client_id)
        tables = {name: _rows(store, session, client, name) for name in EXPORTED}
        kit = toolkit.exercises(store, session, hidden=True)
        everything = ClientExport(
            "stap-voor-stap client file 1",
            now,
            coach.name,
            client.language,
            tables,
            {str(one.id): one.title(client.language) for one in kit},
            _route_names(store, session, tables["walk"]),
            _names(people, {row["reader_id"] for row in tables["client_access"]}),
        )
    return TakenAlong(everything, portability.supplied(tables, today))


def _rows(store: Store, session: Session, client: Client, name: str) -> list[Row]:
    kind = _class_of(name)
    which = kind.id == client.id if kind is Client else kind.client_id == client.id
    moment = next((getattr(kind, one) for one in IN_ORDER_OF if one in EXPORTED[name]), kind.id)
    found = session.scalars(select(kind).where(which).order_by(moment, kind.id))
    return [{column: _opened(store, client, row, name, column) for column in EXPORTED[name]} for row in found]


def _class_of(name: str) -> Any:
    return next(one.class_ for one in Base.registry.mappers if one.local_table.name == name)  # type: ignore[attr-defined]


def _opened(store: Store, client: Client, row: Any, name: str, column: str) -> Any:
    value = getattr(row, column)
    kind = SEALED.get(f"{name}.{column}")
    if kind is None or value is None:
        return value
    return store.vault.open(client.wrapped_key, Place(name, column, row.id, client.id), value, kind)


def _names(people: tuple[Colleague, ...], wanted: set[int]) -> dict[str, str]:
    return {str(one.id): one.name for one in people if one.id in wanted}


def _route_names(store: Store, session: Session, walks: list[Row]) -> dict[str, str]:
    wanted = {walk["route_id"] for walk in walks if walk["route_id"] is not None}
    return {str(one): route_rows.named(store, session, one).name for one in sorted(wanted)}
