"""Writing (section 8.4): a PUT to the owner of each position, until enough groups and nodes hold the record."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from .. import digests, messages
from ..errors import Refusal
from ..limits import FIXED
from ..registry import PUT
from ..ring.finder import Found
from . import keys, records
from .client import NO_ANSWER
from .parts import ClientPart
from .records import TableRecord
from .versions import newer

#: Codes with which another try may end otherwise.
_PASSING = frozenset(
    ("NOT_OWNER", "BUSY", "TIMEOUT", "UNREACHABLE", "LOST", "CLOSED", "DUPLICATE", "FULL", "QUEUE_FULL", "SLOW", "UNKNOWN_COMMAND")
)
_TRIES = 5
_WAIT_MS = 150
#: The other groups have so much time to answer when the record is stored: one may know of a newer one.
_GRACE_MS = 300
#: On top of what a member takes for an answer.
_WAY_MS = 1_000


@dataclass
class Stored:
    """What is known of a write."""

    record: TableRecord
    groups: set[int] = field(default_factory=set)
    nodes: set[bytes] = field(default_factory=set)
    whole: bool = False
    newer: TableRecord | None = None
    codes: list[set[str]] = field(default_factory=list)  # by group that failed: of all its tries


class Writer(ClientPart):
    """Writes records of its own node."""

    def make(self, kind: int, key: bytes, value: bytes, ttl_ms: int, flags: int = 0) -> TableRecord:
        """A record of this node: the key of kind 2 is the name only, of kind 3 it comes of the value."""
        network, now = self._me.network, self._clock.unix_ms()
        if len(value) > network.descriptor.max_value:
            raise Refusal("TOO_LARGE", "value")
        whole = {keys.OWNED: self._me.node_id + key, keys.IMMUTABLE: digests.hash_of(value)}.get(kind, key)
        signer = None if kind == keys.IMMUTABLE else self._me.key
        sequence = self._seen.next(kind, keys.key_id(network, kind, whole)) if kind in keys.KINDS else 0
        return records.encode(signer, network, kind, whole, sequence, now, now + ttl_ms, flags, value)

    async def write(self, record: TableRecord) -> Stored:
        """r[table.put.acknowledged]: returns when the record is stored, else refuses."""
        stored = Stored(record)
        tasks = [asyncio.ensure_future(self._group(stored, index)) for index in range(self._tables)]
        try:
            await self._until(tasks, stored)
            if not self._acknowledged(stored):
                await self._extend(stored, [each.result() for each in tasks])
            else:
                await self._grace(tasks)
        except asyncio.CancelledError:
            for task in tasks:
                task.cancel()
            raise
        if not self._acknowledged(stored):
            raise Refusal(_reason(stored.codes), "not enough hold it")
        self._seen.give(record)
        return stored

    async def put(self, whom: Found, record: TableRecord, index: int, copies: int) -> messages.Value:
        """One PUT to an owner."""
        value = {"record": record.data, "position": index, "place": 0, "copies": copies}
        return await self._client.ask(whom, PUT, value, self._limits.PUT_MS + _WAY_MS)

    async def _until(self, tasks: list[asyncio.Task[Found | None]], stored: Stored) -> None:
        """Waits until it is acknowledged, or all groups have answered or failed."""
        waiting = set(tasks)
        while waiting and not self._acknowledged(stored):
            _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)

    async def _grace(self, tasks: list[asyncio.Task[Found | None]]) -> None:
        waiting = [each for each in tasks if not each.done()]
        if waiting:
            wait = asyncio.ensure_future(self._clock.sleep(_GRACE_MS))
            rest = asyncio.ensure_future(asyncio.wait(waiting))
            await asyncio.wait((wait, rest), return_when=asyncio.FIRST_COMPLETED)
            wait.cancel()
            rest.cancel()

    def _acknowledged(self, stored: Stored) -> bool:
        groups = min(FIXED.PUT_GROUPS, self._tables)
        return len(stored.groups) >= groups and (stored.whole or len(stored.nodes) >= FIXED.PUT_NODES)

    async def _group(self, stored: Stored, index: int) -> Found | None:
        """One group until it has answered; r[table.put.retry]. The owner, or None when it failed."""
        position = keys.position(stored.record.key_id, index)
        codes: set[str] = set()
        for count in range(_TRIES):
            if count:
                await self._clock.sleep(_WAIT_MS * 2 ** (count - 1))
            try:
                owner = await self._client.find(position)
                self._note(stored, index, await self.put(owner, stored.record, index, self._copies))
                return owner
            except Refusal as refusal:
                codes.add(refusal.code)
                if refusal.code not in _PASSING:
                    codes = {refusal.code}
                    break
        stored.codes.append(codes)
        return None

    def _note(self, stored: Stored, index: int, answer: messages.Value) -> None:
        if answer["holders"]:
            stored.groups.add(index)
            stored.nodes.update(answer["holders"])
        stored.whole = stored.whole or answer["whole"] == 1
        self._note_newer(stored, answer["newer"])

    def _note_newer(self, stored: Stored, data: bytes) -> None:
        """r[table.put.newer]; one that would be refused is none."""
        if not data:
            return
        try:
            record = records.decode(data, self._me.network, self._clock.unix_ms())
        except Refusal:
            return
        if record.key_id == stored.record.key_id and newer(record, stored.newer or stored.record):
            stored.newer = record
            self._seen.saw(record)

    async def _extend(self, stored: Stored, owners: list[Found | None]) -> None:
        """r[table.put.extend]."""
        answered = [(index, owner) for index, owner in enumerate(owners) if owner is not None]
        if not answered or len(stored.groups) < min(FIXED.PUT_GROUPS, self._tables):
            return
        (index, owner), copies = answered[-1], self._copies
        most = self._me.network.descriptor.successors + 1
        while not self._acknowledged(stored) and copies < most:
            copies = min(most, copies + FIXED.PUT_NODES - len(stored.nodes))
            try:
                self._note(stored, index, await self.put(owner, stored.record, index, copies))
            except Refusal as refusal:
                stored.codes.append({refusal.code})
                return


def _reason(codes: list[set[str]]) -> str:
    """r[table.put.failed]."""
    alike = [next(iter(each)) for each in codes if len(each) == 1 and not each & (NO_ANSWER | {"NOT_OWNER"})]
    return sorted(alike, key=_PASSING.__contains__)[0] if alike else "UNREACHABLE"
