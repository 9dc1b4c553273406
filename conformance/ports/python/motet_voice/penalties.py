"""Penalties of nodes (section 4.6): counts that outlive sessions, halve with time, and ban."""

from __future__ import annotations

from dataclasses import dataclass

from .clock import Clock
from .limits import Limits


@dataclass(slots=True)
class _Entry:
    count: int
    since: float  # when the count was last 0 or halved
    banned_until: float = 0.0


class Penalties:
    """Counts by node id, those that began longest ago first."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._entries: dict[bytes, _Entry] = {}

    def add(self, node_id: bytes, penalty: int) -> int:
        """The count of a node with so much more."""
        now = self._clock.monotonic_ms()
        entry = self._entries.get(node_id)
        if entry is None:
            if penalty <= 0:
                return 0
            self._make_room(now)
            entry = self._entries[node_id] = _Entry(0, now)
        self._halve(entry, now)
        if entry.count == 0:
            entry.since = now
        entry.count += penalty
        if entry.count >= self._limits.PENALTY_BAN and entry.banned_until <= now:
            entry.banned_until = now + self._limits.BAN_MS
        return entry.count

    def banned(self, node_id: bytes) -> bool:
        """r[mesh.penalty.ban]."""
        entry = self._entries.get(node_id)
        return entry is not None and self._clock.monotonic_ms() < entry.banned_until

    def _halve(self, entry: _Entry, now: float) -> None:
        """r[mesh.penalty.halve], for all the times that have passed since."""
        span = max(1, self._limits.PENALTY_HALVE_MS)
        times = int((now - entry.since) // span)
        entry.count >>= times
        entry.since += times * span

    def _make_room(self, now: float) -> None:
        """r[mesh.penalty.memory]; those that are banned go last."""
        if len(self._entries) < max(1, self._limits.PENALISED):
            return
        for node_id, entry in list(self._entries.items()):
            self._halve(entry, now)
            if entry.count == 0 and entry.banned_until <= now:
                del self._entries[node_id]
        if len(self._entries) >= max(1, self._limits.PENALISED):
            del self._entries[min(self._entries, key=lambda each: self._rank(self._entries[each], now))]

    @staticmethod
    def _rank(entry: _Entry, now: float) -> tuple[bool, int]:
        return entry.banned_until > now, entry.count
