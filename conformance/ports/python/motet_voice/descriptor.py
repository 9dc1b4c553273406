"""Descriptor and id of a network (section 1.4)."""

from __future__ import annotations

from dataclasses import dataclass, fields

from . import digests
from .errors import malformed, misuse
from .limits import FIXED
from .registry import POLICY

_LAYOUT = 1
_FIXED_BYTES = 21
#: Name, offset, size, lowest and highest allowed value.
_TABLE = (
    ("policy", 1, 1, 0, 7),
    ("tables", 2, 1, 1, 16),
    ("copies", 3, 1, 1, 16),
    ("successors", 4, 1, 1, 64),
    ("work_bits", 5, 1, 0, 64),
    ("freshness", 6, 2, 1, 65_535),
    ("max_ttl", 8, 4, 1, 2**31 - 1),
    ("max_message", 12, 4, 128, 2**24 - 4_097),
    ("max_value", 16, 4, 1, 2**24 - 4_097),
)


@dataclass(frozen=True)
class Descriptor:
    """The values of a descriptor, with the defaults of section 1.4."""

    name: bytes
    policy: int = 1
    tables: int = 5
    copies: int = 2
    successors: int = 16
    work_bits: int = 0
    freshness: int = 600
    max_ttl: int = 604_800
    max_message: int = 524_288
    max_value: int = 65_536

    def encode(self) -> bytes:
        """The bytes; values outside their range are MISUSE."""
        out = bytearray(_FIXED_BYTES)
        out[0] = _LAYOUT
        for name, offset, size, low, high in _TABLE:
            value = getattr(self, name)
            if not low <= value <= high:
                raise misuse(f"{name} is {value}")
            out[offset : offset + size] = value.to_bytes(size, "big")
        if not 1 <= len(self.name) <= FIXED.NAME_BYTES:
            raise misuse("length of the name")
        out[20] = len(self.name)
        return bytes(out) + self.name


def decode(data: bytes) -> Descriptor:
    """r[desc.decode]: truncated, continued or out of range is MALFORMED."""
    if len(data) < _FIXED_BYTES or data[0] != _LAYOUT:
        raise malformed("descriptor")
    values = {}
    for name, offset, size, low, high in _TABLE:
        value = int.from_bytes(data[offset : offset + size], "big")
        if not low <= value <= high:
            raise malformed(f"descriptor: {name} is {value}")
        values[name] = value
    if not 1 <= data[20] <= FIXED.NAME_BYTES or len(data) != _FIXED_BYTES + data[20]:
        raise malformed("descriptor: name")
    return Descriptor(name=data[_FIXED_BYTES:], **values)


@dataclass(frozen=True)
class Network:
    """A network as its nodes know it: the descriptor and the id computed from its bytes, r[desc.id]."""

    descriptor: Descriptor
    id: bytes

    @classmethod
    def of(cls, data: bytes) -> Network:
        """The network of the bytes of a descriptor."""
        return cls(decode(data), digests.digest(digests.NETWORK, data))

    def has(self, policy: str) -> bool:
        """Whether the policy bit of section 9.6 is set."""
        return bool(self.descriptor.policy & POLICY[policy])

    @property
    def signed(self) -> bool:
        """Broadcasts carry a signature (section 4.7)."""
        return not self.has("UNSIGNED_BROADCASTS")

    @property
    def receive_minimum(self) -> int:
        """The least receive limit of a node here, r[session.hello.limit]."""
        return max(self.descriptor.max_message, self.descriptor.max_value) + FIXED.RECEIVE_HEADROOM_BYTES


FIELD_NAMES = tuple(field.name for field in fields(Descriptor))
