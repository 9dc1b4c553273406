"""One session: the states of section 3.1, from the first byte to the end of the connection."""

from __future__ import annotations

import asyncio
import itertools
import sys
import traceback
from enum import Enum
from typing import Protocol

from . import frames, hello, messages, preface
from .clock import Clock, Timer
from .connection import Connection
from .errors import Refusal
from .frame_reader import FrameReader
from .frames import Frame, Header
from .handshake import Handshake
from .hello import Expectation, Hello
from .identity import Identity
from .limits import FIXED, Limits
from .proof import INITIATOR, RESPONDER
from .registry import BROADCAST, ERROR_NUMBERS, GOODBYE, HELLO, PING, PROOF, error_name

State = Enum("State", "PREFACE HELLO PROOF READY CLOSING CLOSED")

_serials = itertools.count(1)


class Host(Protocol):
    """The node as its sessions see it."""

    identity: Identity
    limits: Limits
    clock: Clock
    receive_limit: int

    def admit(self, session: Session) -> None:
        """Refuses with FULL or DUPLICATE a session whose peer has just proven itself."""

    def ready(self, session: Session) -> None:
        """The session is READY and may carry broadcasts."""

    def first_frame(self, session: Session) -> None:
        """The first frame after the peer's PROOF has come."""

    def broadcast(self, session: Session, tag: int, payload: bytes) -> None:
        """A BROADCAST came; may refuse the session."""

    def ended(self, session: Session, code: str, by: str) -> None:
        """The session is over, by ``local`` or ``remote``."""


