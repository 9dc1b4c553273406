"""A node: listens, dials, runs its sessions, and puts flooding and messaging on top of them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from . import address, carriers
from .broadcast import Content
from .clock import Clock
from .connection import Connection
from .descriptor import Network
from .dialler import Dialler
from .errors import Refusal, misuse
from .hello import Expectation
from .identity import Identity
from .known_dials import KnownDials
from .limits import Limits
from .locate import Locate
from .mesh import Mesh
from .messaging import Messaging
from .peers import Peers
from .places import Places
from .proof import RESPONDER
from .reach import Reach
from .reception import Reception
from .record import Record
from .records import Known, Records, Teller
from .registry import MEMBER
from .renewal import Renewal
from .reports import Events, Reports
from .ring.ring import Ring
from .selection import Selection
from .services import Services
from .session import Session
from .table.table import Table
from .terms import Terms
from .tls import Credentials, own_credentials


class Node:
    """One node. Errors of its peers end sessions and become events; they never leave it as exceptions."""

    def __init__(
        self, seed: bytes, network: Network, limits: Limits, clock: Clock, events: Events, incarnation: int = 0,
        member: bool = False,
    ) -> None:
        self.identity = Identity(seed, network, clock, incarnation, (MEMBER,) if member else ())
        self.limits = limits
        self.clock = clock
        self.services = Services(member)
        self.terms = Terms.default(limits, network)
        self._reports = Reports(events, limits)
        self._denied: frozenset[bytes] = frozenset()
        self._refused_channels: frozenset[str] = frozenset()
        me = self.identity
        self._peers = Peers(me.node_id, Places(limits), self._up, self._reports.down)
        self._reception = Reception(limits, clock)
        self._records = Records(me, limits, clock, self._peers.has)
        self.mesh = Mesh(me, limits, clock, self._peers, self._reports.delivered, self._hook)
        self._locate = Locate(me, limits, clock, self._records, self._peers.node_ids, self._forward)
        self._dialler = Dialler(self, self._serve, self._reports.refused)
        dials = KnownDials(limits, clock, self._dialler.told, self._dialler.is_named, self._peers.has)
        reach = Reach(limits, clock, self._records, self._locate, self._peers.node_ids, dials)
        self.messaging = messaging = Messaging(me.node_id, limits, reach, self._records, self._peers.link)
        self._selection = Selection(limits, clock, self._peers, self._records, dials, messaging.ask_peers, self._welcome)
        left = self._left if member else None
        self.ring = Ring(me, limits, clock, self._peers, self._records, dials, self._dialler, left)
        self.table = Table(me, limits, clock, self._peers, self.ring, self._reports.changed)
        self._servers: list[asyncio.Server] = []
        self._sessions: dict[int, Session] = {}  # until the connection is closed, oldest first
        self._tasks: set[asyncio.Task[None]] = set()
        self._renewal = Renewal(me, clock, self._announce)
        self._stopping = False

    async def listen(self, texts: list[str], credentials: Credentials | None = None) -> list[str]:
        """Listens at each address; the addresses as bound, which go into the record."""
        if credentials is not None:
            credentials.check_key(self.identity.node_id)
        try:
            places = [address.parse(text, listening=True) for text in texts]
        except Refusal as refusal:
            raise misuse(refusal.text) from None
        try:
            for place in places:
                server = await carriers.listen(place, lambda: credentials or own_credentials(), self._accepted)
                self._servers.append(server)
                self.identity.addresses += carriers.bound(place, server)
            self._renewal.renew()
            self._selection.look()
        except Refusal:  # not to be bound, or too many addresses for a record
            await self.stop()
            raise
        return self.identity.addresses

    def dial(self, text: str, pinned: bytes = b"") -> None:
        """Dials once; what comes of it is an event. A pin in the address and one beside it must agree."""
        try:
            place = address.parse(text)
        except Refusal as refusal:
            raise misuse(refusal.text) from None
        if len(pinned) not in (0, 32) or (pinned and place.pin not in (b"", pinned)):
            raise misuse("node id")
        self._dialler.named(place, pinned or place.pin)

    def allow(self, denied: Collection[bytes], refused_channels: Collection[str]) -> None:
        """Which peers and which broadcasts the application does not want: r[session.banned], r[mesh.hook]."""
        self._denied, self._refused_channels = frozenset(denied), frozenset(refused_channels)
        for node_id in self._denied:  # r[session.banned.live]
            for session in self._peers.of(node_id):
                session.refuse("BANNED")

    def update(self, terms: Terms) -> None:
        """What this node says from now on, in HELLO and in UPDATE to its peers."""
        terms.check(self.identity.network)
        self.terms = terms
        self._announce()

    async def stop(self) -> None:
        """r[session.goodbye.stop]; returns when every connection is closed."""
        self._stopping = True
        for server in self._servers:
            server.close()
        self._renewal.stop()
        self._selection.stop()
        self.messaging.stop()
        self.table.stop()
        self.ring.stop()
        self._dialler.stop()
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
        """BANNED, FULL and DUPLICATE, the last refusals of section 3.2."""
        if not self._welcome(session.peer_id):
            raise Refusal("BANNED")
        self._reception.admit(session.wire.remote().host, self._peers.all())
        self._peers.admit(session)

    def ready(self, session: Session) -> None:
        """A responder reports its peer at once; an initiator waits, r[session.ready.report]."""
        session.in_peers = True
        self._peers.add(session)
        self.learn(session, session.peer.record, session.peer.record_bytes)
        if session.role == RESPONDER:
            self._peers.report(session)

    def first_frame(self, session: Session) -> None:
        """The session works: it may be reported, and its rivals may end."""
        self._peers.report(session)
        self._dialler.settled(session, "")
        self._peers.end_rivals(session)

    def ended(self, session: Session, code: str, by: str) -> None:
        """A session ended in any state before its end."""
        self._locate.gone(session.serial)
        if session.in_peers:
            session.in_peers = False
            self.mesh.gone(session)
            self._peers.remove(session, code)
            self._records.trim()
            self.ring.ended(session.peer_id)
            asyncio.get_running_loop().call_soon(self._selection.look)
        reached = code == "DUPLICATE" and session.identified and self._peers.link(session.peer_id) is not None
        self._dialler.settled(session, "" if reached else code)
        if not session.reported and session.purpose != "told" and session.wire.carrying:
            self._reports.refused(session.role, by, code)

    def broadcast(self, session: Session, tag: int, payload: bytes) -> None:
        """A BROADCAST came."""
        self.mesh.receive(session, tag, payload)

    def told(self, session: Session, channel: str, payload: bytes) -> None:
        """A TELL came."""
        self._reports.told(session, channel, payload)

    def commanded(self, session: Session, command: int, payload: bytes) -> None:
        """A one-way frame of a command that the application has defined."""
        self._reports.commanded(session, command, payload)

    def stale(self, session: Session, highest: int) -> None:
        """A STALE_SEQUENCE came."""
        changed = self.mesh.stale(highest)
        if changed is not None:
            self._reports.stale(session, highest, changed)

    def locate(self, session: Session, hops: int, query: bytes, wanted: bytes) -> None:
        """A LOCATE came."""
        self._locate.locate(session.serial, session.peer_id, hops, query, wanted)

    def found(self, session: Session, query: bytes, data: bytes) -> None:
        """A FOUND came."""
        self._locate.found(Teller(session.peer_id, session.wire.remote()), query, data)

    def learn(self, session: Session, newer: Record, data: bytes) -> None:
        """The record that a peer has of itself."""
        self._records.learn(Known.of(newer, data, Teller(session.peer_id, session.wire.remote())))

    def sample(self, session: Session, limit: int, most_bytes: int) -> list[bytes]:
        """Records for an answer to PEERS."""
        return self._records.sample(session.peer_id, limit, most_bytes)

    # What the parts of the node call.

    def _welcome(self, peer: bytes) -> bool:
        """r[session.banned], r[mesh.penalty.ban]."""
        return peer not in self._denied and not self.mesh.banned(peer)

    def _up(self, session: Session) -> None:
        self._reports.up(session)
        asyncio.get_running_loop().call_soon(self._flush, session)

    def _flush(self, session: Session) -> None:
        link = self._peers.link(session.peer_id)
        if link is not None:
            self.messaging.up(link)
        self._selection.look()

    def _hook(self, content: Content, _: bytes) -> bool:
        return content.channel not in self._refused_channels

    def _forward(self, peer: bytes, command: int, payload: bytes, tag: int) -> None:
        link = self._peers.link(peer)
        if link is not None:
            link.exchange.forward(command, payload, tag)

    def _left(self) -> None:
        """It has left the ring: its sessions end as those of any node that stops, section 7.7."""
        self._reports.left()
        self._leaving = asyncio.get_running_loop().create_task(self.stop())

    def _announce(self) -> None:
        """r[session.update.announce]."""
        for session in list(self._peers.all()):
            session.exchange.announce()

    def _accepted(self, connection: Connection) -> None:
        host = connection.remote().host
        if self._stopping or self._reception.too_fast(host):
            return connection.abort()
        self._reception.make_room(host, self._sessions.values())
        self._serve(Session(self, connection, Expectation(RESPONDER)))

    def _serve(self, session: Session) -> None:
        self._sessions[session.serial] = session
        task = asyncio.get_running_loop().create_task(self._run(session))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, session: Session) -> None:
        await session.run()
        del self._sessions[session.serial]
