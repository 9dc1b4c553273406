"""Peer records (section 1.6): what a node says of itself, signed."""

from __future__ import annotations

from dataclasses import dataclass

from . import digests, messages
from .descriptor import Network
from .ed25519 import SigningKey
from .errors import Refusal, misuse
from .identifiers import belongs
from .limits import FIXED
from .octets import read_u64, uint

_HEADER_BYTES = 56
_SIGNATURE_BYTES = 64


@dataclass(frozen=True)
class Record:
    """A record that was checked."""

    node_id: bytes
    issued: int
    expires: int
    incarnation: int
    body: dict[str, list]


def decode(data: bytes, network: Network) -> Record:
    """All rules of section 1.6; whatever one breaks is BAD_RECORD."""
    if not _HEADER_BYTES + _SIGNATURE_BYTES <= len(data) <= FIXED.RECORD_BYTES:  # r[record.size]
        raise Refusal("BAD_RECORD", "size")
    node_id, body, signature = data[:32], data[_HEADER_BYTES:-_SIGNATURE_BYTES], data[-_SIGNATURE_BYTES:]
    if not belongs(node_id, network.descriptor.work_bits):  # r[record.key], r[id.work.record]
        raise Refusal("BAD_RECORD", "node id")
    issued, expires, incarnation = (read_u64(data, at, "BAD_RECORD") for at in (32, 40, 48))
    if not issued < expires <= issued + FIXED.RECORD_LIFETIME_MS:  # r[record.lifetime]
        raise Refusal("BAD_RECORD", "lifetime")
    try:  # r[record.body]
        value = messages.decode("PeerRecordBody", body)
    except Refusal as refusal:
        raise Refusal("BAD_RECORD", f"body: {refusal.text}") from None
    if not digests.verify(digests.PEER, _digest(network, data[:_HEADER_BYTES], body), node_id, signature):
        raise Refusal("BAD_RECORD", "signature")  # r[record.signature]
    return Record(node_id, issued, expires, incarnation, value)


def timely(value: Record, now_ms: int) -> bool:
    """r[record.stored.clock], of the record of another node than its sender."""
    return value.expires > now_ms and value.issued <= now_ms + FIXED.RECORD_AHEAD_MS


def encode(key: SigningKey, network: Network, issued: int, expires: int, incarnation: int, body: bytes) -> bytes:
    """A signed record; one that its receivers would refuse is MISUSE."""
    header = key.public + uint(issued, 8) + uint(expires, 8) + uint(incarnation, 8)
    signature = digests.sign(digests.PEER, _digest(network, header, body), key)
    data = header + body + signature
    try:
        decode(data, network)
    except Refusal as refusal:
        raise misuse(refusal.text) from None
    return data


def _digest(network: Network, header: bytes, body: bytes) -> bytes:
    return digests.digest(digests.PEER, network.id, header, digests.hash_of(body))
