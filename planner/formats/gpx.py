"""GPX in, GPX out. The reader takes the files that are really there, and says what is wrong with the rest.

Entities and document types are refused before they mean anything, every size is bounded, and times,
extensions and all else that tells about a person or a device are never kept.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from xml.parsers.expat import ExpatError, XMLParserType, errors

from defusedxml import DefusedXmlException, DTDForbidden
from defusedxml.ElementTree import DefusedXMLParser

from planner.domain.geo import Point, Segments, gaps_m, has_heights
from planner.formats.gpx_collector import Collector, Source
from planner.formats.gpx_values import (
    BAD_SHARE,
    GAP_M,
    MAX_BYTES,
    REFUSALS,
    WARNINGS,
    GpxRefused,
    GpxRoute,
    GpxWarning,
    GpxWaypoint,
    plain_name,
)
from planner.formats.gpx_write import write_gpx

__all__ = [
    "MAX_BYTES",
    "REFUSALS",
    "WARNINGS",
    "GpxRefused",
    "GpxRoute",
    "GpxWarning",
    "GpxWaypoint",
    "plain_name",
    "read_gpx",
    "write_gpx",
]

_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ")
_SPACE = b" \t\r\n"
_MAY_BEGIN = (b"<", b"\x00<", codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UNBOUND_PREFIX = errors.codes[errors.XML_ERROR_UNBOUND_PREFIX]
_LETTER_ERRORS = frozenset(
    errors.codes[message]
    for message in (
        errors.XML_ERROR_INVALID_TOKEN,
        errors.XML_ERROR_PARTIAL_CHAR,
        errors.XML_ERROR_UNKNOWN_ENCODING,
        errors.XML_ERROR_INCORRECT_ENCODING,
    )
)


def read_gpx(data: bytes) -> GpxRoute:
    """The route in a file, or GpxRefused with the reason.

    A track is preferred, else a route, else the waypoints in their order; lengths are never added up.
    """
    collected = _collect(_checked(data))
    source = _chosen(collected)
    segments = _usable(source)
    return GpxRoute(
        name=source.name or collected.name or _any_name(collected),
        segments=segments,
        waypoints=tuple(collected.waypoints),
        warnings=tuple(_warnings(collected, source, segments)),
    )


# Bytes


def _checked(data: bytes) -> bytes:
    """The bytes without what stands before the document; refused when they are plainly something else."""
    if len(data) > MAX_BYTES:
        raise GpxRefused("too_large", bytes=len(data), most=MAX_BYTES)
    if data.startswith(_ARCHIVES):
        raise GpxRefused("zip")
    if data[8:12] == b".FIT":
        raise GpxRefused("fit")
    text = data.lstrip(_SPACE).removeprefix(codecs.BOM_UTF8).lstrip(_SPACE)
    if not text:
        raise GpxRefused("empty")
    if text[:20].lower().startswith((b"<!doctype html", b"<html")):
        raise GpxRefused("html")
    if not text.startswith(_MAY_BEGIN):
        raise GpxRefused("not_gpx")
    return text


def _collect(data: bytes) -> Collector:
    """Reads as the file says it is written; when that cannot be, once more as UTF-8 or Windows text."""
    try:
        return _parse(data, None)
    except _Letters:
        utf8 = _is_utf8(data)
        try:
            return _parse(data, "utf-8" if utf8 else "windows-1252")
        except _Letters as error:
            raise GpxRefused("not_well_formed" if utf8 else "encoding", **error.numbers) from None


class _Letters(GpxRefused):
    """The parser met a letter that it cannot read; another alphabet may help."""


def _parse(data: bytes, encoding: str | None) -> Collector:
    """The guards are defusedxml's; the events come straight from expat, which is twice as fast."""
    guarded = DefusedXMLParser(encoding=encoding, forbid_dtd=True)
    parser: XMLParserType = guarded.parser
    parser.ordered_attributes = False
    parser.DefaultHandlerExpand = None
    collector = Collector(parser)
    try:
        parser.Parse(data, True)
    except DTDForbidden as error:
        raise GpxRefused("html" if str(error.name).lower() == "html" else "doctype") from None
    except DefusedXmlException:
        raise GpxRefused("doctype") from None
    except ExpatError as error:
        raise _refusal(error.code, error.lineno) from None
    except (LookupError, ValueError):  # letters that Python does not know or cannot read
        raise _Letters("encoding") from None
    return collector


def _refusal(code: int, line: int) -> GpxRefused:
    if code == _UNBOUND_PREFIX:
        return GpxRefused("undeclared_prefix", line=line)
    if code in _LETTER_ERRORS:
        return _Letters("not_well_formed", line=line)
    return GpxRefused("not_well_formed", line=line)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


# Choosing


def _usable(source: Source) -> Segments:
    """Lines that go somewhere: at least two points, not all the same."""
    return tuple(tuple(line) for line in source.lines if _goes_somewhere(line))


def _goes_somewhere(line: list[Point]) -> bool:
    return any(
        point.latitude != line[0].latitude or point.longitude != line[0].longitude for point in line[1:]
    )


def _chosen(collected: Collector) -> Source:
    sources = collected.sources
    too_bad = [source for source in sources.values() if source.bad > BAD_SHARE * source.total]
    for source in sources.values():
        if source not in too_bad and _usable(source):
            return source
    if too_bad:
        worst = too_bad[0]
        raise GpxRefused("too_many_bad_points", bad=worst.bad, points=worst.total)
    if sources["trk"].total + sources["rte"].total == 0:
        raise GpxRefused("no_line", waypoints=sources["wpt"].total)
    raise GpxRefused("too_few_points")


def _any_name(collected: Collector) -> str | None:
    return next((source.name for source in collected.sources.values() if source.name), None)


def _warnings(collected: Collector, source: Source, segments: Segments) -> Iterator[GpxWarning]:
    sources, points = collected.sources, sum(map(len, segments))
    if source.skipped:
        yield GpxWarning("points_skipped", {"skipped": source.skipped, "points": source.total})
    gaps = [gap for gap in gaps_m(segments) if gap > GAP_M]
    if gaps:
        yield GpxWarning("gap", {"gaps": len(gaps), "longest_m": round(max(gaps))})
    if source is sources["trk"] and source.parts > 1:
        yield GpxWarning("several_tracks", {"tracks": source.parts})
    if source is sources["rte"] and source.parts > 1:
        yield GpxWarning("several_routes", {"routes": source.parts})
    if source is sources["wpt"]:
        yield GpxWarning("line_from_waypoints", {"waypoints": points})
    if not has_heights(segments):
        known = sum(point.elevation_m is not None for line in segments for point in line)
        yield GpxWarning("no_elevation", {"with_elevation": known, "points": points})
    timed = sum(one.timed for one in sources.values())
    if timed:
        yield GpxWarning("times_dropped", {"points": timed})
    waypoints = sum(map(len, sources["wpt"].lines))
    if waypoints > len(collected.waypoints):
        yield GpxWarning("waypoints_dropped", {"waypoints": waypoints, "kept": len(collected.waypoints)})
