"""Which positions a member owns, what places it has there, and sums and entries of arcs (sections 8.4 and 8.7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..descriptor import Network
from ..octets import uint
from ..ring import positions
from ..ring.state import State
from .keys import ID_BYTES
from .store import Held, Place, Store

ENTRY_BYTES = 67
_SUMS = 1 << 256
_DIGEST_AT = 3 + ID_BYTES


@dataclass(frozen=True)
class Entry:
    """A record at one of its positions in an arc."""

    index: int
    place: Place
    key_id: bytes
    digest: bytes

    @classmethod
    def decode(cls, data: bytes) -> Entry:
        """The entry of 67 bytes."""
        return cls(data[0], Place(data[1], data[2]), data[3:_DIGEST_AT], data[_DIGEST_AT:])

    def encode(self) -> bytes:
        """Its bytes."""
        return uint(self.index, 1) + uint(self.place.place, 1) + uint(self.place.copies, 1) + self.key_id + self.digest


class Arcs:
    """A view on ring and store; changes neither."""

    def __init__(self, network: Network, state: State, store: Store) -> None:
        self.copies = network.descriptor.copies
        self._state = state
        self._store = store

    def owns(self, position: int) -> bool:
        """r[table.owned]."""
        return self._state.owns(position)

    def stands_before(self, position: int) -> bool:
        """The same, whatever the phase is."""
        return self._state.stands_before(position)

    def ends_at(self, position: int) -> bool:
        """Whether the head owns the position itself, so that a chain has come round: r[put.whole]."""
        head = self._state.head
        return head is None or positions.owned(self._state.position, position, head.position)

    def places(self, held: Held) -> Iterator[tuple[int, Place]]:
        """r[keep.place]: position numbers at which a record is held, and its place there."""
        for index, position in enumerate(held.positions):
            put = held.places.get(index)
            if self.owns(position):
                yield index, Place(0, put.copies if put else self.copies)
            elif put is not None:
                yield index, put

    def entries(self, begin: int, end: int) -> list[tuple[int, Entry]]:
        """The entries of an arc with their positions, in the order of these."""
        found = []
        for held in self._store.all():
            for index, place in self.places(held):
                position = held.positions[index]
                if positions.owned(begin, position, end):
                    found.append((position, Entry(index, place, held.record.key_id, held.record.digest)))
        return sorted(found, key=lambda each: (positions.forward(begin, each[0]) - 1) % _SUMS)



def total(entries: list[tuple[int, Entry]]) -> tuple[int, bytes]:
    """The sum of an arc (section 8.7)."""
    added = sum(int.from_bytes(entry.digest, "big") for _, entry in entries) % _SUMS
    return len(entries), added.to_bytes(ID_BYTES, "big")
