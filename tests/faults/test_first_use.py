"""Statements that modules keep ready, each used for the first time by many threads at once: nobody gets what is another
practice's, then or later."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRIES = 3
RACE = """
import datetime, importlib, os, pkgutil, sys, threading
from sqlalchemy import Select
from sqlalchemy.orm import configure_mappers
from sqlalchemy.sql import visitors
import planner.services
from planner.models import Base, Database, Scope
from planner.models.base import make_engine

url = f"sqlite:///{sys.argv[1]}"
Base.metadata.create_all(make_engine(url))
kept = {}
for module in pkgutil.walk_packages(planner.services.__path__, "planner.services."):
    for name, value in vars(importlib.import_module(module.name)).items():
        if isinstance(value, Select):
            kept.setdefault(id(value), (f"{module.name}.{name}", value))
kept = list(kept.values())
configure_mappers()
database, now = Database(url), datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
SCOPES = [Scope(1, 11), Scope(2, 21), Scope(1, 12, shared=frozenset({5})), Scope(2, None)]

def values(statement):
    found = {}
    for one in visitors.iterate(statement):
        if one.__visit_name__ == "bindparam" and one.required and not one.callable and not one.key.startswith("scope_"):
            kind = str(one.type).upper()
            value = now.date() if kind == "DATE" else now if "DATE" in kind else b"x" if "B" in kind[:1] else 1
            found[one.key] = [value] if one.expanding else value
    return found

def ask(number, scope):
    try:
        with database.reading(SCOPES[scope]) as session:
            return repr(session.execute(kept[number][1], values(kept[number][1])).all())
    except Exception as fault:
        return type(fault).__name__

def forked(deed):
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.write(writing, repr(deed()).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    os.wait()
    return eval(said)

def alone():
    return [[ask(number, scope) for scope in range(4)] for number in range(len(kept))]

def together():
    sys.setswitchinterval(1e-6)
    barrier, wrong = threading.Barrier(8), []
    def go(scope):
        for number in range(len(kept)):
            barrier.wait()
            if ask(number, scope) != calm[number][scope]:
                wrong.append(kept[number][0])
    threads = [threading.Thread(target=go, args=(one % 4,)) for one in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong[:20]

calm = forked(alone)
print(len(kept), sum((forked(together) for _ in range(int(sys.argv[2]))), []))
"""


def test_no_statement_is_of_two_practices(tmp_path: Path) -> None:
    """SQLAlchemy makes a statement ready at its first use, and not behind a lock."""
    command = [sys.executable, "-c", RACE, str(tmp_path / "db"), str(TRIES)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    many, _, wrong = done.stdout.strip().partition(" ")
    assert int(many) > 40 and wrong == "[]"
