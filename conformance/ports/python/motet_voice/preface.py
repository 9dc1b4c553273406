"""The preface (section 2.1): the first eight bytes in each direction."""

from __future__ import annotations

from .errors import Refusal, malformed
from .octets import uint

SIZE = 8
_MAGIC = b"MOTET"
LOWEST = HIGHEST = 1


def encode(lowest: int = LOWEST, highest: int = HIGHEST) -> bytes:
    """The preface of a node that speaks these versions."""
    return _MAGIC + uint(lowest, 1) + uint(highest, 1) + b"\0"


def check_start(data: bytes) -> None:
    """r[preface.magic] at the first byte that differs, of as much as has come."""
    if data[:5] != _MAGIC[: len(data)] or (len(data) >= SIZE and data[7] != 0):
        raise Refusal("NOT_MOTET")


def decode(data: bytes) -> tuple[int, int]:
    """Lowest and highest version of a whole preface."""
    check_start(data)
    if len(data) != SIZE:
        raise malformed("preface")
    return data[5], data[6]


def common_version(mine: bytes, theirs: bytes) -> int:
    """r[preface.version], r[preface.highest]."""
    (my_lowest, my_highest), (lowest, highest) = decode(mine), decode(theirs)
    version = min(my_highest, highest)
    if version < max(my_lowest, lowest):
        raise Refusal("NO_VERSION")
    return version
