"""Derivations (section 3 of LINK.md)."""

from __future__ import annotations

from motet_voice import address, broadcast, digests, ed25519, identifiers, preface, told
from motet_voice.errors import Refusal, misuse
from motet_voice.proof import Transcript
from motet_voice.ring import positions
from motet_voice.table import keys, records
from motet_voice.table.versions import newer

from .codec import Operation, key_of, network_of
from .lines import Members, number, octets


def _work(given: Members) -> Members:
    return {"bits": identifiers.work(octets(given, "nodeId"))}


def _signature(given: Members) -> Members:
    domain = given["domain"]
    if not domain.isascii():
        raise misuse("domain")
    return {"bytes": digests.sign(domain, octets(given, "digest"), key_of(given)).hex()}


def _verify(given: Members) -> Members:
    if not ed25519.verify(octets(given, "nodeId"), octets(given, "message"), octets(given, "signature")):
        raise Refusal("BAD_SIGNATURE")
    return {}


def _proof_digest(given: Members) -> Members:
    transcript = Transcript(
        octets(given, "initiatorPreface"),
        octets(given, "responderPreface"),
        octets(given, "initiatorHello"),
        octets(given, "responderHello"),
    )
    digest = transcript.digest(number(given["role"]), number(given["bindingKind"]), octets(given, "binding"))
    return {"bytes": digest.hex()}


def _tellable(given: Members) -> Members:
    teller = address.parse(given["toldBy"])
    return {"dial": told.may_dial(given["address"], octets(given, "pin"), teller) is not None}


def position(given: Members, name: str) -> int:
    """A position on the ring."""
    return position_of_bytes(octets(given, name))


def position_of_bytes(data: bytes) -> int:
    """A position of 32 bytes."""
    if len(data) != positions.BYTES:
        raise misuse("a position has 32 bytes")
    return int.from_bytes(data, "big")


def _ring_position(given: Members) -> Members:
    return {"bytes": _bytes_of(positions.position_of(network_of(given), octets(given, "nodeId")))}


def _between(given: Members) -> Members:
    return {"holds": positions.between(position(given, "a"), position(given, "b"), position(given, "c"))}


def _owned(given: Members) -> Members:
    return {"holds": positions.owned(position(given, "a"), position(given, "b"), position(given, "c"))}


def _finger_start(given: Members) -> Members:
    index = number(given["index"])
    if not 0 <= index < positions.FINGERS:
        raise misuse("index")
    return {"bytes": _bytes_of(positions.finger_start(position(given, "position"), index))}


def _clean(given: Members) -> Members:
    entries = [position_of_bytes(bytes.fromhex(entry)) for entry in given["entries"]]
    kept, wraps = positions.clean(position(given, "self"), entries, number(given["most"]), lambda entry: entry)
    return {"entries": [_bytes_of(entry) for entry in kept], "wraps": wraps}


def _key_id(given: Members) -> Members:
    kind, key = number(given["kind"]), octets(given, "key")
    if not keys.fits(kind, key):
        raise misuse("key")
    return {"bytes": keys.key_id(network_of(given), kind, key).hex()}


def _key_position(given: Members) -> Members:
    key_id, index = octets(given, "keyId"), number(given["index"])
    if len(key_id) != keys.ID_BYTES or not 0 <= index <= 0xFF:
        raise misuse("key id or index")
    return {"bytes": _bytes_of(keys.position(key_id, index))}


def _newer(given: Members) -> Members:
    network = network_of(given)
    a, b = (records.parse(octets(given, name), network) for name in ("a", "b"))
    if a.key_id != b.key_id:
        raise misuse("of two keys")
    return {"holds": newer(a, b)}


def _bytes_of(value: int) -> str:
    return value.to_bytes(positions.BYTES, "big").hex()


DERIVE: dict[str, Operation] = {
    "nodeId": lambda given: {"bytes": key_of(given).public.hex()},
    "networkId": lambda given: {"bytes": network_of(given).id.hex()},
    "messageId": lambda given: {"bytes": broadcast.message_id(network_of(given), octets(given, "content")).hex()},
    "work": _work,
    "signature": _signature,
    "verify": _verify,
    "proofDigest": _proof_digest,
    "tellable": _tellable,
    "version": lambda given: {"version": preface.common_version(octets(given, "mine"), octets(given, "theirs"))},
    "ringPosition": _ring_position,
    "between": _between,
    "owned": _owned,
    "fingerStart": _finger_start,
    "clean": _clean,
    "keyId": _key_id,
    "keyPosition": _key_position,
    "newer": _newer,
}
