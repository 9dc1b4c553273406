"""Joining (section 7.4): from a contact to a place between a node and its head, or not at all."""

from __future__ import annotations

from ..errors import Refusal
from . import positions
from .calls import Calls, Failed, Snapshot
from .contact import Contact
from .finder import Finder
from .state import MEMBER, State


class Joining:
    """One attempt; the caller has the contacts and the patience."""

    def __init__(self, own_id: bytes, state: State, calls: Calls, finder: Finder) -> None:
        self._own_id = own_id
        self._state = state
        self._calls = calls
        self._finder = finder

    async def through(self, contact: Contact) -> Contact | None:
        """The node behind which there is a place now, or None when it has to begin again."""
        own = self._state
        try:
            place = await self._finder.place(contact, own.position)
            answer = await self._calls.state(place)
        except (Refusal, Failed):
            return None
        head = answer.head
        if not answer.placed or head is None:  # r[ring.join.confirm]
            return None
        if not positions.between(answer.contact.position, own.position, head.position):
            return None
        entries = await self._entries(answer)
        if not entries:
            return None
        own.take(entries)
        own.predecessor = answer.contact
        own.phase = MEMBER
        return answer.contact

    async def _entries(self, answer: Snapshot) -> list[Contact]:
        """r[ring.join.head], r[ring.join.list]; empty to begin again."""
        last = [answer.contact] if answer.wraps else []
        for at, entry in enumerate(answer.list):
            if entry.node_id == self._own_id:  # an earlier run; cleaning would cut here
                break
            try:
                first = await self._calls.state(entry)
            except Failed:
                continue
            if first.placed:  # one that leaves would be gone when those behind it have failed
                return [first.contact, *answer.list[at + 1 :], *last]
        return last
