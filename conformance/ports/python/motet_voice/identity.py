"""Who a node is: its key, its network and the record it hands out (sections 1.1, 1.6)."""

from __future__ import annotations

from . import messages, record
from .clock import Clock
from .descriptor import Network
from .ed25519 import SigningKey
from .limits import FIXED

RECORD_LIFETIME_MS = FIXED.RECORD_LIFETIME_MS


class Identity:
    """Key, network and incarnation of one run of a node."""

    def __init__(self, seed: bytes, network: Network, clock: Clock, incarnation: int = 0, features: tuple[int, ...] = ()) -> None:
        self.key = SigningKey(seed)
        self.node_id = self.key.public
        self.network = network
        self.incarnation = incarnation or clock.unix_ms()
        self.addresses: list[str] = []
        self.features = features
        self._clock = clock
        self._record = b""

    def record(self) -> bytes:
        """The newest record."""
        return self._record or self.renew()

    def renew(self) -> bytes:
        """A new record, as long as records may live."""
        now = self._clock.unix_ms()
        body = messages.encode("PeerRecordBody", {"addresses": self.addresses, "features": list(self.features)})
        self._record = record.encode(self.key, self.network, now, now + RECORD_LIFETIME_MS, self.incarnation, body)
        return self._record
