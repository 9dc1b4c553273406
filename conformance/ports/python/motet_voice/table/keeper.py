"""What a member does with PUT, GET and SCAN (sections 8.4 to 8.6): checks, stores, sends on, answers."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import Refusal, misuse
from ..limits import FIXED
from ..messages import Value
from ..registry import GET, PUT
from ..ring import positions
from ..ring.contact import Contact
from ..ring.state import JOINING
from . import keys, records
from .client import NO_ANSWER
from .parts import Kept, MemberPart
from .records import TableRecord
from .store import Bringer, Place
from .versions import newer

#: A node answers a PUT so much before its time is over.
_MARGIN_MS = 250
#: Holders in one answer, as its bounds have it.
_MOST_HOLDERS = 65
_LIST_BYTES = 16
_ITEM_BYTES = 3
_CIRCLE = 1 << 256
#: Codes of a head that does not take this node for its predecessor, or that is not there.
_STALE_HEAD = NO_ANSWER | {"NOT_OWNER"}


class Keeper(MemberPart):
    """Answers requests of peers and of its own node; refusals become answers with FAILED."""

    def __init__(
        self, kept: Kept, changed: Callable[[TableRecord], None], head_failed: Callable[[], None]
    ) -> None:
        super().__init__(kept)
        self.complete = False  # whether the arc is here (section 8.7)
        self.joined_behind: int | None = None  # where the part of the ring begins that was asked for
        self.first_list: frozenset[Contact] | None = None  # the list as it was when this node got its place
        self._changed = changed
        self._head_failed = head_failed

    async def put(self, peer: bytes, value: Value, prefix: str | None = None) -> Value:
        """A PUT of a peer, by its prefix (section 1.8), or of this node itself. The checks are in the order of r[put.order]."""
        began = self._clock.monotonic_ms()
        record = records.decode(value["record"], self._me.network, self._clock.unix_ms())  # r[put.check]
        index, place = value["position"], Place(value["place"], value["copies"])
        self._check_place(peer, record, index, place)
        self.accept(record, index, place, Bringer(prefix) if not self._is_before(peer) else None)
        answer: Value = {"holders": [self._me.node_id], "whole": 0, "newer": b""}
        held = self._store.get(record.key_id)
        if held is not None and newer(held.record, record):  # r[put.newer]
            answer["newer"] = held.record.data
        position = keys.position(record.key_id, index)
        if self._arcs.ends_at(position):  # r[put.whole]
            answer["whole"] = 1
        elif place.place + 1 < place.copies:
            await self._forward(record, index, Place(place.place + 1, place.copies), began, answer)
        return answer

    def accept(self, record: TableRecord, index: int, place: Place, bringer: Bringer | None = None) -> None:
        """Stores what is newer, notes the place, tells who watches."""
        stored = self._store.take(record, bringer)
        held = self._store.get(record.key_id)
        if held is not None and not newer(held.record, record):  # r[keep.place]: an older one has not brought what is held
            held.places[index] = place
        if stored:
            self._changed(record)

    async def get(self, value: Value) -> Value:
        """r[get.position], r[get.answer], r[get.none], r[get.other], r[get.incomplete]."""
        if value["position"] >= self._me.network.descriptor.tables:
            raise misuse("position")
        held = self._store.get(value["keyId"])
        own = None if held is None else held.record
        position = keys.position(value["keyId"], value["position"])
        owns = self._arcs.owns(position)
        if owns and not self.complete:
            return {"record": await self._through(value, own)}
        if own is not None or owns:
            return {"record": b"" if own is None else own.data}
        raise Refusal("BUSY" if self.misses(position, position) else "NOT_OWNER", "GET")

    def misses(self, first: int, last: int) -> bool:
        """Whether a position from the first to the last is in the part of the ring that is not complete here (section 8.7)."""
        before, begin = self._state.predecessor, self.joined_behind
        if begin is None and before is not None and self._state.placed:  # nobody was asked yet
            begin = before.position
        if self.complete or begin is None:
            return False
        own = self._state.position
        ends_here = positions.owned(begin, last, own)
        return ends_here or positions.owned((first - 1) % _CIRCLE, own, last)

    def scan(self, value: Value, most_bytes: int) -> Value:
        """r[scan.answer], r[scan.more]; no more than the asker takes."""
        after, own = int.from_bytes(value["after"], "big"), self._state.position
        found = []
        for held in self._store.all():
            position = held.positions[0]
            if held.record.tombstone or held.record.expires <= self._clock.unix_ms():
                continue
            if self._arcs.owns(position) and positions.owned(after, position, own):
                found.append((positions.forward(after, position), bytes((held.record.kind,)) + held.record.key))
        found.sort()
        named: list[bytes] = []
        room = most_bytes - _LIST_BYTES
        for _, key in found[: FIXED.SCAN_KEYS]:
            room -= len(key) + _ITEM_BYTES
            if room < 0:
                break
            named.append(key)
        return {"keys": named, "more": int(len(named) < len(found))}

    def _is_before(self, peer: bytes) -> bool:
        before = self._state.predecessor
        return before is not None and before.node_id == peer and self._state.phase != JOINING

    def _check_place(self, peer: bytes, record: TableRecord, index: int, place: Place) -> None:
        network = self._me.network.descriptor
        if index >= network.tables:  # r[put.position]
            raise misuse("position")
        if place.place == 0:  # r[put.owner]
            if not self._arcs.owns(keys.position(record.key_id, index)) and not self._is_before(peer):
                raise Refusal("NOT_OWNER", "PUT")
        elif not self._is_before(peer):  # r[put.copy]
            raise Refusal("NOT_OWNER", "PUT of a copy")
        if not network.copies <= place.copies <= network.successors + 1 or place.place >= place.copies:  # r[put.copies]
            raise misuse("copies")

    async def _forward(self, record: TableRecord, index: int, place: Place, began: float, answer: Value) -> None:
        """r[put.forward], r[put.holders], r[put.time]: adds to an answer what the next one says."""
        position = keys.position(record.key_id, index)
        for entry in list(self._state.list):
            if positions.owned(self._state.position, position, entry.position):  # the chain has come round
                return
            left = began + self._limits.PUT_MS - _MARGIN_MS - self._clock.monotonic_ms()
            if left <= 0:
                return
            try:
                said = await self.send(entry, record, index, place, min(left, self._limits.RING_REQUEST_MS))
            except Refusal as refusal:
                if refusal.code in _STALE_HEAD:
                    self._head_failed()  # r[put.stabilize]
                continue
            answer["holders"] = list(dict.fromkeys(answer["holders"] + said["holders"]))[:_MOST_HOLDERS]
            answer["whole"] = said["whole"]
            answer["newer"] = answer["newer"] or self._newer_said(said["newer"], record)
            return

    async def send(self, to: Contact, record: TableRecord, index: int, place: Place, timeout_ms: float) -> Value:
        """Sends a PUT; what the other shows to hold so is noted."""
        value = {"record": record.data, "position": index, "place": place.place, "copies": place.copies}
        said = await self._calls.ask(to, PUT, value, timeout_ms)
        self._shown.note(to, record.key_id, index, record.digest, place)
        return said

    def _newer_said(self, data: bytes, record: TableRecord) -> bytes:
        """A newer record of the next one, when it is right; it comes here with the next comparison."""
        said = self._read(data, record.key_id)
        return data if said is not None and newer(said, record) else b""

    def _read(self, data: bytes, key_id: bytes) -> TableRecord | None:
        """A record in an answer; None for one that would be refused."""
        if not data:
            return None
        try:
            record = records.decode(data, self._me.network, self._clock.unix_ms())
        except Refusal:
            return None
        return record if record.key_id == key_id else None

    def knowing(self) -> list[Contact]:
        """The list, first those who were there when this node got its place: whoever came later has nothing of its arc."""
        return sorted(self._state.list, key=lambda entry: entry not in (self.first_list or ()))

    async def _through(self, value: Value, own: TableRecord | None) -> bytes:
        """r[get.through], r[get.through.newer], r[get.incomplete]: the newer of what is here and there; BUSY when nobody knows."""
        known, found = await self._told(value)
        if own is not None and (found is None or not newer(found, own)):
            return own.data
        if not known:
            raise Refusal("BUSY", "not complete")
        return b"" if found is None else found.data

    async def _told(self, value: Value) -> tuple[bool, TableRecord | None]:
        """r[get.through.order]: whether anybody knows what is under a key, and that."""
        busy = False
        for entry in self.knowing():
            try:
                said = await self._calls.ask(entry, GET, value, self._limits.RING_REQUEST_MS)
            except Refusal as refusal:
                if refusal.code == "NOT_OWNER" and not busy:
                    return True, None
                busy = busy or refusal.code == "BUSY"
                continue
            return True, self._read(said["record"], value["keyId"])
        return False, None
