"""What deploy/ ships, as it really runs: Caddy with the shipped Caddyfile on a certificate of our own, and behind it,
on a socket, gunicorn as the unit of systemd starts it."""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser import serving
from tests.local_server import free_port
from tests.test_cli import Instance
from tests.tls_proxy import Proxy, make_certificate

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
CADDYFILE = DEPLOY / "Caddyfile"
PATIENCE_S = 60


def needs(program: str, package: str) -> None:
    """Skips where a program is not there; with CI=true that is a failure."""
    if shutil.which(program) is None:
        if os.environ.get("CI"):
            pytest.fail(f"CI must have {program} (Debian: {package})")
        pytest.skip(f"NO {program.upper()} FOUND: this was not tried (Debian: apt install {package})")


@dataclass(frozen=True)
class Shipped(Proxy):
    """`base` is the public https address, `plain` its http one, `door` the socket of gunicorn. `web` can be stopped."""

    plain: str
    door: Path
    folder: Path
    web: subprocess.Popen[bytes]

    def line(self, timeout: float = PATIENCE_S) -> ssl.SSLSocket:
        return line_to(self, timeout)

    def straight(self, timeout: float = PATIENCE_S) -> socket.socket:
        """To gunicorn, past the proxy: nobody can do that on a real machine."""
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(timeout)
        line.connect(str(self.door))
        return line

    def logs(self) -> str:
        return "".join((self.folder / name).read_text() for name in ("caddy.log", "web.log"))


def line_to(proxy: Proxy, timeout: float = PATIENCE_S) -> ssl.SSLSocket:
    """As HTTP/1.1 over TLS."""
    context = ssl.create_default_context(cafile=str(proxy.certificate))
    context.set_alpn_protocols(["http/1.1"])
    port = int(proxy.base.rpartition(":")[2])
    return context.wrap_socket(
        socket.create_connection(("127.0.0.1", port), timeout), server_hostname="localhost"
    )


def command_of(unit: str) -> list[str]:
    """What a unit starts, with the Python that runs these tests."""
    text = (DEPLOY / "systemd" / unit).read_text()
    (line,) = [one for one in text.splitlines() if one.startswith("ExecStart=")]
    return [sys.executable, *shlex.split(line.partition("=")[2])[1:]]


@contextmanager
def started(command: list[str], settings: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=out, stderr=out)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        process.wait(PATIENCE_S)


@contextmanager
def proxied(
    folder: Path, https: int, upstream: str, caddyfile: Path = CADDYFILE
) -> Iterator[tuple[Proxy, str]]:
    """The proxy alone, before these nodes; with its http address."""
    needs("caddy", "caddy")
    http = free_port()
    certificate, private = make_certificate(folder)
    settings = {
        "PATH": os.environ["PATH"],
        "PLANNER_HOST": "localhost",
        "PLANNER_TLS": f"{certificate} {private}",
        "PLANNER_HTTP_PORT": str(http),
        "PLANNER_HTTPS_PORT": str(https),
        "PLANNER_PUBLIC_PORT": f":{https}",
        "PLANNER_UPSTREAM": upstream,
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    caddy = ["caddy", "run", "--config", str(caddyfile), "--adapter", "caddyfile"]
    with started(caddy, settings, folder / "caddy.log"):
        yield Proxy(f"https://localhost:{https}", certificate), f"http://localhost:{http}"


@contextmanager
def shipped(
    folder: Path, instance: Path | None = None, now: str = serving.DEMO_NOW, caddyfile: Path = CADDYFILE
) -> Iterator[Shipped]:
    """All of it, on a new instance with one coach when none is given."""
    needs("caddy", "caddy")
    if instance is None:
        made = Instance(folder / "instance")
        made.add_coach()
        instance = made.folder
    https, door = free_port(), folder / "web.sock"
    web = [*command_of("planner-web.service"), "--bind", f"unix:{door}"]
    settings = serving.environment(instance, now, PLANNER_BASE_URL=f"https://localhost:{https}")
    with (
        started(web, settings, folder / "web.log") as serving_process,
        proxied(folder, https, f"unix/{door}", caddyfile) as (proxy, plain),
    ):
        found = Shipped(proxy.base, proxy.certificate, plain, door, folder, serving_process)
        _await(found)
        yield found


def _await(found: Shipped) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and found.web.poll() is None:
        with suppress(OSError), found.line(5) as line:
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            if line.recv(100).startswith(b"HTTP/1.1 200"):
                return
        time.sleep(0.1)
    raise AssertionError(found.logs()[-3000:])
