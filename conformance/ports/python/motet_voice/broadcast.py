"""The payload of BROADCAST (sections 4.2 and 4.3)."""

from __future__ import annotations

from dataclasses import dataclass

from . import compression, digests
from .descriptor import Network
from .ed25519 import SigningKey
from .errors import Refusal, malformed, misuse
from .identifiers import belongs
from .limits import FIXED
from .octets import read_u64, uint

_SIGNATURE_BYTES = 64
_FIXED_BYTES = 50


@dataclass(frozen=True)
class Content:
    """The content of a broadcast, decoded; ``data`` is the payload as sent, ``original_size`` 0 when it is not compressed."""

    origin: bytes
    sequence: int
    sent_at: int
    channel: str
    data: bytes
    original_size: int = 0

    def payload(self) -> bytes:
        """The payload of the application; UNDECODABLE where r[mesh.compressed.broken] holds."""
        if not self.original_size:
            return self.data
        return compression.inflate(compression.DEFLATE, self.data, self.original_size)


@dataclass(frozen=True)
class Envelope:
    """A payload cut into signature and content, r[mesh.payload.signature-length]; nothing else of it is checked yet."""

    network: Network
    signature: bytes
    content: bytes

    @classmethod
    def cut(cls, payload: bytes, network: Network) -> Envelope:
        """Step 1 of section 4.5."""
        size = _SIGNATURE_BYTES if network.signed else 0
        if not payload or payload[0] != size or len(payload) < 1 + size + _FIXED_BYTES:
            raise malformed("length of the broadcast or of its signature")
        return cls(network, payload[1 : 1 + size], payload[1 + size :])

    @property
    def pair(self) -> bytes:
        """(origin, sequence) as the bytes that hold them."""
        return self.content[:40]

    def id(self) -> bytes:
        """Message id, section 4.3."""
        return message_id(self.network, self.content)

    def check_size(self) -> None:
        """Step 3, r[mesh.content.size]."""
        if len(self.content) > self.network.descriptor.max_message:
            raise Refusal("TOO_LARGE", "content")

    def decode(self) -> Content:
        """Steps 4 and 5: r[mesh.content.decode], r[mesh.compressed.policy] and its like, r[mesh.content.origin]."""
        content = self.content
        sequence, sent_at = read_u64(content, 32, "MALFORMED"), read_u64(content, 40, "MALFORMED")
        end = _FIXED_BYTES + content[49]
        if content[48] > 1 or content[49] > FIXED.CHANNEL_BYTES or end > len(content):
            raise malformed("encoding or channel")
        try:
            channel = content[_FIXED_BYTES:end].decode("utf-8")
        except UnicodeDecodeError:
            raise malformed("channel") from None
        size, data = self._original(content[48], content[end:])
        if not belongs(content[:32], self.network.descriptor.work_bits):
            raise Refusal("BAD_KEY", "origin")
        return Content(content[:32], sequence, sent_at, channel, data, size)

    def _original(self, encoding: int, rest: bytes) -> tuple[int, bytes]:
        """Original size (0 without compression) and payload as sent."""
        if encoding == 0:
            return 0, rest
        if not self.network.has("COMPRESSED_BROADCASTS"):  # r[mesh.compressed.policy]
            raise malformed("compressed")
        size, data = int.from_bytes(rest[:4], "big"), rest[4:]
        if len(rest) < 4 or size <= len(data):  # r[mesh.compressed.size]
            raise malformed("original size")
        if size > self.network.descriptor.max_message:  # r[mesh.compressed.limit]
            raise Refusal("TOO_LARGE", "original size")
        return size, data

    def check_signature(self) -> None:
        """Step 12, r[mesh.signature]."""
        if self.network.signed:
            if not digests.verify(digests.MESSAGE, self.id(), self.content[:32], self.signature):
                raise Refusal("BAD_SIGNATURE", "broadcast")


def message_id(network: Network, content: bytes) -> bytes:
    """H("motet/1 message", network id, content)."""
    return digests.digest(digests.MESSAGE, network.id, content)


def encode(
    key: SigningKey, network: Network, sequence: int, sent_at: int, channel: str, payload: bytes, compress_from: int = 0
) -> Envelope:
    """A broadcast of the key's node; a channel that does not fit is MISUSE, content above max_message TOO_LARGE.

    With ``compress_from`` (COMPRESS_MIN_BYTES) the payload is compressed where the network allows it and it is worth it.
    """
    name = channel_bytes(channel)
    head = key.public + uint(sequence, 8) + uint(sent_at, 8)
    tail = uint(len(name), 1) + name
    content = head + b"\0" + tail + payload
    Envelope(network, b"", content).check_size()
    if compress_from and network.has("COMPRESSED_BROADCASTS"):
        data = compression.deflate(payload)
        if compression.worth(payload, len(data) + 4, compress_from):  # r[mesh.compressed.gain]
            content = head + b"\x01" + tail + uint(len(payload), 4) + data
    envelope = Envelope(network, b"", content)
    if not network.signed:
        return envelope
    return Envelope(network, digests.sign(digests.MESSAGE, envelope.id(), key), content)


def channel_bytes(channel: str) -> bytes:
    """A channel as bytes (section 5.1); one that does not fit is MISUSE."""
    try:
        name = channel.encode("utf-8")
    except UnicodeEncodeError:
        raise misuse("channel") from None
    if len(name) > FIXED.CHANNEL_BYTES:
        raise misuse("channel")
    return name


def payload_of(envelope: Envelope) -> bytes:
    """The bytes that go into the frame."""
    return bytes([len(envelope.signature)]) + envelope.signature + envelope.content
