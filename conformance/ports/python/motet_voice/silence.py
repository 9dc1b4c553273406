"""Silence and stalled frames of a READY session (section 3.9)."""

from __future__ import annotations

from collections.abc import Callable

from .clock import Clock, Timer
from .limits import Limits


class Silence:
    """Asks a silent peer for a sign of life, and gives it up; time in which we do not read counts for nothing."""

    def __init__(self, limits: Limits, clock: Clock, ping: Callable[[], None], gone: Callable[[], None]) -> None:
        self._limits = limits
        self._clock = clock
        self._ping = ping
        self._gone = gone
        self._since = 0.0  # the last byte, or the last request since
        self._asked = 0
        self._unfinished: tuple[int, int] | None = None  # number and length of the frame that has begun
        self._begun = 0.0
        self._reading = True
        self._over = False
        self._silent: Timer | None = None
        self._stalled: Timer | None = None

    def start(self) -> None:
        """The session is READY."""
        self._since = self._clock.monotonic_ms()
        self._watch_silence()

    def stop(self) -> None:
        """The session is over."""
        self._over = True
        for timer in (self._silent, self._stalled):
            if timer is not None:
                timer.cancel()

    def heard(self) -> None:
        """Bytes were read."""
        asked, self._since, self._asked = self._asked, self._clock.monotonic_ms(), 0
        if asked and self._silent is not None and not self._over:  # the time to the next request is another now
            self._silent.cancel()
            self._watch_silence()

    def unfinished(self, frame: tuple[int, int] | None) -> None:
        """What has begun of a frame once the whole ones are processed."""
        if frame is None or self._unfinished is None or frame[0] != self._unfinished[0]:
            self._begun = self._clock.monotonic_ms()
        before, self._unfinished = self._unfinished, frame
        if frame is not None and frame != before:
            self._watch_frame()

    def pause(self) -> None:
        """We stop reading."""
        self._reading = False

    def resume(self) -> None:
        """We read again: silence begins anew."""
        self._reading = True
        self.heard()
        self._begun = self._clock.monotonic_ms()

    def _watch_silence(self) -> None:
        limits, now = self._limits, self._clock.monotonic_ms()
        due = self._since + (limits.KEEPALIVE_RETRY_MS if self._asked else limits.KEEPALIVE_MS)
        if self._reading and now >= due:
            if self._asked >= limits.KEEPALIVE_PROBES:  # r[session.keepalive.gone]
                return self._gone()
            self._since, self._asked = now, self._asked + 1
            due = now + limits.KEEPALIVE_RETRY_MS
            self._ping()  # r[session.keepalive.ping], r[session.keepalive.again]
        self._silent = self._clock.after(max(1, due - now), self._watch_silence)

    def _watch_frame(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
        if self._unfinished is None:
            return
        allowed = self._limits.FRAME_MS + self._unfinished[1] * 1_000 / max(1, self._limits.FRAME_BYTES_PER_S)
        left = self._begun + allowed - self._clock.monotonic_ms()
        if self._reading and left <= 0:  # r[session.stalled]
            return self._gone()
        self._stalled = self._clock.after(max(1, left), self._watch_frame)
