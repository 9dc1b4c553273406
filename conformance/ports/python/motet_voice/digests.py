"""Hash, H, Sign and Verify (section 0.2): every use of a hash or a key has a domain of its own."""

from __future__ import annotations

import hashlib

from .ed25519 import SigningKey, verify as _verify

NETWORK = "motet/1 network"
WORK = "motet/1 work"
PEER = "motet/1 peer"
PROOF = "motet/1 proof"
MESSAGE = "motet/1 message"
RING = "motet/1 ring"
KEY = "motet/1 key"
TABLE = "motet/1 table"
TABLE_RECORD = "motet/1 record"


def hash_of(data: bytes) -> bytes:
    """Hash(x): SHA-256."""
    return hashlib.sha256(data).digest()


def digest(domain: str, *parts: bytes) -> bytes:
    """H(domain, x…) = SHA-256(domain ‖ 00 ‖ x…)."""
    return hash_of(_separated(domain) + b"".join(parts))


def sign(domain: str, data: bytes, key: SigningKey) -> bytes:
    """Sign(domain, digest): Ed25519 over domain ‖ 00 ‖ digest."""
    return key.sign(_separated(domain) + data)


def verify(domain: str, data: bytes, node_id: bytes, signature: bytes) -> bool:
    """Verify(domain, digest, key, signature), section 1.2."""
    return _verify(node_id, _separated(domain) + data, signature)


def _separated(domain: str) -> bytes:
    return domain.encode("ascii") + b"\0"
