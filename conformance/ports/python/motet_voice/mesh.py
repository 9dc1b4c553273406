"""Flooding: the verdicts of section 4.5 and 4.7, penalties, relaying and the node's own broadcasts."""

from __future__ import annotations

from collections.abc import Callable

from . import broadcast, messages
from .broadcast import Content, Envelope
from .clock import Clock
from .copies import Copies
from .corrections import Corrections
from .errors import Refusal
from .identity import Identity
from .limits import Limits
from .origins import Origins
from .peers import Peers
from .penalties import Penalties
from .rate import Rate
from .registry import BROADCAST, STALE_SEQUENCE
from .sequence import Sequence
from .session import Session
from .unsigned import Ids

_HIGHEST_TAG = 65_535

#: Content, payload, message id, tag of the copy, session that brought it.
Deliver = Callable[[Content, bytes, bytes, int, Session], None]
#: Whether the application's hook takes a broadcast, r[mesh.hook].
Hook = Callable[[Content, bytes], bool]


class Mesh:
    """The flood of one node. Verification runs in line, so no two copies are verified at once (r[mesh.verify.wait])."""

    def __init__(self, me: Identity, limits: Limits, clock: Clock, peers: Peers, deliver: Deliver, hook: Hook) -> None:
        self._me = me
        self._network = me.network
        self._limits = limits
        self._clock = clock
        self._peers = peers
        self._deliver = deliver
        self._hook = hook
        freshness = me.network.descriptor.freshness
        self._origins = Origins(me.node_id, freshness, limits, clock)
        self._ids = Ids(freshness, limits, clock)
        self._copies = Copies(limits.RECENT_MESSAGES)
        self._sequence = Sequence(limits, clock)
        self._published = Rate(clock)
        self._corrections = Corrections()
        self._penalties = Penalties(limits, clock)

    def known(self) -> int:
        """Origins or ids remembered."""
        return len(self._origins if self._network.signed else self._ids)

    def receive(self, session: Session, tag: int, payload: bytes) -> str:
        """The verdict on a BROADCAST, with its effects; refuses the session when its penalties are too many."""
        try:
            envelope = Envelope.cut(payload, self._network)  # step 1
            verdict = (self._signed if self._network.signed else self._unsigned)(session, tag, payload, envelope)
        except Refusal as refusal:
            self._penalty(session, refusal.code)
            verdict = "REJECT"
        if verdict != "DUPLICATE":
            session.pace.note()
        return verdict

    def publish(self, channel: str, payload: bytes) -> tuple[int, bytes]:
        """Sends a broadcast of our own; sequence and id."""
        sequence = self._sequence.next()
        envelope = broadcast.encode(
            self._me.key, self._network, sequence, self._clock.unix_ms(), channel, payload, self._limits.COMPRESS_MIN_BYTES
        )
        links = list(self._peers.links())
        self._check_room(links)
        self._sequence.used(sequence)
        if self._limits.PUBLISHED_PER_SECOND:
            self._published.note()
        message_id = envelope.id()
        self._remember(envelope, sequence, message_id, None)  # r[mesh.own]
        data = broadcast.payload_of(envelope)
        for link in links:  # r[mesh.origin.send], r[mesh.hops.origin]
            link.exchange.forward(BROADCAST, data)
        return sequence, message_id

    def _check_room(self, links: list[Session]) -> None:
        most = self._limits.PUBLISHED_PER_SECOND
        if most and self._published.count() >= most:  # r[mesh.publish.rate]
            raise Refusal("QUEUE_FULL", "broadcasts in a second")
        if links and all(link.outbound.queued() >= self._limits.QUEUE_HIGH_WATER_BYTES for link in links):
            raise Refusal("QUEUE_FULL", "every peer")  # r[mesh.publish.busy]

    def stale(self, highest: int) -> bool | None:
        """STALE_SEQUENCE came: whether it changes our sequence, None when there is nothing to report, r[stale.report]."""
        return self._sequence.stale(highest) if self._network.signed else None

    def banned(self, peer: bytes) -> bool:
        """r[mesh.penalty.ban]."""
        return self._penalties.banned(peer)

    def gone(self, session: Session) -> None:
        """A READY session ended."""
        self._corrections.gone(session.peer_id, session.serial)

    def _signed(self, session: Session, tag: int, payload: bytes, envelope: Envelope) -> str:
        pair = envelope.pair
        origin, sequence = pair[:32], int.from_bytes(pair[32:], "big")
        if self._origins.has(origin, sequence):  # step 2
            return self._duplicate(session, pair)
        envelope.check_size()  # step 3
        content = envelope.decode()  # steps 4 and 5
        direct = origin == session.peer_id
        if not self._fresh(content):  # step 6
            return "IGNORE"
        if not self._origins.admits(origin, sequence, direct, session.introduced):  # steps 7 to 10
            if direct:
                self._correct(session, sequence)
            return "IGNORE"
        envelope.check_signature()  # step 12
        return self._accept(session, tag, payload, envelope, content)

    def _unsigned(self, session: Session, tag: int, payload: bytes, envelope: Envelope) -> str:
        """r[mesh.unsigned.order]."""
        envelope.check_size()
        content = envelope.decode()
        if not self._fresh(content):
            return "IGNORE"
        message_id = envelope.id()
        if self._ids.has(message_id):
            return self._duplicate(session, message_id)
        if self._ids.full():
            return "IGNORE"
        return self._accept(session, tag, payload, envelope, content)

    def _accept(self, session: Session, tag: int, payload: bytes, envelope: Envelope, content: Content) -> str:
        message_id = envelope.id()
        self._remember(envelope, content.sequence, message_id, session)
        if content.origin != self._me.node_id and not self._show(content, message_id, tag, session):
            return "ACCEPT"
        hops = min(tag + 1, _HIGHEST_TAG)  # r[mesh.hops.relay]
        for link in list(self._peers.links()):  # r[mesh.relay.all], r[mesh.relay.not-back]
            if link.peer_id != session.peer_id:
                link.exchange.forward(BROADCAST, payload, hops)
        return "ACCEPT"

    def _show(self, content: Content, message_id: bytes, tag: int, session: Session) -> bool:
        """r[mesh.deliver], r[mesh.hook]; one that cannot be decompressed is relayed unseen, r[mesh.compressed.broken]."""
        try:
            payload = content.payload()
        except Refusal:
            return True
        if not self._hook(content, payload):
            return False
        self._deliver(content, payload, message_id, tag, session)
        return True

    def _remember(self, envelope: Envelope, sequence: int, message_id: bytes, session: Session | None) -> None:
        if self._network.signed:
            origin = envelope.content[:32]
            charged = None if session is None or session.peer_id == origin else session.introduced
            self._origins.accept(origin, sequence, charged)
            self._corrections.accepted(origin)
        else:
            self._ids.accept(message_id)
        self._copies.accepted(envelope.pair if self._network.signed else message_id, None if session is None else session.serial)

    def _correct(self, session: Session, sequence: int) -> None:
        """r[stale.send], r[stale.once]; in the session that stays, when this one has ended as a rival."""
        highest = self._origins.stale(session.peer_id, sequence)
        link = session if session.ready else self._peers.link(session.peer_id)
        if highest is None or link is None or not self._corrections.due(session.peer_id, link.serial):
            return
        link.outbound.frame(STALE_SEQUENCE, messages.encode("StaleSequence", {"highest": highest}))

    def _fresh(self, content: Content) -> bool:
        """Step 6, r[mesh.fresh]."""
        return abs(self._clock.unix_ms() - content.sent_at) <= self._network.descriptor.freshness * 1_000

    def _duplicate(self, session: Session, key: bytes) -> str:
        if self._copies.repeated(key, session.serial):  # r[mesh.penalty.repeat]
            self._count(session, self._limits.PENALTY_REPEAT, "MISBEHAVED")
        return "DUPLICATE"

    def _penalty(self, session: Session, code: str) -> None:
        """r[mesh.penalty.reject], r[mesh.penalty.signature]."""
        if code == "BAD_SIGNATURE":
            self._count(session, self._limits.PENALTY_BAD_SIGNATURE, code)
        else:
            self._count(session, self._limits.PENALTY_REJECT, "MISBEHAVED")

    def _count(self, session: Session, penalty: int, code: str) -> None:
        """r[mesh.penalty.code], r[mesh.penalty.end], r[mesh.penalty.kept]."""
        if self._penalties.add(session.peer_id, penalty) >= self._limits.PENALTY_END:
            session.refuse(code)
