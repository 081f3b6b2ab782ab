"""Handing over a message: what a mail server says, what it does instead of saying something, and a safe line."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.needs import Mail, MailFailed
from planner.mail_settings import MailServer
from planner.outside.mail import SmtpMail, _content
from tests.mail_server import Server, html, plain, running

MAIL = Mail(
    "abc123", "sanne@example.org", "Anna", "anna@example.org", "Wandelafspraak", "Tot dan.\n.punt\n",
    "<p>Tot dan.</p>", "nl", datetime(2026, 11, 23, 8, tzinfo=UTC),
)  # fmt: skip
HERE, NOT_HERE = "127.0.0.1", "127.1"
"""Both are this machine; the second is written so that we do not know it for ours."""


@pytest.fixture
def server() -> Iterator[Server]:
    made = running()
    yield made
    made.stop()


def send(server: Server, mail: Mail = MAIL, within_s: float = 5.0, **how: Any) -> bool:
    return SmtpMail(replace(server.address, **how), within_s=within_s).send(lambda: mail, lambda: None)


def failure(server: Server, mail: Mail = MAIL, within_s: float = 5.0, **how: Any) -> MailFailed:
    with pytest.raises(MailFailed) as failed:
        send(server, mail, within_s, **how)
    assert "sanne" not in repr(failed.value)
    return failed.value


def test_a_message_with_its_headers(server: Server) -> None:
    assert send(server)
    (mail,) = server.box.taken
    assert {name: str(mail[name]) for name in mail} == {
        "From": "Anna <anna@example.org>", "To": "sanne@example.org", "Reply-To": "anna@example.org",
        "Subject": "Wandelafspraak", "Date": "Mon, 23 Nov 2026 08:00:00 +0000",
        "Message-ID": "<abc123@example.org>", "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All", "Content-Language": "nl", "MIME-Version": "1.0",
        "Content-Type": str(mail["Content-Type"]),
    }  # fmt: skip
    assert plain(mail).splitlines() == ["Tot dan.", ".punt"], (
        "a point at the start of a line arrives as it was"
    )
    assert html(mail).strip() == "<p>Tot dan.</p>"
    assert server.box.envelopes == [("anna@example.org", ["sanne@example.org"])]


def test_another_sender(server: Server) -> None:
    send(server, sender="praktijk@example.net")
    assert str(server.box.taken[0]["From"]) == "Anna <praktijk@example.net>"
    assert str(server.box.taken[0]["Message-ID"]) == "<abc123@example.net>"
    assert server.box.envelopes[0][0] == "praktijk@example.net"


@pytest.mark.parametrize(
    ("stage", "step", "kind", "lasting"),
    [
        ("EHLO", "drop", "unreachable", False),
        ("MAIL", "451 later", "busy", False),
        ("MAIL", "550 not you", "refused", False),
        ("MAIL", "drop", "unreachable", False),
        ("RCPT", "450 later", "busy", False),
        ("RCPT", "550 no such person", "unknown_address", True),
        ("RCPT", "drop", "unreachable", False),
        ("DATA", "451 later", "busy", False),
        ("DATA", "554 no", "refused", True),
        ("DATA", "drop", "unsure", False),
        ("DATA", "take and drop", "unsure", False),
        ("EHLO", "hang", "unreachable", False),
        ("RCPT", "hang", "unreachable", False),
        ("DATA", "hang", "unsure", False),
    ],
)
def test_what_a_server_may_do(server: Server, stage: str, step: str, kind: str, lasting: bool) -> None:
    server.box.script = {stage: [step]}
    failed = failure(server, within_s=0.4 if step == "hang" else 5.0)
    assert (failed.kind, failed.lasting) == (kind, lasting)
    assert len(server.box.taken) == (step == "take and drop")
    assert send(server), "the next time it says yes"


@pytest.mark.parametrize(
    ("line", "kind"), [(b"220-and so on" * 30 + b"\r\n", "unreachable"), (b"220-" + b"x" * 8000, "refused")]
)
def test_a_server_that_talks_without_end(line: bytes, kind: str) -> None:
    """It is cut off after so many lines, long before the time is over."""
    with socket.create_server((HERE, 0)) as listening:
        said: list[int] = []
        talker = Thread(target=_talk, args=(listening, line, said))
        talker.start()
        server = MailServer(HERE, listening.getsockname()[1])
        with pytest.raises(MailFailed) as failed:
            SmtpMail(server, within_s=5).send(lambda: MAIL, lambda: None)
        talker.join(10)
    assert (failed.value.kind, talker.is_alive()) == (kind, False)
    assert len(said) * len(line) < 20_000_000, "much less than there was time for"


def _talk(listening: socket.socket, line: bytes, said: list[int]) -> None:
    connection, _ = listening.accept()
    with connection, suppress(OSError):  # the other side hung up: that is what it should do
        while True:
            connection.sendall(line)
            said.append(1)


def test_nobody_there() -> None:
    server = running()
    server.stop()
    with pytest.raises(MailFailed, match="unreachable"):
        SmtpMail(server.address).send(lambda: MAIL, lambda: None)


def test_asked_when_ready_and_right_before_it_goes(server: Server) -> None:
    answers: list[Mail | None] = [MAIL, None]
    assert not SmtpMail(server.address).send(lambda: answers.pop(0), lambda: None)
    assert (answers, server.box.taken) == ([], [])
    assert not SmtpMail(server.address).send(lambda: None, lambda: None)
    moved = [MAIL, replace(MAIL, to="other@example.org")]
    with pytest.raises(MailFailed, match="busy"):
        SmtpMail(server.address).send(lambda: moved.pop(0), lambda: None)
    assert server.box.taken == []


EVIL = (
    "a\r\nBcc: x@example.org",
    "a\nSubject: x",
    "a\x00b",
    "a\u2028b",
    "“Anna”, de Wit <x@y.z>",
    "",
    "é" * 300,
)


@pytest.mark.parametrize("name", EVIL)
def test_no_name_makes_a_header(name: str) -> None:
    content = _content(replace(MAIL, from_name=name, subject=f"Wandel {name}"), "anna@example.org")
    head = content.split(b"\r\n\r\n", 1)[0].decode()
    names = [line.split(":")[0] for line in head.split("\r\n") if not line.startswith((" ", "\t"))]
    assert sorted(names) == sorted(
        ["From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
         "Content-Language", "MIME-Version", "Content-Type"]
    )  # fmt: skip


def test_no_name_is_decoded_into_a_header(server: Server) -> None:
    """What looks like an encoded word is shown as it was written."""
    word = "=?utf-8?q?Anna=0D=0ABcc:_x=40example.org?="
    assert send(server, replace(MAIL, from_name=word, subject=word))
    (mail,) = server.box.taken
    assert mail["Bcc"] is None
    for header in (mail["From"], mail["Subject"]):
        assert "Anna=0D=0ABcc" in str(header), "not decoded"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_name_is_one_line(name: str, subject: str) -> None:
    content = _content(replace(MAIL, from_name=name, subject=subject), "anna@example.org")
    assert b"\r\nBcc:" not in content and content.count(b"\r\nTo: ") == 1


@pytest.mark.parametrize(
    "to", ["sanne@example.org\r\nRCPT TO:<x@example.org>", "sa nne@example.org", "sanné@example.org", "a@", "<a@b.nl>"]
)  # fmt: skip
def test_an_address_that_cannot_be(server: Server, to: str) -> None:
    failed = failure(server, replace(MAIL, to=to))
    assert (failed.kind, failed.lasting, server.box.taken) == ("unknown_address", True, [])


def test_an_address_in_letters_of_everywhere(server: Server) -> None:
    assert send(server, replace(MAIL, to="sanne@bücher.example"))
    assert server.box.envelopes[0][1] == ["sanne@xn--bcher-kva.example"]


# A safe line


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's own certificate for this name, and the context of who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    title = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    try:
        alternative: x509.GeneralName = x509.IPAddress(ip_address(name))
    except ValueError:
        alternative = x509.DNSName(name)
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(title)
        .issuer_name(title)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem)
    trusting = ssl.create_default_context()
    trusting.load_verify_locations(pem)
    return serving, trusting


@pytest.mark.parametrize("tls", [True, False], ids=["from the first byte", "STARTTLS"])
def test_the_certificate_counts(tmp_path: Path, tls: bool) -> None:
    host = HERE if tls else NOT_HERE
    serving, trusting = certificate(tmp_path, host)
    how = {"ssl_context": serving} if tls else {"tls_context": serving, "require_starttls": True}
    server = running(**how)
    try:
        address = MailServer(host, server.address.port, tls)
        assert SmtpMail(address, trusting).send(lambda: MAIL, lambda: None)
        with pytest.raises(MailFailed, match="insecure"):
            SmtpMail(address).send(lambda: MAIL, lambda: None)
        other = certificate(tmp_path, "mail.example.org")[1]
        with pytest.raises(MailFailed, match="insecure"):
            SmtpMail(address, other).send(lambda: MAIL, lambda: None)
        assert len(server.box.taken) == 1
    finally:
        server.stop()


def test_without_a_safe_line_nothing_travels(server: Server) -> None:
    assert failure(server, host=NOT_HERE, user="u", password="geheim").kind == "insecure"
    assert server.box.taken == []


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_name_and_password() -> None:
    def check(_s: Any, _se: Any, _e: Any, _m: str, given: LoginPassword) -> AuthResult:
        return AuthResult(success=(given.login, given.password) == (b"anna", b"geheim"), handled=False)

    server = running(authenticator=check, auth_required=True, auth_require_tls=False)
    try:
        assert send(server, user="anna", password="geheim")
        failed = failure(server, user="anna", password="verkeerd")
        assert (failed.kind, failed.lasting) == ("login", False)
        assert "geheim" not in repr(replace(server.address, user="anna", password="geheim"))
    finally:
        server.stop()
