"""Positions and intervals on the ring, and what cleaning leaves of a list (sections 7.1 and 7.3). Pure numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from .. import digests
from ..descriptor import Network

BYTES = 32
FINGERS = 256
_CIRCLE = 1 << 256

Entry = TypeVar("Entry")


def position_of(network: Network, node_id: bytes) -> int:
    """r[ring.position]."""
    return int.from_bytes(digests.digest(digests.RING, network.id, node_id), "big")


def forward(start: int, end: int) -> int:
    """How far it is from one position forward to another; 0 to itself."""
    return (end - start) % _CIRCLE


def between(a: int, b: int, c: int) -> bool:
    """r[ring.between]."""
    return b != a if a == c else 0 < forward(a, b) < forward(a, c)


def owned(a: int, b: int, c: int) -> bool:
    """r[ring.owned]."""
    return between(a, b, c) or b == c


def finger_start(position: int, index: int) -> int:
    """r[ring.finger.start]."""
    return (position + (1 << index)) % _CIRCLE


def clean(own: int, entries: Iterable[Entry], most: int, place: Callable[[Entry], int]) -> tuple[list[Entry], bool]:
    """What is left, and whether it wraps: r[ring.clean.self], r[ring.clean.order], r[ring.clean.length], r[ring.wraps]."""
    kept: list[Entry] = []
    last = 0
    for entry in entries:
        distance = forward(own, place(entry))
        if distance == 0:
            return kept, True
        if distance <= last or len(kept) == most:
            return kept, False
        kept.append(entry)
        last = distance
    return kept, not kept
