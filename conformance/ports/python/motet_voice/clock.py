"""The clock of the nodes and their timers; both can be advanced together for tests."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable

_KEPT_CANCELLED = 1_000


class Timer:
    """A call in the future; ``cancel`` takes it back."""

    def __init__(self, callback: Callable[[], None], cancelled: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback
        self._cancelled = cancelled

    def cancel(self) -> None:
        """The call is not made any more."""
        if self.callback is not None:
            self.callback = None
            self._cancelled()


class Clock:
    """Unix time and monotonic time with a common offset."""

    def __init__(self) -> None:
        self._offset_ms = 0
        self._heap: list[tuple[float, int, Timer]] = []
        self._count = itertools.count()
        self._cancelled = 0
        self._wake: asyncio.TimerHandle | None = None

    def unix_ms(self) -> int:
        """Unix ms (section 0.2)."""
        return time.time_ns() // 1_000_000 + self._offset_ms

    def unix_us(self) -> int:
        """Unix microseconds, for r[mesh.sequence.first]."""
        return time.time_ns() // 1_000 + self._offset_ms * 1_000

    def monotonic_ms(self) -> float:
        """Time that only goes forward: for all spans."""
        return time.monotonic() * 1_000 + self._offset_ms

    def after(self, milliseconds: float, callback: Callable[[], None]) -> Timer:
        """Calls back once, when so much time has passed or was advanced."""
        timer = Timer(callback, self._note_cancelled)
        heapq.heappush(self._heap, (self.monotonic_ms() + milliseconds, next(self._count), timer))
        self._schedule()
        return timer

    async def sleep(self, milliseconds: float) -> None:
        """Waits until so much time has passed or was advanced."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        timer = self.after(milliseconds, lambda: done.done() or done.set_result(None))
        try:
            await done
        finally:
            timer.cancel()

    def advance(self, milliseconds: int) -> None:
        """The clock goes so much further, and the timers that are due by then run in their order."""
        self._offset_ms += milliseconds
        self._run()

    def _run(self) -> None:
        while self._heap and (self._heap[0][2].callback is None or self._heap[0][0] <= self.monotonic_ms()):
            timer = heapq.heappop(self._heap)[2]
            callback, timer.callback = timer.callback, None
            if callback is not None:
                callback()
            else:
                self._cancelled -= 1
        self._schedule()

    def _note_cancelled(self) -> None:
        """Cancelled timers lie in the heap until they are most of it."""
        self._cancelled += 1
        if self._cancelled > _KEPT_CANCELLED and self._cancelled * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2].callback is not None]
            heapq.heapify(self._heap)
            self._cancelled = 0

    def _schedule(self) -> None:
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None
        if self._heap:
            delay = max(0.0, self._heap[0][0] - self.monotonic_ms()) / 1_000
            self._wake = asyncio.get_running_loop().call_later(delay, self._run)
