"""A self-signed certificate of a fresh Ed25519 key (section 6.1), written in DER by hand: X.509 v3, RFC 8410.

The key is made for this alone, r[tls.key].
"""

from __future__ import annotations

import base64
import os

from .ed25519 import SigningKey

_INTEGER, _BIT_STRING, _OCTETS, _OID, _UTF8, _UTC_TIME, _SEQUENCE, _SET, _VERSION = (
    0x02, 0x03, 0x04, 0x06, 0x0C, 0x17, 0x30, 0x31, 0xA0,
)
_ED25519 = bytes([43, 101, 112])  # 1.3.101.112
_COMMON_NAME = bytes([85, 4, 3])  # 2.5.4.3
_NAME = b"motet"
_NOT_BEFORE, _NOT_AFTER = b"200101000000Z", b"491231235959Z"


def self_signed() -> tuple[str, str]:
    """Certificate and private key (PKCS 8) in PEM."""
    seed = os.urandom(32)
    key = SigningKey(seed)
    algorithm = _der(_SEQUENCE, _der(_OID, _ED25519))
    name = _der(_SEQUENCE, _der(_SET, _der(_SEQUENCE, _der(_OID, _COMMON_NAME), _der(_UTF8, _NAME))))
    body = _der(
        _SEQUENCE,
        _der(_VERSION, _der(_INTEGER, b"\2")),
        _der(_INTEGER, b"\1" + os.urandom(15)),
        algorithm,
        name,
        _der(_SEQUENCE, _der(_UTC_TIME, _NOT_BEFORE), _der(_UTC_TIME, _NOT_AFTER)),
        name,
        public_key_info(key.public),
    )
    certificate = _der(_SEQUENCE, body, algorithm, _der(_BIT_STRING, b"\0" + key.sign(body)))
    private = _der(_SEQUENCE, _der(_INTEGER, b"\0"), algorithm, _der(_OCTETS, _der(_OCTETS, seed)))
    return _pem("CERTIFICATE", certificate), _pem("PRIVATE KEY", private)


def public_key_info(public: bytes) -> bytes:
    """The part of a certificate that holds an Ed25519 key."""
    return _der(_SEQUENCE, _der(_SEQUENCE, _der(_OID, _ED25519)), _der(_BIT_STRING, b"\0" + public))


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    if len(content) < 128:
        return bytes([tag, len(content)]) + content
    size = (len(content).bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + len(content).to_bytes(size, "big") + content


def _pem(kind: str, der: bytes) -> str:
    text = base64.encodebytes(der).decode().replace("\n", "")
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----", ""])
