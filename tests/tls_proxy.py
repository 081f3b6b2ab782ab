"""A proxy that ends TLS before the planner, as one in earnest does: it adds who asked, by what name, on which line."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Proxy:
    """`base`: the public address. `certificate`: the file with which its line is checked."""

    base: str
    certificate: Path


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """For localhost, for a day. Gives the files of certificate and key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "private.pem"
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return certificate, private


class _Passing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behind = 0

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        sent = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        forwarded = [self.headers.get("X-Forwarded-For"), self.client_address[0]]
        sent["X-Forwarded-For"] = ", ".join(one for one in forwarded if one)
        sent |= {"X-Forwarded-Proto": "https", "X-Forwarded-Host": self.headers["Host"]}
        line = http.client.HTTPConnection("127.0.0.1", self.behind, timeout=60)
        try:
            line.request(self.command, self.path, body, sent)
            answer = line.getresponse()
            said = answer.read()
        finally:
            line.close()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(said)

    do_GET = do_POST = do_HEAD = _pass

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def tls_proxy(folder: Path, port: int, behind: int) -> Iterator[Proxy]:
    """Serves https://localhost:<port> from http://127.0.0.1:<behind>."""
    certificate, private = make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    server = ThreadingHTTPServer(
        ("127.0.0.1", port), type("Passing", (_Passing,), {"behind": behind}), bind_and_activate=True
    )
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield Proxy(f"https://localhost:{port}", certificate)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
