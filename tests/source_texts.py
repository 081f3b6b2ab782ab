"""Every sentence of the source, with the places where it stands, as the tool of the catalogues reads them."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


@cache
def source_texts() -> tuple[Message, ...]:
    """Read once for all tests of a process."""
    babel = [Path(sys.executable).with_name("pybabel"), "-q", "extract", "-F", ROOT / "babel.cfg", "-k", "_l"]
    with tempfile.TemporaryDirectory() as folder:
        pot = Path(folder) / "all.pot"
        subprocess.run([*babel, "-o", pot, "planner"], cwd=ROOT, check=True, capture_output=True)
        with pot.open("rb") as file:
            return tuple(message for message in read_po(file) if message.id)
