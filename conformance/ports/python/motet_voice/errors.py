"""Typed errors: everything that a rule of the specification refuses carries a code of section 9.2."""

from __future__ import annotations


class Refusal(Exception):
    """Bytes, arguments or an order of frames that the specification refuses; ``code`` is a name of section 9.2."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(f"{code}: {text}" if text else code)
        self.code = code
        self.text = text


def malformed(text: str = "") -> Refusal:
    """MALFORMED: bytes that are not what their place calls for."""
    return Refusal("MALFORMED", text)


def misuse(text: str = "") -> Refusal:
    """MISUSE: the caller's arguments cannot be used."""
    return Refusal("MISUSE", text)
