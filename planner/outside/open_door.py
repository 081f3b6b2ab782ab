"""The door for addresses that a coach typed in: it must not become a way into the network we stand in.

A name is looked up once; every address it gives must be allowed; and the connection is made to one of those addresses,
not to the name. So nothing can change between the look and the step (DNS rebinding), and a redirect passes the same
gate. Numbers in odd forms (decimal, hexadecimal) are names to us: what they come to is looked at.
"""

from __future__ import annotations

import socket
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from planner.outside.http import PRODUCT, Answer, Question, exchange, failed

DEADLINE_S = 20.0
MAX_BYTES = 5_000_000
MOST_TRIED = 4
"""So many addresses of one name are tried in turn."""
Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], list[str]]
"""The addresses of a host, as text. Raises OSError when there are none."""
Allowed = Callable[[Address, bool], bool]
"""Whether we may connect to an address. The second argument: without TLS."""
_HOME = tuple(
    ip_network(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "::1/128",
        "fc00::/7",
    )
)
_CLOUD = tuple(
    ip_network(text)
    for text in (
        "169.254.0.0/16",  # most clouds
        "fe80::/10",
        "fd00:ec2::254/128",  # AWS
        "fd20:ce::254/128",  # Google
        "100.100.100.200/32",  # Alibaba
        "192.0.0.192/32",  # Oracle
        "168.63.129.16/32",  # Azure
    )
)
"""Where a machine in a cloud asks for its own secrets."""
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_SHARED = ".icloud.com"
"""iCloud keeps every account at a host of its own, beside the one that people know."""


@dataclass(frozen=True, slots=True)
class Login:
    """Name and password, for the host of `url` alone."""

    url: str = field(repr=False)
    user: str = field(repr=False)
    password: str = field(repr=False)

    def headers_for(self, url: str) -> dict[str, str]:
        """What proves who we are, where this host may know."""
        if not self.user or not _same_house(urlsplit(self.url), urlsplit(url)):
            return {}
        pair = f"{self.user}:{self.password}".encode()
        return {"Authorization": f"Basic {b64encode(pair).decode()}"}


def resolve(host: str, port: int) -> list[str]:
    """What the machine's own look-up says."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(where[4][0]) for where in found]


def public(address: Address, plain: bool) -> bool:
    """The public internet, over TLS."""
    return not plain and is_public(address)


def public_or_home(address: Address, plain: bool) -> bool:
    """A server at home or on this machine as well, there without TLS too (PLANNER_PRIVATE_CALENDARS)."""
    return public(address, plain) or is_home(address)


def is_public(address: Address) -> bool:
    """An address anybody on the internet reaches; one that carries another is as that one."""
    inner = _carried(address)
    if inner is not None:
        return is_public(inner)
    if _keeps_secrets(address):
        return False
    odd = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    return address.is_global and not odd and not (isinstance(address, IPv6Address) and address.is_site_local)


def is_home(address: Address) -> bool:
    """A private network or this machine; never the addresses where clouds keep their secrets."""
    return any(address in network for network in _HOME) and not _keeps_secrets(address)


def _keeps_secrets(address: Address) -> bool:
    return any(address in network for network in _CLOUD)


def _carried(address: Address) -> IPv4Address | None:
    """The IPv4 address inside one of IPv6: mapped, 6to4, Teredo or NAT64."""
    if isinstance(address, IPv4Address):
        return None
    if any(address in network for network in _NAT64):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


@dataclass(frozen=True, slots=True)
class OpenDoor:
    """`allowed` says where we may go; `resolver` looks names up."""

    allowed: Allowed = public
    resolver: Resolver = resolve
    deadline_s: float = DEADLINE_S
    max_bytes: int = MAX_BYTES

    def ask(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        method: str = "GET",
        body: bytes | None = None,
        login: Login | None = None,
    ) -> Answer:
        """One question. Raises OutsideFailed when there is no whole answer; any status is an answer."""
        _check(url)
        said = {
            "User-Agent": PRODUCT,
            "Accept-Encoding": "gzip",
            "Connection": "close",
            **(headers or {}),
            **(login.headers_for(url) if login else {}),
        }

        def follow(asked: Question, location: str, status: int) -> Question:
            return _elsewhere(asked, location, status, login)

        question = Question(url, said, method, body)
        return exchange(question, follow, self.deadline_s, self.max_bytes, self._connect)

    def _connect(self, host: str, port: int, timeout: Any, plain: bool) -> socket.socket:
        found = [ip_address(one) for one in dict.fromkeys(self.resolver(host.strip("[]"), port))]
        if not found or not all(self.allowed(one, plain) for one in found):
            raise failed("not_allowed")
        failure = OSError()
        for one in found[:MOST_TRIED]:
            try:
                return socket.create_connection((str(one), port), timeout)
            except OSError as error:
                failure = error
        raise failure


def _check(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("https", "http") and parts.username is None and bool(parts.hostname)
        parts.port  # noqa: B018 - reading it is the check
    except ValueError:
        fine = False
    if not fine:
        raise failed("not_allowed")
    return parts


def _elsewhere(asked: Question, location: str, status: int, login: Login | None) -> Question:
    """The same question where a redirect leads, without name and password on another host; never from https to http,
    and a question that is not GET only where its method stays."""
    try:
        target = urljoin(asked.url, location)
        old, new = urlsplit(asked.url), _check(target)
    except ValueError:
        raise failed("redirected") from None
    if (old.scheme, new.scheme) == ("https", "http") or (asked.method != "GET" and status == 303):
        raise failed("redirected")
    kept = {name: value for name, value in asked.headers.items() if name != "Authorization"}
    return replace(asked, url=target, headers={**kept, **(login.headers_for(target) if login else {})})


def _same_house(one: SplitResult, other: SplitResult) -> bool:
    """The same scheme, host and port; or two hosts of iCloud."""
    if _origin(one) == _origin(other):
        return True
    hosts = (one.hostname or "", other.hostname or "")
    return one.scheme == other.scheme == "https" and all(host.endswith(_SHARED) for host in hosts)


def _origin(url: SplitResult) -> tuple[str, str | None, int]:
    return url.scheme, url.hostname, url.port or (443 if url.scheme == "https" else 80)
