"""Reaching a node that is no peer (section 5.6): its known addresses, then LOCATE ever wider, then those of FOUND."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Collection

from .clock import Clock
from .known_dials import KnownDials
from .limits import FIXED, Limits
from .locate import Locate
from .records import Known, Records

#: Hops left of one LOCATE after the other, r[locate.widen].
_HOPS = (2, 6, FIXED.LOCATE_HOPS)


class Reach:
    """Looks for nodes and dials them."""

    def __init__(
        self,
        limits: Limits,
        clock: Clock,
        records: Records,
        locate: Locate,
        peers: Callable[[], Collection[bytes]],
        dials: KnownDials,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._records = records
        self._locate = locate
        self._peers = peers
        self._dials = dials
        self._seeking: dict[bytes, asyncio.Task[Known | None]] = {}

    async def reach(self, wanted: bytes) -> bool:
        """Whether there is a session with the node now, r[reach.known], r[reach.found]."""
        return await self._dial_newest(self._records.get(wanted)) or await self._dial_newest(await self.seek(wanted))

    async def seek(self, wanted: bytes) -> Known | None:
        """The first record that a FOUND brings, or that of the node when it comes to us; who look for one look together."""
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
        """r[locate.widen], r[locate.query], r[reach.unreachable]; takes its course without peers too."""
        found: asyncio.Future[Known] = asyncio.get_running_loop().create_future()
        for hops in _HOPS:
            if hops > _HOPS[0] and wanted in self._peers():
                return self._records.get(wanted)
            self._locate.ask(os.urandom(16), wanted, hops, lambda known: found.done() or found.set_result(known))
            wait = asyncio.ensure_future(self._clock.sleep(self._limits.LOCATE_WAIT_MS))
            try:
                await asyncio.wait((found, wait), return_when=asyncio.FIRST_COMPLETED)
            finally:
                wait.cancel()
            if found.done():
                return found.result()
        return None

    async def _dial_newest(self, known: Known | None) -> bool:
        """A record, then those that came meanwhile and are newer."""
        while known is not None:
            if await self._dials.dial(known):
                return True
            newest = self._records.get(known.record.node_id)
            known = newest if newest is not None and newest.record.issued > known.record.issued else None
        return False
