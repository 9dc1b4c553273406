"""Who may come in (section 3.5): handshakes that others began, by number and by prefix, and sessions of one address."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from . import told
from .clock import Clock
from .errors import Refusal
from .limits import Limits
from .proof import RESPONDER
from .rate import Rate
from .session import Session, State

_HANDSHAKE = (State.PREFACE, State.HELLO, State.PROOF)


class Reception:
    """Makes room for those who come. Loopback and private ranges are exempt from what counts by address or prefix."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._begun: dict[str, Rate] = {}

    def too_fast(self, host: str) -> bool:
        """r[session.prefix.rate], with this connection counted."""
        prefix = told.prefix_of(host)
        if prefix is None:
            return False
        self._begun = {key: rate for key, rate in self._begun.items() if rate.count()}
        rate = self._begun.setdefault(prefix, Rate(self._clock))
        rate.note()
        return rate.count() > self._limits.HANDSHAKES_PER_SECOND

    def make_room(self, host: str, sessions: Collection[Session]) -> None:
        """Ends the oldest handshake, or the oldest of the prefix, when there are too many; ``sessions`` are oldest first."""
        others = [session for session in sessions if session.role == RESPONDER]
        waiting = [session for session in others if session.state in _HANDSHAKE]
        prefix = told.prefix_of(host)
        near = [session for session in waiting if prefix and told.prefix_of(session.wire.remote().host) == prefix]
        if len(waiting) >= max(1, self._limits.HANDSHAKES):  # r[session.handshakes]
            waiting[0].refuse("FULL")
        elif near and len(near) >= self._limits.HANDSHAKES_PER_PREFIX:  # r[session.prefix.handshakes]
            near[0].refuse("FULL")
        closing = [session for session in others if session.state is State.CLOSING]
        if len(closing) > self._limits.HANDSHAKES:
            closing[0].wire.abort()

    def admit(self, host: str, ready: Iterable[Session]) -> None:
        """r[session.address.sessions]."""
        place = told.place_of(host)
        if place is not None:
            near = sum(told.place_of(other.wire.remote().host) == place for other in ready)
            if near >= self._limits.SESSIONS_PER_ADDRESS:
                raise Refusal("FULL", "sessions with this address")
