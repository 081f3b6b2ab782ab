"""Files made to hurt: refused soon, in little memory, and never with anything but a refusal."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planner.formats.gpx import MAX_BYTES, GpxRefused, read_gpx
from planner.formats.gpx_values import MAX_DEPTH, MAX_ELEMENTS, MAX_POINTS, MAX_WAYPOINTS

SAMPLES = sorted((Path(__file__).parents[1] / "samples" / "gpx").glob("*.gpx"))
POINT = b'<trkpt lat="1" lon="1"/>'


def track(body: bytes) -> bytes:
    return b"<gpx><trk><trkseg>" + body + b"</trkseg></trk></gpx>"


def bomb(levels: int) -> bytes:
    lines = ['<!ENTITY e0 "haha">']
    lines += [f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, levels)]
    return f"<!DOCTYPE gpx [{''.join(lines)}]><gpx><name>&e{levels - 1};</name></gpx>".encode()


HURTFUL = {
    "200,000 points": (track(POINT * 200_000), "too_many_points"),
    "5 MB and a byte": (b"<gpx>" + b" " * (MAX_BYTES - 4), "too_large"),
    "200,000 tags in each other": (b"<gpx>" + b"<a>" * 200_000, "too_deep"),
    "more than a million elements": (b"<gpx>" + b"<a/>" * MAX_ELEMENTS + b"</gpx>", "too_many_elements"),
    "entity bomb of 6": (bomb(6), "doctype"),
    "entity bomb of 60": (bomb(60), "doctype"),
    "external entity": (
        b'<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]><gpx>&x;</gpx>',
        "doctype",
    ),
    "parameter entity": (b'<!DOCTYPE gpx [<!ENTITY % x SYSTEM "http://127.0.0.1/">%x;]><gpx/>', "doctype"),
    "doctype in UTF-16": ("<!DOCTYPE gpx [<!ENTITY x 'y'>]><gpx>&x;</gpx>".encode("utf-16"), "doctype"),
    "a name of 5 MB": (b"<gpx><name>" + b"a" * (MAX_BYTES - 24) + b"</name></gpx>", "no_line"),
    "100,000 attributes": (
        b"<gpx " + b" ".join(b'a%d="1"' % number for number in range(100_000)) + b"/>",
        "no_line",
    ),
    "an attribute of 5 MB": (b'<gpx a="' + b"a" * (MAX_BYTES - 20) + b'"/>', "no_line"),
    "49,000 waypoints with names": (
        b"<gpx>" + (b'<wpt lat="1" lon="1"><name>' + b"a b" * 15 + b"</name></wpt>") * 49_000 + b"</gpx>",
        "no_line",
    ),
    "a comment of 5 MB": (b"<gpx><!--" + b"a" * (MAX_BYTES - 30) + b"--></gpx>", "no_line"),
}


@pytest.mark.parametrize("case", HURTFUL)
def test_refused_within_a_second_of_work_and_100_mb(case: str) -> None:
    data, code = HURTFUL[case]
    began = time.process_time()
    with pytest.raises(GpxRefused) as caught:
        read_gpx(data)
    assert caught.value.code == code
    assert time.process_time() - began < (3 if code == "too_many_elements" else 1)
    tracemalloc.start()
    with pytest.raises(GpxRefused):
        read_gpx(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000_000


def test_the_largest_allowed_file_is_read() -> None:
    points = b"".join(b'<trkpt lat="52.%06d" lon="5.180000"/>\n' % number for number in range(MAX_POINTS))
    data = track(points)
    data = data.replace(b"<gpx>", b"<gpx>" + b" " * (MAX_BYTES - len(data)))
    assert len(data) == MAX_BYTES
    assert len(read_gpx(data).segments[0]) == MAX_POINTS


def test_one_point_more_is_refused_with_the_limit() -> None:
    with pytest.raises(GpxRefused) as caught:
        read_gpx(track(POINT * (MAX_POINTS + 1)))
    assert (caught.value.code, caught.value.numbers) == ("too_many_points", {"most": MAX_POINTS})


@pytest.mark.parametrize(("depth", "code"), [(MAX_DEPTH, "no_line"), (MAX_DEPTH + 1, "too_deep")])
def test_depth(depth: int, code: str) -> None:
    data = b"<gpx>" + b"<a>" * (depth - 1) + b"</a>" * (depth - 1) + b"</gpx>"
    with pytest.raises(GpxRefused) as caught:
        read_gpx(data)
    assert caught.value.code == code


def test_depth_and_number_count_inside_extensions_too() -> None:
    data = b"<gpx><extensions>" + b"<a>" * MAX_DEPTH
    with pytest.raises(GpxRefused) as caught:
        read_gpx(data)
    assert caught.value.code == "too_deep"


def test_waypoints_beyond_a_number_are_dropped_with_a_warning() -> None:
    line = track(b'<trkpt lat="52.1" lon="5"/><trkpt lat="52.2" lon="5"/>')
    many = b'<wpt lat="52.1" lon="5"><name>x</name></wpt>' * (MAX_WAYPOINTS + 1)
    route = read_gpx(line.replace(b"<trk>", many + b"<trk>"))
    assert len(route.waypoints) == MAX_WAYPOINTS
    assert route.warnings[-1].numbers == {"waypoints": MAX_WAYPOINTS + 1, "kept": MAX_WAYPOINTS}


def reads_or_refuses(data: bytes) -> None:
    try:
        read_gpx(data)
    except GpxRefused as refused:
        assert refused.code


changes = st.lists(
    st.tuples(
        st.sampled_from(["replace", "insert", "delete", "copy"]), st.integers(0, 5000), st.binary(max_size=6)
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=600, deadline=None)
@given(path=st.sampled_from(SAMPLES), edits=changes)
def test_a_damaged_file_is_read_or_refused(path: Path, edits: list[tuple[str, int, bytes]]) -> None:
    data = bytearray(path.read_bytes())
    for action, place, piece in edits:
        at = place % (len(data) + 1)
        if action == "replace":
            data[at : at + len(piece)] = piece
        elif action == "insert":
            data[at:at] = piece
        elif action == "delete":
            del data[at : at + 40]
        else:
            data[at:at] = data[at // 2 : at]
    reads_or_refuses(bytes(data))


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=300))
@example(data=b"\xff\xfe<\x00")
@example(data=b"<gpx>\x00</gpx>")
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    reads_or_refuses(data)
    reads_or_refuses(b"<gpx>" + data)


@pytest.mark.parametrize(
    "encoding",
    [
        "utf-7",
        "utf-32",
        "utf-8",
        "utf-16",
        "ascii",
        "rot13",
        "zip",
        "hex",
        "idna",
        "punycode",
        "cp037",
        "cp1252",
        "big5",
        "unknown",
    ],
)
def test_any_declared_alphabet_is_read_or_refused(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + track(POINT * 2).decode()
    reads_or_refuses(text.encode())
    if encoding not in {"rot13", "zip", "hex", "idna", "punycode", "unknown"}:
        reads_or_refuses(text.encode(encoding))
