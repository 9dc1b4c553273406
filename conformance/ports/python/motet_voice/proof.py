"""What a PROOF signs (section 3.4)."""

from __future__ import annotations

from dataclasses import dataclass

from . import digests
from .channel import NO_BINDING
from .octets import uint

INITIATOR, RESPONDER = 0, 1


@dataclass(frozen=True)
class Transcript:
    """What both sides sent before their proofs; HELLO payloads as they were on the wire."""

    initiator_preface: bytes
    responder_preface: bytes
    initiator_hello: bytes
    responder_hello: bytes

    def digest(self, role: int, kind: int = 0, binding: bytes = NO_BINDING) -> bytes:
        """The digest that the side of ``role`` signs."""
        return digests.digest(
            digests.PROOF,
            uint(role, 1),
            self.initiator_preface,
            self.responder_preface,
            digests.hash_of(self.initiator_hello),
            digests.hash_of(self.responder_hello),
            uint(kind, 1),
            binding,
        )
