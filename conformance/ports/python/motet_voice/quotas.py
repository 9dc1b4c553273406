"""How many connections and sessions one address or prefix may have (section 3.5); loopback and private ranges are exempt."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from . import told
from .clock import Clock
from .limits import Limits

_SECOND_MS = 1_000


class Quotas:
    """What is counted by address and by prefix."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._begun: dict[str, deque[float]] = {}

    def too_fast(self, host: str) -> bool:
        """r[session.prefix.rate], with this connection counted."""
        prefix = told.prefix_of(host)
        if prefix is None:
            return False
        now = self._clock.monotonic_ms()
        self._begun = {key: times for key, times in self._begun.items() if times[-1] > now - _SECOND_MS}
        times = self._begun.setdefault(prefix, deque())
        times.append(now)
        while times[0] <= now - _SECOND_MS:
            times.popleft()
        return len(times) > self._limits.HANDSHAKES_PER_SECOND

    def same_prefix(self, host: str, other: str) -> bool:
        """Whether both count for one prefix, r[session.prefix.handshakes]."""
        prefix = told.prefix_of(host)
        return prefix is not None and told.prefix_of(other) == prefix

    def full(self, host: str, sessions: Iterable[str]) -> bool:
        """r[session.address.sessions]."""
        if told.prefix_of(host) is None:
            return False
        return sum(other == host for other in sessions) >= self._limits.SESSIONS_PER_ADDRESS
