"""Files with routes, damaged in every way, through the reader: a route or a refusal, nothing else, in little time and
memory. Run as a program it does so many in a process of its own, which may use no more than it may, and tells what came
of it as JSON: `python -m tests.formats.mutating <how many> <seed> [<folder with more files> ...]`.
"""

from __future__ import annotations

import json
import random
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from planner.domain.geo import length_m
from planner.formats.gpx_values import GpxRefused
from planner.formats.route_file import read_route, read_routes

SAMPLES = Path(__file__).parents[1] / "samples"
MEMORY = 300_000_000
"""So much more address space than when it began; what asks for more is told there is none."""
LARGEST = 5_200_000
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_NAME = re.compile(rb"[A-Za-z:]{2,20}")
_WHOLE = re.compile(rb"<(\w+)[^<>]*(?:/>|>[^<>]*</\1>)|\[-?[\d., ]+\],?|\{[^{}]*\},?")
"""An element or a value that can be taken out or written twice without the rest falling apart."""
EVIL_NUMBERS = (
    b"NaN", b"-NaN", b"Infinity", b"1e999", b"-1e999", b"1e-999", b"90.0000001", b"-180", b"200", b"0", b"-0.0", b"",
    b"9" * 400, b"0x10", b"1_0", b"5,18", b"\xd9\xa5\xd9\xa2", b"null", b"true", b"[]", b"{}", b'"', b"1e", b"--1",
)  # fmt: skip
EVIL_TEXTS = (
    b"<!DOCTYPE gpx [<!ENTITY a 'b'>]>", b"&a;", b"&#0;", b"&#x110000;", b"<![CDATA[", b"]]>", b"<!--", b"-->",
    b"<?xml?>", b"\x00", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\x80", b"\r", b"\\u0000",
    b"\\ud800", b"<gpx>", b"</gpx>", b"<trk/>", b"<wpt lat='1' lon='2'>", b"</trkpt>", b"<extensions>",
    b'{"type":"Feature"}', b"[[[", b"]]]", b"}",
)  # fmt: skip
NAMES = (
    b"trk", b"rte", b"wpt", b"trkseg", b"trkpt", b"rtept", b"lat", b"lon", b"ele", b"name", b"gpx", b"metadata", b"kml",
    b"x:y", b"type", b"coordinates", b"features", b"geometry", b"LineString", b"MultiLineString", b"Point",
    b"FeatureCollection",
)  # fmt: skip
Change = Callable[[random.Random, bytes], bytes]


def _span(luck: random.Random, data: bytes, most: int = 200) -> tuple[int, int]:
    start = luck.randrange(len(data) + 1)
    return start, min(len(data), start + luck.randrange(1, most))


def _flip(luck: random.Random, data: bytes) -> bytes:
    found = bytearray(data)
    for _ in range(luck.randrange(1, 12)):
        if found:
            found[luck.randrange(len(found))] = luck.randrange(256)
    return bytes(found)


def _cut(luck: random.Random, data: bytes) -> bytes:
    start, end = _span(luck, data)
    return data[:start] + data[end:]


def _stop(luck: random.Random, data: bytes) -> bytes:
    return data[: luck.randrange(len(data) + 1)]


def _repeat(luck: random.Random, data: bytes) -> bytes:
    start, end = _span(luck, data)
    return data[:end] + data[start:end] * luck.choice((1, 2, 10, 200)) + data[end:]


def _swap(luck: random.Random, data: bytes) -> bytes:
    (one, two), (three, four) = sorted((_span(luck, data), _span(luck, data)))
    if two > three:
        return data
    return data[:one] + data[three:four] + data[two:three] + data[one:two] + data[four:]


def _number(luck: random.Random, data: bytes) -> bytes:
    return _instead(luck, data, _NUMBER, EVIL_NUMBERS)


def _name(luck: random.Random, data: bytes) -> bytes:
    return _instead(luck, data, _NAME, NAMES)


def _instead(luck: random.Random, data: bytes, what: re.Pattern[bytes], by: tuple[bytes, ...]) -> bytes:
    found = what.search(data, luck.randrange(len(data) + 1))
    return data[: found.start()] + luck.choice(by) + data[found.end() :] if found else data


def _insert(luck: random.Random, data: bytes) -> bytes:
    at = luck.randrange(len(data) + 1)
    return data[:at] + luck.choice(EVIL_TEXTS) * luck.choice((1, 1, 3, 50)) + data[at:]


def _letters(luck: random.Random, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(luck.choice(("utf-16", "utf-16-be", "utf-7", "cp1252", "utf-32")), "replace")


def _whole(luck: random.Random, data: bytes) -> bytes:
    """An element or a value left out, or there several times."""
    found = _WHOLE.search(data, luck.randrange(len(data) + 1))
    return (
        data[: found.start()] + found[0] * luck.choice((0, 0, 2, 30)) + data[found.end() :] if found else data
    )


def _blow_up(luck: random.Random, data: bytes) -> bytes:
    """Up to as large as a file may be, and a little more: of one element, or of anything."""
    found = _WHOLE.search(data, luck.randrange(len(data) + 1)) if luck.random() < 0.8 else None
    start, end = found.span() if found else _span(luck, data, 400)
    return data[:end] + data[start:end] * (luck.randrange(1000, LARGEST) // max(1, end - start)) + data[end:]


CHANGES: tuple[Change, ...] = (
    *[_number] * 8, *[_whole] * 6, _name, _name, _flip, _cut, _stop, _repeat, _swap, _insert, _letters,
)  # fmt: skip
BLOWN_UP_EVERY = 400


def mutant(luck: random.Random, samples: list[bytes]) -> bytes:
    """A file out of these, changed once or several times; now and then put together of two, or blown up."""
    data = luck.choice(samples)
    if luck.random() < 0.05:
        other = luck.choice(samples)
        data = data[: luck.randrange(len(data) + 1)] + other[luck.randrange(len(other) + 1) :]
    for _ in range(luck.choice((1, 1, 2, 3, 6))):
        data = luck.choice(CHANGES)(luck, data)[:LARGEST]
    return _blow_up(luck, data)[:LARGEST] if luck.randrange(BLOWN_UP_EVERY) == 0 else data


def what_came(data: bytes) -> str:
    """ "read", or the code of the refusal; both ways to read agree on whether the file can be used."""
    try:
        route = read_route(data)
    except GpxRefused as refused:
        return refused.code
    assert length_m(route.segments) > 0 or all(len(line) > 1 for line in route.segments)
    try:
        assert read_routes(data)
    except GpxRefused as refused:
        return refused.code
    return "read"


def run(count: int, seed: int, folders: list[str]) -> dict[str, object]:
    paths = [
        path
        for folder in (SAMPLES / "gpx", SAMPLES / "geojson", *map(Path, folders))
        for path in folder.glob("*.g*")
    ]
    samples = [path.read_bytes() for path in sorted(paths)]
    luck, came, slowest = random.Random(seed), Counter[str](), 0.0
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY,) * 2)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(count):
        data = mutant(luck, samples)
        began = time.process_time()
        try:
            came[what_came(data)] += 1
        except BaseException:
            Path(f"mutant-{seed}-{number}").write_bytes(data)
            raise
        slowest = max(slowest, time.process_time() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {"files": count, "came": came, "slowest_s": round(slowest, 3), "more_memory_kb": peak}


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])))
