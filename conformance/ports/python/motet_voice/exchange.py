"""The frames of a READY session but GOODBYE: what is sent, what is asked and answered, what is handed on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import compression, frames, messages, record
from .errors import Refusal, malformed
from .frames import Frame, Header
from .host import Host
from .owed import Owed, error
from .outbound import Outbound
from .registry import (
    ASK, BROADCAST, CHANGED, FOUND, HELLO, KNOWN_COMMANDS, LOCATE, PEERS, PING, PROOF, RING_COMMANDS, STALE_SEQUENCE,
    TABLE_REQUESTS, TELL, UPDATE,
)
from .requests import Outcome, Requests
from .silence import Silence
from .terms import Said

if TYPE_CHECKING:
    from .session import Session


class Exchange:
    """One direction each: ``take`` for what comes, ``tell``, ``request``, ``ping`` and ``announce`` for what goes."""

    def __init__(self, session: Session, host: Host, outbound: Outbound, said: Said, record_said: bytes) -> None:
        self._session = session
        self._host = host
        self._outbound = outbound
        self._said = said
        self._record_said = record_said
        self._updating = False
        self._theirs = session.peer.terms
        self._peers_answered = -float("inf")
        self._owed = Owed(host.limits, host.clock, self._send_answer, lambda: self._theirs.receive_limit, outbound.has_room)
        self._requests = Requests(host.limits, host.clock, lambda: session.refuse("SLOW"))
        self.silence = Silence(host.limits, host.clock, self.ping, lambda: session.refuse("TIMEOUT"))

    def end(self, code: str) -> None:
        """The session ended."""
        self.silence.stop()
        self._owed.end()
        self._requests.end(code)

    # What goes out.

    def ping(self) -> None:
        """A PING request of our own."""
        self._outbound.frame(PING, b"", frames.REQUEST, self._requests.open(PING, lambda code, value: None))

    def announce(self) -> None:
        """Sends an UPDATE when we have to say something new; one at a time (section 3.10)."""
        terms, newest = self._host.terms, self._host.identity.record()
        if self._updating or (terms == self._said.newest and newest == self._record_said):
            return
        self._updating, self._record_said = True, newest
        self._said.add(terms)
        value = {"compressions": list(terms.compressions), "receiveLimit": terms.receive_limit, "record": newest}
        tag = self._requests.open(UPDATE, self._updated)
        self._outbound.frame(UPDATE, messages.encode("Update", value), frames.REQUEST, tag)

    def _updated(self, code: str, _: Any) -> None:
        self._updating = False
        if not code:
            self._said.answered()
        if self._session.ready:
            self.announce()

    def tell(self, command: int, payload: bytes, compress: bool = False) -> None:
        """A one-way frame of the application, r[send.too-large], r[send.busy]."""
        self._check_size(payload)
        self._check_room()
        self._send(command, payload, 0, 0, compress)

    def request(self, command: int, payload: bytes, outcome: Outcome, timeout_ms: int = 0, compress: bool = False) -> None:
        """A request of the application, r[answer.in-flight]; what can never pass is refused first (section 5.8)."""
        self._check_size(payload)
        if self._requests.full():
            raise Refusal("QUEUE_FULL", "requests")
        self._check_room()
        tag = self._requests.open(command, outcome, timeout_ms)
        self._send(command, payload, frames.REQUEST, tag, compress)

    def forward(self, command: int, payload: bytes, tag: int = 0) -> None:
        """A one-way frame of the node's own, dropped when the queue is full."""
        self._outbound.droppable(command, payload, tag)

    def _check_size(self, payload: bytes) -> None:
        if len(payload) > self._theirs.receive_limit:
            raise Refusal("TOO_LARGE", "for the peer")

    def _check_room(self) -> None:
        if self._outbound.queued() >= self._host.limits.QUEUE_HIGH_WATER_BYTES:
            raise Refusal("QUEUE_FULL", "bytes")

    def _send(self, command: int, payload: bytes, flags: int, tag: int, compress: bool) -> None:
        known = self._host.services.known(command)
        if compress and known is not None and known.compressible:
            number, payload = self._theirs.compress(payload, self._host.limits.COMPRESS_MIN_BYTES)
            flags |= number
        self._outbound.frame(command, payload, flags, tag)

    # What comes in.

    def check(self, header: Header) -> None:
        """The rules on the header (section 2.2), r[session.ready.order], r[frame.response.tag], r[answer.tag.taken]."""
        frames.check(header, self._said.receive_limit, self._host.services.known)
        if header.command in (HELLO, PROOF):
            raise Refusal("PROTOCOL_ERROR", "handshake after READY")
        self._requests.check(header)
        self._owed.check(header)

    async def take(self, frame: Frame) -> None:
        """Processes one frame."""
        flags = frame.header.flags
        if flags & frames.RESPONSE:
            self._requests.take(frame.header, lambda: self._original(frame))
        elif flags & frames.REQUEST:
            await self._request(frame)
        else:
            self._one_way(frame)

    def _original(self, frame: Frame) -> bytes:
        """The payload before it was compressed, r[compress.listed]."""
        number = frame.header.flags & frames.COMPRESSION
        known = self._host.services.known(frame.header.command)
        if not number or known is None:
            return frame.payload
        if not self._said.takes(number):
            raise Refusal("UNDECODABLE", "compression that we have not listed")
        return compression.decompress(number, frame.payload, self._said.receive_limit)

    def _one_way(self, frame: Frame) -> None:
        header, host, session = frame.header, self._host, self._session
        if header.command == BROADCAST:
            host.broadcast(session, header.tag, frame.payload)
        elif header.command == TELL:  # r[tell.deliver]
            value = messages.decode("Tell", self._original(frame))
            host.told(session, value["channel"], value["payload"])
        elif header.command == LOCATE:
            value = messages.decode("Locate", frame.payload)
            host.locate(session, header.tag, value["query"], value["wanted"])
        elif header.command == FOUND:
            value = messages.decode("Found", self._original(frame))
            host.found(session, value["query"], value["record"])
        elif header.command == STALE_SEQUENCE:
            host.stale(session, messages.decode("StaleSequence", frame.payload)["highest"])
        elif header.command in host.services.commands:  # r[app.command.deliver]
            host.commanded(session, header.command, frame.payload)
        elif header.command == CHANGED:
            if host.table.watches:
                host.table.notice(messages.decode("Changed", frame.payload))
        elif header.command in RING_COMMANDS and host.services.member:
            messages.decode(KNOWN_COMMANDS[header.command].payload, frame.payload)
            host.ring.notice(session, header.command)

    async def _request(self, frame: Frame) -> None:
        header = frame.header
        await self._room()
        if not self._session.ready:
            return
        if self._owed.full():  # r[answer.busy]
            return await self._answer(header, error("BUSY"), frames.FAILED)
        if self._host.services.known(header.command) is None:  # r[frame.unknown.request]
            return await self._answer(header, error("UNKNOWN_COMMAND"), frames.FAILED)
        payload = self._original(frame)
        if header.command == PING:  # r[session.ping.fence]
            messages.decode("Ping", payload)
            await self._answer(header, b"")
        elif header.command == UPDATE:
            self._take_update(payload)
            await self._answer(header, b"")  # r[session.update.answer]
        elif header.command == PEERS:
            await self._take_peers(header, messages.decode("Peers", payload)["limit"])
        elif header.command == ASK:
            await self._take_ask(header, len(payload), messages.decode("Ask", payload))
        elif header.command in RING_COMMANDS:
            await self._take_ring(header, messages.decode(KNOWN_COMMANDS[header.command].payload, payload))
        elif header.command in TABLE_REQUESTS:
            value = messages.decode(KNOWN_COMMANDS[header.command].payload, payload)
            most, table = self._theirs.receive_limit, self._host.table
            self._owed.serve_own(header, len(payload), lambda: table.answer(self._session, header.command, value, most))
        else:
            work = self._host.services.commands[header.command](self._session.peer_id, payload)
            self._owed.serve(header, len(payload), work, lambda reply: reply)

    async def _take_ask(self, header: Header, size: int, value: messages.Value) -> None:
        handler = self._host.services.channels.get(value["channel"])
        if handler is None:  # r[ask.not-served]
            return await self._answer(header, error("NOT_SERVED"), frames.FAILED)
        work = handler(self._session.peer_id, value["payload"])
        self._owed.serve(
            header, size, work, lambda reply: messages.encode("AskAnswer", {"payload": reply}), value["timeoutMs"]
        )

    async def _take_ring(self, header: Header, value: messages.Value) -> None:
        answer = self._host.ring.answer(self._session, header.command, value, self._theirs.receive_limit)
        if answer is None:  # r[step.joining]
            return await self._answer(header, error("BUSY"), frames.FAILED)
        await self._answer(header, answer)

    async def _take_peers(self, header: Header, limit: int) -> None:
        now = self._host.clock.monotonic_ms()
        if now - self._peers_answered < self._host.limits.PEERS_INTERVAL_MS:  # r[peers.rate]
            return await self._answer(header, error("BUSY"), frames.FAILED)
        self._peers_answered = now
        records = self._host.sample(self._session, limit, self._theirs.receive_limit)
        await self._answer(header, messages.encode("PeersAnswer", {"records": records}))

    def _take_update(self, payload: bytes) -> None:
        """Section 3.10; takes effect at once."""
        value, network = messages.decode("Update", payload), self._host.identity.network
        if value["receiveLimit"] < network.receive_minimum:  # r[session.update.limit]
            raise malformed("receive limit too low for this network")
        newer = record.decode(value["record"], network)  # r[session.update.record]
        if newer.node_id != self._session.peer_id:
            raise Refusal("BAD_RECORD", "of another node")
        self._theirs = type(self._theirs)(tuple(value["compressions"]), value["receiveLimit"])
        self._host.learn(self._session, newer, value["record"])

    async def _answer(self, header: Header, payload: bytes, flags: int = 0) -> None:
        """r[answer.form]."""
        await self._room()
        self._send_answer(header, payload, flags, False)

    async def _room(self) -> None:
        """A peer that does not take its answers is not read, r[session.answers]."""
        if not self._outbound.has_room():
            self.silence.pause()
            await self._outbound.room()
            self.silence.resume()

    def _send_answer(self, header: Header, payload: bytes, flags: int, compress: bool) -> None:
        if self._session.ready:
            self._send(header.command, payload, frames.RESPONSE | flags, header.tag, compress)
