"""The proto3 wire format with its edges closed (section 2.4): fields of bytes, no message types yet."""

from __future__ import annotations

from collections.abc import Iterator

from .errors import malformed

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
_VARINT_BYTES = 10
_HIGHEST_NUMBER = 2**29 - 1


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """Value and end of the varint at ``at``, in full width; r[payload.varint], r[payload.truncated]."""
    value = 0
    for index, byte in enumerate(data[at : at + _VARINT_BYTES]):
        value |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return value, at + index + 1
    raise malformed("varint")


def fields(data: bytes) -> Iterator[tuple[int, int, int | bytes]]:
    """Number, wire type and value of each field: an int for a varint, bytes for all else.

    r[payload.truncated], r[payload.field.number], r[payload.group].
    """
    at = 0
    while at < len(data):
        key, at = read_varint(data, at)
        number, wire = key >> 3, key & 7
        if not 1 <= number <= _HIGHEST_NUMBER:
            raise malformed("field number")
        if wire == VARINT:
            value, at = read_varint(data, at)
            yield number, wire, value
            continue
        if wire == LENGTH:
            size, at = read_varint(data, at)
        elif wire == FIXED64:
            size = 8
        elif wire == FIXED32:
            size = 4
        else:
            raise malformed(f"wire type {wire}")
        if size > len(data) - at:
            raise malformed("payload ends inside a field")
        yield number, wire, data[at : at + size]
        at += size


def packed(data: bytes) -> Iterator[int]:
    """The varints of a packed field."""
    at = 0
    while at < len(data):
        value, at = read_varint(data, at)
        yield value


def varint(value: int) -> bytes:
    """The shortest varint of a value."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number: int, wire: int, value: int | bytes) -> bytes:
    """One field with its key; bytes get their length."""
    key = varint(number << 3 | wire)
    if isinstance(value, int):
        return key + varint(value)
    return key + varint(len(value)) + value
