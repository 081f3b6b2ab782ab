"""A process that has just begun, and two threads that open the same kind of text at once."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RACE = """
from __future__ import annotations
import sys, threading
from dataclasses import dataclass
from planner.services.vault import Place, Vault

begun = threading.Event()

def looked_at():
    begun.set()
    second.join(0.3)  # as long as finding out about a class may take
    return int

@dataclass(frozen=True, slots=True)
class Part:
    number: "looked_at()" = 0

@dataclass(frozen=True, slots=True)
class Text:
    part: Part = Part()
    words: str = ""

def read(found):
    found.append(vault.open(key, place, sealed, Text))

def read_second(found):
    begun.wait()
    read(found)

vault = Vault(bytes(32))
key, place, found = vault.new_key(1), Place("note", "sealed", 1, 1), []
sealed = vault.seal(key, place, Text(words="bos"))
first = threading.Thread(target=read, args=(found,))
second = threading.Thread(target=read_second, args=(found,))
second.start()
first.start()
first.join()
second.join()
print(found == [Text(words="bos")] * 2)
"""


def test_two_threads_open_the_first_text_of_a_kind() -> None:
    """msgspec shows what it knows of a class before it knows all of it: to read by that ended the process."""
    done = subprocess.run([sys.executable, "-c", RACE], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("True", 0), done.stderr[-2000:]


def test_what_reads_a_kind_is_made_at_import_or_by_the_vault() -> None:
    """Commands have one thread and may do without."""
    pattern = re.compile(r"msgspec\.(?:json\.decode\([^)]*type=|convert\()")
    assert pattern.search("msgspec.json.decode(text, type=Sent)")
    found = {
        path.name for path in (ROOT / "planner").rglob("*.py") if pattern.search(path.read_text("utf-8"))
    }
    assert found <= {"backup_archive.py", "demo.py"}
