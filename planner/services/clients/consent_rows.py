"""The condition of a consent that stands, for every question that asks for one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_

from planner.models import Client, Consent


def stands(purpose: str | BindParameter[str], row: Any = Consent) -> ColumnElement[bool]:
    """A yes to this purpose that was not taken back. `row`: Consent, or an alias of it."""
    return and_(row.purpose == purpose, row.given_at.is_not(None), row.withdrawn_at.is_(None))


def of_client(purpose: str, row: Any = Consent) -> ColumnElement[bool]:
    """What joins Consent to Client, so that only clients stay whose yes stands."""
    return and_(row.client_id == Client.id, stands(purpose, row))
