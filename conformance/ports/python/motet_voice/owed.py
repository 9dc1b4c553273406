"""Answers that this side of a session owes (sections 2.3, 5.3, 5.7)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from . import frames, messages
from .clock import Clock, Timer
from .errors import Refusal
from .frames import Header
from .registry import ERROR_NUMBERS
from .services import Reply

#: Sends an answer: header of the request, payload, flags beside RESPONSE, whether the application asked for compression.
Answer = Callable[[Header, bytes, int, bool], None]


def error(code: str) -> bytes:
    """The payload of an answer with FAILED."""
    return messages.encode("Error", {"code": ERROR_NUMBERS[code]})


class Owed:
    """Requests that the application serves, by command and tag; whatever comes first answers, the rest is dropped."""

    def __init__(self, clock: Clock, answer: Answer) -> None:
        self._clock = clock
        self._answer = answer
        self._serving: dict[tuple[int, int], tuple[asyncio.Future[Reply], Timer | None]] = {}

    def __len__(self) -> int:
        return len(self._serving)

    def check(self, header: Header) -> None:
        """r[answer.tag.taken]."""
        if header.flags & frames.REQUEST and (header.command, header.tag) in self._serving:
            raise Refusal("PROTOCOL_ERROR", "tag of a request that is not answered")

    def serve(
        self,
        header: Header,
        work: Awaitable[Reply],
        wrap: Callable[[bytes], bytes],
        longest: Callable[[], int],
        deadline_ms: int = 0,
    ) -> None:
        """Answers with what the application gives back, or with APPLICATION, TOO_LARGE or TIMEOUT.

        r[ask.serve], r[ask.failed], r[ask.deadline], r[ask.too-large], r[app.command.serve], r[app.command.failed].
        """
        key, task = (header.command, header.tag), asyncio.ensure_future(work)
        timer = self._clock.after(deadline_ms, lambda: self._fail(header, "TIMEOUT")) if deadline_ms else None
        self._serving[key] = task, timer

        def served(_: asyncio.Future[Reply]) -> None:
            if task.cancelled() or self._serving.get(key, (None, None))[0] is not task:  # answered, or the session ended
                return
            if task.exception() is not None:
                return self._fail(header, "APPLICATION")
            reply = task.result()
            payload = wrap(reply.payload)
            if len(payload) > longest():
                return self._fail(header, "TOO_LARGE")
            self._forget(*key)
            self._answer(header, payload, 0, reply.compress)

        task.add_done_callback(served)

    def end(self) -> None:
        """The session ended: nothing is owed any more."""
        for command, tag in list(self._serving):
            self._forget(command, tag)

    def _fail(self, header: Header, code: str) -> None:
        self._forget(header.command, header.tag)
        self._answer(header, error(code), frames.FAILED, False)

    def _forget(self, command: int, tag: int) -> None:
        task, timer = self._serving.pop((command, tag))
        task.cancel()
        if timer is not None:
            timer.cancel()
