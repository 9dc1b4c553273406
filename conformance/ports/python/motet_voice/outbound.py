"""What a READY session sends (sections 3.8 and 4.1): broadcasts are dropped when the queue is full, SLOW when it stays so."""

from __future__ import annotations

from collections.abc import Callable

from . import frames
from .clock import Clock, Timer
from .connection import Connection
from .limits import Limits
from .registry import BROADCAST


class Outbound:
    """Watches the bytes that wait in a connection."""

    def __init__(self, wire: Connection, limits: Limits, clock: Clock, slow: Callable[[], None]) -> None:
        self.dropped = 0
        self._wire = wire
        self._limits = limits
        self._clock = clock
        self._slow = slow
        self._full: Timer | None = None

    def queued(self) -> int:
        """Bytes that wait to be sent to the peer."""
        return self._wire.queued()

    def broadcast(self, tag: int, payload: bytes) -> None:
        """Queues a BROADCAST, or drops it for this peer alone, r[mesh.queue.drop]."""
        self._watch()
        if self._full is None:
            self._wire.send(frames.encode_header(BROADCAST, len(payload), 0, tag), payload)
            self._watch()
        else:
            self.dropped += 1

    async def room(self) -> None:
        """Waits while the queue is full: a peer that does not read its answers is not read either, r[session.answers]."""
        self._watch()
        await self._wire.drained(below=self._limits.QUEUE_BYTES)

    def stop(self) -> None:
        """Ends the watch: the queue is not full, or the session is over."""
        if self._full is not None:
            self._full.cancel()
            self._full = None

    def _watch(self) -> None:
        if self._wire.queued() < self._limits.QUEUE_BYTES:
            self.stop()
        elif self._full is None:
            self._full = self._clock.after(self._limits.QUEUE_FULL_MS, self._still_full)

    def _still_full(self) -> None:
        self._full = None
        if self._wire.queued() >= self._limits.QUEUE_BYTES:  # r[session.slow]
            self._slow()
