"""What a node is on the ring (section 7.3): list, predecessor, wraps, phase. Changes nothing of itself and sends nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from . import positions
from .contact import Contact

JOINING, MEMBER, FOUNDER, LEAVING = "JOINING", "MEMBER", "FOUNDER", "LEAVING"

#: Phases of a node that has its place and stays.
PLACED = (MEMBER, FOUNDER)


class State:
    """The state of one member; only operations of its own change the list, r[ring.list.own]."""

    def __init__(self, position: int, most: int, gone: Callable[[Contact], bool]) -> None:
        self.position = position
        self.phase = JOINING
        self.predecessor: Contact | None = None
        self.list: list[Contact] = []
        self.wraps = False
        self.cut: Contact | None = None  # an entry that was out of order: it may stand in another ring
        self._most = most
        self._gone = gone

    @property
    def head(self) -> Contact | None:
        """The first entry of the list; None when that is the node itself, or while it joins nobody."""
        return self.list[0] if self.list else None

    @property
    def placed(self) -> bool:
        """Whether it has its place and stays."""
        return self.phase in PLACED

    def stands_before(self, position: int) -> bool:
        """Whether a position lies between the predecessor and the node, or at it."""
        if self.predecessor is None:
            return not self.list
        return positions.owned(self.predecessor.position, position, self.position)

    def owns(self, position: int) -> bool:
        """r[table.owned]: nobody who has no place yet, or leaves, owns anything."""
        return self.placed and self.stands_before(position)

    def found(self) -> None:
        """r[ring.found]."""
        self.phase, self.list, self.wraps, self.predecessor = FOUNDER, [], True, None

    def take(self, entries: Iterable[Contact]) -> None:
        """Makes the list by cleaning; one that has left is not taken back (section 7.7)."""
        offered = [entry for entry in entries if not self._gone(entry)]
        self.list, self.wraps = positions.clean(self.position, offered, self._most, lambda entry: entry.position)
        if len(self.list) < min(len(offered), self._most) and not self.wraps:
            self.cut = offered[len(self.list)]
        if self.phase == FOUNDER and len(self.list) == self._most:
            self.phase = MEMBER

    def drop_head(self) -> None:
        """The head has failed; a list that becomes empty wraps."""
        del self.list[0]
        self.wraps = self.wraps or not self.list

    def drop(self, failed: Collection[Contact]) -> list[Contact]:
        """Drops entries that have failed; those that were there."""
        dropped = [each for each in self.list if each in failed]
        self.list = [each for each in self.list if each not in failed]
        self.wraps = self.wraps or not self.list
        return dropped

    def nearer(self, contact: Contact) -> bool:
        """Whether a contact lies between this node and its head; when that is the node itself, every other one does."""
        head = self.head.position if self.head else self.position
        return positions.between(self.position, contact.position, head)

    def holds(self, node_id: bytes) -> bool:
        """Whether a node is on the list or the predecessor."""
        before = self.predecessor
        return (before is not None and before.node_id == node_id) or any(each.node_id == node_id for each in self.list)
