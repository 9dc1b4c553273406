"""What the parts of a member, and those of every node that uses the table, go by. Does nothing itself."""

from __future__ import annotations

from dataclasses import dataclass

from ..clock import Clock
from ..identity import Identity
from ..limits import Limits
from ..ring.calls import Calls
from ..ring.state import State
from .arcs import Arcs
from .client import Client
from .shown import Shown
from .store import Store
from .versions import Seen


@dataclass(frozen=True)
class Kept:
    """Of a member: its place on the ring, what it stores, and whom it asks."""

    me: Identity
    limits: Limits
    clock: Clock
    state: State
    store: Store
    arcs: Arcs
    calls: Calls
    shown: Shown


class MemberPart:
    """A part of a member."""

    def __init__(self, kept: Kept) -> None:
        self._me = kept.me
        self._limits = kept.limits
        self._clock = kept.clock
        self._state = kept.state
        self._store = kept.store
        self._arcs = kept.arcs
        self._calls = kept.calls
        self._shown = kept.shown


@dataclass(frozen=True)
class Used:
    """Of a node that writes, reads and watches: how it finds and asks, and the versions that it has seen."""

    me: Identity
    limits: Limits
    clock: Clock
    client: Client
    seen: Seen


class ClientPart:
    """A part of a node that uses the table."""

    def __init__(self, used: Used) -> None:
        self._me = used.me
        self._limits = used.limits
        self._clock = used.clock
        self._client = used.client
        self._seen = used.seen
        self._tables = used.me.network.descriptor.tables
        self._copies = used.me.network.descriptor.copies
