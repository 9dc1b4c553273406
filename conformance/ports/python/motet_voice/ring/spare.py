"""Which sessions, dialled for requests of the ring or the table alone, are ended: r[ring.sessions]."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from ..limits import Limits

#: Whether something would miss a node.
Needed = Callable[[bytes], bool]


class Spare:
    """The nodes that were dialled so, the one that was asked last at the end."""

    def __init__(self, limits: Limits, end: Callable[[bytes], None]) -> None:
        self._limits = limits
        self._end = end
        self._dialled: OrderedDict[bytes, None] = OrderedDict()
        self._needed: list[Needed] = []

    def keep(self, needed: Needed) -> None:
        """Sessions with these nodes stay."""
        self._needed.append(needed)

    def used(self, node_id: bytes) -> None:
        """A node is asked."""
        if node_id in self._dialled:
            self._dialled.move_to_end(node_id)

    def dialled(self, node_id: bytes) -> None:
        """A session was made for a request; those that are too many end."""
        self._dialled[node_id] = None
        spare = [each for each in self._dialled if not any(needed(each) for needed in self._needed)]
        for each in spare[: max(0, len(spare) - self._limits.RING_SESSIONS)]:
            del self._dialled[each]
            self._end(each)

    def gone(self, node_id: bytes) -> None:
        """There is no session with a node any more."""
        self._dialled.pop(node_id, None)
