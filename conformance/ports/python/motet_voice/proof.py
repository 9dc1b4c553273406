"""What a PROOF signs (section 3.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from . import digests
from .octets import uint

INITIATOR, RESPONDER = 0, 1
NO_BINDING = bytes(32)
#: The order in which a kind that both list is chosen, r[session.binding.kind].
_PREFERENCE = (4, 2, 1, 3)


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


def binding_kind(mine: Iterable[int], theirs: Iterable[int]) -> int:
    """The first of 4, 2, 1, 3 that both list, or 0."""
    common = set(mine) & set(theirs)
    return next((kind for kind in _PREFERENCE if kind in common), 0)
