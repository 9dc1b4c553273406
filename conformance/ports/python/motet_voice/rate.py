"""How many events the second before has seen: for limits that count by the second."""

from __future__ import annotations

from collections import deque

from .clock import Clock

_SECOND_MS = 1_000


class Rate:
    """Times of the events of the last second, oldest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._times: deque[float] = deque()

    def note(self) -> None:
        """An event happened now."""
        self._times.append(self._clock.monotonic_ms())

    def count(self) -> int:
        """Events within the second before."""
        since = self._clock.monotonic_ms() - _SECOND_MS
        while self._times and self._times[0] <= since:
            self._times.popleft()
        return len(self._times)

    def left_ms(self) -> float:
        """How long the oldest of them is still within the second; 0 when there is none."""
        return self._times[0] + _SECOND_MS - self._clock.monotonic_ms() if self.count() else 0
