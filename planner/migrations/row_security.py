"""Row-level security on PostgreSQL: the database shows rows of one practice only, whatever SQL it is sent.

Each transaction says whose (`app.owner`, models/base.py): the id of a practice, or "everyone" for jobs and steps like
these; without that, nobody's. FORCE, because the planner's role owns its tables. A step that makes an owned table calls
`hold` again.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

UNOWNED = frozenset(
    {
        "account", "coach_letter", "email_change", "feed_digest", "link_digest", "passkey", "reset_key", "setup_key",
        "sign_in",
    }
)  # fmt: skip
"""They name an owner and are read before any owner is known."""
POLICY = "of_its_owner"


def owned_tables(connection: Connection) -> dict[str, str]:
    """Each table whose rows are a practice's, with the column that says which."""
    found = inspect(connection)
    names = (name for name in found.get_table_names() if name not in UNOWNED)
    owned = {
        name: "owner_id"
        for name in names
        if any(column["name"] == "owner_id" for column in found.get_columns(name))
    }
    return owned | {"practice": "id"}


def hold(connection: Connection) -> None:
    """A policy on every owned table that has none. Nothing on SQLite."""
    if connection.dialect.name != "postgresql":
        return
    there = set(connection.execute(text("SELECT tablename FROM pg_policies")).scalars())
    for name, column in sorted(owned_tables(connection).items()):
        if name in there:
            continue
        whose = "current_setting('app.owner', true)"
        mine = f"({whose} = 'everyone' OR {column}::text = {whose})"
        for done in (
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY {POLICY} ON {name} USING {mine} WITH CHECK {mine}",
        ):
            connection.execute(text(done))


def release(connection: Connection) -> None:
    """Takes away what `hold` made."""
    if connection.dialect.name != "postgresql":
        return
    for name in connection.execute(text("SELECT tablename FROM pg_policies")).scalars().all():
        for done in (
            f"DROP POLICY {POLICY} ON {name}",
            f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY",
        ):
            connection.execute(text(done))
