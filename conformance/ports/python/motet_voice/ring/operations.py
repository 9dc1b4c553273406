"""One own operation at a time (section 7.3): what is wanted while one is under way is done when that has ended."""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import Awaitable, Callable

Work = Callable[[], Awaitable[None]]


class Operations:
    """A queue in which each kind of operation waits once, r[ring.operation.one]."""

    def __init__(self) -> None:
        self._wanted: dict[str, Work] = {}
        self._task: asyncio.Task[None] | None = None

    def begin(self, kind: str, work: Work) -> None:
        """Does the work at once, or when what is under way has ended."""
        self._wanted[kind] = work
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    def stop(self) -> None:
        """Gives up what is under way and what is wanted."""
        self._wanted.clear()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _run(self) -> None:
        while self._wanted:
            kind = next(iter(self._wanted))
            work = self._wanted.pop(kind)
            try:
                await work()
            except Exception:  # a defect ends one operation, not the ring
                traceback.print_exc(file=sys.stderr)
        self._task = None
