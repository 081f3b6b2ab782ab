"""Whether the parts we stand on answer."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from planner.services.store import Store


def database_answers(store: Store) -> bool:
    try:
        with store.db.unowned() as connection:
            return connection.execute(text("SELECT 1")).scalar() == 1
    except SQLAlchemyError:
        return False
