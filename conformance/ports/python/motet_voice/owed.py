"""Answers that this side of a session owes (sections 2.3, 5.3, 5.7)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from . import frames, messages
from .clock import Clock, Timer
from .errors import Refusal
from .frames import Header
from .limits import Limits
from .registry import ERROR_NUMBERS
from .services import Reply

#: Sends an answer: header of the request, payload, flags beside RESPONSE, whether the application asked for compression.
Answer = Callable[[Header, bytes, int, bool], None]


def error(code: str) -> bytes:
    """The payload of an answer with FAILED."""
    return messages.encode("Error", {"code": ERROR_NUMBERS[code]})


@dataclass(slots=True)
class _Serving:
    work: asyncio.Future[Reply]
    size: int  # bytes of the request
    timer: Timer | None


class _Denied(Exception):
    """The node itself refuses a request, with a code; what the application raises has none."""


class Owed:
    """Requests that the application serves, by command and tag; whatever comes first answers, the rest is dropped.

    What they hold is bounded by number and by bytes, and an answer for which the queue has no room is BUSY (section 2.3).
    """

    def __init__(
        self, limits: Limits, clock: Clock, answer: Answer, longest: Callable[[], int], has_room: Callable[[], bool]
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._answer = answer
        self._longest = longest
        self._has_room = has_room
        self._serving: dict[tuple[int, int], _Serving] = {}
        self._held_bytes = 0

    def full(self) -> bool:
        """r[answer.busy], and the bound on bytes beside it."""
        return len(self._serving) >= self._limits.REQUESTS or self._held_bytes >= self._limits.PENDING_PER_LINK_BYTES

    def check(self, header: Header) -> None:
        """r[answer.tag.taken]."""
        if header.flags & frames.REQUEST and (header.command, header.tag) in self._serving:
            raise Refusal("PROTOCOL_ERROR", "tag of a request that is not answered")

    def serve(
        self,
        header: Header,
        size: int,
        work: Awaitable[Reply],
        wrap: Callable[[bytes], bytes],
        deadline_ms: int = 0,
    ) -> None:
        """Answers a request of so many bytes with what the application gives back, or with APPLICATION, TOO_LARGE or TIMEOUT.

        r[ask.serve], r[ask.failed], r[ask.deadline], r[ask.too-large], r[app.command.serve], r[app.command.failed].
        """
        key, task = (header.command, header.tag), asyncio.ensure_future(work)
        timer = self._clock.after(deadline_ms, lambda: self._fail(header, "TIMEOUT")) if deadline_ms else None
        serving = _Serving(task, size, timer)
        self._serving[key] = serving
        self._held_bytes += size

        def served(_: asyncio.Future[Reply]) -> None:
            if task.cancelled() or self._serving.get(key) is not serving:  # answered, or the session ended
                return
            failure = task.exception()
            if failure is not None:
                return self._fail(header, str(failure) if isinstance(failure, _Denied) else "APPLICATION")
            reply = task.result()
            payload = wrap(reply.payload)
            if len(payload) > self._longest():
                return self._fail(header, "TOO_LARGE")
            if not self._has_room():
                return self._fail(header, "BUSY")
            self._forget(*key)
            self._answer(header, payload, 0, reply.compress)

        task.add_done_callback(served)

    def serve_own(self, header: Header, size: int, work: Callable[[], Awaitable[bytes]]) -> None:
        """Answers a request of the node's own with what comes of the work, or with the code of its Refusal."""

        async def reply() -> Reply:
            try:
                return Reply(await work())
            except Refusal as refusal:
                raise _Denied(refusal.code) from None

        self.serve(header, size, reply(), lambda payload: payload)

    def end(self) -> None:
        """The session ended: nothing is owed any more."""
        for command, tag in list(self._serving):
            self._forget(command, tag)

    def _fail(self, header: Header, code: str) -> None:
        self._forget(header.command, header.tag)
        self._answer(header, error(code), frames.FAILED, False)

    def _forget(self, command: int, tag: int) -> None:
        serving = self._serving.pop((command, tag))
        self._held_bytes -= serving.size
        serving.work.cancel()
        if serving.timer is not None:
            serving.timer.cancel()
