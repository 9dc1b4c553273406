"""How a node finds the owners of positions and asks them (sections 8.4 and 8.5): peers, or itself where it is the owner."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable

from ..errors import Refusal
from ..messages import Value
from ..ring.calls import Calls
from ..ring.contact import Contact
from ..ring.finder import Finder, Found
from ..ring.member import Member

#: Codes of tries that brought no answer.
NO_ANSWER = frozenset(("TIMEOUT", "UNREACHABLE", "LOST", "CLOSED", "DUPLICATE", "FULL", "QUEUE_FULL", "SLOW"))
#: Answers a request of this node to itself.
Own = Callable[[int, Value], Awaitable[Value]]


class Client:
    """Looks up and asks, for members and for those that take no part."""

    def __init__(
        self, node_id: bytes, calls: Calls, finder: Finder, member: Member | None,
        beginnings: Callable[[], Iterable[Contact]], own: Own,
    ) -> None:
        self._node_id = node_id
        self._calls = calls
        self._finder = finder
        self._member = member
        self._beginnings = beginnings
        self._own = own

    async def find(self, position: int, skip: Collection[bytes] = ()) -> Found:
        """The owner of a position, or the first behind it that is none of those to skip."""
        if self._member is not None:
            if self._member.state.owns(position) and self._node_id not in skip:  # r[table.self]
                return Found(None, self._node_id, 0)
            return await self._member.find(position, skip)
        contacts = list(self._beginnings())
        if not contacts:
            raise Refusal("UNREACHABLE", "no member is a peer")
        return await self._finder.among(contacts, position, skip)

    async def ask(self, whom: Found, command: int, value: Value, timeout_ms: float) -> Value:
        """An answer, or a Refusal with the code of what came instead."""
        if whom.contact is None:
            return await self._own(command, value)
        return await self._calls.ask(whom.contact, command, value, timeout_ms)
