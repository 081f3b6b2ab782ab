"""(i) A peer that many use: ihatemoney's list with forty bills, behind a link that needs no account. Has an environment
of its own, as it pins older parts. `python -m bench.baselines.peer` fills its database."""

from __future__ import annotations

import os
import sys
import warnings
from datetime import date, timedelta
from pathlib import Path

warnings.simplefilter("ignore")
FOLDER = Path(os.environ.get("BENCH_DATA") or Path(__file__).parent.parent / ".data")
DATABASE, LINK = FOLDER / "peer.sqlite", FOLDER / "peer-link.txt"
ROWS = 40


class Settings:
    SQLALCHEMY_DATABASE_URI = f"sqlite:///{DATABASE}"
    SECRET_KEY = "only to measure"
    SESSION_COOKIE_SECURE = False
    RATELIMIT_ENABLED = False


def _made():
    from ihatemoney.run import create_app

    return create_app(configuration=Settings, instance_path=str(FOLDER))


def fill() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    DATABASE.unlink(missing_ok=True)
    made = _made()
    from ihatemoney.models import Bill, Person, Project, db

    with made.app_context():
        project = Project(id="walks", name="Walks", contact_email="a@example.org", default_currency="EUR")
        project.password = "x" * 60
        people = [Person(name=f"Person {number}", project=project) for number in range(5)]
        db.session.add_all([project, *people])
        db.session.commit()
        for number in range(ROWS):
            bill = Bill(
                amount=10.5 + number,
                date=date(2026, 1, 1) + timedelta(number),
                what=f"Walk <{number}>",
                payer_id=people[number % 5].id,
                owers=people[: 2 + number % 4],
                original_currency="EUR",
                project_default_currency="EUR",
            )
            db.session.add(bill)
        db.session.commit()
        LINK.write_text("/walks/join/" + project.generate_token())


if __name__ == "__main__":
    sys.exit(fill())
if "BENCH_PEER" in os.environ:
    app = _made()
