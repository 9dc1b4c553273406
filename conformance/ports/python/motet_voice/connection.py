"""One TCP connection: bytes in with back-pressure, frames out through a queue that can be measured (section 3.8)."""

from __future__ import annotations

import asyncio
import ipaddress
from collections import deque
from collections.abc import Callable
from typing import cast

from .address import Address
from .channel import PLAIN, Channel
from .errors import Refusal

_READ_AHEAD_BYTES = 262_144
#: What an entry of the queue costs beside its bytes (section 3.8).
_ENTRY_BYTES = 128


class Connection(asyncio.Protocol):
    """The carrier of a session. ``receive`` gives b"" at the end of the other side's direction or of the connection."""

    scheme = "tcp"

    def __init__(self, opened: Callable[[Connection], None]) -> None:
        self._opened = opened
        self._transport: asyncio.Transport | None = None
        self._inbox = bytearray()
        self._ended = False
        self._readable = asyncio.Event()
        self._outbox: deque[tuple[bytes, ...]] = deque()
        self._outbox_bytes = 0
        self._writable = True
        self._finishing = False
        self._closing = False
        self._handed_over: Callable[[], None] | None = None
        self._drained = asyncio.Event()
        self.refusal: Refusal | None = None  # why it cannot carry a session
        self.carrying = True  # bytes of a session can come: there is no handshake of the carrier's own to wait for
        self.closed = asyncio.Event()

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is there."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=0)  # writable: it has handed over all that it got
        self._opened(self)

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        self._take(data)

    def eof_received(self) -> bool:
        """The other side ended its direction; ours stays open."""
        self._take_end()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone, whoever ended it."""
        self.drop_queue()
        self._drained.set()
        self.closed.set()
        self._take_end()

    def pause_writing(self) -> None:
        """The transport has not handed over all that it got."""
        self._writable = False

    def resume_writing(self) -> None:
        """The transport has handed over all that it got."""
        self._writable = True
        self._pump()

    # What the session calls.

    def channel(self) -> Channel:
        """The encryption underneath."""
        return PLAIN

    def remote(self) -> Address:
        """The other side's address; of an accepted connection its port means nothing."""
        name = self._transport.get_extra_info("peername") if self._transport else None
        if not name:
            return Address(self.scheme, "", 0)
        ip = ipaddress.ip_address(name[0].split("%")[0])
        return Address(self.scheme, str(getattr(ip, "ipv4_mapped", None) or ip), name[1])

    async def receive(self) -> bytes:
        """What has come since, or b"" at the end; refuses what cannot carry a session."""
        while not self._inbox and not self._ended and self.refusal is None:
            self._readable.clear()
            await self._readable.wait()
        if self.refusal is not None:
            refusal, self.refusal, self._ended = self.refusal, None, True
            raise refusal
        data = bytes(self._inbox)
        self._inbox.clear()
        if not self._ended and self._transport is not None:
            self._transport.resume_reading()
        return data

    def send(self, *frame: bytes) -> None:
        """Queues the parts of a frame, to be sent in order and together; they are not copied while they wait."""
        if self._finishing or self.closed.is_set():
            return
        self._outbox.append(frame)
        self._outbox_bytes += sum(map(len, frame))
        self._pump()

    def queued(self) -> int:
        """Bytes that wait to be sent."""
        return self._outbox_bytes + (self._transport.get_write_buffer_size() if self._transport else 0)

    def held(self) -> int:
        """The memory that the queue takes."""
        return self.queued() + _ENTRY_BYTES * len(self._outbox)

    async def drained(self, below: int) -> None:
        """Waits until the queue takes less memory, or the connection is gone."""
        while self.held() >= below and not self.closed.is_set():
            self._drained.clear()
            await self._drained.wait()

    def drop_queue(self) -> None:
        """Forgets the whole frames that wait here."""
        self._outbox.clear()
        self._outbox_bytes = 0

    def finish(self, handed_over: Callable[[], None]) -> None:
        """Ends the sending direction after what is queued, and calls back once when the last byte was handed over."""
        self._finishing = True
        self._handed_over = handed_over
        self._pump()

    def close(self) -> None:
        """Closes the connection after what is queued."""
        if not self.carrying:
            return self.abort()
        self._finishing = self._closing = True
        self._pump()

    def abort(self) -> None:
        """Closes the connection now."""
        self._finishing = self._closing = True
        self.drop_queue()
        if self._transport is not None:
            self._transport.abort()

    # What a carrier with encryption does otherwise.

    def _write(self, part: bytes) -> None:
        """Hands bytes of the session to the transport."""
        assert self._transport is not None
        self._transport.write(part)

    def _end_direction(self) -> None:
        """Ends the sending direction."""
        assert self._transport is not None
        self._transport.write_eof()

    # Between the two.

    def _take(self, data: bytes) -> None:
        """Bytes for the session; reading pauses when it does not take them."""
        self._inbox += data
        self._readable.set()
        if len(self._inbox) > _READ_AHEAD_BYTES and self._transport is not None:
            self._transport.pause_reading()

    def _take_end(self) -> None:
        """The other side's direction ended."""
        self._ended = True
        self._readable.set()

    def _pump(self) -> None:
        transport = self._transport
        if transport is None or transport.is_closing() or not self.carrying:
            return
        while self._outbox and self._writable:
            for part in self._outbox[0]:
                self._write(part)
            self._outbox_bytes -= sum(map(len, self._outbox.popleft()))
        self._drained.set()
        if self._outbox or not self._writable:
            return
        if self._closing:
            transport.close()
        elif self._finishing and self._handed_over is not None:
            handed_over, self._handed_over = self._handed_over, None
            try:
                self._end_direction()
            except OSError:  # the other side has reset the connection
                transport.abort()
            handed_over()
