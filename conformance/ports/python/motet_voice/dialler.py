"""Dials of a node: counted for HELLO, at most DIALS under way, and what came of each (sections 3.3, 3.5, 5.6)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from . import carriers
from .address import Address
from .errors import Refusal
from .hello import Expectation
from .host import Host
from .proof import INITIATOR
from .session import Session

if TYPE_CHECKING:
    from .connection import Connection

#: Role, ``local`` or ``remote``, code: a dial of the application that led to no session.
Refused = Callable[[int, str, str], None]


class Dialler:
    """Makes connections and the sessions over them; ``serve`` takes a session over."""

    def __init__(self, host: Host, serve: Callable[[Session], None], refused: Refused) -> None:
        self._host = host
        self._serve = serve
        self._refused = refused
        self._count = 0
        self._places = asyncio.Semaphore(max(1, host.limits.DIALS))  # r[session.dials]
        self._settled: dict[int, asyncio.Future[str]] = {}
        self._tasks: set[asyncio.Task[tuple[str, bytes]]] = set()
        self._named: dict[tuple[str, str, int], None] = {}  # by the application, oldest first

    def named(self, place: Address, pinned: bytes) -> None:
        """Dials once for the application; what comes of it is an event."""
        self._note_named(place)
        task = asyncio.get_running_loop().create_task(self._dial(place, pinned, "named"))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def is_named(self, place: Address) -> bool:
        """Whether the application named this address, whatever node it meant (section 1.8)."""
        return _key(place) in self._named

    async def told(self, place: Address, node_id: bytes) -> str:
        """Dials an address of a record, r[dial.told.pinned]; "" when that led to a session, else why not. Nothing is reported."""
        return (await self._dial(place, node_id, "told"))[0]

    async def configured(self, place: Address) -> bytes:
        """Dials an address that the application named, for the node itself; who answered when there is a session, else b""."""
        self._note_named(place)
        code, peer = await self._dial(place, place.pin, "told")
        return b"" if code else peer

    def settled(self, session: Session, code: str) -> None:
        """A session of ours was reported ("") or ended before."""
        settled = self._settled.pop(session.serial, None)
        if settled is not None and not settled.done():
            settled.set_result(code)

    def stop(self) -> None:
        """Gives up what is not connected yet."""
        for task in list(self._tasks):
            task.cancel()

    def _note_named(self, place: Address) -> None:
        self._named.pop(_key(place), None)
        self._named[_key(place)] = None
        if len(self._named) > max(1, self._host.limits.KNOWN_RECORDS):
            del self._named[next(iter(self._named))]

    async def _dial(self, place: Address, pinned: bytes, purpose: str) -> tuple[str, bytes]:
        """The code of the end ("" for a session), and who answered."""
        try:
            async with self._places:
                return await self._session(place, pinned, purpose)
        except Refusal as refusal:
            if purpose == "named":
                self._refused(INITIATOR, "local", refusal.code)
            return refusal.code, b""
        except asyncio.CancelledError:
            if purpose == "named":
                self._refused(INITIATOR, "local", "CLOSED")
            raise

    async def _session(self, place: Address, pinned: bytes, purpose: str) -> tuple[str, bytes]:
        clock, limits = self._host.clock, self._host.limits
        self._count += 1  # r[session.hello.counter]
        expected, started = Expectation(INITIATOR, pinned, self._count), clock.monotonic_ms()
        wire: Connection = await carriers.connect(place, clock, limits.HANDSHAKE_MS)
        session = Session(self._host, wire, expected, clock.monotonic_ms() - started, purpose)
        settled: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._settled[session.serial] = settled
        self._serve(session)
        code = await asyncio.shield(settled)
        return code, session.peer_id if session.identified else b""


def _key(place: Address) -> tuple[str, str, int]:
    return place.scheme, place.host, place.port
