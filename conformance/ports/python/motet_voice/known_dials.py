"""Dialling the addresses of a record (section 1.8): those that may be dialled, in their order, until one leads to a session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from . import told
from .address import Address
from .clock import Clock
from .limits import Limits
from .records import Known
from .told import Failures

#: Dials an address for a node id; "" when that led to a session, else the code with which it ended.
Dial = Callable[[Address, bytes], Awaitable[str]]


class KnownDials:
    """Remembers which told addresses failed; an address that the application itself has named is always dialled."""

    def __init__(
        self, limits: Limits, clock: Clock, dial: Dial, is_named: Callable[[Address], bool], is_peer: Callable[[bytes], bool]
    ) -> None:
        self._dial = dial
        self._is_named = is_named
        self._is_peer = is_peer
        self._failures = Failures(limits, clock)

    def places(self, known: Known) -> list[Address]:
        """The addresses of a record that may be dialled now."""
        places = (self._place(text, known) for text in known.record.body["addresses"])
        return [place for place in places if place is not None]

    async def dial(self, known: Known) -> bool:
        """Whether there is a session with the node now."""
        node_id = known.record.node_id
        for text in known.record.body["addresses"]:
            if self._is_peer(node_id):  # it came to us meanwhile
                return True
            place = self._place(text, known)
            if place is None:
                continue
            code = await self._dial(place, node_id)
            if code != "DUPLICATE" and not self._is_named(place):
                self._failures.note(place, bool(code))
            if not code:
                return True
        return False

    def _place(self, text: str, known: Known) -> Address | None:
        node_id = known.record.node_id
        place = told.parsed(text, node_id)
        if place is None or self._is_named(place):
            return place
        place = told.may_dial(text, node_id, known.teller.address)
        return place if place is not None and self._failures.allow(place) else None
