"""What a node knows of the encryption under a connection, by its own view alone (section 6.4, r[binding.proof])."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NO_BINDING = bytes(32)
#: The order in which a kind that both list is chosen, r[session.binding.kind].
_PREFERENCE = (4, 2, 1, 3)


@dataclass(frozen=True)
class Channel:
    """A connection as encryption sees it; ``bindings`` has the 32 bytes of each kind that can be computed on it."""

    encrypted: bool = False
    resumed: bool = False
    bindings: Mapping[int, bytes] = field(default_factory=dict)

    def kind(self, theirs: tuple[int, ...]) -> int:
        """The first of 4, 2, 1, 3 that both sides list, or 0."""
        return next((kind for kind in _PREFERENCE if kind in theirs and kind in self.bindings), 0)

    def binding(self, kind: int) -> bytes:
        """The 32 bytes that enter PROOF."""
        return self.bindings.get(kind, NO_BINDING)


PLAIN = Channel()
