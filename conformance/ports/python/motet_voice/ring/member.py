"""A node that takes part in the ring: what comes, what it is told to do, and when it does what of itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable

from .. import registry
from ..address import Address
from ..clock import Clock
from ..errors import Refusal, misuse
from ..identity import Identity
from ..limits import Limits
from ..messages import Value
from ..registry import HINT, LEAVE, NOTIFY, STATE
from ..session import Session
from . import positions
from .audits import Audits
from .beginnings import Beginnings
from .calls import Calls, Failed, Named
from .contact import Contact, Contacts
from .fingers import Fingers
from .finder import Finder, Found
from .joining import Joining
from .leaving import leave
from .operations import Operations, Work
from .predecessors import Predecessors
from .remembered import Remembered
from .sayings import Sayings
from .stabilizing import Stabilizing
from .state import FOUNDER, JOINING, LEAVING, MEMBER, PLACED, State
from .timers import Timers

#: Rounds come so much more often while the list is the whole ring, and so much more often for hints.
_MORE_OFTEN = 4


class Member:
    """Puts the parts of chapter 7 together; operations one at a time, answers at any time."""

    def __init__(
        self, me: Identity, limits: Limits, clock: Clock, contacts: Contacts, calls: Calls, beginnings: Beginnings,
        peers: Callable[[], Iterable[Session]], left: Callable[[], None],
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._contacts = contacts
        self._calls = calls
        self._beginnings = beginnings
        self._peers = peers
        self._left = left
        network = me.network
        self.state = State(positions.position_of(network, me.node_id), network.descriptor.successors, calls.gone)
        self._sayings = Sayings(me, contacts, self.state)
        self._remembered = Remembered(limits, clock)
        self._fingers = Fingers(self.state, self.find)
        self.finder = finder = Finder(limits, clock, me, calls, lambda: self.state.phase, self._fingers.failed)
        self._predecessors = Predecessors(self.state, calls, lambda: self.changed(), self._say_hint)
        self._joining = Joining(me.node_id, self.state, calls, finder)
        self._stabilizing = Stabilizing(self.state, calls, self._remembered)
        self._audits = Audits(
            me.node_id, self.state, calls, finder, self._stabilizing, self._remembered, beginnings, self._fingers.all
        )
        self._operations = Operations()
        self._timers = Timers(clock)
        self._telling: set[asyncio.Task[None]] = set()
        self._hinted = -float("inf")
        self.changed: Callable[[], None] = lambda: None  # neighbours may be others
        self.hand_over: Callable[[], Awaitable[None]] | None = None  # before it says that it leaves
        self._stopped = False
        self._auditing: asyncio.Task[None] | None = None
        self._audit_again = False
        self._leaving: asyncio.Task[None] | None = None

    def stands_by(self, node_id: bytes) -> bool:
        """Whether a node is on the list, the predecessor or a finger."""
        return self.state.holds(node_id) or any(each.node_id == node_id for each in self._fingers.all())

    # What comes.

    def notice(self, session: Session, command: int) -> None:
        """NOTIFY or HINT."""
        if command == NOTIFY:
            self._predecessors.notified(self._contacts.of_session(session))
            self.changed()
        elif command == HINT:
            self._hint()

    def answer(self, session: Session, command: int, value: Value, most_bytes: int) -> bytes | None:
        """STATE, STEP or LEAVE; None for BUSY."""
        if command == STATE:
            return self._sayings.state(most_bytes)
        if command == LEAVE:
            self._gone(self._contacts.of_session(session))
            return b""  # r[ring.leave.answer]
        return self._sayings.step(int.from_bytes(value["target"], "big"), self._fingers.all())

    def stabilize_soon(self) -> None:
        """A round at once: the head does not answer, or knows of somebody between (section 8.4)."""
        if self.state.placed:
            self._begin("stabilize", self._stabilize)

    def ended(self, node_id: bytes) -> None:
        """The last session with a peer has ended."""
        if self.state.head is not None and self.state.head.node_id == node_id:
            self._hint()

    def _gone(self, contact: Contact) -> None:
        """r[ring.leave.gone]."""
        self._calls.note_gone(contact)
        self._remembered.forget(contact)
        self._fingers.failed(contact)
        self._predecessors.gone(contact)
        self.changed()
        if self.state.head == contact:
            self._begin("stabilize", self._stabilize)

    # What it is told to do.

    def found(self, places: Iterable[Address]) -> None:
        """r[ring.found.told]."""
        self._allow(JOINING)
        self._operations.stop()
        self._beginnings.add(places)
        self.state.found()
        self._placed()

    def join(self, places: list[Address]) -> None:
        """Looks for a place until there is one."""
        self._allow(JOINING)
        if not places:
            raise misuse("no contact to begin with")
        self._beginnings.add(places)
        self._operations.stop()
        self._begin("join", lambda: self._join(places))

    def leave(self) -> None:
        """Section 7.7."""
        if self.state.phase != FOUNDER or not self.state.wraps:
            self._allow(MEMBER)
        self.stop()
        self.state.phase = LEAVING  # r[ring.leave.phase]
        self._leaving = asyncio.get_running_loop().create_task(self._leave())

    def stabilize(self) -> None:
        """A round at once, or when the operation under way has ended."""
        self._allow(*PLACED)
        self._begin("stabilize", self._stabilize)

    def audit(self) -> None:
        """An audit at once, or when the operation under way has ended."""
        self._allow(*PLACED)
        self._begin("audit", self._audit)

    async def find(self, target: int, skip: Collection[bytes] = ()) -> Found:
        """The owner of a position, beginning with the node's own answer to STEP."""
        if self.state.phase == JOINING:
            raise Refusal("UNREACHABLE", "has no place yet")
        owners, following = self._sayings.step_contacts(target, self._fingers.all())
        return await self.finder.own(self.state.position, Named(owners, following), self.state.list, target, skip)

    def stop(self) -> None:
        """The node stops or leaves: nothing is begun any more."""
        self._stopped = True
        self._timers.stop()
        self._operations.stop()
        self._fingers.stop()
        self._predecessors.stop()
        for task in (self._auditing, self._leaving, *self._telling):
            if task is not None:
                task.cancel()

    # What it does of itself.

    def _allow(self, *phases: str) -> None:
        if self.state.phase not in phases:
            raise misuse(f"not while {self.state.phase}")

    def _begin(self, kind: str, work: Work) -> None:
        if not self._stopped:
            self._operations.begin(kind, work)

    def _placed(self) -> None:
        self.changed()
        self._rest()
        self._audit_later()

    async def _join(self, places: list[Address]) -> None:
        """r[ring.join.again], r[ring.join.hint]."""
        wait, first = self._limits.RING_JOIN_MIN_MS, 0
        while True:
            for place in places[first:] + places[:first]:
                contact = await self._beginnings.contact(place)
                before = await self._joining.through(contact) if contact is not None else None
                if before is not None:
                    self._placed()
                    await self._round()
                    return await self._tell(before, HINT)
            first = (first + 1) % len(places)
            await self._clock.sleep(min(wait, self._limits.RING_JOIN_MAX_MS))
            wait *= 2

    async def _stabilize(self) -> None:
        known = list(self.state.list)
        await self._round()
        if self.state.list != known and self.state.predecessor is not None:  # r[ring.hint.back]
            await self._tell(self.state.predecessor, HINT)

    async def _round(self) -> None:
        if not self.state.placed:
            return
        await self._stabilizing.round()
        self.changed()
        self._rest()
        self._fingers.refresh()
        if self.state.wraps:  # r[ring.audit.wraps], r[ring.recover]
            self._begin("audit", self._audit)

    async def _audit(self) -> None:
        """Begins one, when another one is under way after that; its lookup runs beside operations (section 7.8)."""
        self._audit_again = self._auditing is not None
        if self.state.placed and self._auditing is None:
            self._auditing = asyncio.get_running_loop().create_task(self._look())

    async def _look(self) -> None:
        other = await self._audits.look()
        if other is not None:
            self._begin("meet", lambda: self._audits.meet(other))
        self._auditing = None
        self._audit_later()
        if self._audit_again:
            await self._audit()

    async def _leave(self) -> None:
        if self.hand_over is not None:
            await self.hand_over()
        contacts = [each for each in (self.state.predecessor, self.state.head) if each is not None]
        peers = map(self._contacts.of_session, self._peers())
        contacts += [each for each in peers if registry.MEMBER in each.known.record.body["features"]]
        await leave(self._limits, self._clock, self._calls, contacts)
        self._left()

    def _say_hint(self, contact: Contact) -> None:
        task = asyncio.get_running_loop().create_task(self._tell(contact, HINT))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell(self, contact: Contact, command: int) -> None:
        try:
            await self._calls.tell(contact, command)
        except Failed:
            return

    def _rest(self) -> None:
        """r[ring.stabilize.when], r[ring.stabilize.often]."""
        wait = min(self._limits.RING_STABILIZE_MS, self._limits.RING_STABILIZE_QUIET_MS)
        self._timers.about("round", wait / (_MORE_OFTEN if self.state.wraps else 1), self.stabilize)

    def _audit_later(self) -> None:
        """r[ring.audit.when]."""
        self._timers.about("audit", self._limits.RING_AUDIT_MS, self._audit_if_due)

    def _audit_if_due(self) -> None:
        if self._audits.due():
            self.audit()
        else:
            self._audit_later()

    def _hint(self) -> None:
        """r[ring.hint], r[ring.hint.rate]."""
        now, least = self._clock.monotonic_ms(), self._limits.RING_STABILIZE_MS / _MORE_OFTEN
        if not self.state.placed or self._timers.waits("hint"):
            return
        if now - self._hinted < least:
            return self._timers.later("hint", self._hinted + least - now, self._hint)
        self._hinted = now
        self._begin("stabilize", self._stabilize)
