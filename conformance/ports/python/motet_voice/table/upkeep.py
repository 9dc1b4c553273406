"""What a member does of itself for what is stored (section 8.7): its arc is filled, records are sent on, groups compared."""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any

from ..errors import Refusal
from ..ring import positions
from ..ring.contact import Contact
from ..ring.state import FOUNDER
from ..ring.timers import Timers
from .keeper import Keeper
from .merging import Merging
from .parts import Kept, MemberPart
from .records import TableRecord
from .store import Held, Place
from .syncing import Syncing

#: Compares the groups of a key; as a whole when it is to lie on enough nodes, with a record when that may be offered.
Mend = Callable[[bytes, bool, TableRecord | None], Awaitable[None]]

#: PUTs under way at once.
_PARALLEL = 8
#: Shortest time between two comparisons that the clock asks for.
_LEAST_MS = 1_000
#: Tries of one record when the member leaves.
_TRIES = 2


class Upkeep(MemberPart):
    """Works when the ring may have changed, one piece after the other."""

    def __init__(self, kept: Kept, keeper: Keeper, syncing: Syncing, mend: Mend) -> None:
        super().__init__(kept)
        self._keeper = keeper
        self._syncing = syncing
        self._mend = mend
        self._neighbours: tuple[Any, Any] = (None, None)
        self._synced = -float("inf")
        self._cross_at = kept.clock.monotonic_ms() + kept.limits.CROSS_CHECK_MS
        self._taken_over = False
        self._merging = Merging(kept.state, 2 * kept.limits.RING_STABILIZE_MS)
        self._placed_at = -float("inf")
        self._timers = Timers(kept.clock)
        self._task: asyncio.Task[None] | None = None
        self._again = False
        self._mending: asyncio.Task[None] | None = None

    def changed(self) -> None:
        """A round of stabilizing is over, or the predecessor is another."""
        if self._state.phase == FOUNDER:  # its arc is complete at once
            self._keeper.complete = True
        if self._state.placed and self._keeper.first_list is None:
            self._keeper.first_list = frozenset(self._state.list)
            self._placed_at = self._clock.monotonic_ms()
        self._again = True
        if self._task is None and self._state.placed:
            self._task = asyncio.get_running_loop().create_task(self._run())

    def stop(self) -> None:
        """The node stops or leaves."""
        self._timers.stop()
        for task in (self._task, self._mending):
            if task is not None:
                task.cancel()

    async def hand_over(self) -> None:
        """r[keep.leave]: the records of the positions that are owned go to the head as its own."""
        self.stop()
        work = [
            partial(self._give, held, index)
            for held in self._store.all()
            for index, position in enumerate(held.positions)
            if self._arcs.stands_before(position)
        ]
        await _some_at_once(work)

    async def _give(self, held: Held, index: int) -> None:
        place = held.places.get(index)
        copies = place.copies if place else self._arcs.copies
        for _ in range(_TRIES):
            for entry in list(self._state.list):
                try:
                    await self._keeper.send(entry, held.record, index, Place(0, copies), self._limits.PUT_MS)
                    return
                except Refusal:
                    continue

    async def _run(self) -> None:
        try:
            while self._again and self._state.placed:
                self._again = False
                await self._work()
        except Exception:  # a defect ends one piece of work, not the table
            traceback.print_exc(file=sys.stderr)
        finally:
            self._task = None
            self._rest()

    def _rest(self) -> None:
        """Until the next comparison is due, if nothing changes before."""
        now = self._clock.monotonic_ms()
        due = min(self._synced + self._limits.SYNC_MS, self._cross_at, self._merging.due_at) - now
        if self._state.placed:
            self._timers.later("due", max(due, _LEAST_MS), self.changed)

    async def _work(self) -> None:
        head, before = self._state.head, self._state.predecessor
        self._shown.turn_to(head)
        self._note_neighbours()
        self._merging.look(self._clock.monotonic_ms())
        if head is None:
            self._keeper.complete = True
        elif before is not None:
            now = self._clock.monotonic_ms()
            if self._keeper.joined_behind is None:
                self._keeper.joined_behind = before.position
            if not self._keeper.complete or now - self._synced >= self._limits.SYNC_MS:
                if await self._pull(head, before.position):
                    self._synced = now
                    self._keeper.complete = self._keeper.complete or self._covers(before)
        if head is not None:
            await self._send_on()
        self._cross_check()

    async def _pull(self, head: Contact, begin: int) -> bool:
        """r[keep.join], r[sync.when]; until all is here r[keep.join.from]."""
        if not self._keeper.complete and self._clock.monotonic_ms() < self._placed_at + self._limits.SYNC_MS:
            head = self._keeper.knowing()[0]
        return await self._syncing.pull(head, begin, self._state.position)

    def _note_neighbours(self) -> None:
        """A neighbour that has changed is compared with at once; an arc that has grown is checked with the other groups."""
        head, before = self._state.head, self._state.predecessor
        old_before = self._neighbours[1]
        if (head, before) == self._neighbours:
            return
        self._synced = -float("inf")
        self._cross_at = min(self._cross_at, self._clock.monotonic_ms() + self._limits.SYNC_MS / 2)  # r[sync.nodes]
        own = self._state.position
        if before is not None and old_before is not None:
            grown = positions.forward(before.position, own) > positions.forward(old_before.position, own)
            self._taken_over = self._taken_over or grown
        if before is not None or self._state.head is None:
            self._neighbours = head, before
        else:
            self._neighbours = head, old_before

    def _covers(self, before: Any) -> bool:
        """Whether the arc has not grown since it was asked for."""
        now = self._state.predecessor
        own = self._state.position
        return now is None or positions.forward(now.position, own) <= positions.forward(before.position, own)

    async def _send_on(self) -> None:
        """r[keep.forward], r[keep.others], r[keep.again]: what the head has not shown to hold at its place."""
        head, work = self._state.head, []
        for held in self._store.all():
            for index, place in self._arcs.places(held):
                following = Place(place.place + 1, place.copies)
                if following.place >= following.copies or self._arcs.ends_at(held.positions[index]):
                    continue
                if not self._shown.holds(held.record.key_id, index, held.record.digest, following):
                    work.append(partial(self._send, head, held, index, following))
        await _some_at_once(work)

    async def _send(self, head: Any, held: Held, index: int, place: Place) -> None:
        if self._state.head != head:
            return
        try:
            await self._keeper.send(head, held.record, index, place, self._limits.PUT_MS)
        except Refusal:  # again in the next round
            return

    def _cross_check(self) -> None:
        """r[sync.cross], r[sync.nodes], r[sync.merged]."""
        now = self._clock.monotonic_ms()
        if self._mending is not None and not self._mending.done():
            return
        if not self._merging.take(now) and not self._taken_over and now < self._cross_at:
            return
        self._taken_over, self._cross_at = False, now + self._limits.CROSS_CHECK_MS
        self._mending = asyncio.get_running_loop().create_task(self._mend_all(self._store.all()))

    async def _mend_all(self, all_held: Iterable[Held]) -> None:
        """Of what it owns nothing of, a member may be the last that knows: r[sync.astray]."""
        for held in all_held:
            owned = any(map(self._arcs.owns, held.positions))
            await self._mend(held.record.key_id, self._arcs.owns(held.positions[0]), None if owned else held.record)


async def _some_at_once(work: list[Callable[[], Awaitable[None]]]) -> None:
    """Does all of it, some at a time."""
    waiting = iter(work)

    async def worker() -> None:
        for each in waiting:
            await each()

    await asyncio.gather(*(worker() for _ in range(min(_PARALLEL, len(work)))))