class Session:
    """The state machine over one connection."""

    def __init__(self, host: Host, wire: Connection, expected: Expectation, dialled: int = 0, elapsed_ms: float = 0) -> None:
        self.serial = next(_serials)
        self.state = State.PREFACE
        self.role = expected.role
        self.wire = wire
        self.proven = False  # has brought a frame after the peer's PROOF
        self.in_peers = False  # READY, and not ended
        self.reported = False  # counts for peer.up and peer.down
        self.penalties = 0
        self.introduced = 0
        self.dropped = 0
        self._host = host
        self._dialled = dialled
        our_hello = hello.encode(
            host.identity, host.receive_limit, host.clock.unix_ms(), dialled, expected.pinned, wire.peer_address()
        )
        self._handshake = Handshake(host.identity, expected, our_hello)
        self._preface = b""
        self._said = False  # our preface is out
        self._reader = FrameReader(self._check_header)
        self._requests: set[tuple[int, int]] = set()
        self._tags = itertools.count(1)
        self._timer: Timer | None = host.clock.after(host.limits.HANDSHAKE_MS - elapsed_ms, lambda: self.refuse("TIMEOUT"))
        self._full: Timer | None = None

    @property
    def peer(self) -> Hello:
        """What the peer said of itself; proven when the session is READY."""
        assert self._handshake.peer is not None
        return self._handshake.peer

    @property
    def peer_id(self) -> bytes:
        """The node id of the peer."""
        return self.peer.record.node_id

    @property
    def dial_counter(self) -> int:
        """The dial counter in the initiator's HELLO."""
        return self._dialled if self.role == INITIATOR else self.peer.dial_counter

    async def run(self) -> None:
        """Serves the connection until it is closed; never raises."""
        if self.role == INITIATOR:  # r[session.open.initiator]
            self._said = True
            self.wire.send(self._handshake.opening())
        while data := await self.wire.receive():
            try:
                await self._take(data)
            except Refusal as refusal:
                self.refuse(refusal.code, refusal.text)
            except Exception:  # a defect of this implementation ends one session, not the node
                traceback.print_exc(file=sys.stderr)
                self.refuse("TRANSPORT", "internal fault")
        if self._active():  # r[session.lost]
            self._end(State.CLOSED, "LOST", "local")
            self._timer = self._host.clock.after(self._host.limits.CLOSE_READ_MS, self.wire.abort)
        self.wire.close()
        await self.wire.closed.wait()
        self._stop_timers()

    def refuse(self, code: str, text: str = "") -> None:
        """Ends the session: GOODBYE, then reading on for a while, r[session.goodbye.drain]; silent where 3.1 says so."""
        if not self._active():
            return
        early = self.state is State.PREFACE and (code == "TIMEOUT" or (self.role == RESPONDER and code in ("FULL", "CLOSED")))
        if code == "NOT_MOTET" or early:  # r[session.open.scanner]
            self._end(State.CLOSED, code, "local")
            self.wire.abort()
            return
        if not self._said:
            self._said = True
            self.wire.send(self._handshake.our_preface)
        if code == "SLOW":
            self.wire.drop_queue()
        text = text.encode("ascii", "replace").decode()[:256]  # r[session.goodbye.text]
        self.wire.send(frames.encode(GOODBYE, messages.encode("Goodbye", {"code": ERROR_NUMBERS[code], "text": text})))
        self.wire.finish()
        self._end(State.CLOSING, code, "local")
        self._timer = self._host.clock.after(self._host.limits.CLOSE_READ_MS, self.wire.abort)

    def queued(self) -> int:
        """Bytes that wait to be sent to the peer."""
        return self.wire.queued()

    def send_broadcast(self, tag: int, payload: bytes) -> None:
        """Queues a BROADCAST, or drops it when the queue is full (section 4.1); a queue that stays full is SLOW."""
        limit = self._host.limits.QUEUE_BYTES
        if self.wire.queued() < limit:
            if self._full is not None:
                self._full.cancel()
                self._full = None
            self.wire.send(frames.encode_header(BROADCAST, len(payload), 0, tag), payload)
        else:
            self.dropped += 1
        if self._full is None and self.wire.queued() >= limit:
            self._full = self._host.clock.after(self._host.limits.QUEUE_FULL_MS, self._still_full)

    def _still_full(self) -> None:
        self._full = None
        if self.wire.queued() >= self._host.limits.QUEUE_BYTES:  # r[session.slow]
            self.refuse("SLOW")

    def _active(self) -> bool:
        return self.state not in (State.CLOSING, State.CLOSED)

    def _end(self, state: State, code: str, by: str) -> None:
        self.state = state
        self._stop_timers()
        self._host.ended(self, code, by)

    def _stop_timers(self) -> None:
        for timer in (self._timer, self._full):
            if timer is not None:
                timer.cancel()

    async def _take(self, data: bytes) -> None:
        if self.state is State.PREFACE:
            self._preface += data
            start, data = self._preface[: preface.SIZE], self._preface[preface.SIZE :]
            if not self._handshake.take_preface(start):
                return
            self.state, self._preface = State.HELLO, b""
        if self._active():
            self._reader.feed(data)
        while self._active() and (frame := self._reader.next()) is not None:
            if frame.header.command == GOODBYE:
                self._goodbye(frame.payload)
            elif self.state is State.READY:
                await self._ready_frame(frame)
            elif self.state is State.HELLO:
                self._hello(frame.payload)
            else:
                self._proof(frame.payload)

    def _check_header(self, header: Header) -> None:
        """Section 2.2, r[session.early.size], r[session.early.order], r[session.ready.order], r[frame.response.tag]."""
        ready = self.state is State.READY
        frames.check(header, self._host.receive_limit if ready else FIXED.PRE_READY_PAYLOAD_BYTES)
        if ready:
            if header.command in (HELLO, PROOF):
                raise Refusal("PROTOCOL_ERROR", "handshake after READY")
            if header.flags & frames.RESPONSE and (header.command, header.tag) not in self._requests:
                raise Refusal("PROTOCOL_ERROR", "response to nothing")
        elif header.command not in (HELLO if self.state is State.HELLO else PROOF, GOODBYE):
            raise Refusal("PROTOCOL_ERROR", f"in place of {self.state.name}")

    def _hello(self, payload: bytes) -> None:
        self._handshake.take_hello(payload)
        if self.role == RESPONDER:  # r[session.open.answer]
            self._said = True
            self.wire.send(self._handshake.opening() + self._handshake.proof())
        self.state = State.PROOF

    def _proof(self, payload: bytes) -> None:
        self._handshake.take_proof(payload)
        self._host.admit(self)
        if self.role == INITIATOR:
            self.wire.send(self._handshake.proof())
        else:  # r[session.ready.first]
            self._ping()
        self.state = State.READY
        self._stop_timers()
        self._host.ready(self)

    def _ping(self) -> None:
        tag = next(self._tags)
        self._requests.add((PING, tag))
        self.wire.send(frames.encode(PING, b"", frames.REQUEST, tag))

    def _goodbye(self, payload: bytes) -> None:
        """r[session.goodbye.receive]; a payload that is malformed ends the session as well."""
        try:
            number = messages.decode("Goodbye", payload)["code"]
        except Refusal as refusal:
            self._end(State.CLOSED, refusal.code, "local")
        else:
            self._end(State.CLOSED, error_name(number) or "PROTOCOL_ERROR", "remote")
        self.wire.abort()

    async def _ready_frame(self, frame: Frame) -> None:
        if not self.proven:
            self.proven = True
            self._host.first_frame(self)
        header = frame.header
        if header.command == BROADCAST:
            self._host.broadcast(self, header.tag, frame.payload)
            await asyncio.sleep(0)  # r[session.isolated]: the other sessions have their turn
        elif header.flags & frames.RESPONSE:
            self._requests.discard((header.command, header.tag))
            messages.decode("Error" if header.flags & frames.FAILED else "Ping", frame.payload)
        elif header.flags & frames.REQUEST:
            if header.command == PING:  # r[session.ping.answer]
                messages.decode("Ping", frame.payload)
                await self._answer(header, b"", frames.RESPONSE)
            else:  # r[frame.unknown.request]
                error = messages.encode("Error", {"code": ERROR_NUMBERS["UNKNOWN_COMMAND"]})
                await self._answer(header, error, frames.RESPONSE | frames.FAILED)

    async def _answer(self, header: Header, payload: bytes, flags: int) -> None:
        """Answers, r[answer.form]; a peer that does not read its answers is not read either."""
        await self.wire.drained(below=self._host.limits.QUEUE_BYTES)
        if self.state is State.READY:
            self.wire.send(frames.encode(header.command, payload, flags, header.tag))
