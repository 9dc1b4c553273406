"""The addresses with which a node was told to begin (section 7.4): remembered for ever, and who answers there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from ..address import Address
from ..peers import Peers
from ..proof import INITIATOR
from ..session import Session
from .contact import Contact, Contacts

#: Dials an address for the node itself; the node id that answered when there is a session now, else b"".
Dial = Callable[[Address], Awaitable[bytes]]


class Beginnings:
    """Finds the contacts behind addresses."""

    def __init__(self, contacts: Contacts, peers: Peers, dial: Dial) -> None:
        self._contacts = contacts
        self._peers = peers
        self._dial = dial
        self._known: dict[Address, bytes] = {}  # who answered there last

    def add(self, places: Iterable[Address]) -> None:
        """Remembers addresses."""
        for place in places:
            self._known.setdefault(place, place.pin)

    def elsewhere(self, holds: Callable[[bytes], bool]) -> list[Address]:
        """Those behind which there is, as far as is known, no node of the list and not the predecessor."""
        return [place for place, node_id in self._known.items() if not (node_id and holds(node_id))]

    async def contact(self, place: Address) -> Contact | None:
        """Who answers at an address: a peer that is known to, or whom a dial finds there; None for nobody."""
        session = self._session(place)
        if session is None:
            node_id = await self._dial(place)
            session = self._peers.link(node_id) if node_id else None
        if session is None:
            return None
        if place in self._known:
            self._known[place] = session.peer_id
        return self._contacts.of_session(session)

    def _session(self, place: Address) -> Session | None:
        node_id = place.pin or self._known.get(place, b"")
        if node_id:
            return self._peers.link(node_id)
        for session in self._peers.links():
            remote = session.wire.remote()
            if session.role == INITIATOR and (remote.scheme, remote.host, remote.port) == (place.scheme, place.host, place.port):
                return session
        return None
