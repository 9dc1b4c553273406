"""How fast a session may bring broadcasts (section 4.5): beyond that it waits, and nothing is dropped."""

from __future__ import annotations

import asyncio

from .clock import Clock
from .limits import Limits
from .rate import Rate


class Pace:
    """Counts the broadcasts that were no duplicates, r[mesh.copies.rate]."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._most = max(1, limits.COPIES_PER_SECOND)
        self._clock = clock
        self._brought = Rate(clock)
        self._wake = asyncio.Event()
        self._ended = False

    def note(self) -> None:
        """The session has brought one."""
        self._brought.note()

    def exceeded(self) -> bool:
        """Whether the session is not to be read now."""
        return not self._ended and self._brought.count() >= self._most

    async def rest(self) -> None:
        """Waits until the second is over, or the session."""
        while self.exceeded():
            self._wake.clear()
            timer = self._clock.after(self._brought.left_ms(), self._wake.set)
            await self._wake.wait()
            timer.cancel()

    def end(self) -> None:
        """The session is over: it is read on without waiting."""
        self._ended = True
        self._wake.set()
