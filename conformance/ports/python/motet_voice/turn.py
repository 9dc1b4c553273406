"""A session's turn: after so long in one piece the other sessions have theirs, r[session.isolated]."""

from __future__ import annotations

import asyncio
import time

_TURN_S = 0.002


class Turn:
    """The time since the session began to work."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    async def pause(self) -> None:
        """Lets the others work when it is their turn."""
        if time.monotonic() - self._began > _TURN_S:
            await asyncio.sleep(0)
            self._began = time.monotonic()
