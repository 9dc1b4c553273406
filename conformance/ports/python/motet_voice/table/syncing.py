"""SYNC (section 8.7): answered to neighbours, and asked of the head for the own arc."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import Refusal
from ..limits import FIXED
from ..messages import Value
from ..registry import SYNC
from ..ring import positions
from ..ring.contact import Contact
from . import keys, records
from .arcs import ENTRY_BYTES, Entry, total
from .parts import Kept, MemberPart
from .records import TableRecord
from .store import Place

#: Stores a record for a position at a place.
Accept = Callable[[TableRecord, int, Place], None]

_CIRCLE = 1 << 256
_ANSWER_BYTES = 16
_ITEM_BYTES = 5


class Syncing(MemberPart):
    """Compares; what is missing here is fetched, what is missing there is noted."""

    def __init__(self, kept: Kept, accept: Accept, misses: Callable[[int, int], bool]) -> None:
        super().__init__(kept)
        self._accept = accept
        self._misses = misses

    def answer(self, peer: bytes, value: Value, most_bytes: int) -> Value:
        """r[sync.members], r[sync.records], r[sync.same], r[sync.entries], r[sync.more], r[sync.fits]."""
        if not self._state.holds(peer):
            raise Refusal("NOT_OWNER", "SYNC")
        room = most_bytes - _ANSWER_BYTES
        if value["keyIds"]:
            return {"records": list(self._fitting(value["keyIds"], room))}
        begin, end = (int.from_bytes(value[name], "big") for name in ("from", "to"))
        if self._misses((begin + 1) % _CIRCLE, end):  # r[sync.incomplete]
            raise Refusal("BUSY", "not complete")
        entries = self._arcs.entries(begin, end)
        if (value["count"], value["sum"] or bytes(keys.ID_BYTES)) == total(entries):
            return {"same": 1}
        if value["cursor"]:
            cursor = int.from_bytes(value["cursor"], "big")
            behind = positions.forward(begin, cursor)
            entries = [each for each in entries if _distance(begin, each[0]) > behind]
        most = min(FIXED.SYNC_ENTRIES, max(1, room // (ENTRY_BYTES + _ITEM_BYTES)))
        return {"entries": [entry.encode() for _, entry in entries[:most]], "more": int(len(entries) > most)}

    async def pull(self, head: Contact, begin: int, end: int) -> bool:
        """Makes the own arc what it is here and at the head, or who knows it, together; False when that has not answered to
        the end."""
        cursor, there = b"", {}
        while True:
            count, added = total(self._arcs.entries(begin, end))
            arc = {"from": _bytes(begin), "to": _bytes(end), "cursor": cursor, "count": count, "sum": added}
            try:
                said = await self._calls.ask(head, SYNC, arc, self._limits.RING_REQUEST_MS)
                if said["same"]:
                    return True
                entries = [Entry.decode(each) for each in said["entries"]]
                await self._fetch(head, [each for each in entries if self._is_missing(each, begin, end)])
            except Refusal:
                return False
            for entry in entries:
                there[entry.key_id, entry.index] = entry
            if not said["more"] or not entries:
                if head == self._state.head:
                    self._compare(head, there, begin, end)
                return True
            cursor = _bytes(keys.position(entries[-1].key_id, entries[-1].index))

    def _is_missing(self, entry: Entry, begin: int, end: int) -> bool:
        """Whether an entry of the head names another record than is held here, at a position of the arc."""
        if entry.index >= self._me.network.descriptor.tables:
            return False
        if not positions.owned(begin, keys.position(entry.key_id, entry.index), end):
            return False
        held = self._store.get(entry.key_id)
        return held is None or held.record.digest != entry.digest

    async def _fetch(self, head: Contact, missing: list[Entry]) -> None:
        """Asks for records by key id until all came that the head still has."""
        wanted = {entry.key_id: entry for entry in missing}
        indexes: dict[bytes, list[Entry]] = {}
        for entry in missing:
            indexes.setdefault(entry.key_id, []).append(entry)
        nowhere = bytes(keys.ID_BYTES)
        while wanted:
            value = {"from": nowhere, "to": nowhere, "keyIds": list(wanted)[: FIXED.SYNC_ENTRIES]}
            said = await self._calls.ask(head, SYNC, value, self._limits.RING_REQUEST_MS)
            came = 0
            for data in said["records"]:
                record = self._right(data)
                if record is not None and wanted.pop(record.key_id, None) is not None:
                    came += 1
                    for entry in indexes[record.key_id]:
                        self._accept(record, entry.index, Place(0, max(entry.place.copies, self._least())))
            if not came:
                return

    def _compare(self, head: Contact, there: dict[tuple[bytes, int], Entry], begin: int, end: int) -> None:
        """Notes what the head has shown to hold, and what not: it is sent that."""
        for _, own in self._arcs.entries(begin, end):
            theirs = there.get((own.key_id, own.index))
            if theirs is None or theirs.digest != own.digest:
                self._shown.lacks(own.key_id, own.index)
            else:
                self._shown.note(head, own.key_id, own.index, theirs.digest, theirs.place)

    def _least(self) -> int:
        return self._me.network.descriptor.copies

    def _fitting(self, key_ids: list[bytes], room: int) -> list[bytes]:
        """The records under key ids, as many as fit."""
        found = []
        for held in map(self._store.get, key_ids):
            if held is None:
                continue
            room -= len(held.record.data) + _ITEM_BYTES
            if room < 0:
                break
            found.append(held.record.data)
        return found

    def _right(self, data: bytes) -> TableRecord | None:
        try:
            return records.decode(data, self._me.network, self._clock.unix_ms())
        except Refusal:
            return None


def _bytes(position: int) -> bytes:
    return position.to_bytes(positions.BYTES, "big")


def _distance(begin: int, position: int) -> int:
    """How far into an arc a position lies; that of the beginning itself is the last of a whole circle."""
    return positions.forward(begin, position) or 1 << 256
