"""What a member stores (8.4, 8.7, 8.9): records in memory, each with its places. Knows neither the ring nor peers."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..clock import Clock
from ..descriptor import Network
from ..errors import Refusal
from ..limits import Limits
from . import keys
from .records import TableRecord
from .versions import newer

#: One writer, or those of one prefix, may take this part of a store that is more than half full, r[room.share].
_SHARE = 8


@dataclass(frozen=True)
class Place:
    """Where in a group a member stands, and how many members the group has."""

    place: int
    copies: int


@dataclass(frozen=True)
class Bringer:
    """Who has a share of the store only; the prefix (section 1.8) is None where none is counted."""

    prefix: str | None = None


@dataclass
class Held:
    """A record and, by position number, the place of the last PUT that brought it: r[keep.place]."""

    record: TableRecord
    positions: list[int]
    places: dict[int, Place] = field(default_factory=dict)
    prefix: str | None = None  # from where the key came first


class Store:
    """Records by key id; what has expired is gone before anything is read."""

    def __init__(self, network: Network, limits: Limits, clock: Clock) -> None:
        self._network = network
        self._limits = limits
        self._clock = clock
        self._held: dict[bytes, Held] = {}
        self._ends: list[tuple[int, bytes]] = []
        self._bytes = 0
        self._bytes_of: Counter[bytes | str] = Counter()  # by writer, and by prefix

    def get(self, key_id: bytes) -> Held | None:
        """What is held under a key, if it has not expired: r[get.expired]."""
        self._expire()
        return self._held.get(key_id)

    def all(self) -> Iterator[Held]:
        """All that is held now; the store may change meanwhile."""
        self._expire()
        return iter(list(self._held.values()))

    def take(self, record: TableRecord, bringer: Bringer | None) -> bool:
        """Stores a record that is newer than what is held; whether it did. r[put.store], r[put.keep], r[put.full]."""
        self._expire()
        held = self._held.get(record.key_id)
        if held is not None and not newer(record, held.record):
            return False
        if record.ends(self._network) <= self._clock.unix_ms():
            return False
        self._check_room(record, held, bringer)
        if held is None:
            positions = [keys.position(record.key_id, each) for each in range(self._network.descriptor.tables)]
            held = Held(record, positions, prefix=bringer.prefix if bringer else None)
            self._held[record.key_id] = held
        else:
            self._count(held, -1)
            held.record = record
        self._count(held, 1)
        heapq.heappush(self._ends, (record.ends(self._network), record.key_id))
        return True

    def _check_room(self, record: TableRecord, held: Held | None, bringer: Bringer | None) -> None:
        """r[put.full], r[room.share]."""
        most, before = self._limits.STORE_BYTES, len(held.record.data) if held else 0
        if self._bytes - before + len(record.data) > most:
            raise Refusal("STORE_FULL", "no room")
        if bringer is None or held is not None or self._bytes <= most / 2:
            return
        for whose in (record.writer, bringer.prefix):
            if whose and self._bytes_of[whose] + len(record.data) > most / _SHARE:
                raise Refusal("STORE_FULL", "a share")

    def _count(self, held: Held, sign: int) -> None:
        added = sign * len(held.record.data)
        self._bytes += added
        for whose in (held.record.writer, held.prefix):
            if whose:
                self._bytes_of[whose] += added
                if not self._bytes_of[whose]:
                    del self._bytes_of[whose]

    def _expire(self) -> None:
        """r[keep.expired]; nothing else is ever given up, r[keep.acknowledged]."""
        now = self._clock.unix_ms()
        while self._ends and self._ends[0][0] <= now:
            _, key_id = heapq.heappop(self._ends)
            held = self._held.get(key_id)
            if held is not None and held.record.ends(self._network) <= now:
                self._count(held, -1)
                del self._held[key_id]
