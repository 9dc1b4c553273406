"""Requests of the ring to contacts (section 7.2): the session they go through, tries, and when a contact has failed."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from .. import messages
from ..clock import Clock
from ..errors import Refusal
from ..limits import Limits
from ..proof import INITIATOR
from ..records import Known, Teller
from ..registry import KNOWN_COMMANDS, LEAVE, PHASES, STATE, STEP
from ..session import Session
from . import positions
from .contact import Contact, Contacts
from .spare import Spare
from .state import PLACED
from .timing import within

_PHASES = {number: name for name, number in PHASES.items()}

#: The session with a peer, or None.
Link = Callable[[bytes], Session | None]
#: Dials the addresses of a record; whether there is a session then.
Dial = Callable[[Known], Awaitable[bool]]


class Failed(Exception):
    """A contact has failed: r[ring.request.failed], r[ring.incarnation], r[ring.leave.gone]."""


@dataclass(frozen=True)
class Snapshot:
    """An answer to STATE; what had to be dropped is gone."""

    contact: Contact
    phase: str
    predecessor: Contact | None
    list: list[Contact]
    wraps: bool

    @property
    def placed(self) -> bool:
        """Whether it has its place and stays."""
        return self.phase in PLACED

    @property
    def head(self) -> Contact | None:
        """The head of the node that answered; None when it has none."""
        if self.list:
            return self.list[0]
        return self.contact if self.wraps else None


@dataclass(frozen=True)
class Named:
    """An answer to STEP: by whom, and the contacts that it names."""

    owners: list[Contact]
    next: list[Contact]


class Calls:
    """Asks contacts, each in their session or in one that is made for it."""

    def __init__(self, limits: Limits, clock: Clock, contacts: Contacts, link: Link, dial: Dial) -> None:
        self._limits = limits
        self._clock = clock
        self._contacts = contacts
        self._link = link
        self._dial = dial
        self._dialling: dict[bytes, asyncio.Task[bool]] = {}
        self._gone: OrderedDict[Contact, None] = OrderedDict()
        self._failed: set[Contact] = set()
        self._awaited: Counter[bytes] = Counter()
        self.spare = Spare(limits, self._end_spare)
        self.spare.keep(lambda node_id: self._awaited[node_id] > 0)

    def note_gone(self, contact: Contact) -> None:
        """r[ring.leave.gone]."""
        self._gone[contact] = None
        while len(self._gone) > max(1, self._limits.RING_PASSIVE):
            self._gone.popitem(last=False)

    def gone(self, contact: Contact) -> bool:
        """Whether a contact has left."""
        return contact in self._gone

    def take_failed(self) -> set[Contact]:
        """The contacts that have failed since it was asked last, in whatever request (section 7.2)."""
        failed, self._failed = self._failed, set()
        return failed

    async def state(self, contact: Contact) -> Snapshot:
        """Asks STATE."""
        teller, value = await self._request(contact, STATE, b"")
        own = self._contacts.listed(value["self"], teller)
        if own is None or own.node_id != contact.node_id:  # section 7.2
            raise Failed("no answer of its own")
        if own.incarnation != contact.incarnation:  # r[ring.incarnation]
            raise Failed("another incarnation")
        return Snapshot(
            own,
            _PHASES[value["phase"]],
            self._contacts.listed(value["predecessor"], teller) if value["predecessor"] else None,
            self._contacts.all_listed(value["successors"], teller),
            value["wraps"] == 1,
        )

    async def step(self, contact: Contact, target: int) -> Named:
        """Asks STEP."""
        payload = messages.encode("Step", {"target": target.to_bytes(positions.BYTES, "big")})
        teller, value = await self._request(contact, STEP, payload)
        return Named(self._contacts.all_listed(value["owners"], teller), self._contacts.all_listed(value["next"], teller))

    async def leave(self, contact: Contact) -> None:
        """Says LEAVE."""
        await self._request(contact, LEAVE, b"")

    async def ask(self, contact: Contact, command: int, value: messages.Value, timeout_ms: float) -> messages.Value:
        """One try of a request of chapter 8; a Refusal has the code of the answer, or of what kept it from coming."""
        payload = messages.encode(KNOWN_COMMANDS[command].payload, value)
        return await within(self._clock, timeout_ms, self._ask(contact, command, payload, timeout_ms))

    async def _ask(self, contact: Contact, command: int, payload: bytes, timeout_ms: float) -> messages.Value:
        try:
            session = await self._session(contact)
        except Failed as failed:
            raise Refusal("UNREACHABLE", str(failed)) from None
        came: asyncio.Future[tuple[str, Any]] = asyncio.get_running_loop().create_future()

        def outcome(code: str, value: Any) -> None:
            if not came.done():
                came.set_result((code, value))

        session.exchange.request(command, payload, outcome, timeout_ms)
        code, value = await self._awaiting(session, came)
        if code:
            raise Refusal(code, KNOWN_COMMANDS[command].name)
        return value

    async def tell(self, contact: Contact, command: int) -> None:
        """Sends a one-way command without content."""
        session = await self._session(contact)
        session.exchange.forward(command, b"")

    def stop(self) -> None:
        """The node stops."""
        for task in list(self._dialling.values()):
            task.cancel()

    async def _request(self, contact: Contact, command: int, payload: bytes) -> tuple[Teller, messages.Value]:
        """Notes what comes of it."""
        try:
            answer = await self._tries(contact, command, payload)
        except Failed:
            self._failed.add(contact)
            raise
        self._failed.discard(contact)
        return answer

    async def _tries(self, contact: Contact, command: int, payload: bytes) -> tuple[Teller, messages.Value]:
        """r[ring.request.failed]: tries in a row; only the end of a session or of the time makes another one."""
        for _ in range(max(1, self._limits.RING_TRIES)):
            session = await self._session(contact)
            code, value = await self._try(session, command, payload)
            if not code:
                return Teller(session.peer_id, session.wire.remote()), value
            if code == "FAILED":
                break
        raise Failed(KNOWN_COMMANDS[command].name)

    async def _try(self, session: Session, command: int, payload: bytes) -> tuple[str, Any]:
        """One try: "" and the value, "FAILED" for an answer that says so, or another code when there was none."""
        most, began = self._limits.RING_REQUEST_MS, self._clock.monotonic_ms()
        came: asyncio.Future[tuple[str, Any]] = asyncio.get_running_loop().create_future()

        def outcome(code: str, value: Any) -> None:
            late = code == "TIMEOUT" and self._clock.monotonic_ms() - began >= most
            if not came.done():
                came.set_result(("FAILED" if code and not late and session.ready else code, value))

        try:
            session.exchange.request(command, payload, outcome, most)
        except Refusal as refusal:  # its queue is full
            await self._clock.sleep(most)
            return refusal.code, None
        return await self._awaiting(session, came)

    async def _awaiting(self, session: Session, came: asyncio.Future[tuple[str, Any]]) -> tuple[str, Any]:
        """A session in which an answer is awaited is not spare."""
        node_id = session.peer_id
        self._awaited[node_id] += 1
        try:
            return await came
        finally:
            self._awaited[node_id] -= 1
            if not self._awaited[node_id]:
                del self._awaited[node_id]

    def _end_spare(self, node_id: bytes) -> None:
        session = self._link(node_id)
        if session is not None and session.role == INITIATOR:
            session.refuse("CLOSED")

    async def _session(self, contact: Contact) -> Session:
        """The session with a contact."""
        if contact in self._gone:
            raise Failed("has left")
        session = self._link(contact.node_id)
        if session is None:
            await self._reach(contact)
            session = self._link(contact.node_id)
            if session is None:
                raise Failed("not reached")
        self.spare.used(contact.node_id)
        return session

    async def _reach(self, contact: Contact) -> None:
        """Dials; who want one node wait for the same dial."""
        task = self._dialling.get(contact.node_id)
        if task is None:
            task = asyncio.ensure_future(self._dial(contact.known))
            self._dialling[contact.node_id] = task
            task.add_done_callback(lambda _: self._dialling.pop(contact.node_id, None))
        if await asyncio.shield(task):
            self.spare.dialled(contact.node_id)
