"""Node ids, their text and their work (sections 1.1, 1.3 and 1.5)."""

from __future__ import annotations

from . import bech32m, digests
from .ed25519 import valid_encoding
from .errors import Refusal, misuse

NODE_PART = "motet"
NETWORK_PART = "motetnet"


def check_node_id(node_id: bytes) -> None:
    """Refuses as BAD_KEY what breaks r[id.key.valid]."""
    if not valid_encoding(node_id):
        raise Refusal("BAD_KEY")


def work(node_id: bytes) -> int:
    """Leading zero bits of H("motet/1 work", node id), section 1.5."""
    value = int.from_bytes(digests.digest(digests.WORK, node_id), "big")
    return 256 - value.bit_length()


def belongs(node_id: bytes, work_bits: int) -> bool:
    """r[id.key.valid] and r[id.work] for a network that asks for ``work_bits``."""
    return valid_encoding(node_id) and (work_bits == 0 or work(node_id) >= work_bits)


def node_id_text(node_id: bytes) -> str:
    """r[id.text.encode]; 32 bytes that are no node id are BAD_KEY."""
    if len(node_id) != 32:
        raise misuse("a node id has 32 bytes")
    check_node_id(node_id)
    return bech32m.encode(NODE_PART, node_id)


def node_id_of_text(text: str) -> bytes:
    """r[id.text.decode], then r[id.text.key]."""
    node_id = bech32m.decode(NODE_PART, text)
    check_node_id(node_id)
    return node_id


def network_id_text(network_id: bytes) -> str:
    """r[id.text.encode]."""
    if len(network_id) != 32:
        raise misuse("a network id has 32 bytes")
    return bech32m.encode(NETWORK_PART, network_id)


def network_id_of_text(text: str) -> bytes:
    """r[id.text.decode]."""
    return bech32m.decode(NETWORK_PART, text)
