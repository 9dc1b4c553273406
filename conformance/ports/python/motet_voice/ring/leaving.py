"""Leaving (section 7.7): the neighbours and peers are told, and served for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from ..clock import Clock
from ..errors import Refusal
from ..limits import Limits
from .calls import Calls, Failed
from .contact import Contact
from .timing import within


async def leave(limits: Limits, clock: Clock, calls: Calls, contacts: Iterable[Contact]) -> None:
    """Returns when the node may end its sessions: r[ring.leave.tell], r[ring.leave.serve]."""

    async def tell(contact: Contact) -> None:
        try:
            await calls.leave(contact)
        except Failed:
            return

    async def tell_all() -> None:
        await asyncio.gather(*(tell(each) for each in {each.node_id: each for each in contacts}.values()))

    try:
        await within(clock, limits.RING_LEAVE_MS, tell_all())
    except Refusal:  # to those that have not answered it has died
        pass
    await clock.sleep(2 * limits.RING_STABILIZE_MS)
