"""Keys of the table, their ids and their positions (section 8.1). Pure."""

from __future__ import annotations

from .. import digests
from ..descriptor import Network
from ..limits import FIXED

SHARED, OWNED, IMMUTABLE = 1, 2, 3
KINDS = (SHARED, OWNED, IMMUTABLE)

ID_BYTES = 32
_HASH_BYTES = 32
_NODE_ID_BYTES = 32


def fits(kind: int, key: bytes) -> bool:
    """Whether a key is as long as its kind allows."""
    if kind == SHARED:
        return 1 <= len(key) <= FIXED.KEY_BYTES
    if kind == OWNED:
        return _NODE_ID_BYTES <= len(key) <= _NODE_ID_BYTES + FIXED.KEY_BYTES
    return kind == IMMUTABLE and len(key) == _HASH_BYTES


def owner(key: bytes) -> bytes:
    """The node id in a key of kind 2."""
    return key[:_NODE_ID_BYTES]


def key_id(network: Network, kind: int, key: bytes) -> bytes:
    """r[key.id]."""
    return digests.digest(digests.KEY, network.id, bytes((kind,)), key)


def position(of_key: bytes, index: int) -> int:
    """r[key.position]."""
    return int.from_bytes(digests.digest(digests.TABLE, bytes((index,)), of_key), "big")
