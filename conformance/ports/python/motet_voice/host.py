"""What a session needs of its node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .clock import Clock
from .identity import Identity
from .limits import Limits

if TYPE_CHECKING:
    from .session import Session


class Host(Protocol):
    """The node as its sessions see it."""

    identity: Identity
    limits: Limits
    clock: Clock
    receive_limit: int

    def admit(self, session: Session) -> None:
        """Refuses with FULL or DUPLICATE a session whose peer has just proven itself."""

    def ready(self, session: Session) -> None:
        """The session is READY and may carry broadcasts."""

    def first_frame(self, session: Session) -> None:
        """The first frame after the peer's PROOF has come."""

    def broadcast(self, session: Session, tag: int, payload: bytes) -> None:
        """A BROADCAST came; may refuse the session."""

    def ended(self, session: Session, code: str, by: str) -> None:
        """The session is over, by ``local`` or ``remote``."""
