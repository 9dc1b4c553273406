"""Reading (section 8.5): all groups are asked at once, the newest record counts, and what is older is mended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..errors import Refusal
from ..limits import FIXED
from ..registry import GET
from ..ring.finder import Found
from . import keys, records
from .parts import ClientPart, Used
from .records import TableRecord
from .versions import newer
from .writer import Writer

#: So many nodes that give the same record, each for another group, are enough: r[get.three].
_ENOUGH = 3
#: Owners of one position that are asked, one behind the other.
_OWNERS = 4
#: Codes of a ring that is about to change.
_PASSING = frozenset(("NOT_OWNER", "BUSY", "UNREACHABLE", "LOST", "CLOSED"))
_TRIES = 3
_WAIT_MS = 150


@dataclass(frozen=True)
class Said:
    """What a group has answered: by whom, and the record or None."""

    index: int
    owner: Found
    record: TableRecord | None


class Reader(ClientPart):
    """Reads keys of all kinds."""

    def __init__(self, used: Used, writer: Writer, spawn: Callable[[Any], None]) -> None:
        super().__init__(used)
        self._writer = writer
        self._spawn = spawn

    async def read(self, kind: int, key: bytes) -> TableRecord | None:
        """The newest record, or None; r[get.unreachable], r[get.stale]."""
        key_id = keys.key_id(self._me.network, kind, key)
        said, tasks = [], self._ask_all(key_id)
        waiting = set(tasks)
        try:
            while waiting and not self._enough(kind, said):
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                said += [each.result() for each in done if each.result() is not None]
        except asyncio.CancelledError:
            for task in tasks:
                task.cancel()
            raise
        if not said:  # r[get.not-found]
            raise Refusal("UNREACHABLE", "no group answers")
        newest = _newest(said)
        if newest is not None:
            self._spawn(self._repair(newest, tasks))
            if kind != keys.IMMUTABLE and not self._seen.give(newest):  # r[get.back]
                raise Refusal("STALE", "older than one that was seen")
        return None if newest is None or newest.tombstone else newest  # r[get.tombstone]

    async def mend(self, key_id: bytes, whole: bool, offered: TableRecord | None) -> None:
        """r[sync.cross]: the groups of a key are made one; as a whole it is written again for r[sync.nodes], and so is a record
        that is offered when the groups have none as new: r[sync.astray]."""
        tasks = self._ask_all(key_id)
        said = [each for each in await asyncio.gather(*tasks) if each is not None]
        newest = _newest(said)
        astray = offered is not None and (newest is None or newer(offered, newest))
        if not astray:
            if newest is None:
                return
            if not whole or len({each.owner.node_id for each in said}) >= FIXED.PUT_NODES:
                return await self._repair(newest, tasks)
        try:
            await self._writer.write(offered if astray else newest)
        except Refusal:
            return

    def _ask_all(self, key_id: bytes) -> list[asyncio.Task[Said | None]]:
        """r[get.all]."""
        return [asyncio.ensure_future(self._group(key_id, index)) for index in range(self._tables)]

    def _enough(self, kind: int, said: list[Said]) -> bool:
        """r[get.three], r[get.immutable]."""
        newest = _newest(said)
        if newest is None or kind == keys.IMMUTABLE:
            return newest is not None
        same = {each.owner.node_id for each in said if each.record is not None and each.record.digest == newest.digest}
        return len(same) >= _ENOUGH

    async def _group(self, key_id: bytes, index: int) -> Said | None:
        """A group until it has answered; None when it is not reached."""
        for count in range(_TRIES):
            if count:
                await self._clock.sleep(_WAIT_MS * 2 ** (count - 1))
            try:
                return await self._owners(key_id, index)
            except Refusal as refusal:
                if refusal.code not in _PASSING:
                    return None
        return None

    async def _owners(self, key_id: bytes, index: int) -> Said:
        """r[get.next]."""
        position, value = keys.position(key_id, index), {"keyId": key_id, "position": index}
        failed: set[bytes] = set()
        first: Refusal | None = None
        while len(failed) < _OWNERS:
            try:
                owner = await self._client.find(position, failed)
            except Refusal as refusal:
                raise first or refusal from None
            try:
                answer = await self._client.ask(owner, GET, value, self._limits.RING_REQUEST_MS)
                return Said(index, owner, self._read(answer["record"], key_id))
            except Refusal as refusal:
                first = first or refusal
                failed.add(owner.node_id)
        raise first or Refusal("UNREACHABLE")

    def _read(self, data: bytes, key_id: bytes) -> TableRecord | None:
        """A record in an answer; a Refusal for one that is no answer: r[get.refused]."""
        if not data:
            return None
        record = records.decode(data, self._me.network, self._clock.unix_ms())
        if record.key_id != key_id:
            raise Refusal("MALFORMED", "of another key")
        self._seen.saw(record)
        return record

    async def _repair(self, newest: TableRecord, tasks: list[asyncio.Task[Said | None]]) -> None:
        """r[get.repair], when the other groups have answered as well."""
        for said in await asyncio.gather(*tasks):
            if said is None or (said.record is not None and not newer(newest, said.record)):
                continue
            try:
                await self._writer.put(said.owner, newest, said.index, self._copies)
            except Refusal:
                continue


def _newest(said: list[Said]) -> TableRecord | None:
    """r[get.newest]."""
    found = [each.record for each in said if each.record is not None]
    return max(found, key=lambda record: record.version) if found else None
