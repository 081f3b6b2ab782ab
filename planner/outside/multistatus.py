"""A multistatus answer (RFC 4918) of a server that a coach chose: XML that nobody vouches for, read within limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from planner.domain.busy import CalendarFailed
from planner.outside.http import Answer

D, C = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
MOST_DEPTH = 20
MOST_ELEMENTS = 200_000
"""More than 20,000 events need."""
MOST_RESPONSES = 20_000
LONGEST_NAME = 300
"""Of a tag, with its namespace, which the parser writes out for each."""
LONGEST_HREF = 2_000
_PIECE = 16_384
"""So much is parsed at a time: what breaks a limit ends the work soon."""


@dataclass(frozen=True, slots=True)
class Found:
    """One response of several: its address, and the properties that were there."""

    url: str
    props: tuple[Element, ...]

    def first(self, path: str) -> Element | None:
        return next((found for prop in self.props if (found := prop.find(path)) is not None), None)

    def href(self, name: str) -> str | None:
        """The address that a property names. Raises CalendarFailed when it is none."""
        found = self.first(f"{name}/{D}href")
        text = (found.text or "").strip() if found is not None else ""
        return within(self.url, text) if text else None

    @property
    def is_calendar(self) -> bool:
        """A calendar for events, and one that counts as busy."""
        names = [comp.get("name", "") for prop in self.props for comp in prop.iter(f"{C}comp")]
        free = self.first(f"{C}schedule-calendar-transp/{C}transparent") is not None
        is_one = self.first(f"{D}resourcetype/{C}calendar") is not None
        return is_one and not free and (not names or "VEVENT" in names)


def responses(answer: Answer) -> tuple[Found, ...]:
    """The parts of the answer, each with the properties that it has. Raises CalendarFailed: not_a_calendar, or too_much
    when there is more in it than we take."""
    root = _parsed(answer.body)
    if root.tag != f"{D}multistatus":
        raise CalendarFailed("not_a_calendar")
    found = root.findall(f"{D}response")
    if len(found) > MOST_RESPONSES:
        raise CalendarFailed("too_much")
    return tuple(_found(answer.url, response) for response in found)


def within(url: str, href: str) -> str:
    """The address that an href in the answer of `url` means. Raises CalendarFailed when it means none."""
    if len(href) > LONGEST_HREF:
        raise CalendarFailed("not_a_calendar")
    try:
        return urljoin(url, href)
    except ValueError:  # such as http://[
        raise CalendarFailed("not_a_calendar") from None


class _Limited(TreeBuilder):
    """A tree that stops growing where no honest answer comes."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._elements = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        self._elements += 1
        if self._depth > MOST_DEPTH or len(tag) > LONGEST_NAME:
            raise CalendarFailed("not_a_calendar")
        if self._elements > MOST_ELEMENTS:
            raise CalendarFailed("too_much")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def _parsed(body: bytes) -> Element:
    parser = DefusedXMLParser(target=_Limited(), forbid_dtd=True)
    try:
        for first in range(0, len(body), _PIECE):
            parser.feed(body[first : first + _PIECE])
        root: Element = parser.close()
    except (
        ParseError,
        DefusedXmlException,
        ValueError,
        LookupError,
    ):  # LookupError: an encoding that is none
        raise CalendarFailed("not_a_calendar") from None
    return root


def _found(url: str, response: Element) -> Found:
    href = (response.findtext(f"{D}href") or "").strip()
    return Found(within(url, href), tuple(_there(response)))


def _there(response: Element) -> Iterator[Element]:
    for part in response.findall(f"{D}propstat"):
        prop = part.find(f"{D}prop")
        if prop is not None and " 200 " in f"{part.findtext(f'{D}status') or ''} ":
            yield prop
