"""Contacts that were on the list and failed (section 7.8): remembered for a while, to find a ring that was lost."""

from __future__ import annotations

from ..clock import Clock
from ..limits import Limits
from .contact import Contact


class Remembered:
    """Bounded in number and in time, r[ring.remember]; the one that came last is there longest."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._until: dict[Contact, float] = {}

    def add(self, contact: Contact) -> None:
        """A contact of the list has failed, or lost its place there."""
        self._until.pop(contact, None)
        self._until[contact] = self._clock.monotonic_ms() + self._limits.RING_PASSIVE_KEEP_MS
        while len(self._until) > max(0, self._limits.RING_PASSIVE):
            del self._until[next(iter(self._until))]

    def forget(self, contact: Contact) -> None:
        """It has left."""
        self._until.pop(contact, None)

    def all(self) -> list[Contact]:
        """Those that are remembered now."""
        now = self._clock.monotonic_ms()
        self._until = {contact: until for contact, until in self._until.items() if until > now}
        return list(self._until)
