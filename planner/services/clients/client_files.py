"""What the pages about clients show around them: the list with who walks next, and one client's whole file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.answers import match
from planner.domain.clients import HEALTH, PriorHelp
from planner.domain.exercise_wish import Chosen
from planner.domain.screening import RED_NOW, LastTime, last_time, parked_for_therapist
from planner.domain.walks import CANCELLED, DONE, PLANNED
from planner.domain.when import day_on
from planner.models import Client, Walk
from planner.services import fixed_texts
from planner.services.clients import answers, clients, consents, safety, sharing
from planner.services.clients.answers import SignsLine
from planner.services.clients.clients import ACTIVE, ClientRow, OpenClient
from planner.services.clients.consents import Answer
from planner.services.clients.safety import KeptScreening
from planner.services.clients.sharing import LinkState
from planner.services.fixed_texts import Block, FixedText
from planner.services.notes import notes, open_notes
from planner.services.notes.notes import NoteLine
from planner.services.progress import measurements
from planner.services.store import SignedIn, Store, client_gate, practice_of, settings_of
from planner.services.toolkit import exercise_choices, toolkit
from planner.services.walks import walk_rows
from planner.services.walks.walk_rows import NextWalk, WalkRow

LOOK_AHEAD = 200
"""Walks of the whole agenda among which each client's next one is looked for."""
EARLIER_SHOWN = 10
_STATUSES = select(Client.status, func.count()).group_by(Client.status)


@dataclass(frozen=True, slots=True)
class ListedClient:
    """A line of the list, with the walk that comes next. `cannot`: the client said that they cannot come to it."""

    row: ClientRow
    next_walk: NextWalk | None
    cannot: bool = False


@dataclass(frozen=True, slots=True)
class ClientList:
    """`others`: how many are paused or ended. `to_part_with`: clients who took back their consent for health, whose
    file is to be handed over or erased (P03). `any`: whether this coach has clients at all."""

    lines: tuple[ListedClient, ...]
    others: int
    to_part_with: tuple[ClientRow, ...]
    any: bool


@dataclass(frozen=True, slots=True)
class ClientFile:
    """Everything of a dossier. `past`: walks that are over or cancelled, newest first. `notes` by walk; none without
    active consent. `titles`: exercise id to title in the coach's language. `signs`: oldest first.
    `chosen`: title of each exercise that was suggested for this client, and what became of it. `parked`: for the
    therapist. `alerts`: measures that went down so far that the safety questions are to be asked again. `cannot`: ids
    of the coming walks to which the client said that they cannot come. `unwritten`: walks that wait for their note,
    newest first, by the same rule as the week."""

    client: OpenClient
    coming: tuple[WalkRow, ...]
    past: tuple[WalkRow, ...]
    notes: dict[int, NoteLine]
    home_step: str | None
    worked: tuple[str, ...]
    titles: dict[int, str]
    link: LinkState
    consent: Answer
    screened: KeptScreening | None
    held: str | None
    signs: tuple[SignsLine, ...]
    chosen: tuple[tuple[str, Chosen], ...]
    parked: tuple[str, ...]
    alerts: tuple[str, ...]
    cannot: frozenset[int]
    unwritten: tuple[WalkRow, ...]

    @property
    def to_repeat(self) -> WalkRow | None:
        """The walk that took place last, to plan the same again."""
        return next((walk for walk in self.past if walk.status != CANCELLED), None)

    @property
    def match(self) -> str:
        """What the signs of the right match come to: unknown, ok or talk."""
        sums = [line.content.sum_of_signs for line in self.signs]
        return match([total for total in sums if total is not None])

    @property
    def tight_chest(self) -> NoteLine | None:
        """The newest note with a tight chest, until the safety questions are asked after it."""
        asked_at = self.screened.asked_at if self.screened else None
        told = (line for line in self.notes.values() if line.content.has_tight_chest)
        return next((line for line in told if asked_at is None or asked_at < line.created_at), None)

    @property
    def last(self) -> WalkRow | None:
        """The walk that was walked last."""
        return next((walk for walk in self.past if walk.status == "done"), None)


@dataclass(frozen=True, slots=True)
class SafetyFile:
    """The safety questions of a client: asked before, newest first, and what waits. `walked`: a walk took place."""

    kept: tuple[KeptScreening, ...]
    held: str | None
    walked: bool

    @property
    def parked(self) -> tuple[str, ...]:
        """Codes of the questions for which therapy is often the best place."""
        return _parked(self.kept)

    @property
    def last(self) -> dict[str, LastTime]:
        """Of each question that was asked before: when, and what may be kept of it."""
        return last_time(one.record for one in reversed(self.kept))

    @property
    def raised_red(self) -> tuple[str, ...]:
        """Codes of the questions whose red answer still waits for a step."""
        return tuple(
            line.code
            for one in self.kept
            if not one.record.step_taken
            for line in one.record.lines
            if line.level == RED_NOW
        )


