"""Which of two sessions of one pair of nodes stays (section 3.5): both sides come to the same answer."""

from __future__ import annotations

from typing import Protocol

from .hello import Hello
from .proof import INITIATOR


class Rival(Protocol):
    """What the rules need of a session."""

    role: int

    @property
    def peer(self) -> Hello:
        """The peer's HELLO."""

    @property
    def dial_counter(self) -> int:
        """The dial counter in the initiator's HELLO."""


def stays(later: Rival, earlier: Rival, our_id: bytes) -> bool:
    """Whether the session that is or becomes READY later wins against the earlier one."""
    ours, theirs = later.peer.record, earlier.peer.record
    if ours.incarnation != theirs.incarnation:  # r[session.duplicate.incarnation]
        return ours.incarnation > theirs.incarnation
    if later.role != earlier.role:  # r[session.duplicate.dialler]: the larger node id's connection goes
        dialled_by_us = later.role == INITIATOR
        return dialled_by_us == (our_id < ours.node_id)
    return later.dial_counter > earlier.dial_counter  # r[session.duplicate.counter]
