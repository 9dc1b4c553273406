"""NOTIFY and the predecessor (section 7.6): taken when it is nearer, or when the one before has failed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ..registry import MEMBER
from . import positions
from .calls import Calls, Failed
from .contact import Contact
from .state import JOINING, State


class Predecessors:
    """Asks at most one predecessor at a time whether it is still there."""

    def __init__(
        self, state: State, calls: Calls, changed: Callable[[], None] = lambda: None,
        hint: Callable[[Contact], None] = lambda contact: None,
    ) -> None:
        self._changed = changed
        self._hint = hint
        self._state = state
        self._calls = calls
        self._waiting: dict[bytes, Contact] = {}  # those that are taken when the predecessor has failed
        self._task: asyncio.Task[None] | None = None

    def notified(self, peer: Contact) -> None:
        """A NOTIFY came: r[ring.notify.none], r[ring.notify.nearer], r[ring.notify.failed], r[ring.notify.kept]."""
        body = peer.known.record.body
        if MEMBER not in body["features"] or not body["addresses"] or self._calls.gone(peer):  # r[ring.notify.member]
            return
        before = self._state.predecessor
        if self._take(peer):
            if before is not None and before.node_id != peer.node_id:
                self._hint(before)  # r[ring.notify.hint]
        elif peer.node_id != self._before_id():
            self._waiting[peer.node_id] = peer
            if self._task is None:
                self._task = asyncio.get_running_loop().create_task(self._check())

    def gone(self, contact: Contact) -> None:
        """It has left."""
        if self._state.predecessor == contact:
            self._state.predecessor = None

    def stop(self) -> None:
        """The node stops."""
        if self._task is not None:
            self._task.cancel()

    def _before_id(self) -> bytes:
        return self._state.predecessor.node_id if self._state.predecessor else b""

    def _take(self, peer: Contact) -> bool:
        """Whether the peer is the predecessor now."""
        before, own = self._state.predecessor, self._state.position
        if before is not None and not positions.between(before.position, peer.position, own):
            if before.node_id != peer.node_id or before.incarnation > peer.incarnation:
                return False
        self._state.predecessor = peer
        return True

    async def _check(self) -> None:
        while self._waiting:
            before = self._state.predecessor
            if before is not None and await self._answers(before):
                self._waiting.clear()
                break
            if self._state.predecessor == before:
                self._state.predecessor = None
            waiting, self._waiting = self._waiting, {}
            for peer in waiting.values():
                self._take(peer)
            self._changed()
        self._task = None

    async def _answers(self, contact: Contact) -> bool:
        try:
            return (await self._calls.state(contact)).phase != JOINING
        except Failed:
            return False
