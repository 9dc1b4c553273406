"""A node over TCP: listens, dials, runs its sessions and the flood."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from . import address as addresses
from .broadcast import Content
from .clock import Clock
from .connection import Connection
from .descriptor import Network
from .errors import Refusal, misuse
from .hello import Expectation
from .identity import Identity
from .limits import FIXED, Limits
from .mesh import Mesh
from .peers import Peers
from .proof import INITIATOR, RESPONDER
from .session import Session, State

#: Receives the name of an event and its members.
Events = Callable[[str, dict[str, Any]], None]

_HANDSHAKE = (State.PREFACE, State.HELLO, State.PROOF)


class Node:
    """One node. Errors of its peers end sessions and become events; they never leave it as exceptions."""

    def __init__(self, seed: bytes, network: Network, limits: Limits, clock: Clock, events: Events, incarnation: int = 0) -> None:
        if network.has("COMPRESSED_BROADCASTS"):  # section 4.2
            raise misuse("compressed broadcasts are not of this version")
        self.identity = Identity(seed, network, clock, incarnation)
        self.limits = limits
        self.clock = clock
        self.receive_limit = min(max(limits.RECEIVE_BYTES, network.receive_minimum), FIXED.RECEIVE_MAX_BYTES)
        self._events = events
        self._peers = Peers(
            self.identity.node_id,
            limits,
            lambda peer: events("peer.up", {"peer": peer.hex()}),
            lambda peer, code: events("peer.down", {"peer": peer.hex(), "code": code}),
        )
        self.mesh = Mesh(self.identity, limits, clock, self._peers.links, self._delivered)
        self._servers: list[asyncio.Server] = []
        self._sessions: dict[int, Session] = {}  # until the connection is closed, oldest first
        self._tasks: set[asyncio.Task[None]] = set()
        self._dialling: set[asyncio.Task[None]] = set()
        self._dialled = 0
        self._stopping = False

    async def listen(self, listen: list[str]) -> list[str]:
        """Listens at each address; the addresses as bound, which go into the record."""
        loop = asyncio.get_running_loop()
        wanted = [addresses.parse(address, any_port=True) for address in listen]
        try:
            for host, port in wanted:
                self._servers.append(await loop.create_server(lambda: Connection(self._accepted), host, port))
        except OSError as error:
            await self.stop()
            raise Refusal("TRANSPORT", str(error)) from None
        bound = [socket.getsockname() for server in self._servers for socket in server.sockets]
        self.identity.addresses = [addresses.text(name[0], name[1]) for name in bound]
        try:
            self.identity.record()
        except Refusal:  # too many addresses for a record
            await self.stop()
            raise
        return self.identity.addresses

    def dial(self, address: str, pinned: bytes = b"") -> None:
        """Dials once; what comes of it is an event."""
        host, port = addresses.parse(address)
        if len(pinned) not in (0, 32):
            raise misuse("node id")
        self._dialled += 1
        task = self._spawn(self._dial(host, port, pinned, self._dialled))
        self._dialling.add(task)

    async def stop(self) -> None:
        """r[session.goodbye.stop]; returns when every connection is closed."""
        self._stopping = True
        for server in self._servers:
            server.close()
        for task in list(self._dialling):
            task.cancel()
        for session in list(self._sessions.values()):
            session.refuse("CLOSED")
            session.hurry()
        while self._tasks:
            await asyncio.wait(self._tasks)

    def peer_ids(self) -> list[bytes]:
        """The peers that are up, sorted."""
        return self._peers.ids()

    # What sessions call (``Host``).

    def admit(self, session: Session) -> None:
        """FULL and DUPLICATE, the last refusals of section 3.2."""
        self._peers.admit(session)

    def ready(self, session: Session) -> None:
        """A responder reports its peer at once; an initiator waits, r[session.ready.report]."""
        session.in_peers = True
        self._peers.add(session)
        if session.role == RESPONDER:
            self._peers.report(session)

    def first_frame(self, session: Session) -> None:
        """The session works: it may be reported, and its rivals may end."""
        self._peers.report(session)
        self._peers.end_rivals(session)

    def broadcast(self, session: Session, tag: int, payload: bytes) -> None:
        """A BROADCAST came."""
        self.mesh.receive(session, tag, payload)

    def ended(self, session: Session, code: str, by: str) -> None:
        """A session ended in any state before its end."""
        if session.in_peers:
            session.in_peers = False
            self._peers.remove(session, code)
        if not session.reported:
            self._refused(session.role, by, code)

    def _refused(self, role: int, by: str, code: str) -> None:
        name = "initiator" if role == INITIATOR else "responder"
        self._events("refused", {"role": name, "by": by, "code": code})

    def _delivered(self, content: Content, message_id: bytes, tag: int, session: Session) -> None:
        self._events(
            "delivered",
            {
                "id": message_id.hex(),
                "origin": content.origin.hex(),
                "sequence": str(content.sequence),
                "channel": content.channel,
                "payload": content.payload.hex(),
                "hops": tag,
                "from": session.peer_id.hex(),
            },
        )

    def _accepted(self, connection: Connection) -> None:
        if self._stopping:
            connection.abort()
            return
        others = [s for s in self._sessions.values() if s.role == RESPONDER]
        waiting = [s for s in others if s.state in _HANDSHAKE]
        if len(waiting) >= max(1, self.limits.HANDSHAKES):
            waiting[0].refuse("FULL")
        closing = [s for s in others if s.state is State.CLOSING]
        if len(closing) > self.limits.HANDSHAKES:
            closing[0].wire.abort()
        session = Session(self, connection, Expectation(RESPONDER))
        self._sessions[session.serial] = session
        self._spawn(self._serve(session))

    async def _dial(self, host: str, port: int, pinned: bytes, counter: int) -> None:
        task = asyncio.current_task()
        assert task is not None
        started = self.clock.monotonic_ms()
        connect = asyncio.get_running_loop().create_connection(lambda: Connection(lambda _: None), host, port)
        try:
            _, connection = await asyncio.wait_for(connect, self.limits.HANDSHAKE_MS / 1_000)
        except (OSError, asyncio.TimeoutError, UnicodeError):
            self._refused(INITIATOR, "local", "UNREACHABLE")
            return
        except asyncio.CancelledError:
            self._refused(INITIATOR, "local", "CLOSED")
            return
        finally:
            self._dialling.discard(task)
        expected = Expectation(INITIATOR, pinned)
        await self._serve(Session(self, connection, expected, counter, self.clock.monotonic_ms() - started))

    async def _serve(self, session: Session) -> None:
        self._sessions[session.serial] = session
        await session.run()
        del self._sessions[session.serial]

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
