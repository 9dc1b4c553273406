"""When two rings have become one, as a member sees it by its list: r[sync.merged]. Changes nothing and sends nothing."""

from __future__ import annotations

from ..ring import positions
from ..ring.state import State

#: So many nodes, and this part of the list, come in by themselves only when two rings meet.
_LEAST = 2
_PART = 1 / 4


class Merging:
    """Counts who comes onto the list before its last entry, until it has rested."""

    def __init__(self, state: State, rest_ms: float) -> None:
        self._state = state
        self._rest_ms = rest_ms
        self._known: frozenset[bytes] | None = None
        self._last: int = 0
        self._came = 0
        self._came_at = -float("inf")
        self.due_at = float("inf")

    def look(self, now: float) -> None:
        """The list is what it is now."""
        entries, own = self._state.list, self._state.position
        known, last = self._known, self._last
        self._known = frozenset(entry.node_id for entry in entries)
        self._last = own if self._state.wraps or not entries else entries[-1].position
        if known is None:
            return
        came = sum(entry.node_id not in known and positions.between(own, entry.position, last) for entry in entries)
        if came == 0:
            return
        if now > self._came_at + self._rest_ms:
            self._came = 0
        self._came, self._came_at = self._came + came, now
        self.due_at = float("inf")
        if self._came >= max(_LEAST, _PART * len(entries)):
            self.due_at = now + self._rest_ms

    def take(self, now: float) -> bool:
        """Whether the list has rested since; says so once."""
        if now < self.due_at:
            return False
        self.due_at, self._came = float("inf"), 0
        return True
