"""Codec operations (section 3 of LINK.md): decode and encode by type."""

from __future__ import annotations

from collections.abc import Callable

from motet_voice import address, broadcast, compression, descriptor, frames, identifiers, messages, preface, record, registry
from motet_voice.address import Address
from motet_voice.descriptor import Descriptor, Network
from motet_voice.ed25519 import SigningKey
from motet_voice.errors import Refusal, malformed, misuse
from motet_voice.frame_reader import FrameReader
from motet_voice.frames import Frame
from motet_voice.table import records as table_records

from .lines import Members, number, octets
from .values import from_json, to_json

Operation = Callable[[Members], Members]

_DESCRIPTOR_NAMES = {
    "policy": "policy", "tables": "tables", "copies": "copies", "successors": "successors", "workBits": "work_bits",
    "freshness": "freshness", "maxTtl": "max_ttl", "maxMessage": "max_message", "maxValue": "max_value",
}


def network_of(members: Members) -> Network:
    """The network of a request."""
    return Network.of(octets(members, "network"))


def key_of(members: Members) -> SigningKey:
    """The private key of a request."""
    seed = octets(members, "seed")
    if len(seed) != 32:
        raise misuse("a seed has 32 bytes")
    return SigningKey(seed)


def decode_preface(given: Members) -> Members:
    lowest, highest = preface.decode(octets(given, "bytes"))
    return {"lowest": lowest, "highest": highest}


def encode_preface(given: Members) -> Members:
    return {"bytes": preface.encode(number(given["lowest"]), number(given["highest"])).hex()}


def frame_members(frame: Frame) -> Members:
    header = frame.header
    return {"command": header.command, "flags": header.flags, "tag": header.tag, "payload": frame.payload.hex()}


def _reader(given: Members) -> FrameReader:
    limit = number(given["receiveLimit"])
    return FrameReader(lambda header: frames.check(header, limit))


def decode_frame(given: Members) -> Members:
    reader = _reader(given)
    reader.feed(octets(given, "bytes"))
    frame = reader.next()
    if frame is None or reader.rest():
        raise malformed("not exactly one frame")
    return frame_members(frame)


def encode_frame(given: Members) -> Members:
    data = frames.encode(
        number(given["command"]), octets(given, "payload"), number(given["flags"]), number(given["tag"])
    )
    limit = number(given.get("receiveLimit", registry.LIMIT_DEFAULTS["RECEIVE_MAX_BYTES"]))
    try:
        frames.check(frames.Header.decode(data[: frames.HEADER_BYTES]), limit)
    except Refusal as refusal:
        raise misuse(refusal.text) from None
    return {"bytes": data.hex()}


def decode_message(given: Members) -> Members:
    return {"value": to_json(given["name"], messages.decode(given["name"], octets(given, "bytes")))}


def encode_message(given: Members) -> Members:
    return {"bytes": messages.encode(given["name"], from_json(given["name"], given["value"])).hex()}


def decode_descriptor(given: Members) -> Members:
    value = descriptor.decode(octets(given, "bytes"))
    members: Members = {name: getattr(value, attribute) for name, attribute in _DESCRIPTOR_NAMES.items()}
    return {**members, "name": value.name.hex()}


def encode_descriptor(given: Members) -> Members:
    values = {attribute: number(given[name]) for name, attribute in _DESCRIPTOR_NAMES.items()}
    return {"bytes": Descriptor(name=octets(given, "name"), **values).encode().hex()}


def decode_record(given: Members) -> Members:
    value = record.decode(octets(given, "bytes"), network_of(given))
    return {
        "nodeId": value.node_id.hex(),
        "issued": str(value.issued),
        "expires": str(value.expires),
        "incarnation": str(value.incarnation),
        "addresses": value.body["addresses"],
        "features": value.body["features"],
    }


def encode_record(given: Members) -> Members:
    issued, expires, incarnation = (number(given[name]) for name in ("issued", "expires", "incarnation"))
    data = record.encode(key_of(given), network_of(given), issued, expires, incarnation, octets(given, "body"))
    return {"bytes": data.hex()}


