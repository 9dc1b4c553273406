"""One session: the states of section 3.1, from the first byte to the end of the connection."""

from __future__ import annotations

import itertools
import sys
import traceback
from enum import Enum

from . import frames, goodbye, hello, preface
from .clock import Timer
from .connection import Connection
from .errors import Refusal
from .exchange import Exchange
from .frame_reader import FrameReader
from .frames import Frame, Header
from .handshake import Handshake
from .hello import Expectation, Hello
from .host import Host
from .limits import FIXED
from .origins import Introduced
from .outbound import Outbound
from .pace import Pace
from .parting import Parting
from .proof import INITIATOR, RESPONDER
from .registry import BROADCAST, GOODBYE, HELLO, PROOF, TELL
from .terms import Said
from .turn import Turn

State = Enum("State", "PREFACE HELLO PROOF READY CLOSING CLOSED")

_serials = itertools.count(1)


class Session:
    """The state machine over one connection."""

    def __init__(self, host: Host, wire: Connection, expected: Expectation, elapsed_ms: float = 0, purpose: str = "") -> None:
        self.serial = next(_serials)
        self.state = State.PREFACE
        self.role = expected.role
        self.purpose = purpose  # of a dial: "named" by the application, "told" by the network
        self.wire = wire
        self.proven = False  # has brought a frame after the peer's PROOF
        self.in_peers = False  # READY, and not ended
        self.reported = False  # counts for peer.up and peer.down
        self.introduced = Introduced(host.clock)
        self.pace = Pace(host.limits, host.clock)
        self.skew_ms = 0  # the peer's clock minus ours, when its HELLO came
        self._host = host
        self._expected = expected
        self._handshake = Handshake(host.identity, expected, self._make_hello)
        self._preface = b""
        self._opened = False  # our preface is out
        self._reader = FrameReader(self._check_header)
        self._timer: Timer | None = host.clock.after(host.limits.HANDSHAKE_MS - elapsed_ms, lambda: self.refuse("TIMEOUT"))
        self.outbound = Outbound(wire, host.limits, host.clock, lambda: self.refuse("SLOW"))
        self._said, self._record_said = Said(host.terms), b""
        self._parting = Parting(wire, host.limits, host.clock)
        self._exchange: Exchange | None = None  # from READY on
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
    def identified(self) -> bool:
        """Whether the peer has said who it is."""
        return self._handshake.peer is not None

    @property
    def dial_counter(self) -> int:
        """The dial counter in the initiator's HELLO."""
        return self._expected.dial_counter if self.role == INITIATOR else self.peer.dial_counter

    @property
    def ready(self) -> bool:
        """Frames can be exchanged."""
        return self.state is State.READY

    @property
    def exchange(self) -> Exchange:
        """What is exchanged since READY."""
        assert self._exchange is not None
        return self._exchange

    async def run(self) -> None:
        """Serves the connection until it is closed; never raises."""
        if self.role == INITIATOR:  # r[session.open.initiator]
            self._opened = True
            self.wire.send(self._handshake.opening())
        while True:
            try:
                if not (data := await self.wire.receive()):
                    break
                await self._take(data)
            except Refusal as refusal:
                if self._draining:  # section 3.5: no other GOODBYE
                    break
                self.refuse(refusal.code, refusal.text)
            except Exception:  # a defect of this implementation ends one session, not the node
                traceback.print_exc(file=sys.stderr)
                self.refuse("TRANSPORT", "internal fault")
        if self._active():  # r[session.lost]
            self._end(State.CLOSED, "LOST", "local")
            self._parting.lost()
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
        self._draining = self.ready and code == "DUPLICATE"
        if not self._opened:  # r[session.refuse.preface]
            self._opened = True
            self.wire.send(self._handshake.our_preface)
        if code in ("SLOW", "TIMEOUT") and self.ready:
            self.wire.drop_queue()
        self.wire.send(frames.encode(GOODBYE, goodbye.encode(code, text)))
        self._end(State.CLOSING, code, "local")
        self._parting.begin(code)

    def hurry(self) -> None:
        """The node stops."""
        if self.state is State.CLOSING:
            self._parting.hurry()

    def _active(self) -> bool:
        return self.state not in (State.CLOSING, State.CLOSED)

    def _make_hello(self) -> bytes:
        me, wire, host = self._host.identity, self.wire, self._host
        self._said, self._record_said = Said(host.terms), me.record()
        remote = wire.remote()
        observed = remote.text if remote.host else ""
        return hello.encode(me, host.terms, host.clock.unix_ms(), self._expected, wire.channel(), observed)

    def _end(self, state: State, code: str, by: str) -> None:
        self.state = state
        self._stop_timers()
        self.pace.end()
        self._host.ended(self, code, by)
        if self._exchange is not None:
            self._exchange.end(code)

    def _stop_timers(self) -> None:
        self.outbound.stop()
        self._parting.stop()
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
        if self._exchange is not None:
            self._exchange.silence.heard()
        turn = Turn()
        while (self._active() or self._draining) and (frame := self._reader.next()) is not None:
            if self._draining:
                await self._drained_frame(frame)
            elif frame.header.command == GOODBYE:
                self._goodbye(frame.payload)
            elif self.state is State.READY:
                await self._ready_frame(frame)
            elif self.state is State.HELLO:
                self._hello(frame.payload)
            else:
                self._proof(frame.payload)
            if self.pace.exceeded():  # r[mesh.copies.rate]
                self.exchange.silence.pause()
                await self.pace.rest()
                self.exchange.silence.resume()
            await turn.pause()
        if self.ready:
            self.exchange.silence.unfinished(self._reader.unfinished())

    def _check_header(self, header: Header) -> None:
        """Section 2.2, r[session.early.size], r[session.early.order]; the rest is for ``Exchange``."""
        if self._exchange is not None:
            return self._exchange.check(header)
        frames.check(header, FIXED.PRE_READY_PAYLOAD_BYTES)
        if header.command not in (HELLO if self.state is State.HELLO else PROOF, GOODBYE):
            raise Refusal("PROTOCOL_ERROR", f"in place of {self.state.name}")

    def _hello(self, payload: bytes) -> None:
        peer = self._handshake.take_hello(payload, self.wire.channel())
        self.skew_ms = peer.clock_ms - self._host.clock.unix_ms()
        if self.role == RESPONDER:  # r[session.open.answer]
            self._opened = True
            self.wire.send(self._handshake.opening() + self._handshake.proof())
        self.state = State.PROOF

    def _proof(self, payload: bytes) -> None:
        self._handshake.take_proof(payload)
        self._host.admit(self)
        self._exchange = Exchange(self, self._host, self.outbound, self._said, self._record_said)
        if self.role == INITIATOR:
            self.wire.send(self._handshake.proof())
        else:  # r[session.ready.first]
            self._exchange.ping()
        self.state = State.READY
        if self.role == RESPONDER:  # r[session.timeout]: an initiator waits for the first frame
            self._stop_timers()
        self._exchange.silence.start()
        self._host.ready(self)
        self._exchange.announce()

    def _goodbye(self, payload: bytes) -> None:
        """r[session.goodbye.receive], r[session.goodbye.silent]."""
        code, by = goodbye.decode(payload)
        if code != "DUPLICATE":  # r[session.duplicate.flush], r[session.goodbye.drop]
            self.wire.drop_queue()
        self._end(State.CLOSING, code, by)
        self._parting.begin(code)

    async def _drained_frame(self, frame: Frame) -> None:
        """r[session.duplicate.drain], r[session.duplicate.tells]: of a rival that was ended, these still count."""
        if frame.header.command == GOODBYE:
            self._draining = False
        elif frame.header.command == BROADCAST:
            self._host.broadcast(self, frame.header.tag, frame.payload)
        elif frame.header.command == TELL and self._exchange is not None:
            await self._exchange.take(frame)

    async def _ready_frame(self, frame: Frame) -> None:
        if not self.proven:
            self.proven = True
            if self._timer is not None:
                self._timer.cancel()
            self._host.first_frame(self)
        await self.exchange.take(frame)
