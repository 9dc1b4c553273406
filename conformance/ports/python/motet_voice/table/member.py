"""A member of the table: store, and all that answers for it, put together (sections 8.4 to 8.9)."""

from __future__ import annotations

from ..clock import Clock
from ..identity import Identity
from ..limits import Limits
from ..messages import Value
from ..registry import GET, PUT, SCAN, SYNC
from ..ring.calls import Calls
from ..ring.member import Member as RingMember
from .arcs import Arcs
from .keeper import Keeper
from .leases import Leases, Tell
from .parts import Kept
from .records import TableRecord
from .shown import Shown
from .store import Store
from .syncing import Syncing
from .upkeep import Mend, Upkeep


class Member:
    """Answers requests; the ring tells it when neighbours have changed."""

    def __init__(
        self, me: Identity, limits: Limits, clock: Clock, ring: RingMember, calls: Calls, tell: Tell, mend: Mend
    ) -> None:
        self.store = store = Store(me.network, limits, clock)
        self.arcs = arcs = Arcs(me.network, ring.state, store)
        kept = Kept(me, limits, clock, ring.state, store, arcs, calls, Shown())
        self._leases = Leases(me, limits, clock, arcs, tell)
        self.keeper = Keeper(kept, self._changed, ring.stabilize_soon)
        self._syncing = Syncing(kept, self.keeper.accept, self.keeper.misses)
        self.upkeep = Upkeep(kept, self.keeper, self._syncing, mend)
        ring.changed, ring.hand_over = self.upkeep.changed, self.upkeep.hand_over

    async def answer(
        self, peer: bytes, command: int, value: Value, most_bytes: int, prefix: str | None = None
    ) -> Value:
        """A request of a peer, by its prefix, or of this node itself."""
        if command == PUT:
            return await self.keeper.put(peer, value, prefix)
        if command == GET:
            return await self.keeper.get(value)
        if command == SCAN:
            return self.keeper.scan(value, most_bytes)
        if command == SYNC:
            return self._syncing.answer(peer, value, most_bytes)
        return self._leases.watch(peer, value)

    def stop(self) -> None:
        """The node stops."""
        self.upkeep.stop()

    def _changed(self, record: TableRecord) -> None:
        held = self.store.get(record.key_id)
        if held is not None:
            self._leases.changed(record, held.positions)
