"""What an application says to one other node (chapter 5): TELL, ASK, commands of its own, PEERS, locating."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from . import messages
from .broadcast import channel_bytes
from .errors import Refusal, misuse
from .identifiers import check_node_id
from .limits import FIXED, Limits
from .reach import Reach
from .records import Records, Teller
from .registry import ASK, FIRST_APPLICATION_COMMAND, PEERS, TELL
from .requests import Outcome
from .session import Session

#: What is done once there is a session; refuses when it cannot be.
_Work = Callable[[Session], None]


class Messaging:
    """Sends at once to a peer, r[reach.peer]; else the node is reached first, and what waits for it keeps its order."""

    def __init__(self, me: bytes, limits: Limits, reach: Reach, records: Records, link: Callable[[bytes], Session | None]) -> None:
        self._me = me
        self._limits = limits
        self._reach = reach
        self._records = records
        self._link = link
        self._waiting: dict[bytes, list[tuple[_Work, Outcome, int]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, peer: bytes, channel: str, payload: bytes, outcome: Outcome, compress: bool = False) -> None:
        """Section 5.2; the outcome is "" once it was handed to a session."""
        channel_bytes(channel)
        data = messages.encode("Tell", {"channel": channel, "payload": payload})
        self._send(peer, _sent(lambda session: session.exchange.tell(TELL, data, compress), outcome), outcome, len(data))

    def ask(self, peer: bytes, channel: str, payload: bytes, timeout_ms: int, outcome: Outcome, compress: bool = False) -> None:
        """Section 5.3; the outcome has the answer's payload."""
        channel_bytes(channel)
        data = messages.encode("Ask", {"channel": channel, "payload": payload, "timeoutMs": timeout_ms})

        def answered(code: str, value: Any) -> None:
            outcome(code, None if code else value["payload"])

        work: _Work = lambda session: session.exchange.request(ASK, data, answered, timeout_ms, compress)
        self._send(peer, work, outcome, len(data))

    def command(self, peer: bytes, command: int, payload: bytes, outcome: Outcome, timeout_ms: int | None) -> None:
        """Section 5.7, to peers only; without a time it is one-way."""
        if not FIRST_APPLICATION_COMMAND <= command <= 0xFFFF:
            raise misuse("no command of applications")
        if timeout_ms is None:
            self._send_to_peer(peer, _sent(lambda session: session.exchange.tell(command, payload), outcome), outcome)
        else:
            self._send_to_peer(peer, lambda session: session.exchange.request(command, payload, outcome, timeout_ms), outcome)

    def ask_peers(self, peer: bytes, limit: int, outcome: Outcome) -> None:
        """Section 5.4, to peers only; the outcome has the node ids of the records that were kept, r[peers.drop]."""
        data = messages.encode("Peers", {"limit": limit})

        def work(session: Session) -> None:
            def answered(code: str, value: Any) -> None:
                teller = Teller(session.peer_id, session.wire.remote())
                kept = [] if code else [self._records.told(entry, teller) for entry in value["records"]]
                outcome(code, sorted({known.record.node_id for known in kept if known is not None}))

            session.exchange.request(PEERS, data, answered)

        self._send_to_peer(peer, work, outcome)

    def locate(self, wanted: bytes, outcome: Outcome) -> None:
        """Section 5.5, without dialling what was found."""
        self._check_peer(wanted)

        async def seek() -> None:
            known = await self._reach.seek(wanted)
            outcome("" if known else "UNREACHABLE", [wanted] if known else None)

        self._spawn(seek())

    def up(self, session: Session) -> None:
        """There is a session with this peer: what waited goes out in its order, r[tell.order]."""
        for work, outcome, _ in self._waiting.pop(session.peer_id, ()):
            try:
                work(session)
            except Refusal as refusal:
                outcome(refusal.code, None)

    def stop(self) -> None:
        """The node stops: what still waits has failed."""
        for task in list(self._tasks):
            task.cancel()
        self._reach.stop()
        for peer in list(self._waiting):
            self._fail(peer, "CLOSED")

    def _send(self, peer: bytes, work: _Work, outcome: Outcome, size: int) -> None:
        self._check_peer(peer)
        session = self._link(peer)
        if session is not None:
            self.up(session)
            return work(session)
        if size > FIXED.RECEIVE_MAX_BYTES:  # for every peer
            raise Refusal("TOO_LARGE", "for a frame")
        waiting = self._waiting.get(peer, [])
        kept = sum(each for _, _, each in waiting)
        if len(waiting) >= self._limits.REQUESTS or kept >= self._limits.QUEUE_HIGH_WATER_BYTES:
            raise Refusal("QUEUE_FULL", "waiting for a session")
        waiting.append((work, outcome, size))
        self._waiting[peer] = waiting
        if len(waiting) == 1:
            self._spawn(self._open(peer))

    def _send_to_peer(self, peer: bytes, work: _Work, outcome: Outcome) -> None:
        self._check_peer(peer)
        session = self._link(peer)
        if session is None:
            outcome("UNREACHABLE", None)
        else:
            work(session)

    async def _open(self, peer: bytes) -> None:
        reached = await self._reach.reach(peer)
        session = self._link(peer)
        if session is not None:
            self.up(session)
        elif not reached:
            self._fail(peer, "UNREACHABLE")
        else:  # the session was there, and is gone again
            self._fail(peer, "LOST")

    def _fail(self, peer: bytes, code: str) -> None:
        for _, outcome, _ in self._waiting.pop(peer, ()):
            outcome(code, None)

    def _check_peer(self, peer: bytes) -> None:
        try:
            check_node_id(peer)
        except Refusal:
            raise misuse("no node id") from None
        if peer == self._me:
            raise misuse("this very node")

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _sent(work: _Work, outcome: Outcome) -> _Work:
    """Work that is done when it was handed to a session."""

    def both(session: Session) -> None:
        work(session)
        outcome("", None)

    return both
