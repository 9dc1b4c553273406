"""Who a node is: its key, its network and the record it hands out (sections 1.1, 1.6)."""

from __future__ import annotations

from . import messages, record
from .clock import Clock
from .descriptor import Network
from .ed25519 import SigningKey
from .limits import FIXED


class Identity:
    """Key, network and incarnation of one run of a node."""

    def __init__(self, seed: bytes, network: Network, clock: Clock, incarnation: int = 0) -> None:
        self.key = SigningKey(seed)
        self.node_id = self.key.public
        self.network = network
        self.incarnation = incarnation or clock.unix_ms()
        self.addresses: list[str] = []
        self._clock = clock
        self._record = b""
        self._renew_at = 0

    def record(self) -> bytes:
        """The signed record, renewed at half of its life or when the clock stands before its issue."""
        now = self._clock.unix_ms()
        lifetime = FIXED.RECORD_LIFETIME_MS
        if not self._record or not self._renew_at - lifetime // 2 <= now < self._renew_at:
            body = messages.encode("PeerRecordBody", {"addresses": self.addresses})
            self._record = record.encode(self.key, self.network, now, now + lifetime, self.incarnation, body)
            self._renew_at = now + lifetime // 2
        return self._record
