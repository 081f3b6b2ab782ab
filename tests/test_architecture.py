"""The house itself: who imports whom, who may commit, where a clock may stand. Each test also tests its detector."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = sorted((ROOT / "planner").rglob("*.py"))
SERVICES = ROOT / "planner" / "services"
PURE = [path for path in CODE if path.relative_to(ROOT / "planner").parts[0] in ("domain", "formats")]
CLOCKS = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"),
    ("time", "monotonic"), ("random", "random"), ("uuid", "uuid4"),
}  # fmt: skip


def calls(source: str) -> Iterator[tuple[str, str, int]]:
    """(object, method, line) of every call like `datetime.now()`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            target = node.func.value
            name = target.id if isinstance(target, ast.Name) else getattr(target, "attr", "")
            yield name, node.func.attr, node.lineno


def clock_calls(source: str) -> list[int]:
    return [line for name, method, line in calls(source) if (name, method) in CLOCKS]


def test_rules_read_no_clock() -> None:
    assert clock_calls("import datetime\nx = datetime.datetime.now()\n") == [2], "the detector sees nothing"
    found = {str(path): clock_calls(path.read_text()) for path in PURE}
    assert not {path: lines for path, lines in found.items() if lines}


def test_rules_open_no_files() -> None:
    opening = re.compile(r"\bopen\(|\.read_text\(|os\.environ")
    assert opening.search("x = open('a')")
    assert not [str(path) for path in PURE if opening.search(path.read_text())]


def test_only_the_base_commits() -> None:
    """A commit anywhere else would split one action in two."""
    pattern = re.compile(r"\.commit\(\)")
    assert pattern.search("session.commit()")
    found = [path.relative_to(ROOT).as_posix() for path in CODE if pattern.search(path.read_text())]
    assert found == ["planner/models/base.py"]


def test_only_one_door_to_the_network() -> None:
    pattern = re.compile(
        r"^\s*(?:import|from) (?:requests|urllib\.request|http\.client|urllib3)\b", re.MULTILINE
    )
    assert pattern.search("import requests\n")
    found = [path.relative_to(ROOT).as_posix() for path in CODE if pattern.search(path.read_text())]
    assert found == ["planner/outside/exchanges.py"]


def test_no_fault_is_hidden() -> None:
    pattern = re.compile(
        r"except(?: \(?(?:\w+, *)*(?:Base)?Exception\b[\w, ]*\)?)?(?: as \w+)?:[ \t]*(?:#.*)?\n(?!.*raise)"
    )
    for hides in (
        "except:\n    pass",
        "except Exception:\n    pass",
        "except BaseException as fault:\n    pass",
        "except Exception:  # whatever it is\n    found = None",
        "except (OSError, Exception) as fault:  # any\n    pass",
    ):
        assert pattern.search(hides), hides
    for tells in ("except Exception:  # told\n    raise", "except CalendarFailed:\n    pass"):
        assert not pattern.search(tells), tells
    allowed = {
        "planner/models/base.py",
        "planner/outside/calendars.py",
        "planner/outside/apart.py",
    }  # raise on
    found = {path.relative_to(ROOT).as_posix() for path in CODE if pattern.search(path.read_text())}
    assert found <= allowed


def test_no_raw_markup() -> None:
    """Escaping is switched off in few places: icons, and what the app itself draws."""
    allowed = {"planner/web/icons.py", "planner/web/assets.py", "planner/web/drawings.py"}
    found = {path.relative_to(ROOT).as_posix() for path in CODE if "Markup(" in path.read_text()}
    assert found <= allowed
    templates = (ROOT / "planner" / "templates").rglob("*.html")
    assert not [path for path in templates if re.search(r"\|\s*safe\b", path.read_text())]