def overview(store: Store, coach: SignedIn, search: str, ended: bool, now: datetime) -> ClientList:
    with store.db.reading(coach.scope) as session:
        rows = clients.listing_in(store, session, search, ended)
        following = walk_rows.next_of_clients(session, now, LOOK_AHEAD)
        cannot = answers.cannot_come(store, session, [walk.id for walk in following.values()])
        counts = {row[0]: row[1] for row in session.execute(_STATUSES)}
        return ClientList(
            tuple(_listed(row, following.get(row.id), cannot) for row in rows),
            sum(counts.values()) - counts.get(ACTIVE, 0),
            _withdrew(store, session, HEALTH),
            bool(counts),
        )


def who_withdrew(store: Store, coach: SignedIn, purpose: str) -> tuple[ClientRow, ...]:
    """Clients of this coach who took back their yes: their file is to be handed over or erased (P03)."""
    with store.db.reading(coach.scope) as session:
        return _withdrew(store, session, purpose)


def _withdrew(store: Store, session: Session, purpose: str) -> tuple[ClientRow, ...]:
    withdrawn = consents.withdrawn(session, purpose)
    if not withdrawn:
        return ()
    everybody = (*clients.listing_in(store, session), *clients.listing_in(store, session, ended=True))
    return tuple(row for row in everybody if row.id in withdrawn)


def open_file(
    store: Store, coach: SignedIn, client_id: int, now: datetime, *, whole: bool = False
) -> ClientFile:
    """The dossier. `whole`: with all earlier walks, not just the last ones. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        client = clients.open_client(store, session, client_id)
        not_over = walk_rows.coming(store, session, client_id, now, cancelled=True)
        coming = tuple(walk for walk in not_over if walk.status == PLANNED)
        ahead = {walk.id for walk in coming}
        most = walk_rows.MANY if whole else EARLIER_SHOWN + len(not_over) + 1
        walks = walk_rows.of_client(store, session, client_id, most)
        past_consents = consents.history(session, client_id)
        lines = notes.of_client(store, session, client)
        titles = toolkit.titles(store, session, coach.language)
        screenings = safety.kept(store, session, client)
        screened = screenings if client.health_consent else ()
        today = day_on(now, settings_of(practice_of(session, coach.scope)).zone)
        worked = [titles[one] for one in sorted(notes.worked_tools(lines)) if one in titles]
        return ClientFile(
            client,
            coming,
            tuple(walk for walk in walks if walk.id not in ahead),
            {line.walk_id: line for line in lines},
            notes.last_home_step(lines),
            tuple(sorted(worked)),
            titles,
            sharing.state(store, session, client_gate(session, client_id), now),
            consents.answers(past_consents)[0],
            next(iter(screened), None),
            safety.what_holds(client, screenings),
            answers.signs_of(store, session, client),
            _chosen(exercise_choices.of_client(session, client.id), titles),
            _parked(screened),
            measurements.of_client(store, session, client, now, lines).alerts(today),
            answers.cannot_come(store, session, ahead),
            open_notes.unwritten(store, session, now, client_id),
        )


def _listed(row: ClientRow, walk: NextWalk | None, cannot: frozenset[int]) -> ListedClient:
    return ListedClient(row, walk, walk is not None and walk.id in cannot)


def _chosen(counted: dict[int, Chosen], titles: dict[int, str]) -> tuple[tuple[str, Chosen], ...]:
    return tuple(
        sorted(
            ((titles[one], count) for one, count in counted.items() if one in titles),
            key=lambda line: line[0],
        )
    )


def safety_file(store: Store, coach: SignedIn, client_id: int) -> SafetyFile:
    """Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        client = clients.open_client(store, session, client_id)
        screenings = safety.kept(store, session, client)
        done = select(Walk.id).where(Walk.client_id == client.id, Walk.status == DONE).limit(1)
        held = safety.what_holds(client, screenings)
        return SafetyFile(screenings, held, session.scalar(done) is not None)


def consent_history(store: Store, coach: SignedIn, client_id: int) -> tuple[Answer, ...]:
    """All that was ever answered, newest first. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        return consents.history(session, client_gate(session, client_id).id)


def texts_to_read(store: Store, coach: SignedIn, language: str) -> tuple[FixedText, ...]:
    """What a coach must have read before the first client (P04): in the practice's own words where it has them. None
    when they were read."""
    with store.db.reading(coach.scope) as session:
        if clients.has_read_texts(session, coach):
            return ()
        own = settings_of(practice_of(session, coach.scope)).texts
    shipped = fixed_texts.setup_texts(language)
    return tuple(_in_own_words(one, getattr(own, f"{one.code}_{one.language}")) for one in shipped)


def _in_own_words(text: FixedText, own: str) -> FixedText:
    return replace(text, blocks=(Block(paragraphs=tuple(own.split("\n\n"))),)) if own else text


def intake_asked(store: Store, coach: SignedIn) -> tuple[str, ...] | None:
    """Codes of the intake questions this practice asks; None: the default choice."""
    with store.db.reading(coach.scope) as session:
        return settings_of(practice_of(session, coach.scope)).intake_asked


def help_results(client: OpenClient, today: date) -> tuple[tuple[PriorHelp, str], ...]:
    """Each earlier help with the code of what the three-month rule says about it."""
    known = client.health.prior_help if client.health else ()
    return tuple((one, one.result(today)) for one in known)


def _parked(kept: tuple[KeptScreening, ...]) -> tuple[str, ...]:
    """`kept`: newest first."""
    return parked_for_therapist(one.record for one in reversed(kept))
