"""Handing a message to a mail server: on a safe line, within half a minute, with nothing in its headers but ours.

A failure says whether it may help to try again, and whether the message may have arrived.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from threading import Timer
from typing import BinaryIO

from planner.domain.needs import Mail, MailFailed, MailProblem
from planner.mail_settings import MailServer

WITHIN_S = 30.0
ANSWER_WITHIN_S = 10.0
MOST_LINES = 500
NAME_HERE = "localhost"
"""What we call ourselves to the server: nothing about this machine."""
_DOT = re.compile(rb"^\.", re.MULTILINE)


class SmtpMail:
    """A MailSender. `within_s`: for everything together, so that a server that drips cannot hold us."""

    def __init__(
        self, server: MailServer, context: ssl.SSLContext | None = None, within_s: float = WITHIN_S
    ) -> None:
        self.server = server
        self.context = context or ssl.create_default_context()
        self.within_s = within_s

    def send(self, mail: Callable[[], Mail | None], leaving: Callable[[], None]) -> bool:
        """One message over one connection. Raises as domain.needs.MailSender says."""
        with _failures("unreachable"), self._ready() as line:
            first = mail()
            if first is None:
                return False
            sender = self.server.sender or first.reply_to
            _content(first, sender)  # what cannot be written is no business of the server
            _envelope(line, sender, first.to)
            last = mail()
            if last is None:
                return False
            if last.to != first.to:
                raise MailFailed("busy")  # the address changed under our hands: from the start, later
            content = _content(last, sender)
            leaving()
            _taken(*line.docmd("DATA"), "refused", good=354)
            with _failures("unsure"):
                line.send(_DOT.sub(b"..", content) + b".\r\n")
                _taken(*line.getreply(), "refused")
            with suppress(OSError, smtplib.SMTPException):
                line.putcmd("QUIT")  # its answer is not waited for
            return True

    @contextmanager
    def _ready(self) -> Iterator[smtplib.SMTP]:
        """A connection that takes messages. Cut off when the time is over, whatever it is doing then."""
        server, wait_s = self.server, min(ANSWER_WITHIN_S, self.within_s)
        if server.tls:
            line: smtplib.SMTP = _SafeLine(local_hostname=NAME_HERE, timeout=wait_s, context=self.context)
        else:
            line = _Line(local_hostname=NAME_HERE, timeout=wait_s)
        watch = Timer(self.within_s, _cut, [line])
        watch.daemon = True
        watch.start()
        try:
            self._connect(line)
            self._log_in(line)
            yield line
        finally:
            watch.cancel()
            line.close()

    def _connect(self, line: smtplib.SMTP) -> None:
        server = self.server
        line._host = server.host  # type: ignore[attr-defined]  # smtplib checks the certificate against it
        code, _answer = line.connect(server.host, server.port)
        if code != 220:
            raise MailFailed("refused" if code >= 500 else "busy")
        line.ehlo_or_helo_if_needed()
        if server.tls or server.here:
            return
        try:
            line.starttls(context=self.context)
            line.ehlo()
        except (smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException) as error:
            raise MailFailed("insecure") from error

    def _log_in(self, line: smtplib.SMTP) -> None:
        server = self.server
        if not server.user or (server.here and not line.has_extn("auth")):
            return
        try:
            line.login(server.user, server.password)
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
            raise MailFailed("login") from error


class _FewLines:
    """What a server says, up to a number of lines: one that talks without end does not fill our memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._left = file, MOST_LINES

    def readline(self, limit: int) -> bytes:
        self._left -= 1
        return self._file.readline(limit) if self._left >= 0 else b""

    def close(self) -> None:
        self._file.close()


class _Line(smtplib.SMTP):
    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _FewLines(self.sock.makefile("rb"))
        return super().getreply()


class _SafeLine(_Line, smtplib.SMTP_SSL):
    pass


def _cut(line: smtplib.SMTP) -> None:
    if line.sock is not None:
        with suppress(OSError):
            line.sock.shutdown(socket.SHUT_RDWR)


@contextmanager
def _failures(otherwise: MailProblem) -> Iterator[None]:
    """Whatever breaks becomes a MailFailed. Its cause stays out of it: there may be an address in the text."""
    try:
        yield
    except MailFailed:
        raise
    except smtplib.SMTPResponseException as answer:
        kind: MailProblem = "refused" if answer.smtp_code >= 500 else "busy"
        raise MailFailed(kind, lasting=otherwise == "unsure" and answer.smtp_code >= 500) from None
    except ssl.SSLError:
        raise MailFailed("insecure" if otherwise == "unreachable" else otherwise) from None
    except (smtplib.SMTPException, OSError, EOFError):
        raise MailFailed(otherwise) from None
    except (ValueError, IndexError, MessageError):  # an address or a text that no header can carry
        raise MailFailed("unknown_address", lasting=True) from None


def _envelope(line: smtplib.SMTP, sender: str, to: str) -> None:
    _taken(*line.mail(_ascii(sender)), "refused", lasting=False)
    _taken(*line.rcpt(_ascii(to)), "unknown_address")


def _taken(code: int, _answer: bytes, refusal: MailProblem, *, lasting: bool = True, good: int = 250) -> None:
    """Raises MailFailed unless the server says yes."""
    if code == good or (good == 250 and code == 251):
        return
    if code >= 500:
        raise MailFailed(refusal, lasting=lasting)
    raise MailFailed("busy")


def _ascii(address: str) -> str:
    """An address as every server takes it. Raises ValueError for one that has no such form."""
    name, _, host = address.rpartition("@")
    if not name.isascii() or not address.isprintable() or any(sign in address for sign in ' <>,;"()[]:\\'):
        raise ValueError("an address that cannot be written in a header")
    return f"{name}@{host.encode('idna').decode()}"


def _plain(text: str) -> str:
    """One line: no sign of a name begins a new header, nor does a word that a reader would decode into one."""
    return " ".join(
        "".join(sign if sign.isprintable() else " " for sign in text).replace("=?", "= ?").split()
    )


def _content(mail: Mail, sender: str) -> bytes:
    """The message with its headers: no name of a client, no word of ours but the subject."""
    message = EmailMessage(policy=SMTP)
    address = _ascii(sender)
    message["From"] = Address(_plain(mail.from_name), addr_spec=address)
    message["To"] = Address(addr_spec=_ascii(mail.to))
    message["Reply-To"] = Address(addr_spec=_ascii(mail.reply_to))
    message["Subject"] = _plain(mail.subject)
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.id}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = mail.language  # last: what is about the content moves into its first part
    return message.as_bytes()
