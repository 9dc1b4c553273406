"""What a node remembers of versions (section 8.3): the newest it gave its application, and the largest sequences."""

from __future__ import annotations

from collections import OrderedDict

from ..clock import Clock
from ..limits import Limits
from . import keys
from .records import TableRecord

Version = tuple[int, int, bytes]


def newer(a: TableRecord, b: TableRecord) -> bool:
    """Whether a is newer than b, both under one key."""
    return a.version > b.version


class Seen:
    """VERSIONS_SEEN keys of which something is remembered; those used least lately are forgotten."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._given: OrderedDict[bytes, Version] = OrderedDict()
        self._sequences: OrderedDict[bytes, int] = OrderedDict()

    def give(self, record: TableRecord) -> bool:
        """Whether the application may have it: nothing newer was given or stored before, r[get.back]."""
        self.saw(record)
        before = self._given.get(record.key_id)
        if before is not None and before > record.version:
            return False
        self._note(self._given, record.key_id, record.version)
        return True

    def saw(self, record: TableRecord) -> None:
        """A record has come, or was made."""
        self._note(self._sequences, record.key_id, max(record.sequence, self._sequences.get(record.key_id, 0)))

    def next(self, kind: int, key_id: bytes) -> int:
        """r[table.sequence.shared], r[table.sequence.owned]: the clock serves both, so that a restart goes on above."""
        if kind == keys.IMMUTABLE:
            return 0
        sequence = max(self._clock.unix_us(), self._sequences.get(key_id, 0) + 1)
        self._note(self._sequences, key_id, sequence)
        return sequence

    def _note(self, memory: OrderedDict, key_id: bytes, value: object) -> None:
        memory.pop(key_id, None)
        memory[key_id] = value
        while len(memory) > max(1, self._limits.VERSIONS_SEEN):
            memory.popitem(last=False)
