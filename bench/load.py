"""Connections that stay open and ask, one after another: how many answers a second, and how long the slow ones take."""

from __future__ import annotations

import http.client
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

CONNECTIONS = 8
GOOD = (200, 302, 303, 304)
AS_BROWSER = {"Host": "127.0.0.1", "User-Agent": "bench", "Accept": "text/html", "Accept-Language": "nl"}


@dataclass(frozen=True)
class Asked:
    path: str
    cookie: str = ""
    more: dict[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        return {**AS_BROWSER, **({"Cookie": self.cookie} if self.cookie else {}), **self.more}


@dataclass(frozen=True)
class Entered:
    headers: dict[str, str]
    cookie: str


@dataclass(frozen=True)
class Load:
    """Of one round."""

    per_s: float
    p50_ms: float
    p99_ms: float


def entered(port: int, asked: Asked) -> Entered:
    """One answer: its headers, and the cookies to go on with."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    found = answer(connection, asked)
    pairs = [text.split(";")[0] for name, text in found.getheaders() if name.lower() == "set-cookie"]
    connection.close()
    return Entered({name.lower(): text for name, text in found.getheaders()}, "; ".join(pairs))


def load(port: int, asked: Sequence[Asked], seconds: float = 0, requests: int = 0) -> Load:
    """On eight connections, for so long or so many times. Raises AssertionError for an answer that is none."""
    began = time.perf_counter()
    each = requests // CONNECTIONS

    def ask(_connection: int) -> list[float]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        took, number = list[float](), 0
        while number < each or time.perf_counter() - began < seconds:
            before = time.perf_counter()
            answer(connection, asked[number % len(asked)])
            took.append(time.perf_counter() - before)
            number += 1
        connection.close()
        return took

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        times = sorted(one for each_took in threads.map(ask, range(CONNECTIONS)) for one in each_took)
    return Load(
        len(times) / (time.perf_counter() - began),
        times[len(times) // 2] * 1000,
        times[len(times) * 99 // 100] * 1000,
    )


def answer(connection: http.client.HTTPConnection, asked: Asked) -> http.client.HTTPResponse:
    """Raises AssertionError for one that is none."""
    connection.request("GET", asked.path, headers=asked.headers)
    found = connection.getresponse()
    found.read()
    assert found.status in GOOD, (asked.path, found.status)
    return found
