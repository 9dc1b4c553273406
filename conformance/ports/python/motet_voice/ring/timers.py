"""Timers by name: one of each at most, none once they are stopped."""

from __future__ import annotations

import random
from collections.abc import Callable

from ..clock import Clock, Timer

_RANDOM = random.SystemRandom()

#: What recurs comes so much earlier or later at random.
_SPREAD = 0.2


class Timers:
    """The timers of one member."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._running: dict[str, Timer] = {}
        self._stopped = False

    def waits(self, name: str) -> bool:
        """Whether a timer runs."""
        return name in self._running

    def later(self, name: str, milliseconds: float, work: Callable[[], None]) -> None:
        """In place of the one of this name, if there is one."""

        def due() -> None:
            self._running.pop(name, None)
            work()

        if self._stopped:
            return
        if name in self._running:
            self._running[name].cancel()
        self._running[name] = self._clock.after(milliseconds, due)

    def about(self, name: str, milliseconds: float, work: Callable[[], None]) -> None:
        """The same, give or take a fifth."""
        self.later(name, milliseconds * _RANDOM.uniform(1 - _SPREAD, 1 + _SPREAD), work)

    def stop(self) -> None:
        """No timer runs any more."""
        self._stopped = True
        for timer in self._running.values():
            timer.cancel()
        self._running.clear()
