"""What each side of a session takes: compressions and receive limit, said in HELLO and anew in UPDATE (3.3, 3.10)."""

from __future__ import annotations

from dataclasses import dataclass

from . import compression
from .compression import SUPPORTED
from .descriptor import Network
from .errors import misuse
from .limits import FIXED, Limits


@dataclass(frozen=True)
class Terms:
    """What one side takes: compression ids, best first, and the longest payload as sent."""

    compressions: tuple[int, ...]
    receive_limit: int

    @classmethod
    def default(cls, limits: Limits, network: Network) -> Terms:
        """What a node says unless it was told otherwise, r[session.hello.announce]."""
        return cls(SUPPORTED, min(max(limits.RECEIVE_BYTES, network.receive_minimum), FIXED.RECEIVE_MAX_BYTES))

    def check(self, network: Network) -> None:
        """MISUSE for what a node of this network must not say."""
        if not set(self.compressions) <= set(SUPPORTED):
            raise misuse("a compression that is not decoded here")
        if not network.receive_minimum <= self.receive_limit <= FIXED.RECEIVE_MAX_BYTES:
            raise misuse("receive limit")

    def compress(self, payload: bytes, least_bytes: int) -> tuple[int, bytes]:
        """Compression id and payload as sent to the side that takes this; id 0 where it gains nothing.

        r[compress.sender], r[compress.gain].
        """
        for number in self.compressions:
            if number in SUPPORTED and len(payload) >= least_bytes:
                data = compression.deflate(payload, number)
                sent = len(payload).to_bytes(4, "big") + data
                return (number, sent) if compression.worth(payload, len(sent), least_bytes) else (0, payload)
        return 0, payload


class Said:
    """What we said in one session: all of it holds until the UPDATE that replaced it is answered, r[session.update.before]."""

    def __init__(self, terms: Terms) -> None:
        self._terms = [terms]

    def add(self, terms: Terms) -> None:
        """An UPDATE says this now; when that fails, what was said before goes on to hold beside it."""
        self._terms = [earlier for earlier in self._terms if earlier != terms] + [terms]

    def answered(self) -> None:
        """The UPDATE has taken effect at the peer."""
        del self._terms[:-1]

    @property
    def newest(self) -> Terms:
        """What was said last."""
        return self._terms[-1]

    @property
    def receive_limit(self) -> int:
        """The longest payload that may come."""
        return max(terms.receive_limit for terms in self._terms)

    def takes(self, number: int) -> bool:
        """Whether a compression id may come."""
        return any(number in terms.compressions for terms in self._terms)
