"""The records of other nodes that a node knows (sections 1.6, 4.9 and 5.4), and who told them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from . import told
from .address import Address
from .clock import Clock
from .errors import Refusal
from .identity import Identity
from .limits import Limits
from .record import Record, decode, timely

#: A record in an answer to PEERS takes at most so many bytes beside its own.
_ENTRY_BYTES = 3

_RANDOM = random.SystemRandom()


@dataclass(frozen=True)
class Teller:
    """The peer that brought a record, and its address."""

    node_id: bytes
    address: Address


@dataclass(frozen=True)
class Known:
    """A record, its bytes, who told it, and the prefix of its first address (None for what is exempt)."""

    record: Record
    data: bytes
    teller: Teller
    prefix: str | None

    @classmethod
    def of(cls, record: Record, data: bytes, teller: Teller) -> Known:
        """A record as a peer has told it."""
        return cls(record, data, teller, _first_prefix(record))


class Records:
    """Records by node id; those of peers have a place of their own, of others KNOWN_RECORDS are kept."""

    def __init__(self, me: Identity, limits: Limits, clock: Clock, is_peer: Callable[[bytes], bool]) -> None:
        self._me = me
        self._limits = limits
        self._clock = clock
        self._is_peer = is_peer
        self._known: dict[bytes, Known] = {}
        self.learnt: Callable[[], None] = lambda: None  # called when there is something new

    def learn(self, known: Known) -> None:
        """r[record.stored.newer]."""
        node_id = known.record.node_id
        before = self._known.get(node_id)
        if before is not None and known.record.issued <= before.record.issued:
            return
        self._known.pop(node_id, None)
        self._known[node_id] = known
        self.trim()
        self.learnt()

    def told(self, data: bytes, teller: Teller) -> Known | None:
        """A record that a peer passed on, or None for one that is dropped: r[peers.drop], r[record.stored.clock]."""
        try:
            value = decode(data, self._me.network)
        except Refusal:
            return None
        if value.node_id == self._me.node_id or not timely(value, self._clock.unix_ms()):
            return None
        known = Known.of(value, data, teller)
        self.learn(known)
        return known

    def get(self, node_id: bytes) -> Known | None:
        """The record of a node that has not expired."""
        known = self._known.get(node_id)
        return known if known is not None and known.record.expires > self._clock.unix_ms() else None

    def others(self) -> list[Known]:
        """Those of nodes that are no peers, in a random order, but for what has expired."""
        now = self._clock.unix_ms()
        others = [k for n, k in self._known.items() if k.record.expires > now and not self._is_peer(n)]
        _RANDOM.shuffle(others)
        return others

    def trim(self) -> None:
        """Forgets of the nodes that are no peers those that are too many: the oldest, r[peers.memory]."""
        limits = self._limits
        prefixes: Counter[str] = Counter()
        sources: Counter[bytes] = Counter()
        kept = 0
        for known in reversed(list(self._known.values())):
            if self._is_peer(known.record.node_id):
                continue
            prefix, source = known.prefix, known.teller.node_id
            crowded = prefix is not None and prefixes[prefix] >= limits.KNOWN_PER_PREFIX
            if kept >= limits.KNOWN_RECORDS or crowded or sources[source] >= limits.KNOWN_PER_SOURCE:
                del self._known[known.record.node_id]
                continue
            kept += 1
            sources[source] += 1
            if prefix is not None:
                prefixes[prefix] += 1

    def sample(self, asker: bytes, limit: int, most_bytes: int) -> list[bytes]:
        """Records for an answer to PEERS: r[peers.answer], r[peers.others], r[peers.sample]."""
        now = self._clock.unix_ms()
        others = [k for n, k in self._known.items() if n not in (asker, self._me.node_id) and k.record.expires > now]
        _RANDOM.shuffle(others)
        others.sort(key=lambda known: not self._is_peer(known.record.node_id))
        chosen: list[bytes] = []
        prefixes: Counter[str] = Counter()
        for known in others:
            if len(chosen) == limit or sum(map(len, chosen), len(known.data)) + _ENTRY_BYTES * (len(chosen) + 1) > most_bytes:
                break
            if known.prefix is not None:
                prefixes[known.prefix] += 1
                if prefixes[known.prefix] > self._limits.PEERS_PER_PREFIX:
                    continue
            chosen.append(known.data)
        return chosen


def _first_prefix(record: Record) -> str | None:
    for text in record.body["addresses"][:1]:
        first = told.parsed(text, record.node_id)
        return told.prefix_of(first.host) if first else None  # r[record.addresses]
    return None
