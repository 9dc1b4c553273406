"""The sessions of a node that are READY, by peer: admission, rivals, and what the application sees (section 3.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .errors import Refusal
from .places import Places
from .rivals import stays
from .session import Session


class Peers:
    """READY sessions, those of one peer in the order in which they became READY."""

    def __init__(self, our_id: bytes, places: Places, up: Callable[[Session], None], down: Callable[[bytes, str], None]) -> None:
        self._our_id = our_id
        self._places = places
        self._up = up
        self._down = down
        self._sessions: dict[bytes, list[Session]] = {}
        self._up_ids: set[bytes] = set()

    def admit(self, session: Session) -> None:
        """FULL; then DUPLICATE when it loses against a session that has brought a frame; only then another makes room."""
        victim = self._places.victim(session, list(self.all()))
        for rival in self._sessions.get(session.peer_id, ()):
            if rival.proven and not stays(session, rival, self._our_id):
                raise Refusal("DUPLICATE")
        if victim is not None:
            victim.refuse("FULL")

    def add(self, session: Session) -> None:
        """A session became READY."""
        self._sessions.setdefault(session.peer_id, []).append(session)

    def report(self, session: Session) -> None:
        """The application may know of this session; the first one of a peer brings it up."""
        if not session.reported:
            session.reported = True
            if session.peer_id not in self._up_ids:
                self._up_ids.add(session.peer_id)
                self._up(session)

    def end_rivals(self, session: Session) -> None:
        """This session has brought a frame: the rivals that it wins against end, r[session.duplicate.after]."""
        ready = self._sessions[session.peer_id]
        at = ready.index(session)
        earlier, later = ready[:at], ready[at + 1 :]
        losers = [rival for rival in earlier if stays(session, rival, self._our_id)]
        losers += [rival for rival in later if not stays(rival, session, self._our_id)]
        for rival in losers:
            rival.refuse("DUPLICATE")

    def remove(self, session: Session, code: str) -> None:
        """A READY session ended; the last that counts takes the peer down, r[session.duplicate.report]."""
        ready = self._sessions[session.peer_id]
        ready.remove(session)
        if not ready:
            del self._sessions[session.peer_id]
        stays_up = any(other.reported or code == "DUPLICATE" for other in ready)
        if session.peer_id in self._up_ids and not stays_up:
            self._up_ids.remove(session.peer_id)
            self._down(session.peer_id, code)

    def links(self) -> Iterator[Session]:
        """For each peer the session that carries what is sent."""
        for ready in self._sessions.values():
            yield self._best(ready)

    def all(self) -> Iterator[Session]:
        """All READY sessions."""
        for ready in self._sessions.values():
            yield from ready

    def link(self, peer: bytes) -> Session | None:
        """The session of one peer that carries what is sent."""
        ready = self._sessions.get(peer)
        return self._best(ready) if ready else None

    def has(self, node_id: bytes) -> bool:
        """Whether a node is a peer."""
        return node_id in self._sessions

    def of(self, peer: bytes) -> list[Session]:
        """The sessions of one peer."""
        return list(self._sessions.get(peer, ()))

    def node_ids(self) -> list[bytes]:
        """The nodes with READY sessions."""
        return list(self._sessions)

    def ids(self) -> list[bytes]:
        """The node ids that are up, sorted."""
        return sorted(self._up_ids)

    def _best(self, ready: list[Session]) -> Session:
        """The session that would stay among those known to work."""
        candidates = [session for session in ready if session.proven] or ready
        best = candidates[0]
        for session in candidates[1:]:
            if stays(session, best, self._our_id):
                best = session
        return best
