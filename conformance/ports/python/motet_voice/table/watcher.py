"""Watching (section 8.8): leases at the owners of all positions of a key, renewed at half time; each newer record once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import Refusal
from ..registry import WATCH
from ..ring.timers import Timers
from . import keys, records
from .parts import ClientPart, Used
from .records import TableRecord
from .versions import Version

_RETRY_MS = 2_000


class Watcher(ClientPart):
    """What this node watches."""

    def __init__(self, used: Used, report: Callable[[TableRecord], None], spawn: Callable[[Any], None]) -> None:
        super().__init__(used)
        self._report = report
        self._spawn = spawn
        self._timers = Timers(used.clock)
        self._watched: dict[bytes, Version] = {}
        self._told_by: dict[tuple[bytes, int], bytes] = {}

    @property
    def active(self) -> bool:
        """Whether anything is watched."""
        return bool(self._watched)

    def leased_by(self, node_id: bytes) -> bool:
        """Whether a node tells of keys that are watched."""
        return node_id in self._told_by.values()

    def watch(self, kind: int, key: bytes) -> None:
        """From now on."""
        key_id = keys.key_id(self._me.network, kind, key)
        if key_id in self._watched:
            return
        self._watched[key_id] = (-1, -1, b"")
        for index in range(self._tables):
            self._spawn(self._lease(key_id, index))

    def came(self, data: bytes) -> None:
        """A record in CHANGED; one that would be refused is none."""
        try:
            self.changed(records.decode(data, self._me.network, self._clock.unix_ms()))
        except Refusal:
            return

    def changed(self, record: TableRecord) -> None:
        """A record under some key: r[watch.report]."""
        before = self._watched.get(record.key_id)
        if before is not None and record.version > before and self._seen.give(record):
            self._watched[record.key_id] = record.version
            self._report(record)

    def stop(self) -> None:
        """The node stops."""
        self._timers.stop()

    async def _lease(self, key_id: bytes, index: int) -> None:
        """r[watch.renew]."""
        value = {"keyId": key_id, "position": index, "leaseMs": self._limits.WATCH_MS}
        wait = float(_RETRY_MS)
        try:
            owner = await self._client.find(keys.position(key_id, index))
            said = await self._client.ask(owner, WATCH, value, self._limits.RING_REQUEST_MS)
            wait = max(1.0, said["leaseMs"] / 2)
            self._told_by[key_id, index] = owner.node_id
        except Refusal:
            pass
        self._timers.later(f"{key_id.hex()} {index}", wait, lambda: self._spawn(self._lease(key_id, index)))
