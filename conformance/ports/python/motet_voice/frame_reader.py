"""Cuts a stream into frames, the same however it is cut into chunks, r[frame.chunking]."""

from __future__ import annotations

from collections.abc import Callable

from .frames import HEADER_BYTES, Frame, Header

#: Refuses a header as soon as its eight bytes are there, before a byte of the payload is taken in.
HeaderCheck = Callable[[Header], None]

_COMPACT_BYTES = 65_536


class FrameReader:
    """Holds the bytes that came and hands out whole frames; it never sets memory aside for an announced length."""

    def __init__(self, check: HeaderCheck) -> None:
        self._check = check
        self._buffer = bytearray()
        self._start = 0
        self._header: Header | None = None
        self._frames = 0

    def feed(self, data: bytes) -> None:
        """Takes in what came."""
        self._buffer += data

    def next(self) -> Frame | None:
        """The next whole frame, or None until more bytes come; the check's refusal passes through."""
        if self._header is None:
            if len(self._buffer) - self._start < HEADER_BYTES:
                self._compact()
                return None
            header = Header.decode(self._buffer[self._start : self._start + HEADER_BYTES])
            self._check(header)
            self._header = header
        header = self._header
        begin = self._start + HEADER_BYTES
        end = begin + header.length
        if len(self._buffer) < end:
            self._compact()
            return None
        payload = bytes(self._buffer[begin:end])
        self._start, self._header = end, None
        self._frames += 1
        if self._start > _COMPACT_BYTES:
            self._compact()
        return Frame(header, payload)

    def unfinished(self) -> tuple[int, int] | None:
        """Number and length (0 as long as it is unknown) of the frame that has begun and is not whole."""
        if len(self._buffer) == self._start:
            return None
        return self._frames, self._header.length if self._header else 0

    def rest(self) -> bytes:
        """The bytes of an unfinished frame."""
        return bytes(self._buffer[self._start :])

    def _compact(self) -> None:
        del self._buffer[: self._start]
        self._start = 0
