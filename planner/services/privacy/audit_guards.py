"""What the database itself refuses, held against what migration 0007 made: a guard of the same name that lets
everything through is none."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

PURGED = "SELECT 1 FROM audit_segment WHERE state = 'purged' AND OLD.seq BETWEEN first_seq AND last_seq"
STEPS = (
    "OLD.state = 'open' OR (OLD.state = 'closed' AND NEW.state = 'purged' AND NEW.first_seq = OLD.first_seq"
    " AND NEW.last_seq = OLD.last_seq AND NEW.month = OLD.month AND NEW.begins = OLD.begins AND NEW.head = OLD.head)"
)
GUARDS = {
    "audit_entry_update": ("UPDATE", "audit_entry", "OLD.seq IS NOT NULL"),
    "audit_entry_delete": ("DELETE", "audit_entry", f"NOT EXISTS ({PURGED})"),
    "audit_segment_update": ("UPDATE", "audit_segment", f"NOT ({STEPS})"),
    "audit_segment_delete": ("DELETE", "audit_segment", "1 = 1"),
}
"""What is refused at which deed, by name."""
SAID = "'the audit log stays as it is'"
EACH_ROW = {"UPDATE": 19, "DELETE": 11}
EACH_TRUNCATE = 34
"""How PostgreSQL writes down when a trigger fires (pg_trigger.tgtype): before, for each row, at this deed."""
ON_SQLITE = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
ON_POSTGRESQL = (
    "SELECT t.tgname, c.relname || ' ' || t.tgtype || ' ' || p.prosrc FROM pg_trigger t "
    "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
    "WHERE t.tgenabled = 'O' AND t.tgqual IS NULL AND cardinality(t.tgattr::int2[]) = 0 AND NOT t.tgisinternal"
)


def stand(session: Session) -> bool:
    """Whether all of them are there as they were made."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    asked = text(ON_SQLITE if sqlite else ON_POSTGRESQL)
    there = {(name, " ".join(said.split())) for name, said in session.execute(asked)}
    return there >= set((_on_sqlite() if sqlite else _on_postgresql()).items())


def _on_sqlite() -> dict[str, str]:
    return {
        name: f"CREATE TRIGGER {name} BEFORE {deed} ON {table} WHEN {refused} BEGIN SELECT RAISE(ABORT, {SAID}); END"
        for name, (deed, table, refused) in GUARDS.items()
    }


def _on_postgresql() -> dict[str, str]:
    raised = f"RAISE EXCEPTION {SAID};"
    rows = {
        name: f"{table} {EACH_ROW[deed]} BEGIN IF {refused} THEN {raised} END IF; "
        f"RETURN {'NEW' if deed == 'UPDATE' else 'OLD'}; END"
        for name, (deed, table, refused) in GUARDS.items()
    }
    whole = {
        f"{table}_truncate": f"{table} {EACH_TRUNCATE} BEGIN {raised} END"
        for table in ("audit_entry", "audit_segment")
    }
    return rows | whole
