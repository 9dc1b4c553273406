"""The payload of GOODBYE (section 3.7): the code with which a session ends."""

from __future__ import annotations

from . import messages
from .errors import Refusal
from .registry import ERROR_NUMBERS, error_name

_TEXT_BYTES = 256


def encode(code: str, text: str) -> bytes:
    """The payload for a code and a text for people, r[session.goodbye.text]."""
    return messages.encode("Goodbye", {"code": ERROR_NUMBERS[code], "text": text.encode("ascii", "replace").decode()[:_TEXT_BYTES]})


def decode(payload: bytes) -> tuple[str, str]:
    """Code and by whom: one that cannot be read ends the session all the same, r[session.goodbye.receive]."""
    try:
        return error_name(messages.decode("Goodbye", payload)["code"]) or "PROTOCOL_ERROR", "remote"
    except Refusal as refusal:
        return refusal.code, "local"
