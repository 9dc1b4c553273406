"""Fingers (section 7.10): hints that make lookups short, and that lookups can do without."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from ..errors import Refusal
from . import positions
from .contact import Contact
from .finder import Found
from .state import State


class Fingers:
    """Looks up one of them anew after each round of stabilizing, r[finger.keep]."""

    def __init__(self, state: State, find: Callable[[int], Awaitable[Found]]) -> None:
        self._state = state
        self._find = find
        self._by_index: dict[int, Contact] = {}
        self._next = positions.FINGERS
        self._task: asyncio.Task[None] | None = None

    def all(self) -> list[Contact]:
        """Every finger once."""
        return list({each.node_id: each for each in self._by_index.values()}.values())

    def failed(self, contact: Contact) -> None:
        """A contact has failed, or has left."""
        self._by_index = {index: each for index, each in self._by_index.items() if each.node_id != contact.node_id}

    def refresh(self) -> None:
        """Looks up the next one, unless a lookup is under way."""
        wanted = [index for index in range(positions.FINGERS) if not self._near(index)]
        self._by_index = {index: each for index, each in self._by_index.items() if index in wanted}
        if wanted and self._task is None:
            self._next = max((index for index in wanted if index < self._next), default=wanted[-1])
            self._task = asyncio.get_running_loop().create_task(self._look_up(self._next))

    def stop(self) -> None:
        """The node stops or leaves."""
        if self._task is not None:
            self._task.cancel()

    def _near(self, index: int) -> bool:
        """Whether an entry of the list owns the start."""
        state = self._state
        if not state.list:
            return True
        start = positions.finger_start(state.position, index)
        return positions.owned(state.position, start, state.list[-1].position)

    async def _look_up(self, index: int) -> None:
        try:
            found = await self._find(positions.finger_start(self._state.position, index))
            if found.contact is None:
                self._by_index.pop(index, None)
            else:
                self._by_index[index] = found.contact
        except Refusal:
            self._by_index.pop(index, None)
        finally:
            self._task = None
