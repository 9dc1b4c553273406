"""Records of the table (section 8.2): their bytes, digest and signature, and what a receiver refuses, in order."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

from .. import digests, messages
from ..descriptor import Network
from ..ed25519 import SigningKey, valid_encoding
from ..errors import Refusal, malformed, misuse
from ..limits import FIXED
from ..octets import uint
from . import keys

TOMBSTONE = 1
_MS_PER_S = 1_000
_US_PER_MS = 1_000
_REMEMBERED_CHECKS = 4_096


@dataclass(frozen=True)
class TableRecord:
    """A record as its bytes say it; ``digest`` names it."""

    kind: int
    key: bytes
    writer: bytes
    sequence: int
    issued: int
    expires: int
    flags: int
    value: bytes
    signature: bytes
    key_id: bytes
    digest: bytes
    data: bytes = field(repr=False)

    @property
    def tombstone(self) -> bool:
        """The key is deleted."""
        return bool(self.flags & TOMBSTONE)

    @property
    def version(self) -> tuple[int, int, bytes]:
        """Section 8.3: r[version.sequence], r[version.expires], r[version.digest]; the larger is newer."""
        return self.sequence, self.expires, self.digest

    def ends(self, network: Network) -> int:
        """When it is forgotten, unix ms: r[keep.expired]."""
        if self.tombstone:
            return self.issued + longest_ms(network) + FIXED.TOMBSTONE_EXTRA_MS
        return self.expires


def longest_ms(network: Network) -> int:
    """The longest time to live of a network."""
    return network.descriptor.max_ttl * _MS_PER_S


def parse(data: bytes, network: Network) -> TableRecord:
    """A record by the rules of section 2.4 alone."""
    value = messages.decode("Record", data)
    key_id = keys.key_id(network, value["kind"], value["key"])
    return TableRecord(
        value["kind"], value["key"], value["writer"], value["sequence"], value["issued"], value["expires"], value["flags"],
        value["value"], value["signature"], key_id, _digest(network, key_id, value), data,
    )


def decode(data: bytes, network: Network, now_ms: int) -> TableRecord:
    """A record that a receiver does not refuse at this time of its clock."""
    record = parse(data, network)
    check(record, network)
    check_time(record, network, now_ms)
    return record


def check(record: TableRecord, network: Network) -> None:
    """The rules of section 8.2 that need no clock, in their order."""
    signed = record.kind != keys.IMMUTABLE
    if not keys.fits(record.kind, record.key):  # r[table.record.key]
        raise malformed("length of the key")
    if signed and not (record.writer and record.signature):  # r[table.record.fields]
        raise malformed("no writer or signature")
    if not signed and (record.writer or record.sequence or record.flags or record.signature):
        raise malformed("an immutable record has a writer, sequence, flag or signature")
    if record.tombstone and record.value:  # r[table.record.tombstone]
        raise malformed("a tombstone has a value")
    if len(record.value) > network.descriptor.max_value:  # r[table.record.value]
        raise Refusal("TOO_LARGE", "value")
    if not record.issued < record.expires <= record.issued + longest_ms(network):  # r[table.record.lifetime]
        raise malformed("lifetime")
    if not signed:
        if record.key != digests.hash_of(record.value):  # r[table.record.immutable]
            raise malformed("the key is not the hash of the value")
        return
    if record.kind == keys.OWNED and record.writer != keys.owner(record.key):  # r[table.record.owner]
        raise Refusal("BAD_KEY", "not written by the owner")
    if not valid_encoding(record.writer):  # r[table.record.writer]
        raise Refusal("BAD_KEY", "writer")
    if not _verified(record.digest, record.writer, record.signature):  # r[table.record.signature]
        raise Refusal("BAD_SIGNATURE", "record")


def check_time(record: TableRecord, network: Network, now_ms: int) -> None:
    """r[table.record.expired], r[table.record.future]."""
    if record.expires <= now_ms and not (record.tombstone and record.ends(network) > now_ms):
        raise Refusal("EXPIRED", "record")
    latest = now_ms + FIXED.TABLE_AHEAD_MS
    if record.issued > latest or (record.kind == keys.SHARED and record.sequence > latest * _US_PER_MS):
        raise Refusal("FUTURE", "record")


def encode(
    key: SigningKey | None, network: Network, kind: int, name: bytes, sequence: int, issued: int, expires: int, flags: int,
    value: bytes,
) -> TableRecord:
    """A record, signed when there is a key to sign with; one that its receivers would refuse is MISUSE."""
    if kind not in keys.KINDS:
        raise misuse("kind")
    content = {
        "kind": kind, "key": name, "writer": key.public if key else b"", "sequence": sequence, "issued": issued,
        "expires": expires, "flags": flags, "value": value,
    }
    if key is not None:
        digest = _digest(network, keys.key_id(network, kind, name), content)
        content["signature"] = digests.sign(digests.TABLE_RECORD, digest, key)
    try:
        record = parse(messages.encode("Record", content), network)
        check(record, network)
    except Refusal as refusal:
        raise misuse(refusal.text) from None
    return record


def _digest(network: Network, key_id: bytes, value: messages.Value) -> bytes:
    return digests.digest(
        digests.TABLE_RECORD, network.id, uint(value["kind"], 1), key_id, value["writer"] or bytes(32),
        uint(value["sequence"], 8), uint(value["issued"], 8), uint(value["expires"], 8), uint(value["flags"], 4),
        digests.hash_of(value["value"]),
    )


@functools.lru_cache(_REMEMBERED_CHECKS)
def _verified(digest: bytes, writer: bytes, signature: bytes) -> bool:
    """A signature is verified once: one record comes for many positions."""
    return digests.verify(digests.TABLE_RECORD, digest, writer, signature)
