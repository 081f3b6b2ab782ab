"""Whether the log of who saw and changed what still holds: asked by `check`, and once a night by the jobs.

What a night found stands in files beside the keys, and so does how far the log went when it was whole. In the
database, whoever wrote in it could take it away again.
"""

from __future__ import annotations

import logging
from datetime import datetime
from itertools import islice

from planner import key_settings
from planner.domain.backups import KEPT, night_of
from planner.services.keeping import backup_nights, put_back
from planner.services.keeping.put_back import CHECKED
from planner.services.people import set_up
from planner.services.privacy import audit_chain
from planner.services.store import Store
from planner.settings import Settings

LOG = {
    "changed": "Het logboek klopt niet bij logregel {seq}: die is veranderd.",
    "missing": "Het logboek klopt niet: logregel {seq} is er niet, of wat daarna kwam.",
    "added": "Het logboek klopt niet: logregel {seq} is erbij gezet.",
    "segment": "Het logboek klopt niet: de maand die bij logregel {seq} begint, is veranderd.",
    "unchained": "In het logboek staan regels die er niet door de planner in zijn gezet.",
    "unguarded": "De database weigert niet meer dat iemand het logboek verandert. Werk het programma bij.",
    "other_head": "Een eerdere nacht of reservekopie kent logregel {seq} anders: het logboek is veranderd, "
    "of de database is oud.",
    "begun": "Het logboek begint later dan de praktijk: wat ervoor stond, is er niet meer.",
}
MOST_LINES = 5

log = logging.getLogger(__name__)


def problems(store: Store, settings: Settings) -> list[str]:
    """Where it does not hold, here and as the backups remember it; the first few places."""
    night = put_back.of_the_night(settings)
    remembered = put_back.that_count(settings, [*backup_nights.heads(settings), *([night] if night else [])])
    found = islice(audit_chain.problems(store, remembered), MOST_LINES)
    return [LOG[one.code].format(seq=one.seq) for one in found]


def check_due(store: Store, settings: Settings, now: datetime) -> None:
    """Once a night, the whole log. Each node does it for itself."""
    night = night_of(now).isoformat()
    if _lines(settings)[:1] == [night] or not set_up.has_coach(store):
        return
    found = problems(store, settings)
    for line in found:
        log.warning("%s", line)
    try:
        key_settings.write_private(settings.instance / CHECKED, "\n".join([night, *found, ""]))
        _remember(store, settings, now, whole=not found)
    except OSError as problem:
        log.warning("what was found in the log is not written down: %s", problem)


def _remember(store: Store, settings: Settings, now: datetime, *, whole: bool) -> None:
    """How far the log goes. What an earlier night knew of one that is not whole any more counts as long as a backup
    would."""
    head, before = audit_chain.head(store, now), put_back.of_the_night(settings)
    if whole and head is not None:
        put_back.note_night(settings, head)
    elif before is not None and before.at < now - KEPT:
        put_back.forget_night(settings)


def found_at_night(settings: Settings) -> list[str]:
    """What the newest check found; nothing before the first."""
    return _lines(settings)[1:]


def _lines(settings: Settings) -> list[str]:
    try:
        return (settings.instance / CHECKED).read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return []
