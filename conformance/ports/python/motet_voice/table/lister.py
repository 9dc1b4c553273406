"""Listing (section 8.6): around the ring, member by member, until it comes back to where it began."""

from __future__ import annotations

from ..errors import Refusal
from ..registry import SCAN
from ..ring import positions
from . import keys
from .parts import ClientPart, Used

_CIRCLE = 1 << 256
_TRIES = 4
_WAIT_MS = 150


class Lister(ClientPart):
    """Collects keys; what a member names outside of its arc is dropped."""

    def __init__(self, used: Used) -> None:
        super().__init__(used)
        self._network = used.me.network
        self._start = positions.position_of(used.me.network, used.me.node_id)

    async def keys(self) -> list[bytes]:
        """Kind and key of all that is stored, sorted; r[scan.next]."""
        found: set[bytes] = set()
        gone, after = 0, self._start  # how far around it is
        while True:
            end, named, more = await self._next(after)
            behind: int | None = None
            for name in named:
                at = keys.position(keys.key_id(self._network, name[0], name[1:]), 0)
                if name[0] in keys.KINDS and positions.owned(after, at, end):
                    found.add(name)
                    behind = at
            following = behind if more and behind is not None else end
            step = positions.forward(after, following) or _CIRCLE
            gone, after = gone + step, following
            if gone >= _CIRCLE:
                return sorted(found)

    async def _next(self, after: int) -> tuple[int, list[bytes], bool]:
        """Position of the member that owns what is behind a position, the keys that it names, and whether it has more."""
        for count in range(_TRIES):
            if count:
                await self._clock.sleep(_WAIT_MS * 2**count)
            try:
                owner = await self._client.find((after + 1) % _CIRCLE)
                value = {"after": after.to_bytes(positions.BYTES, "big")}
                said = await self._client.ask(owner, SCAN, value, self._limits.RING_REQUEST_MS)
                return positions.position_of(self._network, owner.node_id), said["keys"], bool(said["more"])
            except Refusal as refusal:
                failed = refusal
        raise failed
