"""The record of a node, made anew in time: r[record.renew]."""

from __future__ import annotations

from collections.abc import Callable

from .clock import Clock, Timer
from .identity import RECORD_LIFETIME_MS, Identity


class Renewal:
    """Makes a record now and again, and has each told."""

    def __init__(self, me: Identity, clock: Clock, announce: Callable[[], None]) -> None:
        self._me = me
        self._clock = clock
        self._announce = announce
        self._timer: Timer | None = None

    def renew(self) -> None:
        """A new record, and the next one when half of its time is over."""
        self._me.renew()
        self._timer = self._clock.after(RECORD_LIFETIME_MS // 2, self.renew)
        self._announce()

    def stop(self) -> None:
        """The node stops."""
        if self._timer is not None:
            self._timer.cancel()
