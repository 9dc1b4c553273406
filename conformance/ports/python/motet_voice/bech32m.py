"""Bech32m (BIP 350) of 32 bytes under a human-readable part (section 1.3)."""

from __future__ import annotations

from .errors import Refusal

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_CONSTANT = 0x2BC830A3
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_DATA_CHARACTERS = 52
_CHECKSUM_CHARACTERS = 6


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            if top >> bit & 1:
                check ^= generator
    return check


def _expand(part: str) -> list[int]:
    return [ord(c) >> 5 for c in part] + [0] + [ord(c) & 31 for c in part]


def checksum(part: str, values: list[int]) -> list[int]:
    """The six values of the checksum of a human-readable part and its data."""
    check = _polymod(_expand(part) + values + [0] * _CHECKSUM_CHARACTERS) ^ _CONSTANT
    return [check >> 5 * (5 - i) & 31 for i in range(_CHECKSUM_CHARACTERS)]


def verify(part: str, values: list[int]) -> bool:
    """Whether data with its checksum is Bech32m, not plain Bech32."""
    return _polymod(_expand(part) + values) == _CONSTANT


def encode(part: str, data: bytes) -> str:
    """The lower-case text of 32 bytes, r[id.text.encode]."""
    number = int.from_bytes(data, "big") << (_DATA_CHARACTERS * 5 - len(data) * 8)
    values = [number >> 5 * i & 31 for i in reversed(range(_DATA_CHARACTERS))]
    return part + "1" + "".join(_ALPHABET[v] for v in values + checksum(part, values))


def decode(part: str, text: str) -> bytes:
    """The 32 bytes of exactly what ``encode`` writes, else BAD_TEXT, r[id.text.decode]."""
    prefix = part + "1"
    if len(text) != len(prefix) + _DATA_CHARACTERS + _CHECKSUM_CHARACTERS or not text.startswith(prefix):
        raise Refusal("BAD_TEXT", "length or human-readable part")
    try:
        values = [_VALUES[character] for character in text[len(prefix) :]]
    except KeyError:
        raise Refusal("BAD_TEXT", "foreign character") from None
    if not verify(part, values):
        raise Refusal("BAD_TEXT", "checksum")
    number = 0
    for value in values[:_DATA_CHARACTERS]:
        number = number << 5 | value
    padding = _DATA_CHARACTERS * 5 - 256
    if number & (1 << padding) - 1:
        raise Refusal("BAD_TEXT", "padding bits")
    return (number >> padding).to_bytes(32, "big")
