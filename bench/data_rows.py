"""The rows of a data set: what a coach, a client and a walk leave behind in every table."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from planner.domain.clients import HEALTH, ClientDetails, ClientName, HealthDetails
from planner.domain.messages import CONFIRMATION, SENT, Written
from planner.domain.notes import WALKED, NoteContent
from planner.domain.practices import PracticeSettings
from planner.domain.routes import RouteFacts, RouteTexts
from planner.domain.walks import CANCELLED, DONE, OUTDOORS, PLANNED, WalkDetails
from planner.domain.weather_values import Reason, Verdict
from planner.domain.when import local_to_moment
from planner.models import new_id
from planner.services.clients.consents import text_version
from planner.services.store import SignedIn
from planner.services.vault import Place, Vault

Rows = Iterator[tuple[str, dict[str, Any]]]
FIRST = (
    "Sanne",
    "Joost",
    "Fatima",
    "Pieter",
    "Inge",
    "Daan",
    "Noor",
    "Bas",
    "Emma",
    "Ruben",
    "Lotte",
    "Sem",
    "Anouk",
)
LAST = (
    "de Vries",
    "Jansen",
    "Bakker",
    "Smit",
    "Visser",
    "Meijer",
    "Mulder",
    "Bos",
    "Vos",
    "Peters",
    "Hendriks",
)
PLACES = ("Bankje bij de vijver", "Parkeerplaats oost", "Station, hoofdingang", "Hek van het landgoed", "")
FELT = (
    "Rustig begonnen, na een kwartier werd het praten minder. ",
    "Onder de bomen kwam er ruimte. ",
    "Moe, en toch voldaan. ",
)
LONG_NOTE_BYTES = 1900
WEATHER = msgspec.json.encode(
    Verdict("adapt", reasons=(Reason("wind_chill", "adapt", 3.2, 5.0, "°C"),), source="met-norway")
).decode()


@dataclass
class Person:
    """A client, with the key of what is sealed about them."""

    id: int
    key: bytes


@dataclass
class Coach:
    """`coming`: their walks from now on; `noted`: those of the first client that have a long note."""

    owner_id: int
    id: int
    key: bytes
    routes: list[int]
    exercises: list[int]
    clients: list[Person] = field(default_factory=list)
    coming: list[int] = field(default_factory=list)
    noted: list[int] = field(default_factory=list)

    @property
    def of_it(self) -> dict[str, int]:
        return {"owner_id": self.owner_id, "coach_id": self.id}


class Maker:
    """Makes rows; the same chances give the same rows, but for keys and ids."""

    def __init__(self, vault: Vault, chance: random.Random, now: datetime) -> None:
        self._vault, self._chance, self._now = vault, chance, now

    def coach_of(self, coach: SignedIn, key: bytes, routes: list[int], exercises: list[int]) -> Coach:
        return Coach(coach.owner_id, coach.id, key, routes, exercises)

    def new_coach(self) -> Coach:
        owner_id = new_id()
        return Coach(owner_id, new_id(), self._vault.new_key(owner_id), [new_id() for _ in range(6)], [])

    def practice_rows(self, one: Coach) -> Rows:
        then = self._now - timedelta(days=400)
        settings = msgspec.json.encode(PracticeSettings()).decode()
        yield (
            "practice",
            {
                "id": one.owner_id,
                "wrapped_key": one.key,
                "settings": settings,
                "contact_sealed": None,
                "created_at": then,
                "version": 1,
            },
        )
        sealed = {
            name: self._sealed(one.key, "coach", name, one.id, one.owner_id, "Coach")
            for name in ("name_sealed", "email_sealed")
        }
        yield (
            "coach",
            {"id": one.id, "owner_id": one.owner_id, "language": "nl", "created_at": then, "role": "lead"}
            | sealed,
        )

    def route_rows(self, coaches: list[Coach]) -> Rows:
        facts = msgspec.json.encode(RouteFacts(surface="mixed", environment_tags=("forest",))).decode()
        for one in coaches:
            for number, route in enumerate(one.routes):
                texts = RouteTexts(f"Rondje {number}", PLACES[number % len(PLACES)])
                yield (
                    "route",
                    {
                        "id": route,
                        "owner_id": one.owner_id,
                        "facts": facts,
                        "points": 0,
                        "version": 1,
                        "latitude": round(self._chance.uniform(51.5, 53), 4),
                        "longitude": round(self._chance.uniform(4.5, 6.5), 4),
                        "sealed": self._sealed(one.key, "route", "sealed", route, one.owner_id, texts),
                        "created_at": self._now - timedelta(days=300),
                    },
                )

    def client_rows(self, one: Coach, number: int) -> Rows:
        """Clients who gave consent; they have a name, an address and something about their health."""
        then = self._now - timedelta(days=380)
        for _ in range(number):
            client_id = new_id()
            key = self._vault.new_key(client_id)
            one.clients.append(Person(client_id, key))
            values = {
                "name_sealed": ClientName(self._chance.choice(FIRST), self._chance.choice(LAST)),
                "details_sealed": ClientDetails(email="", phone="0612345678"),
                "health_sealed": HealthDetails(
                    help_question="Weer energie krijgen.", goal="Elke dag naar buiten."
                ),
            }
            sealed = {
                name: self._sealed(key, "client", name, client_id, client_id, value)
                for name, value in values.items()
            }
            yield (
                "client",
                one.of_it
                | sealed
                | {
                    "id": client_id,
                    "wrapped_key": key,
                    "status": "active",
                    "language": "nl",
                    "show_first_name": False,
                    "page_asks": "",
                    "reminders": True,
                    "mails_by_itself": False,
                    "mail_digest": b"",
                    "started_on": then.date(),
                    "created_at": then,
                    "version": 1,
                },
            )
            yield (
                "consent",
                one.of_it
                | {
                    "id": new_id(),
                    "client_id": client_id,
                    "purpose": HEALTH,
                    "text_version": text_version(HEALTH),
                    "given_at": then,
                    "refused_at": None,
                    "withdrawn_at": None,
                },
            )

    def walk_rows(self, one: Coach, starts_local: datetime, often: Person | None) -> Rows:
        """A walk with a plan; of one that is over also the note, and what was sent about every second one. `often`: the
        client with long notes."""
        client = often or self._chance.choice(one.clients[1:])
        starts_at = local_to_moment(starts_local)
        over, walk = starts_at < self._now, new_id()
        of_client = one.of_it | {"client_id": client.id}
        then = starts_at - timedelta(days=7)
        status = (CANCELLED if self._chance.random() < 0.05 and not often else DONE) if over else PLANNED
        details = WalkDetails(meeting_point=self._chance.choice(PLACES), focus="Grenzen voelen")
        yield (
            "walk",
            of_client
            | {
                "id": walk,
                "starts_local": starts_local,
                "zone": "Europe/Amsterdam",
                "starts_at": starts_at,
                "minutes": self._chance.choice((30, 40, 50, 60)),
                "setting": OUTDOORS,
                "status": status,
                "outcome": WALKED if status == DONE else None,
                "route_id": self._chance.choice(one.routes),
                "sealed": self._sealed(client.key, "walk", "sealed", walk, client.id, details),
                "weather": WEATHER if over else None,
                "length": "normal",
                "asks_first": False,
                "sequence": 0,
                "version": 1,
                "created_at": then,
                "changed_at": then,
            },
        )
        yield "audit_entry", self._entry(of_client, one, then, "walk", walk)
        yield from self._parts(one, of_client, walk)
        if not over:
            one.coming.append(walk)
        elif status == DONE:
            yield from self._note(one, of_client, client, walk, starts_at, long=often is not None)
        if walk % 2:
            yield from self._message(of_client, client, walk, then)

    def _parts(self, one: Coach, of_client: dict[str, int], walk: int) -> Rows:
        parts: list[tuple[str, int, int | None]] = [("walk_talk", 20, None), ("silent", 10, None)]
        if one.exercises:
            parts.append(("exercise", 5, self._chance.choice(one.exercises)))
        for position, (segment, minutes, exercise) in enumerate(parts):
            yield (
                "plan_item",
                of_client
                | {
                    "id": new_id(),
                    "walk_id": walk,
                    "position": position,
                    "segment": segment,
                    "minutes": minutes,
                    "exercise_id": exercise,
                    "for_client": False,
                },
            )

    def _note(
        self, one: Coach, of_client: dict[str, int], client: Person, walk: int, at: datetime, *, long: bool
    ) -> Rows:
        note, text = new_id(), self._chance.choice(FELT)
        if long:
            one.noted.append(walk)
            text = (text * (LONG_NOTE_BYTES // len(text) + 1))[:LONG_NOTE_BYTES]
        before, after = self._chance.randrange(2, 6), self._chance.randrange(4, 9)
        content = NoteContent(
            energy_week=before,
            functioning_week=before,
            energy_before=before,
            energy_after=after,
            movement=2,
            feeling=1,
            felt_text=text,
            next_focus="Rustig aan",
        )
        written = at + timedelta(hours=2)
        yield (
            "note",
            of_client
            | {
                "id": note,
                "walk_id": walk,
                "sealed": self._sealed(client.key, "note", "sealed", note, client.id, content),
                "created_at": written,
                "changed_at": written,
                "closed_at": None if long else written,
                "version": 1,
            },
        )
        yield "audit_entry", self._entry(of_client, one, written, "note", note)

    def _message(self, of_client: dict[str, int], client: Person, walk: int, at: datetime) -> Rows:
        message = new_id()
        written = Written(kind=CONFIRMATION, to="a@example.org", subject="Wandelafspraak", text="Tot dan.")
        yield (
            "message",
            of_client
            | {
                "id": message,
                "kind": CONFIRMATION,
                "walk_id": walk,
                "state": SENT,
                "due_at": at,
                "attempts": 1,
                "by_hand": False,
                "told_sequence": 0,
                "sealed": self._sealed(client.key, "message", "sealed", message, client.id, written),
                "sent_at": at,
                "created_at": at,
                "changed_at": at,
            },
        )

    def _entry(
        self, of_client: dict[str, int], one: Coach, at: datetime, kind: str, of_row: int
    ) -> dict[str, Any]:
        return {
            "owner_id": one.owner_id,
            "at": at,
            "actor": "coach",
            "actor_id": one.id,
            "action": "created",
            "kind": kind,
            "object_id": of_row,
            "client_id": of_client["client_id"],
        }

    def _sealed(self, key: bytes, table: str, column: str, row: int, subject: int, value: Any) -> bytes:
        return self._vault.seal(key, Place(table, column, row, subject), value)
