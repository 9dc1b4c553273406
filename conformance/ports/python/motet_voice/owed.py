"""Answers that this side of a session owes (sections 2.3, 5.3, 5.7)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from . import frames, messages
from .clock import Clock, Timer
from .frames import Header
from .registry import ERROR_NUMBERS
from .services import Reply

#: Sends an answer: header of the request, payload, flags beside RESPONSE, whether the application asked for compression.
Answer = Callable[[Header, bytes, int, bool], None]


def error(code: str) -> bytes:
    """The payload of an answer with FAILED."""
    return messages.encode("Error", {"code": ERROR_NUMBERS[code]})


class Owed:
    """Requests that the application serves; whatever comes first answers, the rest is dropped."""

    def __init__(self, clock: Clock, answer: Answer) -> None:
        self._clock = clock
        self._answer = answer
        self._serving: dict[asyncio.Future[Reply], Timer | None] = {}

    def __len__(self) -> int:
        return len(self._serving)

    def serve(
        self, header: Header, work: Awaitable[Reply], wrap: Callable[[bytes], bytes], longest: Callable[[], int], deadline_ms: int = 0
    ) -> None:
        """Answers with what the application gives back, or with APPLICATION, TOO_LARGE or TIMEOUT.

        r[ask.serve], r[ask.failed], r[ask.deadline], r[ask.too-large], r[app.command.serve], r[app.command.failed].
        """
        task = asyncio.ensure_future(work)
        timer = self._clock.after(deadline_ms, lambda: self._fail(task, header, "TIMEOUT")) if deadline_ms else None
        self._serving[task] = timer

        def served(_: asyncio.Future[Reply]) -> None:
            if task.cancelled() or task not in self._serving:
                return
            if task.exception() is not None:
                return self._fail(task, header, "APPLICATION")
            reply = task.result()
            payload = wrap(reply.payload)
            if len(payload) > longest():
                return self._fail(task, header, "TOO_LARGE")
            self._forget(task)
            self._answer(header, payload, 0, reply.compress)

        task.add_done_callback(served)

    def end(self) -> None:
        """The session ended: nothing is owed any more."""
        for task in list(self._serving):
            self._forget(task)
            task.cancel()

    def _fail(self, task: asyncio.Future[Reply], header: Header, code: str) -> None:
        self._forget(task)
        task.cancel()
        self._answer(header, error(code), frames.FAILED, False)

    def _forget(self, task: asyncio.Future[Reply]) -> None:
        timer = self._serving.pop(task)
        if timer is not None:
            timer.cancel()
