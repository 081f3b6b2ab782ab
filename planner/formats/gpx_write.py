"""Routes as GPX 1.1: a track each, the waypoints, no times. Reads back identical to seven decimals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol
from xml.etree.ElementTree import Element, SubElement, tostring

from planner.domain.geo import DECIMALS, Located, Point, Segments
from planner.formats.gpx_values import HEIGHT_DECIMALS, plain_name

CREATOR = "Stap voor stap"
NAMESPACE = "http://www.topografix.com/GPX/1/1"


class NamedPlace(Located, Protocol):
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...


Track = tuple[str | None, Segments]
Credit = tuple[str, str]
"""Whose paths a line is made of, and the address of their licence."""


def write_gpx(
    name: str | None,
    segments: Segments,
    waypoints: Iterable[NamedPlace] = (),
    credit: Credit | None = None,
) -> bytes:
    return write_gpx_routes([(name, segments)], waypoints, credit)


def write_gpx_routes(
    tracks: Iterable[Track], waypoints: Iterable[NamedPlace] = (), credit: Credit | None = None
) -> bytes:
    """Several routes in one file: a track each."""
    root = Element("gpx", {"version": "1.1", "creator": CREATOR, "xmlns": NAMESPACE})
    if credit is not None:
        copyright_ = SubElement(SubElement(root, "metadata"), "copyright", {"author": credit[0]})
        _text(copyright_, "license", credit[1])
    for waypoint in waypoints:
        element = SubElement(root, "wpt", _place(waypoint))
        _text(element, "name", plain_name(waypoint.name))
        _text(element, "type", waypoint.kind)
    for name, segments in tracks:
        _add_track(root, name, segments)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add_track(root: Element, name: str | None, segments: Segments) -> None:
    track = SubElement(root, "trk")
    _text(track, "name", plain_name(name or ""))
    for line in segments:
        segment = SubElement(track, "trkseg")
        for point in line:
            _add_point(segment, point)


def _add_point(segment: Element, point: Point) -> None:
    element = SubElement(segment, "trkpt", _place(point))
    if point.elevation_m is not None:
        _text(element, "ele", f"{point.elevation_m:.{HEIGHT_DECIMALS}f}".rstrip("0").rstrip("."))


def _place(place: Located) -> dict[str, str]:
    return {"lat": f"{place.latitude:.{DECIMALS}f}", "lon": f"{place.longitude:.{DECIMALS}f}"}


def _text(parent: Element, tag: str, text: str) -> None:
    if text:
        SubElement(parent, tag).text = text