def test_no_command_and_no_code_is_made_of_data() -> None:
    """Programs are started where it says so, without a shell; nothing that is read becomes code."""
    code = re.compile(
        r"(?<![\w.])(?:eval|exec|compile)\(|os\.(system|popen|exec|spawn)|shell=True|__import__\(|"
        r"^\s*(?:import|from) (?:pickle|marshal|shelve|dill|jsonpickle|ctypes|code)\b|"
        r"yaml\.(?:unsafe_load|full_load|Loader)",
        re.MULTILINE,
    )
    for runs in (
        "x = eval(text)",
        "import pickle\n",
        "run(words, shell=True)",
        "yaml.unsafe_load(text)",
        "os.system(x)",
    ):
        assert code.search(runs), runs
    starts = re.compile(r"^\s*(?:import|from) (?:subprocess|multiprocessing)\b", re.MULTILINE)
    assert starts.search("import subprocess\n")
    found = {path.relative_to(ROOT).as_posix(): path.read_text() for path in CODE}
    assert {path for path, text in found.items() if code.search(text)} == {"planner/launcher.py"}  # prctl
    assert {path for path, text in found.items() if starts.search(text)} == {
        "planner/launcher.py",
        "planner/outside/apart.py",
        "planner/services/keeping/backup_postgresql.py",
    }


def test_nothing_random_that_can_be_guessed() -> None:
    pattern = re.compile(r"^\s*(?:import random|from random)", re.MULTILINE)
    allowed = {  # a spread of moments, no secrets
        "planner/scheduler.py",
        "planner/services/calendars/busy_jobs.py",
        "planner/services/weather/forecast_jobs.py",
        "planner/outside/manners.py",
    }
    assert {path.relative_to(ROOT).as_posix() for path in CODE if pattern.search(path.read_text())} <= allowed


@pytest.mark.parametrize("path", [p for p in ROOT.rglob("*.py") if ".venv" not in p.parts], ids=str)
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


def test_templates_stay_small() -> None:
    long = [
        f"{path.name}: {n}"
        for path in (ROOT / "planner" / "templates").rglob("*.html")
        if (n := len(path.read_text().splitlines())) > 160
    ]
    assert not long


def test_who_may_import_whom() -> None:
    """The contracts stand in pyproject.toml."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    assert "0 broken" in done.stdout


def test_the_project_speaks_of_itself_only() -> None:
    """No address of the machine it was written on."""
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    pattern = re.compile(r"(?<![\w.])/(?:work|root|home)/[a-z]")
    found = [
        name
        for name in tracked
        if (ROOT / name).suffix in (".py", ".md", ".html", ".toml", ".txt", ".yaml", ".js", ".css", ".po")
        and name != "tests/test_architecture.py"
        and (ROOT / name).exists()
        and pattern.search((ROOT / name).read_text())
    ]
    assert not found


def services_told(text: str) -> list[str]:
    """As room/module, of each module in the table of a room. What stands beside the rooms is told before them."""
    before, *rooms = re.split(r"^## ", text, flags=re.M)
    there = {path.stem for path in SERVICES.rglob("*.py")}
    found = {*re.findall(r"`(\w+)`", before)} & {path.stem for path in SERVICES.glob("*.py")}
    told = sorted(found)
    for part in rooms:
        room = re.search(r"\(`(\w+)/`\)\n", part)
        rows = "".join(re.findall(r"^\|.*$", part, re.M))
        told += [f"{room and room[1]}/{name}" for name in re.findall(r"`(\w+)`", rows) if name in there]
    return told


def test_every_service_stands_once_in_the_table_of_its_room() -> None:
    sample = (
        "`store`, `walks`\n## A (`walks/`)\n| `walks` | saves; `walks` |\n## B (`maps/`)\n| `once` | x |\n"
    )
    assert services_told(sample) == ["store", "walks/walks", "walks/walks", "maps/once"], "the detector"
    told = Counter(services_told((ROOT / "docs" / "services.md").read_text("utf-8")))
    paths = [path for path in SERVICES.rglob("*.py") if path.name != "__init__.py"]
    there = Counter(path.relative_to(SERVICES).with_suffix("").as_posix() for path in paths)
    assert len(there) > 100
    assert (there - told, told - there) == (Counter(), Counter())


def test_every_command_of_the_makefile_starts() -> None:
    """Some of them no test runs: a moved name would be seen by whoever needs them."""
    commands = re.findall(r"-m ((?:tests|bench|planner)\.[\w.]+)", (ROOT / "Makefile").read_text())
    assert len(commands) >= 4
    imports = "import importlib; " + "; ".join(
        f"importlib.import_module({name!r})" for name in sorted(set(commands))
    )
    done = subprocess.run(
        [sys.executable, "-c", imports], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
