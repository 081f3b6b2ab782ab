"""GPX in, GPX out. The reader takes the files that are really there, and says what is wrong with the rest.

Entities and document types are refused before they mean anything, every size is bounded, and times,
extensions and all else that tells about a person or a device are never kept.
"""

from __future__ import annotations

import codecs
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import errors

from defusedxml import DefusedXmlException, DTDForbidden
from defusedxml.ElementTree import DefusedXMLParser

from planner.domain.geo import Line, Segments, gaps_m, has_heights
from planner.formats.gpx_collector import Collector, Source
from planner.formats.gpx_values import (
    BAD_SHARE,
    GAP_M,
    MAX_BYTES,
    MAX_WAYPOINTS,
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
_ENCODING_ERRORS = frozenset(
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
        waypoints=tuple(collected.waypoints[:MAX_WAYPOINTS]),
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
    except _Unreadable as first:
        if not first.encoding:
            raise first.refused from None
        try:
            return _parse(data, "utf-8" if _is_utf8(data) else "windows-1252")
        except _Unreadable as second:
            raise (second.refused if second.line else first.refused) from None


class _Unreadable(Exception):
    """The parser stopped. `encoding`: reading it with other letters may help."""

    def __init__(self, code: str, line: int, encoding: bool) -> None:
        super().__init__(code)
        self.line, self.encoding = line, encoding
        self.refused = GpxRefused(code, line=line) if line else GpxRefused(code)


def _parse(data: bytes, encoding: str | None) -> Collector:
    collector = Collector()
    parser = DefusedXMLParser(target=collector, encoding=encoding, forbid_dtd=True)
    try:
        parser.feed(data)
        parser.close()
    except DTDForbidden as error:
        raise GpxRefused("html" if str(error.name).lower() == "html" else "doctype") from None
    except DefusedXmlException:
        raise GpxRefused("doctype") from None
    except ParseError as error:
        line = error.position[0]
        if error.code == _UNBOUND_PREFIX:
            raise _Unreadable("undeclared_prefix", line, encoding=False) from None
        raise _Unreadable("not_well_formed", line, error.code in _ENCODING_ERRORS) from None
    except (LookupError, ValueError):  # letters that Python does not know or cannot read
        raise _Unreadable("encoding", 0, encoding=True) from None
    return collector


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
