"""GPX in, GPX out. The reader takes the files that are really there, and says what is wrong with the rest.

Entities and document types are refused before they mean anything, every size is bounded, and times,
extensions and all else that tells about a person or a device are never kept.
"""

from __future__ import annotations

import codecs
from xml.parsers.expat import ExpatError, XMLParserType, errors

from defusedxml import DefusedXmlException, DTDForbidden
from defusedxml.ElementTree import DefusedXMLParser

from planner.formats.gpx_collector import Collector
from planner.formats.gpx_values import (
    MAX_BYTES,
    REFUSALS,
    WARNINGS,
    GpxRefused,
    GpxRoute,
    GpxWarning,
    GpxWaypoint,
    plain_name,
)
from planner.formats.gpx_write import write_gpx, write_gpx_routes
from planner.formats.route_choice import each_route, one_route

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
    "read_gpx_routes",
    "write_gpx",
    "write_gpx_routes",
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
    """The one route in a file, or GpxRefused with the reason. Several tracks become one."""
    return one_route(_collect(_checked(data)).found)


def read_gpx_routes(data: bytes) -> tuple[GpxRoute, ...]:
    """The same, with a route for each track."""
    return each_route(_collect(_checked(data)).found)


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
