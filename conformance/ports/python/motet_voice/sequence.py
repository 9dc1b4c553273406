"""The sequences that an origin gives its broadcasts (section 4.4), and what STALE_SEQUENCE does to them (section 4.8)."""

from __future__ import annotations

from .clock import Clock
from .limits import FIXED, Limits

_US_PER_S = 1_000_000


class Sequence:
    """Nothing is stored, so the last stored sequence is 0."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._last: int | None = None
        self._lowest = 0  # of the next one, as STALE_SEQUENCE had it
        self._changed_at = -float("inf")

    def next(self) -> int:
        """The sequence of the next broadcast: r[mesh.sequence.first], r[mesh.sequence.next], r[stale.take]."""
        return max(self._lowest, self._clock.unix_us() if self._last is None else self._last + 1)

    def used(self, sequence: int) -> None:
        """A broadcast was made with this one."""
        self._last, self._lowest = sequence, 0

    def stale(self, highest: int) -> bool | None:
        """Whether STALE_SEQUENCE changes what comes next; None when it tells nothing new."""
        if highest <= (self._last or 0):
            return None
        if highest < self.next() or highest > self._clock.unix_us() + FIXED.STALE_AHEAD_S * _US_PER_S:  # r[stale.ahead]
            return False
        now = self._clock.monotonic_ms()
        if now - self._changed_at < self._limits.STALE_INTERVAL_MS:  # r[stale.interval]
            return False
        self._lowest, self._changed_at = highest + 1, now
        return True
