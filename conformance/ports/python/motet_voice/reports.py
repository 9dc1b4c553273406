"""What a node reports to its application: the names of events and their members (section 4 of LINK.md)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .broadcast import Content
from .limits import Limits
from .proof import INITIATOR
from .session import Session
from .table.records import TableRecord

#: Receives the name of an event and its members.
Events = Callable[[str, dict[str, Any]], None]


class Reports:
    """Makes events of what happens."""

    def __init__(self, events: Events, limits: Limits) -> None:
        self._events = events
        self._limits = limits

    def up(self, session: Session) -> None:
        """A peer came up."""
        peer = session.peer_id.hex()
        self._events("peer.up", {"peer": peer})
        if abs(session.skew_ms) > self._limits.CLOCK_SKEW_MS:  # r[session.clock]
            self._events("skew", {"peer": peer, "ms": session.skew_ms})

    def down(self, peer: bytes, code: str) -> None:
        """A peer is gone."""
        self._events("peer.down", {"peer": peer.hex(), "code": code})

    def left(self) -> None:
        """The node has left the ring."""
        self._events("left", {})

    def changed(self, record: TableRecord) -> None:
        """A watched key has a newer record."""
        self._events(
            "changed",
            {
                "keyId": record.key_id.hex(),
                "deleted": record.tombstone,
                "sequence": str(record.sequence),
                "value": record.value.hex(),
            },
        )

    def refused(self, role: int, by: str, code: str) -> None:
        """A handshake ended before its peer was reported."""
        name = "initiator" if role == INITIATOR else "responder"
        self._events("refused", {"role": name, "by": by, "code": code})

    def delivered(self, content: Content, payload: bytes, message_id: bytes, tag: int, session: Session) -> None:
        """A broadcast was accepted."""
        self._events(
            "delivered",
            {
                "id": message_id.hex(),
                "origin": content.origin.hex(),
                "sequence": str(content.sequence),
                "channel": content.channel,
                "payload": payload.hex(),
                "hops": tag,
                "from": session.peer_id.hex(),
            },
        )

    def stale(self, session: Session, highest: int, changed: bool) -> None:
        """STALE_SEQUENCE came, r[stale.report]."""
        self._events("stale", {"peer": session.peer_id.hex(), "highest": str(highest), "changed": changed})

    def told(self, session: Session, channel: str, payload: bytes) -> None:
        """A TELL came."""
        self._events("told", {"peer": session.peer_id.hex(), "channel": channel, "payload": payload.hex()})

    def commanded(self, session: Session, command: int, payload: bytes) -> None:
        """A one-way frame of a command that the application has defined."""
        self._events("commanded", {"peer": session.peer_id.hex(), "command": command, "payload": payload.hex()})
