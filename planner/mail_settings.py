"""The mail server, from one address in the environment. What is wrong with it is said without repeating it: there is a
password in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

PORTS = {"smtp": 587, "smtps": 465}
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+")
UNREADABLE = (
    "PLANNER_SMTP_URL is niet te lezen. Voorbeeld: smtp://naam:wachtwoord@mail.example.org:587 "
    "(of smtps://, poort 465). Vreemde tekens in het wachtwoord schrijf je als %40."
)


@dataclass(frozen=True, slots=True)
class MailServer:
    """`tls`: from the first byte. Else STARTTLS is compulsory, but for a server on this machine itself. `sender`: the
    address mails come from; empty: each coach's own."""

    host: str
    port: int
    tls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""

    @property
    def here(self) -> bool:
        """On this machine: nothing travels."""
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False


def mail_server(url: str, sender: str, problems: list[str]) -> MailServer | None:
    """None without an address, or with one that cannot be read: then there is a line in `problems`."""
    if sender and not ADDRESS.fullmatch(sender):
        problems.append("PLANNER_MAIL_FROM moet één e-mailadres zijn, op één regel.")
        sender = ""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    user, password = (
        unquote(parts.username or "") if host else "",
        unquote(parts.password or "") if host else "",
    )
    extra = host and (parts.path.strip("/") or parts.query or parts.fragment)
    readable = (user + password).isprintable() and url.isprintable() and bool(user) == bool(password)
    if not host or parts.scheme not in PORTS or extra or not readable or not host.isascii() or port == 0:
        problems.append(UNREADABLE)
        return None
    sender = sender or (user if ADDRESS.fullmatch(user) else "")
    return MailServer(host, port or PORTS[parts.scheme], parts.scheme == "smtps", user, password, sender)
