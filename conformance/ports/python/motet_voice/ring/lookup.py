"""Lookups (section 7.9): one node after the other is asked with STEP, always those nearest before the target."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from ..errors import Refusal
from ..identity import Identity
from ..limits import FIXED, Limits
from . import positions
from .calls import Calls, Failed, Named
from .contact import Contact

Result = TypeVar("Result")


@dataclass(frozen=True)
class Claim:
    """Owners of the target, as one node names them; ``hops`` STEPs led there."""

    namer: Contact | None  # None for the node itself
    owners: list[Contact]
    hops: int


#: Looks at a claim; None when nothing comes of it, and the lookup goes on.
Accept = Callable[[Claim], Awaitable[Result | None]]


class Lookup(Generic[Result]):
    """One lookup; ends with what ``accept`` gives for the first claim that it takes, else with UNREACHABLE."""

    def __init__(
        self, limits: Limits, calls: Calls, me: Identity, target: int, accept: Accept[Result], failed: Callable[[Contact], None]
    ) -> None:
        self._limits = limits
        self._calls = calls
        self._own_id = me.node_id
        self._most = me.network.descriptor.successors
        self._target = target
        self._accept = accept
        self._failed = failed
        self._named: dict[bytes, tuple[Contact, int]] = {}  # by whom it can go on, and the hops to them
        self._asked: set[bytes] = set()
        self._running: dict[asyncio.Task[Named], tuple[Contact, int]] = {}
        self._answered: dict[bytes, tuple[Contact, int]] = {}  # by whom, and who was not yet asked for its list
        self._behind: list[tuple[int, Claim]] = []  # owners on lists, kept until nobody is left, and where their namer is
        self._own: tuple[int, list[Contact]] | None = None  # the node's own list, not yet looked at
        self._dead = 0  # how many of those asked have failed: they do not count, r[lookup.hops]
        self._vain: set[Contact] = set()  # owners of claims that were not taken

    def begin(self, contacts: Iterable[Contact]) -> None:
        """Contacts to ask first."""
        for contact in contacts:
            self._note(contact, 0)

    async def own(self, position: int, named: Named, entries: list[Contact]) -> Result | None:
        """The node's own answer to STEP, which costs no hop, and its list."""
        self._own = position, entries
        return await self._take(None, position, named, 0)

    async def run(self) -> Result:
        """Asks until a claim is taken."""
        try:
            while True:
                self._ask()
                if not self._running:
                    result = await self._nobody_left()
                    if result is not None:
                        return result
                    continue
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
                for task in [each for each in self._running if each.done()]:
                    contact, hops = self._running.pop(task)
                    try:
                        named = task.result()
                    except Failed:  # r[lookup.other]
                        self._dead += 1
                        self._failed(contact)
                        continue
                    self._answered[contact.node_id] = contact, hops
                    result = await self._take(contact, contact.position, named, hops)
                    if result is not None:
                        return result
        finally:
            for task in self._running:
                task.cancel()

    def _ask(self) -> None:
        """r[lookup.nearest], r[lookup.parallel], r[lookup.hops]."""
        while len(self._running) < max(1, self._limits.LOOKUP_PARALLEL) and len(self._asked) - self._dead < FIXED.LOOKUP_HOPS:
            waiting = [each for each in self._named.values() if each[0].node_id not in self._asked]
            if not waiting:
                return
            contact, hops = min(waiting, key=lambda each: self._before(each[0].position))
            self._asked.add(contact.node_id)  # r[lookup.once]
            task = asyncio.ensure_future(self._calls.step(contact, self._target))
            self._running[task] = contact, hops + 1

    async def _take(self, namer: Contact | None, position: int, named: Named, hops: int) -> Result | None:
        for contact in named.next:
            if positions.between(position, contact.position, self._target):  # r[lookup.progress]
                self._note(contact, hops)
        owners = self._cleaned(position, named.owners)
        if not owners or not positions.owned(position, self._target, owners[0].position):  # r[lookup.owned]
            return None
        return await self._show(Claim(namer, owners, hops))

    async def _show(self, claim: Claim) -> Result | None:
        """Owners that came to nothing once are not asked again."""
        left = Claim(claim.namer, [each for each in claim.owners if each not in self._vain], claim.hops)
        result = await self._accept(left) if left.owners else None
        self._vain.update(left.owners)
        return result

    async def _nobody_left(self) -> Result | None:
        """Lists name more than answers do: r[lookup.state]; the node's own comes last. Then r[lookup.unreachable]."""
        nearest = min(self._answered.values(), key=lambda each: self._before(each[0].position), default=None)
        if nearest is not None and (not self._behind or self._before(nearest[0].position) < self._before(self._behind[0][0])):
            contact, hops = self._answered.pop(nearest[0].node_id)
            try:
                answer = await self._calls.state(contact)
            except Failed:
                self._failed(contact)
            else:
                self._take_list(contact, contact.position, answer.list, hops)
        elif self._behind:
            return await self._show(self._behind.pop(0)[1])
        elif self._own is not None:
            position, entries = self._own
            self._own = None
            self._take_list(None, position, entries, 0)
        else:
            raise Refusal("UNREACHABLE", "nobody is left to ask")
        return None

    def _take_list(self, namer: Contact | None, position: int, entries: list[Contact], hops: int) -> None:
        """Those before the target are asked, those behind it wait until that has led nowhere."""
        cleaned = positions.clean(position, entries, self._most, lambda each: each.position)[0]
        owners: list[Contact] = []
        for contact in cleaned:
            if positions.between(position, contact.position, self._target):
                self._note(contact, hops)
            else:
                owners.append(contact)
        if owners:
            self._behind.append((position, Claim(namer, owners, hops)))
            self._behind.sort(key=lambda each: self._before(each[0]))

    def _before(self, position: int) -> int:
        """How far before the target a position is."""
        return positions.forward(position, self._target)

    def _note(self, contact: Contact, hops: int) -> None:
        if contact.node_id != self._own_id and not self._calls.gone(contact):  # r[lookup.self]
            self._named.setdefault(contact.node_id, (contact, hops))

    def _cleaned(self, position: int, owners: list[Contact]) -> list[Contact]:
        """Cleaned as a list of the node that named them, which stands there only in a ring of one, and alone."""
        if len(owners) == 1 and owners[0].position == position:
            return owners
        return positions.clean(position, owners, self._most, lambda each: each.position)[0]
