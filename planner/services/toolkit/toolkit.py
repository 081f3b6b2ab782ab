"""The practice's toolkit: shipped exercises as loaded or edited, and the coach's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from planner.domain.exercises import ExerciseFacts, ExerciseTexts, ExerciseTitle
from planner.models import EVERYONE, Exercise, Practice, Scope, new_id
from planner.services.store import (
    Conflict,
    NotFound,
    SignedIn,
    Store,
    handled_before,
    practice_of,
    remember_form,
)
from planner.services.toolkit.toolkit_data import ShippedToolkit, shipped_toolkit
from planner.services.vault import Place


@dataclass(frozen=True, slots=True)
class ToolkitExercise:
    """An exercise as the coach has it. `key` names a shipped one; `edited` says that the coach changed it, so that a
    later edition leaves it alone. Cautions and evidence are for the coach only."""

    id: int
    key: str | None
    facts: ExerciseFacts
    texts: ExerciseTexts
    edited: bool
    hidden: bool
    version: int

    @property
    def is_own(self) -> bool:
        return self.key is None

    def title(self, language: str) -> str:
        return self.texts.title(language)

    def steps(self, language: str) -> tuple[str, ...]:
        return self.texts.steps(language)


@dataclass(frozen=True, slots=True)
class WriteExercise:
    """What the coach wrote: a new exercise, or an old one in its new shape. `version`: the one the form was opened
    with."""

    facts: ExerciseFacts
    texts: ExerciseTexts
    version: int | None = None


_facts = msgspec.json.Decoder(ExerciseFacts)
_ROWS = select(
    Exercise.id, Exercise.owner_id, Exercise.key, Exercise.facts, Exercise.sealed, Exercise.edited, Exercise.hidden,
    Exercise.version,
).order_by(Exercise.created_at, Exercise.id)  # fmt: skip
_SHOWN = _ROWS.where(Exercise.hidden.is_(False))
_IDS: Any = bindparam("ids", expanding=True)
_THESE = _ROWS.where(Exercise.id.in_(_IDS))
_TITLES = select(Exercise.id, Exercise.owner_id, Exercise.sealed)
_FACTS = select(Exercise.id, Exercise.key, Exercise.facts).where(Exercise.id.in_(_IDS))


def exercises(store: Store, session: Session, hidden: bool = False) -> tuple[ToolkitExercise, ...]:
    """The toolkit: own exercises first, then the shipped ones in the order of their edition. `hidden`: those the coach
    hid too."""
    practice = practice_of(session, _scope(session))
    rows = session.execute(_ROWS if hidden else _SHOWN)
    return _in_order(_opened(store, practice, row) for row in rows)


def these(store: Store, session: Session, ids: Iterable[int]) -> dict[int, ToolkitExercise]:
    """Those of these exercises that are in the toolkit, hidden or not, by id."""
    practice = practice_of(session, _scope(session))
    rows = session.execute(_THESE, {"ids": list(ids)})
    return {row.id: _opened(store, practice, row) for row in rows}


def titles(store: Store, session: Session, language: str) -> dict[int, str]:
    """Of every exercise, hidden ones too, by id."""
    key, found = practice_of(session, _scope(session)).wrapped_key, {}
    for row in session.execute(_TITLES):
        found[row.id] = store.vault.open(key, _place(row), row.sealed, ExerciseTitle).title(language)
    return found


def facts_of(session: Session, ids: Iterable[int]) -> dict[int, ExerciseFacts]:
    """What rules need to know of these exercises; nothing sealed is opened."""
    rows = session.execute(_FACTS, {"ids": list(ids)})
    return {row.id: replace(_facts.decode(row.facts), id=row.id, key=row.key) for row in rows}


def exercise(store: Store, session: Session, exercise_id: int) -> ToolkitExercise:
    """One exercise of this practice, hidden or not. Raises NotFound."""
    return _opened(store, practice_of(session, _scope(session)), _gate(session, exercise_id))


def listing(store: Store, coach: SignedIn) -> tuple[ToolkitExercise, ...]:
    """Everything in the toolkit, hidden ones too."""
    with store.db.reading(coach.scope) as session:
        return exercises(store, session, hidden=True)


def show(store: Store, coach: SignedIn, exercise_id: int) -> ToolkitExercise:
    """Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        return exercise(store, session, exercise_id)


def create(
    store: Store, coach: SignedIn, command: WriteExercise, now: datetime, form_id: str | None = None
) -> int:
    """A new exercise of the coach's own. The same form twice makes one."""
    with store.db.transaction(coach.scope, now) as session:
        before = handled_before(session, form_id)
        if before is not None:
            return int(before)
        practice = practice_of(session, coach.scope)
        row = Exercise(id=new_id(), owner_id=practice.id, created_at=now)
        _write(store, practice, row, command)
        session.add(row)
        remember_form(session, coach.scope, form_id, str(row.id), now)
        return row.id


