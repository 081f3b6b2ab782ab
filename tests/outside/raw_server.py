"""Servers that misbehave below HTTP: they drip, fall silent, hang up. One connection after another."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

Behaviour = Callable[[socket.socket, Event], None]
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[str]:
    """The address of a server that does this with every connection; `over` is set when the test is done."""
    over = Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        thread = Thread(target=_serve, args=(listening, behaviour, over))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            over.set()
            thread.join()


def _serve(listening: socket.socket, behaviour: Behaviour, over: Event) -> None:
    while not over.is_set():
        try:
            connection, _ = listening.accept()
        except TimeoutError:
            continue
        with connection:
            connection.settimeout(5)
            try:
                connection.recv(65_536)
                behaviour(connection, over)
            except OSError:
                continue  # the other side hung up: that is what it should do


def drip(data: bytes) -> Behaviour:
    """A whole answer, a byte at a time: every read succeeds, the whole takes for ever."""

    def behave(connection: socket.socket, over: Event) -> None:
        for byte in data:
            if over.wait(0.05):
                return
            connection.sendall(bytes([byte]))

    return behave


def silence(connection: socket.socket, over: Event) -> None:
    """Takes the question and says nothing."""
    over.wait(30)


def send(data: bytes) -> Behaviour:
    """Sends this and hangs up."""

    def behave(connection: socket.socket, _over: Event) -> None:
        connection.sendall(data)

    return behave
