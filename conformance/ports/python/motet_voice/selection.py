"""Which nodes a node keeps sessions with of itself (section 4.9): it dials nodes that it knows, and asks its peers for more."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable

from . import told
from .clock import Clock, Timer
from .errors import Refusal
from .known_dials import KnownDials
from .limits import Limits
from .peers import Peers
from .proof import INITIATOR
from .records import Known, Records
from .registry import MESSAGES
from .requests import Outcome

_RANDOM = random.SystemRandom()
_MOST_DOUBLINGS = 32

_MOST_ASKED = MESSAGES["Peers"][0].bounds.max

#: Asks a peer for so many records.
Ask = Callable[[bytes, int, Outcome], None]
#: Whether the node would have sessions with another.
Welcome = Callable[[bytes], bool]


class Selection:
    """Looks when it starts, when peers come and go, and after a while when that led to too few. Nothing is stored."""

    def __init__(
        self, limits: Limits, clock: Clock, peers: Peers, records: Records, dials: KnownDials, ask: Ask, welcome: Welcome
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._peers = peers
        self._records = records
        self._dials = dials
        self._ask = ask
        self._welcome = welcome
        self._timer: Timer | None = None
        self._stopped = limits.PEERS_TARGET == 0
        self._under_way: dict[bytes, asyncio.Task[None]] = {}
        self._prefixes: dict[bytes, frozenset[str]] = {}  # of the nodes dialled here
        self._tried: dict[bytes, float] = {}
        self._asked: dict[bytes, float] = {}
        self._noticed = False
        records.learnt = self._notice
        # Of the look under way or the last one:
        self._began = 0.0
        self._gained = True
        self._has_asked = False
        self._fruitless = 0  # looks in a row before it that led to none

    def look(self) -> None:
        """A look begins now, unless one goes on already: then it takes in what has changed."""
        if self._stopped:
            return
        if not self._under_way:
            now = self._clock.monotonic_ms()
            self._fruitless = 0 if self._gained else self._fruitless + 1
            self._began, self._gained, self._has_asked = now, False, False
            self._tried = {node_id: at for node_id, at in self._tried.items() if at > now - self._limits.PEERS_LOOK_MS}
        self._rest(None)
        self._go_on()

    def stop(self) -> None:
        """The node stops."""
        self._stopped = True
        self._rest(None)
        for task in list(self._under_way.values()):
            task.cancel()

    def _notice(self) -> None:
        """Records have come: those that came together are looked at together."""
        if not self._noticed and not self._stopped:
            self._noticed = True
            asyncio.get_running_loop().call_soon(self._go_on)

    def _go_on(self) -> None:
        self._noticed = False
        if self._stopped:
            return
        for known in self._chosen():  # r[peers.fill]
            self._rest(None)
            node_id = known.record.node_id
            self._tried[node_id] = self._clock.monotonic_ms()
            self._prefixes[node_id] = _prefixes(known)
            self._under_way[node_id] = asyncio.get_running_loop().create_task(self._dial(known))
        if self._under_way or self._timer is not None:
            return
        if self._missing() <= 0:
            self._gained = True
            return
        self._ask_one()
        if not self._under_way:
            self._rest(self._limits.PEERS_LOOK_MS << (0 if self._gained else min(self._fruitless, _MOST_DOUBLINGS)))

    async def _dial(self, known: Known) -> None:
        reached = False
        try:
            reached = await self._dials.dial(known)
        finally:
            del self._under_way[known.record.node_id]
        self._gained = self._gained or reached
        self._go_on()

    def _rest(self, milliseconds: int | None) -> None:
        """r[peers.look]: the next look comes after so long, or not of itself."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if milliseconds is not None:
            self._timer = self._clock.after(min(milliseconds, self._limits.REDIAL_MAX_MS), self.look)

    def _missing(self) -> int:
        """How many peers are wanted beyond those that there are: r[peers.fill]."""
        limits, links = self._limits, list(self._peers.links())
        dialled = sum(link.role == INITIATOR for link in links)
        most = (3 * limits.PEERS_TARGET + 1) // 2 - len(links)
        wanted = max(limits.PEERS_TARGET - len(links), min(limits.PEERS_DIALLED - dialled, most))
        return min(wanted, limits.SESSIONS - len(links))

    def _chosen(self) -> list[Known]:
        """Nodes to dial now, at random, r[peers.spread]."""
        missing = self._missing() - len(self._under_way)
        if missing <= 0:
            return []
        self._prefixes = {n: p for n, p in self._prefixes.items() if n in self._under_way or self._peers.link(n) is not None}
        counts = Counter(prefix for prefixes in self._prefixes.values() for prefix in prefixes)
        chosen: list[Known] = []
        for known in self._records.others():
            prefixes = _prefixes(known)
            if self._may_dial(known) and all(counts[each] < self._limits.PEERS_DIALLED_PER_PREFIX for each in prefixes):
                chosen.append(known)
                counts.update(prefixes)
            if len(chosen) == missing:
                break
        return chosen

    def _may_dial(self, known: Known) -> bool:
        """Not twice in one look, nor in looks that follow each other at once."""
        node_id = known.record.node_id
        at = self._tried.get(node_id)
        if node_id in self._under_way or not self._welcome(node_id):
            return False
        if at is not None and (at >= self._began or at > self._clock.monotonic_ms() - self._limits.PEERS_LOOK_MS):
            return False
        return bool(self._dials.places(known))

    def _ask_one(self) -> None:
        """r[peers.ask], once in a look; what the answer brings is dialled at once."""
        now = self._clock.monotonic_ms()
        self._asked = {n: at for n, at in self._asked.items() if at > now - self._limits.PEERS_INTERVAL_MS}
        peers = [node_id for node_id in self._peers.node_ids() if node_id not in self._asked]
        if self._has_asked or not peers:
            return
        self._has_asked = True
        peer = _RANDOM.choice(peers)
        self._asked[peer] = now
        try:
            self._ask(peer, max(1, min(self._limits.KNOWN_PER_SOURCE, _MOST_ASKED)), lambda code, value: None)
        except Refusal:  # its queue is full
            return


def _prefixes(known: Known) -> frozenset[str]:
    """The prefixes of the addresses of a node."""
    places = (told.parsed(text, known.record.node_id) for text in known.record.body["addresses"])
    return frozenset(prefix for place in places if place and (prefix := told.prefix_of(place.host)))
