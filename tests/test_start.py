"""What a start brings."""

from __future__ import annotations

import subprocess
import sys


def test_no_web_process_carries_what_it_does_not_use() -> None:
    """Each costs memory and time at every start, of commands as well. Only the jobs and who adds a photo draw, only an
    upgrade changes the database, and here it is a file; what pages use is brought before the fork, by the server."""
    code = """if True:
        import sys
        from pathlib import Path
        from planner import create_app
        from planner.settings import Settings
        keys = {"secret_key": bytes(range(32)), "data_key": bytes(range(32, 64))}
        create_app(Settings(Path("/nowhere"), "sqlite://", environment="test", **keys))
        print(*({
            "PIL", "alembic", "psycopg", "mako", "sqlalchemy.dialects.postgresql", "requests", "webauthn", "icalendar",
            "recurring_ical_events", "segno", "yaml", "holidays", "tzlocal", "lxml",
        } & {*sys.modules}))
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