def edit(store: Store, coach: SignedIn, exercise_id: int, command: WriteExercise, now: datetime) -> None:
    """Change an exercise. Raises NotFound, or Conflict when it was saved since the form was opened; saving the same
    twice is no conflict."""
    with store.db.transaction(coach.scope, now) as session:
        practice, row = practice_of(session, coach.scope), _gate(session, exercise_id)
        kept = _opened(store, practice, row)
        if replace(command.facts, id=row.id, key=row.key) == kept.facts and command.texts == kept.texts:
            return
        if command.version not in (None, row.version):
            raise Conflict
        _write(store, practice, row, command)
        row.edited, row.version = row.key is not None, row.version + 1


def set_hidden(store: Store, coach: SignedIn, exercise_id: int, hidden: bool, now: datetime) -> None:
    """Take an exercise out of the lists, or put it back. Plans that hold it keep it. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        _gate(session, exercise_id).hidden = hidden


def back_to_shipped(store: Store, coach: SignedIn, exercise_id: int, now: datetime) -> None:
    """Our newest text again, instead of the coach's changes. Raises NotFound for an own exercise."""
    with store.db.transaction(coach.scope, now) as session:
        row = _gate(session, exercise_id)
        try:
            shipped = shipped_toolkit().exercise(row.key or "")
        except KeyError:
            raise NotFound from None
        _write(store, practice_of(session, coach.scope), row, WriteExercise(shipped.facts, shipped.texts))
        row.edited, row.shipped_version = False, shipped_toolkit().content_version
        row.version += 1


def load_shipped(
    store: Store, session: Session, practice: Practice, now: datetime, toolkit: ShippedToolkit | None = None
) -> int:
    """Bring the practice's toolkit up to this edition: what is missing comes in, what the coach did not edit is
    renewed. Gives how many exercises came or changed."""
    toolkit = toolkit or shipped_toolkit()
    rows = session.scalars(
        select(Exercise).where(Exercise.owner_id == practice.id, Exercise.key.is_not(None))
    )
    have, done = {row.key: row for row in rows}, 0
    for shipped in toolkit.exercises:
        row = have.get(shipped.key)
        if row is None:
            row = Exercise(id=new_id(), owner_id=practice.id, key=shipped.key, created_at=now, version=0)
            session.add(row)
        elif row.edited or row.shipped_version == toolkit.content_version:
            continue
        _write(store, practice, row, WriteExercise(shipped.facts, shipped.texts))
        row.shipped_version, row.version = toolkit.content_version, row.version + 1
        done += 1
    return done


def load_everywhere(store: Store, now: datetime, toolkit: ShippedToolkit | None = None) -> int:
    """The same for every practice with an older edition, after an update of the planner."""
    toolkit = toolkit or shipped_toolkit()
    newest = select(Exercise.owner_id, func.max(Exercise.shipped_version)).group_by(Exercise.owner_id)
    with store.db.reading(EVERYONE) as session:
        found = session.execute(newest.where(Exercise.key.is_not(None)))
        behind = [owner for owner, version in found if (version or 0) < toolkit.content_version]
    done = 0
    for owner_id in behind:
        scope = Scope(owner_id, None, "jobs")
        with store.db.transaction(scope, now) as session:
            done += load_shipped(store, session, practice_of(session, scope), now, toolkit)
    return done


def _scope(session: Session) -> Scope:
    scope: Scope = session.info["scope"]
    return scope


def _gate(session: Session, exercise_id: int) -> Exercise:
    row = session.scalar(select(Exercise).where(Exercise.id == exercise_id))
    if row is None:
        raise NotFound
    return row


def _place(row: Any) -> Place:
    return Place("exercise", "sealed", row.id, row.owner_id)


def _write(store: Store, practice: Practice, row: Exercise, command: WriteExercise) -> None:
    facts = replace(command.facts, id=0, key=None)  # the row says both
    row.facts = msgspec.json.encode(facts).decode()
    row.sealed = store.vault.seal(practice.wrapped_key, _place(row), command.texts)


def _opened(store: Store, practice: Practice, row: Any) -> ToolkitExercise:
    """`row`: an Exercise, or the columns of one."""
    return ToolkitExercise(
        id=row.id,
        key=row.key,
        facts=replace(_facts.decode(row.facts), id=row.id, key=row.key),
        texts=store.vault.open(practice.wrapped_key, _place(row), row.sealed, ExerciseTexts),
        edited=row.edited,
        hidden=row.hidden,
        version=row.version,
    )


def _in_order(found: Iterable[ToolkitExercise]) -> tuple[ToolkitExercise, ...]:
    order = {shipped.key: number for number, shipped in enumerate(shipped_toolkit().exercises)}
    return tuple(sorted(found, key=lambda one: -1 if one.key is None else order.get(one.key, len(order))))
