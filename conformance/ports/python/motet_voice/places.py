"""Places for sessions (sections 3.5 and 4.9): how many there are, which are kept for dials, who has to go for whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from . import told
from .errors import Refusal
from .limits import Limits
from .proof import RESPONDER
from .session import Session

_SHARE = 4


class Places:
    """Those of others may take three quarters, and the crowded ones go first."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def victim(self, session: Session, ready: Collection[Session]) -> Session | None:
        """The READY session that has to end for a new one, None when there is a place; refuses as FULL, r[session.full]."""
        most, theirs = self._limits.SESSIONS, session.role == RESPONDER
        begun = [other for other in ready if other.role == RESPONDER]
        room = not theirs or len(begun) < most - most // _SHARE  # r[peers.slots]
        if room and len(ready) < most:
            return None
        victim = _crowded(session, begun) if theirs else None
        if victim is None:
            raise Refusal("FULL", "sessions")
        return victim


def _crowded(session: Session, begun: Collection[Session]) -> Session | None:
    """r[peers.crowded]; what is exempt from counting by prefix neither goes nor makes others go."""
    own = _prefix(session)
    if own is None:
        return None
    counts = Counter(prefix for prefix in map(_prefix, begun) if prefix is not None)
    most = max(counts.values(), default=0)
    if most <= counts[own]:
        return None
    return max((other for other in begun if counts[_prefix(other) or ""] == most), key=lambda other: other.serial)


def _prefix(session: Session) -> str | None:
    return told.prefix_of(session.wire.remote().host)
