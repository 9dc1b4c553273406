"""HELLO: what a node says of itself, and the checks of section 3.3 in their order."""

from __future__ import annotations

import os
from dataclasses import dataclass

from . import NAME, VERSION, messages, record
from .errors import Refusal, malformed
from .identity import Identity
from .proof import INITIATOR, RESPONDER
from .record import Record
from .registry import FEATURES


@dataclass(frozen=True)
class Hello:
    """A HELLO that was accepted; nothing in it is proven before the PROOF."""

    record: Record
    receive_limit: int
    dial_counter: int
    binding_kinds: tuple[int, ...]


@dataclass(frozen=True)
class Expectation:
    """How this connection came about: our role, the node id that was dialled (or b""), and whether it is encrypted."""

    role: int
    pinned: bytes = b""
    encrypted: bool = False


def encode(me: Identity, receive_limit: int, clock_ms: int, dial_counter: int, wanted: bytes, observed: str) -> bytes:
    """Our HELLO, with fresh random bytes (r[session.hello.nonce]); this version lists no features and no kinds."""
    return messages.encode(
        "Hello",
        {
            "networkId": me.network.id,
            "nonce": os.urandom(32),
            "record": me.record(),
            "wanted": wanted,
            "clockMs": clock_ms,
            "dialCounter": dial_counter,
            "receiveLimit": receive_limit,
            "agent": f"{NAME}/{VERSION} (python)",
            "observedAddress": observed,
        },
    )


def check(data: bytes, me: Identity, expected: Expectation) -> Hello:
    """The peer's HELLO, or the first refusal in the order of sections 3.2 and 3.3."""
    value = messages.decode("Hello", data)  # r[session.hello.decode]
    if value["networkId"] != me.network.id:  # r[session.hello.network]
        raise Refusal("WRONG_NETWORK")
    if value["receiveLimit"] < me.network.receive_minimum:  # r[session.hello.limit]
        raise malformed("receive limit too low for this network")
    theirs = record.decode(value["record"], me.network)  # r[session.hello.record]
    if theirs.node_id == me.node_id:  # r[session.hello.self]
        raise Refusal("SELF")
    if expected.role == RESPONDER and value["wanted"] not in (b"", me.node_id):  # r[session.hello.wanted]
        raise Refusal("UNEXPECTED_NODE")
    if expected.role == INITIATOR and expected.pinned not in (b"", theirs.node_id):  # r[session.hello.pinned]
        raise Refusal("UNEXPECTED_NODE")
    if any(feature % 2 == 0 and feature not in FEATURES for feature in value["features"]):  # r[session.hello.features]
        raise Refusal("UNKNOWN_FEATURE")
    if me.network.has("ENCRYPTION_REQUIRED") and not expected.encrypted:  # r[session.encryption]
        raise Refusal("ENCRYPTION_REQUIRED")
    return Hello(theirs, value["receiveLimit"], value["dialCounter"], tuple(value["bindingKinds"]))
