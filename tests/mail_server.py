"""A real mail server on this machine that keeps what it took, and can refuse, hang and drop at any stage."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy import select

from planner.mail_settings import MailServer
from planner.models import EVERYONE, Message
from planner.outside.mail import SmtpMail
from planner.services.messages import message_pages, outbox_orders, sending
from planner.services.messages.sending import Post
from planner.services.store import SignedIn
from planner.services.walks import walks
from planner.services.walks.walks import PlanWalk
from planner.web.messages.writing import writer
from tests.conftest import World

CONTEXT = ssl.create_default_context()


@dataclass
class MailBox:
    """What the server took. `script`: what it does at a stage instead of saying yes: an answer such as "451 later",
    "hang", "drop", or at DATA "take and drop". Each line is used once; a stage that is not there says yes."""

    script: dict[str, list[str]] = field(default_factory=dict)
    taken: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    arrived: Event = field(default_factory=Event)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    before: dict[str, Callable[[], object]] = field(default_factory=dict)
    """Done when a stage is reached, once."""

    async def _at(self, stage: str, server: Any) -> str | None:
        act = self.before.pop(stage, None)
        if act is not None:
            await asyncio.get_running_loop().run_in_executor(None, act)
        step = self.script[stage].pop(0) if self.script.get(stage) else None
        if step == "hang":
            await asyncio.sleep(60)
        if step == "drop":
            server.transport.abort()
            await asyncio.sleep(60)
        return step

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        step = await self._at("EHLO", server)
        session.host_name = hostname
        return [step] if step else responses

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        step = await self._at("MAIL", server)
        if step:
            return step
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        step = await self._at("RCPT", server)
        if step:
            return step
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        step = await self._at("DATA", server)
        if step and step != "take and drop":
            return step
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        self.arrived.set()
        if step:
            server.transport.abort()
        return "250 taken"

    @property
    def ids(self) -> list[str]:
        return [str(one["Message-ID"]) for one in self.taken]

    @property
    def texts(self) -> list[str]:
        return [plain(one) for one in self.taken]


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html(message: EmailMessage) -> str:
    body = message.get_body(("html",))
    assert body is not None
    return str(body.get_content())


@dataclass
class Server:
    """A running server."""

    controller: Controller
    box: MailBox

    @property
    def address(self) -> MailServer:
        return MailServer("127.0.0.1", self.controller.port)

    def stop(self) -> None:
        self.controller.stop()


@dataclass
class Office:
    """A planner with this mail server. `base_url`: as if it was served to the world."""

    world: World
    server: Server
    base_url: str = ""
    within_s: float = 5.0

    def __post_init__(self) -> None:
        kept = self.world.settings
        settings = replace(kept, mail=self.server.address, base_url=self.base_url or None)
        self.world.rewire(settings=settings)

    @property
    def box(self) -> MailBox:
        return self.server.box

    def tick(self) -> int:
        """One pass of the jobs over the messages; gives how many left."""
        sender = SmtpMail(self.server.address, CONTEXT, self.within_s)
        post = Post(sender, writer(self.world.app), self.base_url)
        return sending.send_due(self.world.store, post, lambda: self.world.now)


def running(**how: Any) -> Server:
    """Started; `how`: to aiosmtpd, for a safe line or a password."""
    box = MailBox()
    controller = AnyPort(box, hostname="127.0.0.1", port=0, **how)
    controller.start()
    return Server(controller, box)


class AnyPort(Controller):
    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def ready(world: World, base_url: str = "") -> list[message_pages.Shown]:
    """What waits for Anna's yes."""
    return list(message_pages.board(world.store, anna(world), world.now, base_url, mails=True).ready)


def say_yes(world: World) -> list[str]:
    """Anna presses send on all that is ready."""
    return [
        outbox_orders.send(world.store, anna(world), one.id, one.facts.sequence, "", world.now)
        for one in ready(world)
    ]


def anna(world: World) -> SignedIn:
    return world.coach()


def states(world: World) -> list[tuple[str, str, str | None]]:
    """(kind, state, problem) of every message, oldest first."""
    with world.store.db.reading(EVERYONE) as session:
        rows = session.scalars(select(Message).order_by(Message.created_at, Message.kind))
        return [(row.kind, row.state, row.problem) for row in rows]


def move(world: World, walk_id: int, client_id: int, starts: str, **details: str) -> None:
    command = PlanWalk(client_id, datetime.fromisoformat(starts), 40, keep_clash=True)
    if details:
        command = PlanWalk(
            client_id,
            datetime.fromisoformat(starts),
            40,
            details=walks.WalkDetails(**details),
            keep_clash=True,
        )
    walks.change(world.store, anna(world), walk_id, command, world.now)


def cancel(world: World, walk_id: int) -> None:
    walks.cancel(world.store, anna(world), walk_id, "weather", world.now)


def wait(world: World, **length: float) -> None:
    world.set_clock(world.now + timedelta(**length))
