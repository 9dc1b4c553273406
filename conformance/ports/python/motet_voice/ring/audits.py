"""Audits and recovery (section 7.8): the own position looked up through somebody else, to find a ring that local rules miss."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

from ..address import Address
from ..errors import Refusal
from ..registry import NOTIFY
from .beginnings import Beginnings
from .calls import Calls, Failed
from .contact import Contact
from .finder import Finder
from .remembered import Remembered
from .stabilizing import Stabilizing
from .state import State

_RANDOM = random.SystemRandom()

#: Contacts that one audit of a node without list goes through at most.
_MOST_TRIED = 4


class Audits:
    """Looks beside the operations of the node; ``meet`` is one of them."""

    def __init__(
        self, own_id: bytes, state: State, calls: Calls, finder: Finder, stabilizing: Stabilizing, remembered: Remembered,
        beginnings: Beginnings, fingers: Callable[[], Iterable[Contact]],
    ) -> None:
        self._own_id = own_id
        self._state = state
        self._calls = calls
        self._finder = finder
        self._stabilizing = stabilizing
        self._remembered = remembered
        self._beginnings = beginnings
        self._fingers = fingers
        self._first: Contact | None = None  # the head before, through which the next audit is done

    def due(self) -> bool:
        """Whether a contact is remembered that is neither on the list nor the predecessor, r[ring.audit.when]."""
        return bool(self._elsewhere(self._lost()) or self._beginnings.elsewhere(self._state.holds))

    async def look(self) -> Contact | None:
        """Another node in the place of this one: through one contact, or several while there is no list.

        r[ring.audit.through], r[ring.recover]; no operation of its own.
        """
        choice: list[Contact | Address] = [*self._elsewhere(self._known())]
        choice += self._beginnings.elsewhere(self._state.holds)
        _RANDOM.shuffle(choice)
        choice.sort(key=lambda each: each != self._first)
        self._first = None
        for each in choice[: 1 if self._state.head else _MOST_TRIED]:
            contact = await self._beginnings.contact(each) if isinstance(each, Address) else each
            if contact is not None and contact.node_id != self._own_id and not self._state.holds(contact.node_id):
                if contact == self._state.cut:
                    self._state.cut = None
                try:
                    return (await self._finder.through(contact, self._state.position)).contact
                except Refusal:
                    continue
        return None

    async def meet(self, other: Contact) -> None:
        """Takes the node that was found, when it is nearer, and tells it: r[ring.audit.adopt], r[ring.audit.notify]."""
        state, head = self._state, self._state.head
        try:
            if state.nearer(other):
                answer = await self._calls.state(other)
                if answer.placed:
                    state.take([answer.contact, *answer.list])
                    if head is not None:
                        self._stabilizing.replaced = self._first = head
                        self._remembered.add(head)
            await self._calls.tell(other, NOTIFY)
        except Failed:
            return

    def _lost(self) -> list[Contact]:
        return [*self._remembered.all(), *([self._state.cut] if self._state.cut else [])]

    def _known(self) -> list[Contact]:
        return [*self._lost(), *self._fingers()]

    def _elsewhere(self, contacts: Iterable[Contact]) -> list[Contact]:
        return [each for each in contacts if each.node_id != self._own_id and not self._state.holds(each.node_id)]
