"""Requests that this side of a session has sent, and their answers (sections 2.2 and 2.3)."""

from __future__ import annotations

from . import frames, messages
from .errors import Refusal
from .frames import Frame, Header
from .registry import KNOWN_COMMANDS, PING


class Requests:
    """Commands and tags that wait for an answer."""

    def __init__(self) -> None:
        self._waiting: set[tuple[int, int]] = set()
        self._tag = 0

    def ping(self) -> bytes:
        """The frame of a PING request."""
        self._tag = self._tag % 65_535 + 1
        self._waiting.add((PING, self._tag))
        return frames.encode(PING, b"", frames.REQUEST, self._tag)

    def check(self, header: Header) -> None:
        """r[frame.response.tag]."""
        if header.flags & frames.RESPONSE and (header.command, header.tag) not in self._waiting:
            raise Refusal("PROTOCOL_ERROR", "response to nothing")

    def answered(self, frame: Frame) -> None:
        """Takes an answer; with FAILED it is an ``Error``, r[answer.error]."""
        header = frame.header
        self._waiting.discard((header.command, header.tag))
        failed = header.flags & frames.FAILED
        messages.decode("Error" if failed else KNOWN_COMMANDS[header.command].answer, frame.payload)
