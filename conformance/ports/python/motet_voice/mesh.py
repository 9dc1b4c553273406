"""Flooding: the verdicts of section 4.5 and 4.7, penalties, relaying and the node's own broadcasts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from . import broadcast
from .broadcast import Content, Envelope
from .clock import Clock
from .copies import Copies
from .errors import Refusal
from .identity import Identity
from .limits import Limits
from .origins import Origins
from .registry import BROADCAST
from .session import Session
from .unsigned import Ids

_HIGHEST_TAG = 65_535

#: Content, payload, message id, tag of the copy, session that brought it.
Deliver = Callable[[Content, bytes, bytes, int, Session], None]
#: Whether the application's hook takes a broadcast, r[mesh.hook].
Hook = Callable[[Content, bytes], bool]


class Mesh:
    """The flood of one node. Verification runs in line, so no two copies are verified at once (r[mesh.verify.wait])."""

    def __init__(
        self, me: Identity, limits: Limits, clock: Clock, links: Callable[[], Iterable[Session]], deliver: Deliver, hook: Hook
    ) -> None:
        self._me = me
        self._network = me.network
        self._limits = limits
        self._clock = clock
        self._links = links
        self._deliver = deliver
        self._hook = hook
        freshness = me.network.descriptor.freshness
        self._origins = Origins(me.node_id, freshness, limits, clock)
        self._ids = Ids(freshness, limits, clock)
        self._copies = Copies(limits.RECENT_MESSAGES)
        self._last_sequence: int | None = None

    def known(self) -> int:
        """Origins or ids remembered."""
        return len(self._origins if self._network.signed else self._ids)

    def receive(self, session: Session, tag: int, payload: bytes) -> str:
        """The verdict on a BROADCAST, with its effects; refuses the session when its penalties are too many."""
        try:
            envelope = Envelope.cut(payload, self._network)  # step 1
            return (self._signed if self._network.signed else self._unsigned)(session, tag, payload, envelope)
        except Refusal as refusal:
            self._penalty(session, refusal.code)
            return "REJECT"

    def publish(self, channel: str, payload: bytes) -> tuple[int, bytes]:
        """Sends a broadcast of our own; sequence and id."""
        sequence = self._clock.unix_us() if self._last_sequence is None else self._last_sequence + 1
        envelope = broadcast.encode(
            self._me.key, self._network, sequence, self._clock.unix_ms(), channel, payload, self._limits.COMPRESS_MIN_BYTES
        )
        links = list(self._links())  # r[mesh.publish.busy]
        if links and all(link.outbound.queued() >= self._limits.QUEUE_HIGH_WATER_BYTES for link in links):
            raise Refusal("QUEUE_FULL")
        self._last_sequence = sequence  # r[mesh.sequence.first], r[mesh.sequence.next]
        message_id = envelope.id()
        self._remember(envelope, sequence, message_id, None)  # r[mesh.own]
        data = broadcast.payload_of(envelope)
        for link in links:  # r[mesh.origin.send], r[mesh.hops.origin]
            link.exchange.forward(BROADCAST, data)
        return sequence, message_id

    def _signed(self, session: Session, tag: int, payload: bytes, envelope: Envelope) -> str:
        pair = envelope.pair
        origin, sequence = pair[:32], int.from_bytes(pair[32:], "big")
        if self._origins.has(origin, sequence):  # step 2
            return self._duplicate(session, pair)
        envelope.check_size()  # step 3
        content = envelope.decode()  # steps 4 and 5
        direct = origin == session.peer_id
        if not self._fresh(content) or not self._origins.admits(origin, sequence, direct, session.introduced):
            return "IGNORE"  # steps 6 to 9
        envelope.check_signature()  # step 11
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
        for link in list(self._links()):  # r[mesh.relay.all], r[mesh.relay.not-back]
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
        else:
            self._ids.accept(message_id)
        self._copies.accepted(envelope.pair if self._network.signed else message_id, None if session is None else session.serial)

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
        """r[mesh.penalty.end]."""
        session.penalties += penalty
        if session.penalties >= self._limits.PENALTY_END:
            session.refuse(code)
