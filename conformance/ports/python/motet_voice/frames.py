"""The frame header and its rules (section 2.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .errors import Refusal
from .octets import uint
from .registry import KNOWN_COMMANDS, Command

HEADER_BYTES = 8
RESPONSE = 0x80
FAILED = 0x40
REQUEST = 0x20
RESERVED = 0x10
COMPRESSION = 0x0F


@dataclass(frozen=True, slots=True)
class Header:
    """One frame header."""

    length: int
    flags: int
    command: int
    tag: int

    @classmethod
    def decode(cls, data: bytes | bytearray | memoryview) -> Header:
        """The header of eight bytes, unchecked."""
        value = int.from_bytes(data, "big")
        return cls(value >> 40, value >> 32 & 0xFF, value >> 16 & 0xFFFF, value & 0xFFFF)


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole frame."""

    header: Header
    payload: bytes


def check(header: Header, receive_limit: int, known: Callable[[int], Command | None] = KNOWN_COMMANDS.get) -> None:
    """The rules from r[frame.length.limit] to r[frame.compression.forbidden], in their order, for the commands that are known."""
    if header.length > receive_limit:  # r[frame.length.limit]
        raise Refusal("TOO_LARGE", "frame")
    flags = header.flags
    response, request = flags & RESPONSE, flags & REQUEST
    if flags & RESERVED:  # r[frame.flags.reserved]
        raise Refusal("PROTOCOL_ERROR", "reserved flag")
    if flags & FAILED and not response:  # r[frame.flags.failed]
        raise Refusal("PROTOCOL_ERROR", "FAILED without RESPONSE")
    if request and response:  # r[frame.flags.both]
        raise Refusal("PROTOCOL_ERROR", "REQUEST with RESPONSE")
    if (request or response) and header.tag == 0:  # r[frame.tag.zero]
        raise Refusal("PROTOCOL_ERROR", "tag 0")
    command = known(header.command)
    if command is None:
        return
    if not (command.request if request or response else command.one_way):  # r[frame.flags.command]
        raise Refusal("PROTOCOL_ERROR", f"kind of {command.name}")
    if not (request or response or command.tag_has_meaning) and header.tag != 0:  # r[frame.tag.oneway]
        raise Refusal("PROTOCOL_ERROR", f"tag of {command.name}")
    if flags & COMPRESSION and not command.compressible:  # r[frame.compression.forbidden]
        raise Refusal("PROTOCOL_ERROR", f"compressed {command.name}")


def encode_header(command: int, length: int, flags: int = 0, tag: int = 0) -> bytes:
    """The eight bytes before a payload; what does not fit is MISUSE."""
    return uint(length, 3) + uint(flags, 1) + uint(command, 2) + uint(tag, 2)


def encode(command: int, payload: bytes, flags: int = 0, tag: int = 0) -> bytes:
    """A whole frame."""
    return encode_header(command, len(payload), flags, tag) + payload
