"""What a session needs of its node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .clock import Clock
from .identity import Identity
from .limits import Limits
from .record import Record
from .services import Services
from .terms import Terms

if TYPE_CHECKING:
    from .messages import Value
    from .session import Session


class RingHost(Protocol):
    """The part of a node that takes part in the ring, as its sessions see it."""

    def notice(self, session: Session, command: int) -> None:
        """A one-way command of chapter 7 came."""

    def answer(self, session: Session, command: int, value: Value, most_bytes: int) -> bytes | None:
        """The payload of an answer, None for BUSY."""


class TableHost(Protocol):
    """The table of a node, as its sessions see it."""

    @property
    def watches(self) -> bool:
        """Whether CHANGED is known here: who takes no part and watches nothing has no use for it."""

    def notice(self, value: Value) -> None:
        """CHANGED came."""

    async def answer(self, session: Session, command: int, value: Value, most_bytes: int) -> bytes:
        """The payload of an answer; a Refusal for one with FAILED."""


class Host(Protocol):
    """The node as its sessions see it."""

    identity: Identity
    limits: Limits
    clock: Clock
    services: Services
    terms: Terms

    @property
    def ring(self) -> RingHost:
        """What takes the commands of chapter 7; asked for them only when the node takes part."""

    @property
    def table(self) -> TableHost:
        """What takes the commands of chapter 8; asked for answers only when the node takes part."""

    def admit(self, session: Session) -> None:
        """Refuses with BANNED, FULL or DUPLICATE a session whose peer has just proven itself."""

    def ready(self, session: Session) -> None:
        """The session is READY and may carry broadcasts."""

    def first_frame(self, session: Session) -> None:
        """The first frame after the peer's PROOF has come."""

    def ended(self, session: Session, code: str, by: str) -> None:
        """The session is over, by ``local`` or ``remote``."""

    def broadcast(self, session: Session, tag: int, payload: bytes) -> None:
        """A BROADCAST came; may refuse the session."""

    def told(self, session: Session, channel: str, payload: bytes) -> None:
        """A TELL came."""

    def commanded(self, session: Session, command: int, payload: bytes) -> None:
        """A one-way frame of a command that the application has defined."""

    def locate(self, session: Session, hops: int, query: bytes, wanted: bytes) -> None:
        """A LOCATE came."""

    def found(self, session: Session, query: bytes, data: bytes) -> None:
        """A FOUND came."""

    def stale(self, session: Session, highest: int) -> None:
        """A STALE_SEQUENCE came."""

    def learn(self, session: Session, newer: Record, data: bytes) -> None:
        """The peer has made a new record of itself."""

    def sample(self, session: Session, limit: int, most_bytes: int) -> list[bytes]:
        """Records to tell the peer of a session (section 5.4)."""
