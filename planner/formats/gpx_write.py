"""A route as GPX 1.1: one track, the waypoints, no times. Reads back identical to seven decimals."""

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


def write_gpx(
    name: str | None,
    segments: Segments,
    waypoints: Iterable[NamedPlace] = (),
    credit: tuple[str, str] | None = None,
) -> bytes:
    """`credit`: whose paths the line is made of, and the address of their licence."""
    root = Element("gpx", {"version": "1.1", "creator": CREATOR, "xmlns": NAMESPACE})
    if credit is not None:
        copyright_ = SubElement(SubElement(root, "metadata"), "copyright", {"author": credit[0]})
        _text(copyright_, "license", credit[1])
    for waypoint in waypoints:
        element = SubElement(root, "wpt", _place(waypoint))
        _text(element, "name", plain_name(waypoint.name))
        _text(element, "type", waypoint.kind)
    track = SubElement(root, "trk")
    _text(track, "name", plain_name(name or ""))
    for line in segments:
        segment = SubElement(track, "trkseg")
        for point in line:
            _add_point(segment, point)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add_point(segment: Element, point: Point) -> None:
    element = SubElement(segment, "trkpt", _place(point))
    if point.elevation_m is not None:
        _text(element, "ele", f"{point.elevation_m:.{HEIGHT_DECIMALS}f}".rstrip("0").rstrip("."))


def _place(place: Located) -> dict[str, str]:
    return {"lat": f"{place.latitude:.{DECIMALS}f}", "lon": f"{place.longitude:.{DECIMALS}f}"}


def _text(parent: Element, tag: str, text: str) -> None:
    if text:
        SubElement(parent, tag).text = text
