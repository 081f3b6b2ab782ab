"""The outside in a process of its own: a weather service and a mail server on this machine. Says where they are, and
then does what each line of JSON asks: `rough`: from now on it storms; `taken`: write down in this file what came in.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from threading import Event
from typing import Any
from zlib import crc32

from bench.sets import NOW
from bench.turns import ROOT, heard, say, told
from tests.local_server import Quiet, free_port, in_a_thread

HOURS = 245
"""All hours that the watch looks ahead to."""
EXPIRES = {"Date": 0, "Expires": 30, "Last-Modified": -40}
"""Minutes from the beginning; a forecast holds as long as the first is from the second."""
WARMTH = b"12.34567"
CALM = {"air_temperature": 12.34567, "wind_speed": 3.0, "relative_humidity": 60.0}
ROUGH = CALM | {"wind_speed_of_gust": 28.0}
RAIN_MM = 6.0


@dataclass
class Box:
    """Takes everything, as it came."""

    taken: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.taken.append(bytes(envelope.content))
        return "250 taken"


class StandIns:
    """`weather`: the base address of the weather service. `mail`: the port of the mail server."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.stand_ins"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr, text=True, cwd=ROOT,
        )  # fmt: skip
        where = heard(self._process)
        self.weather, self.mail = str(where["weather"]), int(where["mail"])

    def turn_rough(self) -> None:
        told(self._process, {"rough": True})

    def taken(self, file: Path) -> list[bytes]:
        """What the mail server took since it was asked last. `file`: of our own, to be written."""
        told(self._process, {"taken": str(file)})
        return [one.encode("latin-1") for one in json.loads(file.read_text())]

    def stop(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


class Weather(Quiet):
    """Says the same of every hour; a place has a warmth of its own, so that no two forecasts are the same."""

    body = b""

    def do_GET(self) -> None:
        at = {
            name: format_datetime(NOW + timedelta(minutes=after), usegmt=True)
            for name, after in EXPIRES.items()
        }
        warmth = f"12.{crc32(self.path.encode()) % 100_000:05}".encode()
        self.answer(200, {"Content-Type": "application/json", **at}, self.body.replace(WARMTH, warmth))


def forecast(details: dict[str, float], rain_mm: float) -> bytes:
    """A forecast in the shape of MET Norway's."""
    hour = {
        "instant": {"details": details},
        "next_1_hours": {
            "summary": {"symbol_code": "cloudy"},
            "details": {"precipitation_amount": rain_mm},
        },
    }
    times = [f"{NOW + timedelta(hours=number):%Y-%m-%dT%H:%M:%SZ}" for number in range(HOURS)]
    meta = {"updated_at": times[0], "units": {}}
    series = [{"time": one, "data": hour} for one in times]
    return json.dumps({"type": "Feature", "properties": {"meta": meta, "timeseries": series}}).encode()


def main() -> None:
    from aiosmtpd.controller import Controller

    box, Weather.body = Box(), forecast(CALM, 0.0)
    mail = Controller(box, hostname="127.0.0.1", port=free_port())
    mail.start()
    with in_a_thread(Weather, Event()) as address:
        say({"weather": f"{address}/weatherapi", "mail": mail.port})
        for line in sys.stdin:
            asked = json.loads(line)
            if "rough" in asked:
                Weather.body = forecast(ROUGH, RAIN_MM)
            else:
                Path(asked["taken"]).write_text(json.dumps([one.decode("latin-1") for one in box.taken]))
                box.taken.clear()
            say({})
    mail.stop()


if __name__ == "__main__":
    main()
