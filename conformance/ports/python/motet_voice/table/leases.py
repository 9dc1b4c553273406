"""Leases of those who watch keys at a member (section 8.8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ..clock import Clock
from ..errors import Refusal, misuse
from ..identity import Identity
from ..limits import Limits
from ..messages import Value
from . import keys
from .arcs import Arcs
from .records import TableRecord

#: Sends CHANGED with a record to a peer.
Tell = Callable[[bytes, TableRecord], None]


class Leases:
    """Who watches which key, and until when."""

    def __init__(self, me: Identity, limits: Limits, clock: Clock, arcs: Arcs, tell: Tell) -> None:
        self._tables = me.network.descriptor.tables
        self._limits = limits
        self._clock = clock
        self._arcs = arcs
        self._tell = tell
        self._until: dict[bytes, dict[bytes, float]] = {}  # by key id, then peer
        self._watched: Counter[bytes] = Counter()

    def watch(self, peer: bytes, value: Value) -> Value:
        """r[watch.position], r[watch.answer], r[watch.owner], r[watch.full]."""
        if value["position"] >= self._tables:
            raise misuse("position")
        key_id, lease_ms = value["keyId"], min(value["leaseMs"], self._limits.WATCH_MS)
        if not lease_ms:
            self._drop(key_id, peer)
            return {"leaseMs": 0}
        if not self._arcs.owns(keys.position(key_id, value["position"])):
            raise Refusal("NOT_OWNER", "WATCH")
        if peer not in self._until.get(key_id, {}):
            self._expire()
            if self._watched[peer] >= self._limits.WATCHES:
                raise Refusal("BUSY", "watches")
            self._watched[peer] += 1
        self._until.setdefault(key_id, {})[peer] = self._clock.monotonic_ms() + lease_ms
        return {"leaseMs": lease_ms}

    def changed(self, record: TableRecord, held_positions: list[int]) -> None:
        """A record became newer: r[watch.lease]."""
        if record.key_id not in self._until or not any(map(self._arcs.owns, held_positions)):
            return
        self._expire()
        for peer in list(self._until.get(record.key_id, ())):
            self._tell(peer, record)

    def _expire(self) -> None:
        now = self._clock.monotonic_ms()
        for key_id, peers in list(self._until.items()):
            for peer in [each for each, until in peers.items() if until <= now]:
                self._drop(key_id, peer)

    def _drop(self, key_id: bytes, peer: bytes) -> None:
        peers = self._until.get(key_id, {})
        if peers.pop(peer, None) is not None:
            self._watched[peer] -= 1
        if not peers:
            self._until.pop(key_id, None)
