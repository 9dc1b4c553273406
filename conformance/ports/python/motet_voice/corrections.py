"""Which sessions were told that their peer's sequence is stale, r[stale.once]."""

from __future__ import annotations


class Corrections:
    """Serials of sessions by peer, until a broadcast of that peer is accepted."""

    def __init__(self) -> None:
        self._told: dict[bytes, set[int]] = {}

    def due(self, peer: bytes, session: int) -> bool:
        """Whether to tell it now; notes that it was told."""
        sessions = self._told.setdefault(peer, set())
        if session in sessions:
            return False
        sessions.add(session)
        return True

    def accepted(self, origin: bytes) -> None:
        """A broadcast of this node was accepted: each of its sessions may be told anew."""
        self._told.pop(origin, None)

    def gone(self, peer: bytes, session: int) -> None:
        """A session ended."""
        sessions = self._told.get(peer)
        if sessions is not None:
            sessions.discard(session)
            if not sessions:
                del self._told[peer]
