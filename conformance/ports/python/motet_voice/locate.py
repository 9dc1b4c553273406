"""LOCATE and FOUND on their way (section 5.5): what is answered, sent on and remembered. Knows peers, never connections."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from . import messages
from .clock import Clock
from .identity import Identity
from .limits import FIXED, Limits
from .rate import Rate
from .records import Known, Records, Teller
from .registry import FOUND, LOCATE

_PREVIOUS = 2

#: Sends a one-way frame to a peer that is still there: node id, command, payload, tag.
Send = Callable[[bytes, int, bytes, int], None]


@dataclass(slots=True)
class _Query:
    until: float
    hops: int
    previous: list[bytes] = field(default_factory=list)  # the first two peers that it came from
    answered: bool = False
    sent_on: bool = False
    widened: bool = False  # r[locate.more] happens once
    founds: int = 0
    newest: int = -1  # issue of the newest record that was sent on
    found: Callable[[Known], None] | None = None  # it is our own


class Locate:
    """The queries of one node, those of others and its own, oldest first."""

    def __init__(
        self, me: Identity, limits: Limits, clock: Clock, records: Records, peers: Callable[[], Iterable[bytes]], send: Send
    ) -> None:
        self._me = me
        self._limits = limits
        self._clock = clock
        self._records = records
        self._peers = peers
        self._send = send
        self._queries: OrderedDict[bytes, _Query] = OrderedDict()
        self._processed: dict[int, Rate] = {}

    def ask(self, query: bytes, wanted: bytes, hops: int, found: Callable[[Known], None]) -> None:
        """A query of our own to all peers; ``found`` may be called several times."""
        own = self._remember(query + wanted, hops)
        own.widened, own.found = True, found
        for peer in list(self._peers()):
            self._send_locate(peer, query, wanted, hops)

    def locate(self, session: int, peer: bytes, hops: int, query: bytes, wanted: bytes) -> None:
        """A LOCATE came from a peer in a session."""
        if not self._in_time(session):
            return
        hops = min(hops, FIXED.LOCATE_HOPS)  # r[locate.cap]
        self._forget()
        known = self._queries.get(query + wanted)
        if known is not None:
            return self._again(known, peer, hops, query, wanted)
        entry = self._remember(query + wanted, hops)
        entry.previous.append(peer)
        data = self._answer(wanted)
        if data is not None:  # r[locate.own], r[locate.known], r[locate.stop]
            entry.answered = True
            self._send(peer, FOUND, messages.encode("Found", {"query": query, "record": data}), 0)
        elif hops >= 2:  # r[locate.relay]
            entry.sent_on = True
            self._relay(peer, query, wanted, hops)

    def found(self, teller: Teller, query: bytes, data: bytes) -> None:
        """A FOUND came; the node id in front of its record says of which query, r[found.unknown], r[found.verify]."""
        self._forget()
        entry = self._queries.get(query + data[:32])
        if entry is None:
            return
        known = self._records.told(data, teller)
        if known is None:
            return
        if entry.found is not None:
            entry.found(known)
        newer = known.record.issued > entry.newest  # r[found.newer]
        if entry.sent_on and newer and entry.founds < self._limits.FOUNDS:  # r[found.relay], r[found.most]
            entry.founds, entry.newest = entry.founds + 1, known.record.issued
            for peer in entry.previous:
                self._send(peer, FOUND, messages.encode("Found", {"query": query, "record": data}), 0)

    def gone(self, session: int) -> None:
        """A session ended."""
        self._processed.pop(session, None)

    def _again(self, entry: _Query, peer: bytes, hops: int, query: bytes, wanted: bytes) -> None:
        """r[locate.once], r[locate.more]."""
        if peer not in entry.previous and len(entry.previous) < _PREVIOUS and entry.found is None:
            entry.previous.append(peer)
        if hops > entry.hops:
            entry.hops = hops
            if not entry.answered and not entry.widened and hops >= 2 and entry.found is None:
                entry.widened = entry.sent_on = True
                self._relay(peer, query, wanted, hops)

    def _answer(self, wanted: bytes) -> bytes | None:
        if wanted == self._me.node_id:
            return self._me.record()
        known = self._records.get(wanted)
        return known.data if known else None

    def _relay(self, origin: bytes, query: bytes, wanted: bytes, hops: int) -> None:
        for peer in list(self._peers()):
            if peer != origin:
                self._send_locate(peer, query, wanted, hops - 1)

    def _send_locate(self, peer: bytes, query: bytes, wanted: bytes, hops: int) -> None:
        self._send(peer, LOCATE, messages.encode("Locate", {"query": query, "wanted": wanted}), hops)

    def _in_time(self, session: int) -> bool:
        """r[locate.rate]."""
        processed = self._processed.setdefault(session, Rate(self._clock))
        if processed.count() >= self._limits.LOCATES_PER_SECOND:
            return False
        processed.note()
        return True

    def _remember(self, pair: bytes, hops: int) -> _Query:
        """r[locate.memory]."""
        entry = _Query(self._clock.monotonic_ms() + self._limits.LOCATE_KEEP_MS, hops)
        self._queries[pair] = entry
        while len(self._queries) > max(1, self._limits.LOCATES):
            self._queries.popitem(last=False)
        return entry

    def _forget(self) -> None:
        now = self._clock.monotonic_ms()
        while self._queries and next(iter(self._queries.values())).until <= now:
            self._queries.popitem(last=False)