def decode_table_record(given: Members) -> Members:
    value = table_records.decode(octets(given, "bytes"), network_of(given), number(given["now"]))
    return {
        "kind": value.kind,
        "key": value.key.hex(),
        "keyId": value.key_id.hex(),
        "writer": value.writer.hex(),
        "sequence": str(value.sequence),
        "issued": str(value.issued),
        "expires": str(value.expires),
        "flags": value.flags,
        "value": value.value.hex(),
        "digest": value.digest.hex(),
    }


def encode_table_record(given: Members) -> Members:
    kind, flags = number(given["kind"]), number(given["flags"])
    sequence, issued, expires = (number(given[name]) for name in ("sequence", "issued", "expires"))
    key = key_of(given) if given["seed"] else None
    name, value = octets(given, "key"), octets(given, "value")
    record = table_records.encode(key, network_of(given), kind, name, sequence, issued, expires, flags, value)
    return {"bytes": record.data.hex()}


def decode_broadcast(given: Members) -> Members:
    envelope = broadcast.Envelope.cut(octets(given, "bytes"), network_of(given))
    envelope.check_size()
    content = envelope.decode()
    envelope.check_signature()
    return {
        "id": envelope.id().hex(),
        "origin": content.origin.hex(),
        "sequence": str(content.sequence),
        "sentAt": str(content.sent_at),
        "channel": content.channel,
        "payload": content.payload().hex(),
    }


def encode_broadcast(given: Members) -> Members:
    sequence, sent_at = number(given["sequence"]), number(given["sentAt"])
    key, network = key_of(given), network_of(given)
    envelope = broadcast.encode(key, network, sequence, sent_at, given["channel"], octets(given, "payload"))
    return {"bytes": broadcast.payload_of(envelope).hex()}


def decode_error_code(given: Members) -> Members:
    name = registry.error_name(number(given["number"]))
    if name is None:
        raise malformed("error code")
    return {"code": name}


def decode_address(given: Members) -> Members:
    value = address.parse(given["text"])
    return {"scheme": value.scheme, "pin": value.pin.hex(), "host": value.host, "port": value.port}


def encode_address(given: Members) -> Members:
    value = Address(given["scheme"], given["host"], number(given["port"]), octets(given, "pin"))
    try:
        if address.parse(value.text) != value:
            raise misuse("not the parts of an address")
    except Refusal as refusal:
        raise refusal if refusal.code == "BAD_KEY" else misuse(refusal.text) from None
    return {"text": value.text}


def decode_compressed(given: Members) -> Members:
    payload = compression.decompress(number(given["compression"]), octets(given, "bytes"), number(given["limit"]))
    return {"payload": payload.hex()}


def encode_compressed(given: Members) -> Members:
    return {"bytes": compression.compress(number(given["compression"]), octets(given, "payload")).hex()}


def feed(given: Members) -> Members:
    """codec.feed: frames of a stream in chunks."""
    reader, found = _reader(given), []
    for chunk in given["chunks"]:
        reader.feed(bytes.fromhex(chunk))
        while (frame := reader.next()) is not None:
            found.append(frame_members(frame))
    return {"frames": found, "rest": reader.rest().hex()}


DECODE: dict[str, Operation] = {
    "preface": decode_preface,
    "frame": decode_frame,
    "message": decode_message,
    "descriptor": decode_descriptor,
    "record": decode_record,
    "tableRecord": decode_table_record,
    "broadcast": decode_broadcast,
    "nodeIdText": lambda given: {"bytes": identifiers.node_id_of_text(given["text"]).hex()},
    "networkIdText": lambda given: {"bytes": identifiers.network_id_of_text(given["text"]).hex()},
    "errorCode": decode_error_code,
    "address": decode_address,
    "compressed": decode_compressed,
}
ENCODE: dict[str, Operation] = {
    "preface": encode_preface,
    "frame": encode_frame,
    "message": encode_message,
    "descriptor": encode_descriptor,
    "record": encode_record,
    "tableRecord": encode_table_record,
    "broadcast": encode_broadcast,
    "nodeIdText": lambda given: {"text": identifiers.node_id_text(octets(given, "bytes"))},
    "networkIdText": lambda given: {"text": identifiers.network_id_text(octets(given, "bytes"))},
    "address": encode_address,
    "compressed": encode_compressed,
}
