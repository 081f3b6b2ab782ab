"""What a practice has set: weather limits, hours, texts, home point, contact for the weather service."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner.domain.practices import PracticeSettings, PracticeTexts
from planner.domain.when import moment_to_local
from planner.models import EVERYONE, ForecastRow, Practice
from planner.services import fixed_texts
from planner.services.messages import outbox
from planner.services.store import Conflict, SignedIn, Store, practice_of, settings_of
from planner.services.vault import Place
from planner.services.weather import forecasts

OWN_TEXTS = ("privacy", "complaints")
"""Which of the fixed texts a practice may put in its own words."""


@dataclass(frozen=True, slots=True)
class OpenPractice:
    """`contact`: the e-mail the weather service gets; empty when none was given."""

    id: int
    settings: PracticeSettings
    contact: str
    version: int


@dataclass(frozen=True, slots=True)
class ChangePractice:
    """`version`: the one the form was opened with."""

    settings: PracticeSettings
    contact: str
    version: int


def open_practice(store: Store, coach: SignedIn) -> OpenPractice:
    with store.db.reading(coach.scope) as session:
        practice = practice_of(session, coach.scope)
        return OpenPractice(practice.id, settings_of(practice), _contact(store, practice), practice.version)


def change(store: Store, coach: SignedIn, command: ChangePractice, now: datetime) -> None:
    """Save the settings. Raises Conflict when they were saved by somebody else since `version`; saving the same twice
    is no conflict.

    A new home point or contact, or leave to use a free weather service, is for the jobs to act on at once.
    """
    with store.db.transaction(coach.scope, now) as session:
        practice = practice_of(session, coach.scope)
        before, contact = settings_of(practice), _contact(store, practice)
        wanted = replace(command.settings, texts=_own_words(command.settings.texts))
        if (wanted, command.contact) == (before, contact):
            return
        if practice.version != command.version:
            raise Conflict
        practice.settings = msgspec.json.encode(wanted).decode()
        practice.version += 1
        may_ask_more = (command.contact, wanted.non_commercial) != (contact, before.non_commercial)
        if command.contact != contact:
            _keep_contact(store, practice, command.contact)
        if may_ask_more:
            _ask_again(session)
        if may_ask_more or _home(before) != _home(command.settings):
            forecasts.wake(session, forecasts.FORECASTS)
    if _reminds(before) != _reminds(wanted):
        outbox.note_practice(store, coach, now)


def local_now(store: Store, coach: SignedIn, now: datetime) -> datetime:
    """What the clock on the wall of this coach's practice says."""
    with store.db.reading(coach.scope) as session:
        return moment_to_local(now, settings_of(practice_of(session, coach.scope)).zone)


def non_commercial(store: Store) -> bool:
    """Whether every practice here said that it earns nothing with its walks; they ask one service together."""
    with store.db.reading(EVERYONE) as session:
        found = [settings_of(practice).non_commercial for practice in session.scalars(select(Practice))]
    return bool(found) and all(found)


def text_of(settings: PracticeSettings, code: str, language: str) -> str:
    """A text as plain lines: in the practice's own words, else ours."""
    own: str = getattr(settings.texts, f"{code}_{language}")
    return own or fixed_texts.text(code, language).plain


def own_text(store: Store, coach: SignedIn, code: str, language: str) -> str:
    """A text in the practice's own words; empty where it keeps ours."""
    own: str = getattr(open_practice(store, coach).settings.texts, f"{code}_{language}")
    return own


def _own_words(texts: PracticeTexts) -> PracticeTexts:
    """A text that says what ours says is not kept: a later edition of ours then reaches the practice."""
    kept = {}
    for code in OWN_TEXTS:
        for language in ("nl", "en"):
            name = f"{code}_{language}"
            own: str = getattr(texts, name)
            ours = fixed_texts.text(code, language).plain
            kept[name] = "" if own.split() == ours.split() else own
    return PracticeTexts(**kept)


def _reminds(settings: PracticeSettings) -> tuple[int, bool, bool]:
    return settings.reminder_hours, settings.reminder_early, settings.reminder_morning


def _home(settings: PracticeSettings) -> tuple[float, float]:
    return settings.home_latitude, settings.home_longitude


def _contact(store: Store, practice: Practice) -> str:
    if practice.contact_sealed is None:
        return ""
    return store.vault.open(practice.wrapped_key, _contact_place(practice), practice.contact_sealed, str)


def _keep_contact(store: Store, practice: Practice, contact: str) -> None:
    sealed = store.vault.seal(practice.wrapped_key, _contact_place(practice), contact) if contact else None
    practice.contact_sealed = sealed


def _ask_again(session: Session) -> None:
    """While something was not set nobody was asked, so there is nothing to wait out."""
    session.execute(
        update(ForecastRow).where(ForecastRow.problem == "not_configured").values(problem=None, retry_at=None)
    )


def _contact_place(practice: Practice) -> Place:
    return Place("practice", "contact_sealed", practice.id, practice.id)
