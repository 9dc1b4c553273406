"""Who sent a copy of the broadcasts accepted last, r[mesh.penalty.repeat]."""

from __future__ import annotations

from collections import OrderedDict


class Copies:
    """The last RECENT_MESSAGES accepted broadcasts, by pair or id, with the sessions that brought a copy of each."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._sessions: OrderedDict[bytes, set[int]] = OrderedDict()

    def accepted(self, key: bytes, session: int | None) -> None:
        """A broadcast was accepted from a session, or is the node's own."""
        self._sessions[key] = set() if session is None else {session}
        while len(self._sessions) > self._size:
            self._sessions.popitem(last=False)

    def repeated(self, key: bytes, session: int) -> bool:
        """Notes a copy; True when the session had brought one already."""
        sessions = self._sessions.get(key)
        if sessions is None:
            return False
        if session in sessions:
            return True
        sessions.add(session)
        return False
