"""Fixed layouts: unsigned big-endian integers (section 0.2)."""

from __future__ import annotations

from .errors import Refusal, misuse

#: Highest u64 that is in range, r[int.u64.range].
U64_MAX = 2**63 - 1


def uint(value: int, size: int) -> bytes:
    """``value`` as ``size`` bytes; one that does not fit, or a u64 out of range, is MISUSE."""
    limit = U64_MAX if size == 8 else 2 ** (8 * size) - 1
    if not 0 <= value <= limit:
        raise misuse(f"{value} does not fit u{8 * size}")
    return value.to_bytes(size, "big")


def read_u64(data: bytes | memoryview, offset: int, code: str) -> int:
    """The u64 at ``offset``; above 2^63 - 1 it is refused with the code of its section, r[int.u64.range]."""
    value = int.from_bytes(data[offset : offset + 8], "big")
    if value > U64_MAX:
        raise Refusal(code, "u64 out of range")
    return value
