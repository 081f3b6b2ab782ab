"""What a walk is about often comes out of the note before it. Once a client took back their yes to what is kept about
their health, it stays shut as the note does (P03); when the yes comes back it is there again."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from planner.domain.clients import HEALTH
from planner.domain.walks import WalkDetails
from planner.services.clients import consents
from planner.services.clients.clients import OpenClient
from planner.services.walks.walk_rows import OpenWalk


def shown(client: OpenClient, walk: OpenWalk) -> OpenWalk:
    """The walk as its coach may read it now."""
    return replace(walk, details=replace(walk.details, focus="")) if client.taken_back else walk


def kept(session: Session, walk: OpenWalk, typed: WalkDetails) -> WalkDetails:
    """What was typed; a field that could not show what stands there does not empty it."""
    before = walk.details.focus
    if typed.focus or not before:
        return typed
    shut = consents.standing(session, walk.client_id, HEALTH) == consents.WITHDRAWN
    return replace(typed, focus=before) if shut else typed
