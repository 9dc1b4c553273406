"""What a session sends (sections 3.8 and 4.1): floods are dropped when the queue is full, SLOW when it stays so."""

from __future__ import annotations

from collections.abc import Callable

from . import frames
from .clock import Clock, Timer
from .connection import Connection
from .limits import Limits


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

    def frame(self, command: int, payload: bytes, flags: int = 0, tag: int = 0) -> None:
        """Queues a frame, whatever waits already."""
        self._watch()
        self._wire.send(frames.encode_header(command, len(payload), flags, tag), payload)
        self._watch()

    def droppable(self, command: int, payload: bytes, tag: int) -> None:
        """Queues a one-way frame, or drops it for this peer alone, r[mesh.queue.drop]."""
        self._watch()
        if self._full is None:
            self.frame(command, payload, 0, tag)
        else:
            self.dropped += 1

    def has_room(self) -> bool:
        """Whether the queue is not full."""
        self._watch()
        return self._full is None

    async def room(self) -> None:
        """Waits while the queue is full."""
        self._watch()
        await self._wire.drained(below=self._limits.QUEUE_BYTES)

    def stop(self) -> None:
        """Ends the watch: the queue is not full, or the session is over."""
        if self._full is not None:
            self._full.cancel()
            self._full = None

    def _watch(self) -> None:
        if self._wire.held() < self._limits.QUEUE_BYTES:
            self.stop()
        elif self._full is None:
            self._full = self._clock.after(self._limits.QUEUE_FULL_MS, self._still_full)

    def _still_full(self) -> None:
        self._full = None
        if self._wire.held() >= self._limits.QUEUE_BYTES:  # r[session.slow]
            self._slow()
