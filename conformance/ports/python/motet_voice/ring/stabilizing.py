"""A round of stabilizing (section 7.5): the list is made of what the head says, then of what is found between."""

from __future__ import annotations

from ..limits import FIXED
from ..registry import NOTIFY
from . import positions
from .calls import Calls, Failed, Snapshot
from .contact import Contact
from .remembered import Remembered
from .state import JOINING, LEAVING, State


class Stabilizing:
    """Does one round after the other; the caller sees to it that nothing else is under way."""

    def __init__(self, state: State, calls: Calls, remembered: Remembered) -> None:
        self.replaced: Contact | None = None  # the head before an audit took another one (section 7.8)
        self._state = state
        self._calls = calls
        self._remembered = remembered

    async def round(self) -> None:
        """One round; afterwards the list is empty only when there is nobody."""
        if self._state.list:
            for contact in self._state.drop(self._calls.take_failed()):  # section 7.2: without being asked
                self._remember(contact)
        answer = await (self._head() if self._state.head else self._alone())
        if answer is None:
            return
        self._state.take([answer.contact, *answer.list])
        await self._see_replaced(answer)
        await self._walk(answer.predecessor)
        if self._state.head is not None:  # r[ring.stabilize.notify]
            await self._tell(self._state.head, NOTIFY)

    async def _head(self) -> Snapshot | None:
        """The answer of the first entry that is to be the head; those before it are dropped."""
        state = self._state
        while state.head is not None:
            answer = await self._ask(state.head)
            if answer is None:  # r[ring.stabilize.failed], r[ring.stabilize.joining]
                self._remember(state.head)
                state.drop_head()
            elif answer.phase == LEAVING:
                return await self._instead(answer)
            else:
                return answer
        return None

    async def _instead(self, answer: Snapshot) -> Snapshot:
        """r[ring.stabilize.leaving]: the first behind it that stays, else the last that answers."""
        state = self._state
        for entry in state.list[1:]:
            other = await self._ask(entry)
            if other is None:
                self._remember(entry)
                continue
            answer = other
            while state.head is not None and state.head != entry:
                state.drop_head()
            if other.phase != LEAVING:
                break
        return answer

    async def _alone(self) -> Snapshot | None:
        """r[ring.stabilize.alone]."""
        before = self._state.predecessor
        if before is None:
            return None
        answer = await self._ask(before)
        if answer is None and self._state.predecessor == before:
            self._state.predecessor = None
        return answer if answer is not None and answer.placed else None

    async def _walk(self, before: Contact | None) -> None:
        """r[ring.stabilize.walk], r[ring.stabilize.walk.most]."""
        state = self._state
        for _ in range(FIXED.RING_WALK):
            if before is None or state.head is None:
                return
            if not positions.between(state.position, before.position, state.head.position):
                return
            answer = await self._ask(before)
            if answer is None or not answer.placed:
                return
            state.take([answer.contact, *answer.list])
            before = answer.predecessor

    async def _see_replaced(self, answer: Snapshot) -> None:
        """The head before the audit learns of this node when the ring that was found does not know it, nor one nearer."""
        before, self.replaced = self.replaced, None
        if before is None:
            return
        for entry in answer.list:
            if entry == before or positions.between(answer.contact.position, entry.position, before.position):
                return
        if before.node_id != answer.contact.node_id:
            await self._tell(before, NOTIFY)

    async def _ask(self, contact: Contact) -> Snapshot | None:
        """An answer of a node that has its place or leaves; None when the contact has failed."""
        try:
            answer = await self._calls.state(contact)
        except Failed:
            return None
        return None if answer.phase == JOINING else answer

    def _remember(self, contact: Contact) -> None:
        if not self._calls.gone(contact):  # one that has left is not remembered
            self._remembered.add(contact)

    async def _tell(self, contact: Contact, command: int) -> None:
        try:
            await self._calls.tell(contact, command)
        except Failed:
            return
