"""The lookups of one node: owners for its application, its fingers and its audits, and a place to join at (7.4, 7.9)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from ..clock import Clock
from ..identity import Identity
from ..limits import Limits
from .calls import Calls, Failed, Named
from .contact import Contact
from .lookup import Accept, Claim, Lookup
from .state import FOUNDER, LEAVING, MEMBER
from .timing import within

_OWNING = (MEMBER, FOUNDER, LEAVING)


@dataclass(frozen=True)
class Found:
    """The owner of a position; ``contact`` is None when that is the node itself."""

    contact: Contact | None
    node_id: bytes
    hops: int


class Finder:
    """Each lookup has LOOKUP_MS, r[lookup.time]."""

    def __init__(
        self, limits: Limits, clock: Clock, me: Identity, calls: Calls, phase: Callable[[], str], failed: Callable[[Contact], None]
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._me = me
        self._calls = calls
        self._phase = phase  # "" for a client
        self._failed = failed

    async def through(self, contact: Contact, target: int) -> Found:
        """The owner, beginning at a contact."""
        return await self.among([contact], target)

    async def among(self, contacts: Iterable[Contact], target: int, skip: Collection[bytes] = ()) -> Found:
        """The owner, beginning at some contacts, or the first behind it that is none of those to skip."""
        lookup = Lookup(self._limits, self._calls, self._me, target, self._taking(skip), self._failed)
        lookup.begin(contacts)
        return await within(self._clock, self._limits.LOOKUP_MS, lookup.run())

    async def own(
        self, position: int, named: Named, entries: list[Contact], target: int, skip: Collection[bytes] = ()
    ) -> Found:
        """The owner, beginning at the node's own answer to STEP and its list."""
        if not named.owners and not named.next:
            return Found(None, self._me.node_id, 0)
        lookup = Lookup(self._limits, self._calls, self._me, target, self._taking(skip), self._failed)

        async def run() -> Found:
            return await lookup.own(position, named, entries) or await lookup.run()

        return await within(self._clock, self._limits.LOOKUP_MS, run())

    async def place(self, contact: Contact, position: int) -> Contact:
        """The first node that names owners of a position: r[ring.join.confirm] asks it."""

        async def namer(claim: Claim) -> Contact | None:
            return claim.namer

        lookup = Lookup(self._limits, self._calls, self._me, position, namer, self._failed)
        lookup.begin([contact])
        return await within(self._clock, self._limits.LOOKUP_MS, lookup.run())

    def _taking(self, skip: Collection[bytes]) -> Accept[Found]:
        return lambda claim: self._owner(claim, skip)

    async def _owner(self, claim: Claim, skip: Collection[bytes]) -> Found | None:
        """r[lookup.owner]."""
        for owner in claim.owners:
            if owner.node_id in skip:
                continue
            if owner.node_id == self._me.node_id:
                if self._phase() in _OWNING and owner.incarnation == self._me.incarnation:
                    return Found(None, owner.node_id, claim.hops)
                continue
            try:
                answer = await self._calls.state(owner)
            except Failed:
                self._failed(owner)
                continue
            if answer.phase in _OWNING:
                return Found(answer.contact, owner.node_id, claim.hops)
        return None
