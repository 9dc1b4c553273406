"""What a node of a signed network remembers of origins: steps 2 and 7 to 10 of section 4.5."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from .clock import Clock
from .limits import FIXED, Limits
from .rate import Rate

_WINDOW = FIXED.SEQUENCE_WINDOW
_MASK = (1 << _WINDOW) - 1


def retention_ms(freshness: int, limits: Limits) -> int:
    """How long accepted broadcasts are remembered, r[mesh.origins.keep] and r[mesh.unsigned.keep]."""
    return (2 * freshness + limits.RETENTION_EXTRA_S) * 1_000


class Introduced:
    """The origins that a session introduced: how many are still known, and how fast they came; the peer's own is not counted."""

    def __init__(self, clock: Clock, count: int = 0) -> None:
        self.count = count
        self.rate = Rate(clock)

    def note(self) -> None:
        """It has introduced another one."""
        self.count += 1
        self.rate.note()


@dataclass(slots=True)
class _Origin:
    highest: int
    accepted: int  # bit i: the sequence highest - i was accepted
    until: float
    introducer: Introduced | None


class Origins:
    """The known origins, those that were heard of longest ago first; the node itself has a place of its own."""

    def __init__(self, own: bytes, freshness: int, limits: Limits, clock: Clock) -> None:
        self._own_id = own
        self._own: _Origin | None = None
        self._limits = limits
        self._clock = clock
        self._keep_ms = retention_ms(freshness, limits)
        self._known: OrderedDict[bytes, _Origin] = OrderedDict()

    def __len__(self) -> int:
        self._forget()
        return len(self._known)

    def has(self, origin: bytes, sequence: int) -> bool:
        """r[mesh.duplicate.accepted], within the window."""
        known = self._get(origin)
        if known is None or not 0 <= known.highest - sequence < _WINDOW:
            return False
        return bool(known.accepted >> known.highest - sequence & 1)

    def admits(self, origin: bytes, sequence: int, direct: bool, introduced: Introduced) -> bool:
        """Steps 7 to 10, for a pair that is no duplicate; ``direct``: the origin itself sent it."""
        self._forget()
        known = self._get(origin)
        if known is not None:  # r[mesh.sequence.window]
            return sequence > known.highest - _WINDOW
        if origin == self._own_id:
            return True
        limits = self._limits
        if direct:  # r[mesh.origins.full]
            return len(self._known) < limits.ORIGINS + limits.ORIGINS_DIRECT
        if len(self._known) >= limits.ORIGINS or introduced.count >= limits.ORIGINS_PER_LINK:  # r[mesh.origins.link]
            return False
        return introduced.rate.count() < limits.ORIGINS_PER_SECOND  # r[mesh.origins.rate]

    def stale(self, origin: bytes, sequence: int) -> int | None:
        """The highest sequence of an origin when this one lies below its window, else None."""
        known = self._get(origin)
        return known.highest if known is not None and sequence <= known.highest - _WINDOW else None

    def accept(self, origin: bytes, sequence: int, introducer: Introduced | None = None) -> None:
        """Remembers an accepted pair; ``introducer`` is charged when this makes the origin known."""
        until = self._clock.monotonic_ms() + self._keep_ms
        known = self._get(origin)
        if known is None:
            if origin == self._own_id:
                self._own = _Origin(sequence, 1, until, None)
                return
            if introducer is not None:
                introducer.note()
            self._known[origin] = _Origin(sequence, 1, until, introducer)
            return
        ahead = sequence - known.highest
        if ahead > 0:
            known.accepted = (known.accepted << ahead | 1) & _MASK if ahead < _WINDOW else 1
            known.highest = sequence
        elif -ahead < _WINDOW:  # further below are only the node's own, when its clock was set back
            known.accepted |= 1 << -ahead
        known.until = until
        if known is not self._own:
            self._known.move_to_end(origin)

    def _get(self, origin: bytes) -> _Origin | None:
        return self._own if origin == self._own_id else self._known.get(origin)

    def _forget(self) -> None:
        now = self._clock.monotonic_ms()
        while self._known:
            origin, known = next(iter(self._known.items()))
            if known.until >= now:
                return
            if known.introducer is not None:
                known.introducer.count -= 1
            del self._known[origin]
