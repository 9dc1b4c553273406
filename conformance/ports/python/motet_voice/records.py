"""The records of other nodes that a node knows (sections 1.6 and 5.4), and who told them."""

from __future__ import annotations

import random
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
class Known:
    """A record, its bytes, and the address of the peer that told it."""

    record: Record
    data: bytes
    teller: Address


class Records:
    """Records by node id; those of peers have a place of their own, of others KNOWN_RECORDS are kept."""

    def __init__(self, me: Identity, limits: Limits, clock: Clock, is_peer: Callable[[bytes], bool]) -> None:
        self._me = me
        self._limits = limits
        self._clock = clock
        self._is_peer = is_peer
        self._known: dict[bytes, Known] = {}

    def learn(self, known: Known) -> None:
        """r[record.stored.newer]."""
        node_id = known.record.node_id
        before = self._known.get(node_id)
        if before is not None and known.record.issued <= before.record.issued:
            return
        self._known.pop(node_id, None)
        self._known[node_id] = known
        self.trim()

    def told(self, data: bytes, teller: Address) -> Known | None:
        """A record that a peer passed on, or None for one that is dropped: r[peers.drop], r[record.stored.clock]."""
        try:
            value = decode(data, self._me.network)
        except Refusal:
            return None
        if value.node_id == self._me.node_id or not timely(value, self._clock.unix_ms()):
            return None
        known = Known(value, data, teller)
        self.learn(known)
        return known

    def get(self, node_id: bytes) -> Known | None:
        """The record of a node that has not expired."""
        known = self._known.get(node_id)
        return known if known is not None and known.record.expires > self._clock.unix_ms() else None

    def trim(self) -> None:
        """Forgets the oldest of the nodes that are no peers."""
        others = [node_id for node_id in self._known if not self._is_peer(node_id)]
        for node_id in others[: max(0, len(others) - self._limits.KNOWN_RECORDS)]:
            del self._known[node_id]

    def sample(self, asker: bytes, limit: int, most_bytes: int) -> list[bytes]:
        """Records for an answer to PEERS: r[peers.answer], r[peers.others], r[peers.sample]."""
        now = self._clock.unix_ms()
        others = [k for n, k in self._known.items() if n not in (asker, self._me.node_id) and k.record.expires > now]
        _RANDOM.shuffle(others)
        others.sort(key=lambda known: not self._is_peer(known.record.node_id))
        chosen: list[bytes] = []
        prefixes: dict[str, int] = {}
        for known in others:
            if len(chosen) == limit or sum(map(len, chosen), len(known.data)) + _ENTRY_BYTES * (len(chosen) + 1) > most_bytes:
                break
            prefix = _first_prefix(known)
            if prefix is not None:
                prefixes[prefix] = prefixes.get(prefix, 0) + 1
                if prefixes[prefix] > self._limits.PEERS_PER_PREFIX:
                    continue
            chosen.append(known.data)
        return chosen


def _first_prefix(known: Known) -> str | None:
    for text in known.record.body["addresses"][:1]:
        first = told.parsed(text, known.record.node_id)
        return told.prefix_of(first.host) if first else None  # r[record.addresses]
    return None
