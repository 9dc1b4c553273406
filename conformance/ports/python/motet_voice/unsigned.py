"""What a node of an unsigned network remembers: the ids of accepted broadcasts (section 4.7)."""

from __future__ import annotations

from collections import OrderedDict

from .clock import Clock
from .limits import Limits
from .origins import retention_ms


class Ids:
    """The ids of accepted broadcasts, oldest first."""

    def __init__(self, freshness: int, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._keep_ms = retention_ms(freshness, limits)
        self._until: OrderedDict[bytes, float] = OrderedDict()

    def __len__(self) -> int:
        self._forget()
        return len(self._until)

    def has(self, message_id: bytes) -> bool:
        """r[mesh.unsigned.duplicate]: the id covers the content byte for byte."""
        return message_id in self._until

    def full(self) -> bool:
        """r[mesh.unsigned.full]."""
        return len(self) >= self._limits.UNSIGNED_IDS

    def accept(self, message_id: bytes) -> None:
        """r[mesh.unsigned.keep]."""
        self._until[message_id] = self._clock.monotonic_ms() + self._keep_ms

    def _forget(self) -> None:
        now = self._clock.monotonic_ms()
        while self._until:
            message_id, until = next(iter(self._until.items()))
            if until >= now:
                return
            del self._until[message_id]
