"""A time for a piece of work, by the clock of the nodes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from ..clock import Clock
from ..errors import Refusal

Result = TypeVar("Result")


async def within(clock: Clock, milliseconds: float, work: Coroutine[Any, Any, Result]) -> Result:
    """What the work gives; TIMEOUT when it takes longer, and the work is given up."""
    task = asyncio.ensure_future(work)
    wait = asyncio.ensure_future(clock.sleep(milliseconds))
    try:
        await asyncio.wait((task, wait), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Refusal("TIMEOUT", "took too long")
        return task.result()
    finally:
        task.cancel()
        wait.cancel()
