"""How a connection comes to its end (section 3.7): our direction first, then the other's, or the time is over."""

from __future__ import annotations

from .clock import Clock, Timer
from .connection import Connection
from .limits import Limits


class Parting:
    """The end of one connection; whatever happens, it is aborted in the end."""

    def __init__(self, wire: Connection, limits: Limits, clock: Clock) -> None:
        self._wire = wire
        self._limits = limits
        self._clock = clock
        self._timer: Timer | None = None
        self._hurried = False

    def begin(self, code: str) -> None:
        """Ends our direction after what is queued, then waits for the end of the other, r[session.goodbye.close]."""
        limits = self._limits
        wait = limits.QUEUE_FULL_MS if code == "DUPLICATE" else limits.CLOSE_READ_MS
        self._abort_later(limits.QUEUE_FULL_MS)
        self._wire.finish(lambda: None if self._hurried else self._abort_later(wait))

    def lost(self) -> None:
        """The other side has ended its direction without GOODBYE: what is queued has a while."""
        self._abort_later(self._limits.CLOSE_READ_MS)

    def hurry(self) -> None:
        """The node stops: everything that is still to come has CLOSE_READ_MS in all."""
        self._abort_later(self._limits.CLOSE_READ_MS)
        self._hurried = True

    def stop(self) -> None:
        """The connection is closed."""
        if self._timer is not None:
            self._timer.cancel()

    def _abort_later(self, milliseconds: int) -> None:
        self.stop()
        self._timer = self._clock.after(milliseconds, self._wire.abort)
