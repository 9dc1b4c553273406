"""One session: the states of section 3.1, from the first byte to the end of the connection."""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
import traceback
from enum import Enum

from . import frames, hello, messages, preface
from .clock import Timer
from .connection import Connection
from .errors import Refusal
from .frame_reader import FrameReader
from .frames import Frame, Header
from .handshake import Handshake
from .hello import Expectation, Hello
from .host import Host
from .limits import FIXED
from .origins import Introduced
from .outbound import Outbound
from .proof import INITIATOR, RESPONDER
from .registry import BROADCAST, ERROR_NUMBERS, GOODBYE, HELLO, PING, PROOF, error_name
from .requests import Requests

State = Enum("State", "PREFACE HELLO PROOF READY CLOSING CLOSED")

#: After so long the other sessions have their turn.
_TURN_S = 0.002

_serials = itertools.count(1)


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
        self.introduced = Introduced()
        self._host = host
        self._dialled = dialled
        our_hello = hello.encode(
            host.identity, host.receive_limit, host.clock.unix_ms(), dialled, expected.pinned, wire.peer_address()
        )
        self._handshake = Handshake(host.identity, expected, our_hello)
        self._preface = b""
        self._said = False  # our preface is out
        self._reader = FrameReader(self._check_header)
        self._requests = Requests()
        self._timer: Timer | None = host.clock.after(host.limits.HANDSHAKE_MS - elapsed_ms, lambda: self.refuse("TIMEOUT"))
        self.outbound = Outbound(wire, host.limits, host.clock, lambda: self.refuse("SLOW"))
        self._hurried = False  # the node stops
        self._draining = False  # ended as a rival, r[session.duplicate.drain]

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
                self._draining = False
                self.refuse(refusal.code, refusal.text)
            except Exception:  # a defect of this implementation ends one session, not the node
                traceback.print_exc(file=sys.stderr)
                self.refuse("TRANSPORT", "internal fault")
        if self._active():  # r[session.lost]
            self._end(State.CLOSED, "LOST", "local")
            self._abort_later(self._host.limits.CLOSE_READ_MS)
        self.wire.close()
        await self.wire.closed.wait()
        self._stop_timers()

    def refuse(self, code: str, text: str = "") -> None:
        """Ends the session: GOODBYE, then reading on for a while, r[session.goodbye.drain]; silent in state PREFACE."""
        if not self._active():
            return
        if self.state is State.PREFACE and code != "NO_VERSION":  # r[session.refuse.goodbye], r[session.open.scanner]
            self._end(State.CLOSED, code, "local")
            return self.wire.abort()
        self._draining = self.state is State.READY and code == "DUPLICATE"
        if not self._said:  # r[session.refuse.preface]
            self._said = True
            self.wire.send(self._handshake.our_preface)
        if code == "SLOW":
            self.wire.drop_queue()
        goodbye = {"code": ERROR_NUMBERS[code], "text": text.encode("ascii", "replace").decode()[:256]}
        self.wire.send(frames.encode(GOODBYE, messages.encode("Goodbye", goodbye)))  # r[session.goodbye.text]
        self._end(State.CLOSING, code, "local")
        self._part(code)

    def hurry(self) -> None:
        """The node stops: everything that is still to come has CLOSE_READ_MS in all (section 3.7)."""
        if self.state is State.CLOSING:
            self._abort_later(self._host.limits.CLOSE_READ_MS)
            self._hurried = True

    def _active(self) -> bool:
        return self.state not in (State.CLOSING, State.CLOSED)

    def _end(self, state: State, code: str, by: str) -> None:
        self.state = state
        self._stop_timers()
        self._host.ended(self, code, by)

    def _part(self, code: str) -> None:
        """Ends our direction after what is queued, then waits for the end of the other, r[session.goodbye.close]."""
        limits = self._host.limits
        wait = limits.QUEUE_FULL_MS if code == "DUPLICATE" else limits.CLOSE_READ_MS
        self._abort_later(limits.QUEUE_FULL_MS)
        self.wire.finish(lambda: None if self._hurried else self._abort_later(wait))

    def _abort_later(self, milliseconds: int) -> None:
        """The connection has so much time from now to come to its end."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._host.clock.after(milliseconds, self.wire.abort)

    def _stop_timers(self) -> None:
        self.outbound.stop()
        if self._timer is not None:
            self._timer.cancel()

    async def _take(self, data: bytes) -> None:
        if self.state is State.PREFACE:
            self._preface += data
            start, data = self._preface[: preface.SIZE], self._preface[preface.SIZE :]
            if not self._handshake.take_preface(start):
                return
            self.state, self._preface = State.HELLO, b""
        if self._active() or self._draining:
            self._reader.feed(data)
        began = time.monotonic()
        while (self._active() or self._draining) and (frame := self._reader.next()) is not None:
            if self._draining:
                self._drained_frame(frame)
            elif frame.header.command == GOODBYE:
                self._goodbye(frame.payload)
            elif self.state is State.READY:
                await self._ready_frame(frame)
            elif self.state is State.HELLO:
                self._hello(frame.payload)
            else:
                self._proof(frame.payload)
            if time.monotonic() - began > _TURN_S:  # r[session.isolated]
                await asyncio.sleep(0)
                began = time.monotonic()

    def _check_header(self, header: Header) -> None:
        """Section 2.2, r[session.early.size], r[session.early.order], r[session.ready.order], r[frame.response.tag]."""
        ready = self.state is State.READY or self._draining
        frames.check(header, self._host.receive_limit if ready else FIXED.PRE_READY_PAYLOAD_BYTES)
        if ready:
            if header.command in (HELLO, PROOF):
                raise Refusal("PROTOCOL_ERROR", "handshake after READY")
            self._requests.check(header)
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
            self.wire.send(self._requests.ping())
        self.state = State.READY
        if self.role == RESPONDER:  # r[session.timeout]: an initiator waits for the first frame
            self._stop_timers()
        self._host.ready(self)

    def _goodbye(self, payload: bytes) -> None:
        """r[session.goodbye.receive], r[session.goodbye.silent]."""
        try:
            code, by = error_name(messages.decode("Goodbye", payload)["code"]) or "PROTOCOL_ERROR", "remote"
        except Refusal as refusal:
            code, by = refusal.code, "local"
        if code != "DUPLICATE":  # r[session.duplicate.flush], r[session.goodbye.drop]
            self.wire.drop_queue()
        self._end(State.CLOSING, code, by)
        self._part(code)

    def _drained_frame(self, frame: Frame) -> None:
        """r[session.duplicate.drain]: of a rival that was ended, broadcasts still count."""
        if frame.header.command == GOODBYE:
            self._draining = False
        elif frame.header.command == BROADCAST:
            self._host.broadcast(self, frame.header.tag, frame.payload)

    async def _ready_frame(self, frame: Frame) -> None:
        if not self.proven:
            self.proven = True
            if self._timer is not None:
                self._timer.cancel()
            self._host.first_frame(self)
        header = frame.header
        if header.command == BROADCAST:
            self._host.broadcast(self, header.tag, frame.payload)
        elif header.flags & frames.RESPONSE:
            self._requests.answered(frame)
        elif header.flags & frames.REQUEST:
            if header.command == PING:  # r[session.ping.fence]
                messages.decode("Ping", frame.payload)
                await self._answer(header, b"", frames.RESPONSE)
            else:  # r[frame.unknown.request]
                error = messages.encode("Error", {"code": ERROR_NUMBERS["UNKNOWN_COMMAND"]})
                await self._answer(header, error, frames.RESPONSE | frames.FAILED)

    async def _answer(self, header: Header, payload: bytes, flags: int) -> None:
        """r[answer.form]."""
        await self.outbound.room()
        if self.state is State.READY:
            self.wire.send(frames.encode(header.command, payload, flags, header.tag))
