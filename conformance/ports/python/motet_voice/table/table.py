"""What a node has of chapter 8: it writes, reads, lists and watches, and stores when it takes part in the ring."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from .. import messages, registry, told
from ..clock import Clock
from ..errors import Refusal, misuse
from ..identity import Identity
from ..limits import FIXED, Limits
from ..messages import Value
from ..peers import Peers
from ..registry import CHANGED, KNOWN_COMMANDS
from ..requests import Outcome
from ..ring.contact import Contact
from ..ring.ring import Ring
from ..session import Session
from . import keys
from .client import Client
from .lister import Lister
from .member import Member
from .parts import Used
from .reader import Reader
from .records import TOMBSTONE, TableRecord, longest_ms
from .versions import Seen
from .watcher import Watcher
from .writer import Writer


class Table:
    """The table as node and sessions see it."""

    def __init__(
        self, me: Identity, limits: Limits, clock: Clock, peers: Peers, ring: Ring, changed: Callable[[TableRecord], None]
    ) -> None:
        self._me = me
        self._peers = peers
        self._ring = ring
        self._tasks: set[asyncio.Task[Any]] = set()
        taking = ring.taking_part
        self._client = Client(me.node_id, ring.calls, ring.finder, taking, self._members, self._own)
        used = Used(me, limits, clock, self._client, Seen(limits, clock))
        self._writer = Writer(used)
        self._reader = Reader(used, self._writer, self._spawn)
        self._lister = Lister(used)
        self._watcher = Watcher(used, changed, self._spawn)
        ring.calls.spare.keep(self._watcher.leased_by)
        self.member: Member | None = None
        if taking is not None:
            self.member = Member(me, limits, clock, taking, ring.calls, self._tell, self._reader.mend)

    # What the application asks for.

    def put(self, kind: int, key: bytes, value: bytes, ttl_ms: int, outcome: Outcome) -> None:
        """Stores a value; the key of kind 2 is the name only, of kind 3 it is left empty. The outcome has what is known of it."""
        if kind == keys.IMMUTABLE and key:
            raise misuse("the key of an immutable value is its hash")
        record = self._writer.make(kind, key, value, ttl_ms)
        self._perform(lambda: self._writer.write(record), outcome)

    def delete(self, kind: int, key: bytes, outcome: Outcome) -> None:
        """Stores a tombstone."""
        if kind == keys.IMMUTABLE:
            raise misuse("an immutable value is not deleted")
        record = self._writer.make(kind, key, b"", longest_ms(self._me.network), TOMBSTONE)
        self._perform(lambda: self._writer.write(record), outcome)

    def get(self, kind: int, key: bytes, outcome: Outcome) -> None:
        """The newest record under a whole key, or None."""
        _check_key(kind, key)
        self._perform(lambda: self._reader.read(kind, key), outcome)

    def keys(self, outcome: Outcome) -> None:
        """Kind and key of all that is stored."""
        self._perform(self._lister.keys, outcome)

    def watch(self, kind: int, key: bytes) -> None:
        """Reports what changes under a whole key."""
        _check_key(kind, key)
        self._watcher.watch(kind, key)

    # What sessions call.

    async def answer(self, session: Session, command: int, value: Value, most_bytes: int) -> bytes:
        """The payload of an answer; a Refusal for one with FAILED."""
        assert self.member is not None
        prefix = told.prefix_of(session.wire.remote().host)
        said = await self.member.answer(session.peer_id, command, value, most_bytes, prefix)
        return messages.encode(KNOWN_COMMANDS[command].answer, said)

    @property
    def watches(self) -> bool:
        """Whether CHANGED is of use here."""
        return self.member is not None or self._watcher.active

    def notice(self, value: Value) -> None:
        """CHANGED came."""
        self._watcher.came(value["record"])

    def stop(self) -> None:
        """The node stops."""
        self._watcher.stop()
        if self.member is not None:
            self.member.stop()
        for task in list(self._tasks):
            task.cancel()

    async def _own(self, command: int, value: Value) -> Value:
        if self.member is None:
            raise Refusal("NOT_OWNER", "takes no part")
        return await self.member.answer(self._me.node_id, command, value, FIXED.RECEIVE_MAX_BYTES)

    def _members(self) -> Iterator[Contact]:
        """The peers that take part in the ring: a client begins with them."""
        for session in self._peers.links():
            if registry.MEMBER in session.peer.record.body["features"]:
                yield self._ring.contacts.of_session(session)

    def _tell(self, peer: bytes, record: TableRecord) -> None:
        """Sends CHANGED; a peer whose queue is full, or that is gone, misses it."""
        if peer == self._me.node_id:
            return self._watcher.changed(record)
        session = self._peers.link(peer)
        if session is None:
            return
        try:
            session.exchange.tell(CHANGED, messages.encode("Changed", {"record": record.data}))
        except Refusal:
            return

    def _perform(self, work: Callable[[], Awaitable[Any]], outcome: Outcome) -> None:
        async def perform() -> None:
            code, value = "", None
            try:
                value = await work()
            except Refusal as refusal:
                code = refusal.code
            outcome(code, value)

        self._spawn(perform())

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _check_key(kind: int, key: bytes) -> None:
    if not keys.fits(kind, key):
        raise misuse("kind or key")
