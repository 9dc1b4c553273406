"""Reaching a node that is no peer (section 5.6): its known addresses, then LOCATE ever wider, then those of FOUND."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Collection

from .address import Address
from .clock import Clock
from .limits import FIXED, Limits
from .locate import Locate
from .records import Known, Records
from .told import Failures

#: Hops left of one LOCATE after the other, r[locate.widen].
_HOPS = (2, 6, FIXED.LOCATE_HOPS)

#: Dials an address for a node id; whether that led to a session.
Dial = Callable[[Address, bytes], Awaitable[bool]]


class Reach:
    """Looks for nodes and dials them."""

    def __init__(
        self, limits: Limits, clock: Clock, records: Records, locate: Locate, peers: Callable[[], Collection[bytes]], dial: Dial
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._records = records
        self._locate = locate
        self._peers = peers
        self._dial = dial
        self._failures = Failures(limits, clock)
        self._seeking: dict[bytes, asyncio.Task[Known | None]] = {}

    async def reach(self, wanted: bytes) -> bool:
        """Whether there is a session with the node now, r[reach.known], r[reach.found]."""
        known = self._records.get(wanted)
        if known is not None and await self._dial_all(known):
            return True
        found = await self.seek(wanted)
        while found is not None:
            if await self._dial_all(found):
                return True
            newest = self._records.get(wanted)
            found = newest if newest is not None and newest.record.issued > found.record.issued else None
        return False

    async def seek(self, wanted: bytes) -> Known | None:
        """The first record that a FOUND brings, r[reach.locate]; those who look for one node look together."""
        task = self._seeking.get(wanted)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._seek(wanted))
            self._seeking[wanted] = task
            task.add_done_callback(lambda _: self._seeking.pop(wanted, None))
        return await asyncio.shield(task)

    def stop(self) -> None:
        """The node stops."""
        for task in list(self._seeking.values()):
            task.cancel()

    async def _seek(self, wanted: bytes) -> Known | None:
        """r[locate.widen], r[locate.query], r[reach.unreachable]."""
        found: asyncio.Future[Known] = asyncio.get_running_loop().create_future()
        for hops in _HOPS:
            if not self._peers():
                break
            self._locate.ask(os.urandom(16), wanted, hops, lambda known: found.done() or found.set_result(known))
            wait = asyncio.ensure_future(self._clock.sleep(self._limits.LOCATE_WAIT_MS))
            try:
                await asyncio.wait((found, wait), return_when=asyncio.FIRST_COMPLETED)
            finally:
                wait.cancel()
            if found.done():
                return found.result()
        return None

    async def _dial_all(self, known: Known) -> bool:
        """Its addresses in their order, until one leads to a session."""
        for place in known.addresses():
            if known.record.node_id in self._peers():  # it came to us meanwhile
                return True
            if not known.named and not self._failures.allow(place):
                continue
            connected = await self._dial(place, known.record.node_id)
            self._failures.note(place, not connected)
            if connected:
                return True
        return False
