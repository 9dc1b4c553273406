"""Requests that this side of a session has sent, and their answers (sections 2.2 and 2.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import frames, messages
from .clock import Clock, Timer
from .errors import Refusal
from .frames import Header
from .limits import Limits
from .registry import KNOWN_COMMANDS, error_name

_TAGS = 65_535

#: Gets "" and the value of the answer, or a code and None; called once.
Outcome = Callable[[str, Any], None]


@dataclass(slots=True)
class _Waiting:
    command: int
    outcome: Outcome | None  # None: given up
    timer: Timer | None = None


class Requests:
    """The requests that are not answered, by tag; a tag serves one request at a time, r[answer.reserved]."""

    def __init__(self, limits: Limits, clock: Clock, too_many: Callable[[], None]) -> None:
        self._limits = limits
        self._clock = clock
        self._too_many = too_many
        self._waiting: dict[int, _Waiting] = {}
        self._given_up = 0
        self._tag = 0

    def full(self) -> bool:
        """r[answer.in-flight]: as many wait as may."""
        return len(self._waiting) - self._given_up >= self._limits.REQUESTS or len(self._waiting) >= _TAGS

    def open(self, command: int, outcome: Outcome, timeout_ms: int = 0) -> int:
        """The tag of a new request; with a time it is given up when that is over, r[ask.give-up]."""
        self._tag = self._tag % _TAGS + 1
        while self._tag in self._waiting:
            self._tag = self._tag % _TAGS + 1
        tag, waiting = self._tag, _Waiting(command, outcome)
        self._waiting[tag] = waiting
        if timeout_ms:
            waiting.timer = self._clock.after(timeout_ms, lambda: self._give_up(waiting))
        return tag

    def check(self, header: Header) -> None:
        """r[frame.response.tag]."""
        if header.flags & frames.RESPONSE:
            waiting = self._waiting.get(header.tag)
            if waiting is None or waiting.command != header.command:
                raise Refusal("PROTOCOL_ERROR", "response to nothing")

    def take(self, header: Header, original: Callable[[], bytes]) -> None:
        """Takes an answer; that of a request given up is dropped unread, r[answer.late]."""
        waiting = self._waiting[header.tag]
        if waiting.outcome is None:
            self._given_up -= 1
            del self._waiting[header.tag]
            return
        code, value = _decode(header, original())
        del self._waiting[header.tag]
        if waiting.timer is not None:
            waiting.timer.cancel()
        waiting.outcome(code, value)

    def end(self, code: str) -> None:
        """The session ended, r[answer.ended]; answers that are under way in it still belong to their requests."""
        for waiting in list(self._waiting.values()):
            outcome, waiting.outcome = waiting.outcome, None
            if waiting.timer is not None:
                waiting.timer.cancel()
            if outcome is not None:
                outcome(code, None)

    def _give_up(self, waiting: _Waiting) -> None:
        outcome, waiting.outcome = waiting.outcome, None
        assert outcome is not None
        self._given_up += 1
        outcome("TIMEOUT", None)
        if self._given_up >= self._limits.UNANSWERED:  # r[answer.unanswered]
            self._too_many()


def _decode(header: Header, payload: bytes) -> tuple[str, Any]:
    """Code and value of an answer; with FAILED it is an ``Error``, r[answer.error]."""
    if header.flags & frames.FAILED:
        return error_name(messages.decode("Error", payload)["code"]) or "REQUEST", None
    command = KNOWN_COMMANDS.get(header.command)
    return "", messages.decode(command.answer, payload) if command else payload
