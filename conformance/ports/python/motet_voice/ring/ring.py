"""What a node has of chapter 7: lookups always, all else when it takes part."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from ..address import Address
from ..clock import Clock
from ..dialler import Dialler
from ..errors import Refusal, misuse
from ..identity import Identity
from ..known_dials import KnownDials
from ..limits import Limits
from ..messages import Value
from ..peers import Peers
from ..records import Records
from ..requests import Outcome
from ..session import Session
from .beginnings import Beginnings
from .calls import Calls
from .contact import Contacts
from .finder import Finder, Found
from .member import Member


class Ring:
    """The ring as node and sessions see it."""

    def __init__(
        self, me: Identity, limits: Limits, clock: Clock, peers: Peers, records: Records, dials: KnownDials, dialler: Dialler,
        left: Callable[[], None] | None,
    ) -> None:
        self.contacts = contacts = Contacts(me, clock, records)
        self._peers = peers
        self._beginnings = Beginnings(contacts, peers, dialler.configured)
        self.calls = calls = Calls(limits, clock, contacts, peers.link, dials.dial)
        self.finder = Finder(limits, clock, me, calls, lambda: "", lambda contact: None)
        self._member: Member | None = None
        if left is not None:
            self._member = member = Member(me, limits, clock, contacts, calls, self._beginnings, peers.links, left)
            calls.spare.keep(member.stands_by)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def taking_part(self) -> Member | None:
        """What a node that takes part does, or None."""
        return self._member

    @property
    def member(self) -> Member:
        """What a node that takes part does; MISUSE for another."""
        if self._member is None:
            raise misuse("takes no part in the ring")
        return self._member

    def lookup(self, target: int, place: Address | None, outcome: Outcome) -> None:
        """The owner of a position, beginning at an address or with the node's own answer; the outcome has node id and hops."""

        async def look() -> None:
            code, value = "", None
            try:
                value = await self._find(target, place)
            except Refusal as refusal:
                code = refusal.code
            outcome(code, value)

        self._spawn(look())

    def notice(self, session: Session, command: int) -> None:
        """A one-way command came."""
        self.member.notice(session, command)

    def answer(self, session: Session, command: int, value: Value, most_bytes: int) -> bytes | None:
        """A request came."""
        return self.member.answer(session, command, value, most_bytes)

    def ended(self, node_id: bytes) -> None:
        """A session with a peer ended."""
        if self._peers.has(node_id):
            return
        self.calls.spare.gone(node_id)
        if self._member is not None:
            self._member.ended(node_id)

    def stop(self) -> None:
        """The node stops."""
        if self._member is not None:
            self._member.stop()
        self.calls.stop()
        for task in list(self._tasks):
            task.cancel()

    async def _find(self, target: int, place: Address | None) -> Found:
        if place is None:
            if self._member is None:
                raise Refusal("UNREACHABLE", "nobody to begin at")
            return await self._member.find(target)
        contact = await self._beginnings.contact(place)
        if contact is None:
            raise Refusal("UNREACHABLE", "nobody answers there")
        finder = self._member.finder if self._member is not None else self.finder
        return await finder.through(contact, target)

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
